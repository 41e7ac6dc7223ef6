"""The services' documents as one, cut to the public routes, and as a page."""

import asyncio
import copy
from typing import Any

import httpx
import msgspec
import pytest

from vinyl_gateway.documentation.examples import example
from vinyl_gateway.documentation.merging import UndocumentedRoute, merge
from vinyl_gateway.documentation.page import render
from vinyl_gateway.documentation.sketches import sketch
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Service

REF = "#/components/schemas/"


def document_of(service: Service) -> dict[str, Any]:
    """A service's document with its public routes, one private one, and schemas of its own."""
    paths: dict[str, Any] = {
        "/api/v1/internal/secrets": {"get": {"operationId": "read_secrets", "responses": {}}}
    }
    for number, route in enumerate(r for r in PUBLIC_ROUTES if r.service is service):
        answer = {"description": "", "content": {"application/json": {"schema": {"$ref": f"{REF}View"}}}}
        operation = {"operationId": f"do_{number}", "responses": {"200": answer}}
        path = route.path.replace("{id}", "{own_id:uuid}" if service is Service.RATING else "{own_id}")
        paths.setdefault(path, {})[route.method.lower()] = operation
    view = {"type": "object", "properties": {service.value: {"$ref": f"{REF}Shared"}}, "required": []}
    shared = {"type": "object", "properties": {"amount": {"type": "string"}}}
    unused = {"type": "object", "properties": {"password_hash": {"type": "string"}}}
    return {"paths": paths, "components": {"schemas": {"View": view, "Shared": shared, "Hidden": unused}}}


@pytest.fixture
def documents() -> dict[Service, Any]:
    return {service: document_of(service) for service in Service}


def test_the_public_routes_are_all_there_and_no_other(documents: dict[Service, Any]) -> None:
    merged = merge(documents, PUBLIC_ROUTES)
    operations = [(path, method) for path, item in merged["paths"].items() for method in item]
    assert len(operations) == len(PUBLIC_ROUTES)
    assert "/api/v1/internal/secrets" not in merged["paths"]
    assert "password_hash" not in msgspec.json.encode(merged).decode()


def test_operation_ids_are_unique_and_stay_when_a_later_service_grows(documents: dict[Service, Any]) -> None:
    def ids(merged: dict[str, Any]) -> list[str]:
        return [operation["operationId"] for item in merged["paths"].values() for operation in item.values()]

    before = ids(merge(documents, PUBLIC_ROUTES))
    assert len(set(before)) == len(before)
    grown = copy.deepcopy(documents)
    grown[Service.SEARCH]["components"]["schemas"]["User"] = {"type": "string"}
    assert ids(merge(grown, PUBLIC_ROUTES)) == before


def test_same_names_are_shared_where_they_mean_the_same_and_told_apart_where_not(
    documents: dict[Service, Any],
) -> None:
    schemas = merge(documents, PUBLIC_ROUTES)["components"]["schemas"]
    assert set(schemas) == {"View", "CatalogView", "RatingView", "SearchView", "Shared"}
    assert list(schemas["CatalogView"]["properties"]) == ["catalog"]


def test_names_of_our_modules_are_nobodys_business(documents: dict[Service, Any]) -> None:
    schemas = documents[Service.CATALOG]["components"]["schemas"]
    schemas["Page_vinyl_catalog.domain.albums.Album_"] = {"type": "object"}
    schemas["View"]["properties"]["page"] = {"$ref": f"{REF}Page_vinyl_catalog.domain.albums.Album_"}
    text = msgspec.json.encode(merge(documents, PUBLIC_ROUTES)).decode()
    assert f'"{REF}AlbumPage"' in text
    assert "vinyl_catalog" not in text


def test_every_reference_leads_somewhere(documents: dict[Service, Any]) -> None:
    merged = merge(documents, PUBLIC_ROUTES)
    text = msgspec.json.encode(merged).decode()
    named = {part.split('"')[0] for part in text.split(REF)[1:]}
    assert named == set(merged["components"]["schemas"])
    assert merge(documents, PUBLIC_ROUTES)["paths"]["/api/v1/albums"]["get"]["responses"]["200"]["content"]


def test_bodies_and_answers_have_examples(documents: dict[Service, Any]) -> None:
    body = {"content": {"application/json": {"schema": {"$ref": f"{REF}View"}}}}
    documents[Service.USER]["paths"]["/api/v1/wants"]["post"]["requestBody"] = body
    paths = merge(documents, PUBLIC_ROUTES)["paths"]
    shown = paths["/api/v1/wants"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert shown == {"user": {"amount": "12.50"}}
    for item in paths.values():
        for operation in item.values():
            assert operation["responses"]["200"]["content"]["application/json"]["example"]


def test_an_example_is_what_its_schema_allows() -> None:
    track = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "title": {"type": "string"},
            "year": {"oneOf": [{"type": "null"}, {"type": "integer", "maximum": 1950}]},
            "grade": {"enum": [None, "VG+"]},
            "is_own": {"type": "boolean"},
            "shares": {"type": "array", "items": {"type": "number", "minimum": 2}},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "sub_tracks": {"type": "array", "items": {"$ref": f"{REF}Track"}},
        },
    }
    assert example({"$ref": f"{REF}Track"}, {"Track": track}) == {
        "id": "01a1fe82-6017-7229-93a2-be01bd858eca",
        "title": "Kind Of Blue",
        "year": 1950,
        "grade": "VG+",
        "is_own": True,
        "shares": [2],
        "counts": {},
        "sub_tracks": [],
    }


def test_each_operation_says_whether_a_sign_in_is_needed(documents: dict[Service, Any]) -> None:
    paths = merge(documents, PUBLIC_ROUTES)["paths"]
    assert paths["/api/v1/albums"]["get"]["security"] == [{}, {"bearer": []}]
    assert paths["/api/v1/wants"]["get"]["security"] == [{"bearer": []}]


def test_a_public_route_that_no_service_documents_is_a_mistake(documents: dict[Service, Any]) -> None:
    del documents[Service.RATING]["paths"]["/api/v1/ratings/summary"]
    with pytest.raises(UndocumentedRoute, match="rating does not document GET /api/v1/ratings/summary"):
        merge(documents, PUBLIC_ROUTES)


def test_the_page_shows_every_operation_without_scripts(documents: dict[Service, Any]) -> None:
    documents[Service.USER]["paths"]["/api/v1/wants"]["get"]["summary"] = "<script>alert(1)</script>"
    page = render(merge(documents, PUBLIC_ROUTES))
    assert page.count("<details") == len(PUBLIC_ROUTES)
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_a_shape_is_sketched_and_one_inside_itself_is_only_named() -> None:
    schemas = {
        "Track": {
            "type": "object",
            "required": ["title"],
            "properties": {
                "title": {"type": "string", "maxLength": 9},
                "seconds": {"oneOf": [{"type": "integer"}, {"type": "null"}]},
                "grade": {"enum": ["M", None]},
                "sub_tracks": {"type": "array", "items": {"$ref": f"{REF}Track"}},
            },
        }
    }
    drawn = sketch({"$ref": f"{REF}Track"}, schemas)
    assert drawn.split("\n") == [
        "{",
        "  title: string (to 9),",
        "  seconds?: integer | null,",
        '  grade?: "M" | null,',
        "  sub_tracks?: [Track]",
        "}",
    ]


async def test_the_merged_document_and_the_page_are_served(
    client: httpx.AsyncClient, services: Any, write_reply: Any, documents: dict[Service, Any]
) -> None:
    for service, document in documents.items():

        async def answer(_request: Any, writer: asyncio.StreamWriter, document: Any = document) -> None:
            writer.write(
                write_reply("200 OK", {"Content-Type": "application/json"}, msgspec.json.encode(document))
            )

        services[service.value].answer = answer
    said = await client.get("/openapi.json")
    assert said.json() == merge(documents, PUBLIC_ROUTES)
    await services["catalog"].stop()
    page = await client.get("/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert (await client.get("/docs/style.css")).headers["content-type"].startswith("text/css")
    assert [len(service.received) for service in services.values()] == [1, 1, 1, 1]


async def test_while_a_service_is_away_and_nothing_is_known_it_says_so(
    client: httpx.AsyncClient, services: Any
) -> None:
    await services["catalog"].stop()
    said = await client.get("/openapi.json")
    assert (said.status_code, said.json()["code"]) == (503, "unavailable")
    assert "retry-after" in said.headers
