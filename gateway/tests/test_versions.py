"""Two versions of the API side by side, in a table of routes of their own."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest

from vinyl_gateway.documentation.merging import merge
from vinyl_gateway.documentation.page import render
from vinyl_gateway.public_routes import PUBLIC_ROUTES, PublicRoute, Retirement, Service
from vinyl_gateway.route_tree import RouteTree

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
RETIREMENT = Retirement(deprecated_at=NOON, gone_at=datetime(2027, 7, 1, tzinfo=UTC))
SAID = {"deprecation": "@1798804800", "sunset": "Thu, 01 Jul 2027 00:00:00 GMT"}
_READ = {route.path: route for route in PUBLIC_ROUTES if route.method == "GET"}
ALBUM, ALBUMS, WANTS = (_READ[f"/api/v1/{path}"] for path in ("albums/{id}", "albums", "wants"))


def second(route: PublicRoute) -> PublicRoute:
    return msgspec.structs.replace(route, path=route.path.replace("/v1/", "/v2/"))


def retired(route: PublicRoute) -> PublicRoute:
    return msgspec.structs.replace(route, retirement=RETIREMENT)


TABLE = [retired(ALBUM), second(ALBUM), retired(WANTS), ALBUMS]


def test_a_path_of_each_version_leads_to_its_own_route() -> None:
    tree = RouteTree(TABLE)
    assert [tree.find(b"/api/v%d/albums/1" % version).routes["GET"].version for version in (1, 2)] == [1, 2]
    assert tree.find(b"/api/v3/albums/1") is None
    assert tree.find(b"/api/v2/albums") is None
    with pytest.raises(ValueError, match="listed twice"):
        RouteTree([*TABLE, second(ALBUM)])


@pytest.fixture
async def versions(gateways: Any) -> Any:
    async with httpx.AsyncClient(base_url=await gateways(TABLE)) as client:
        yield client


async def test_both_are_served_and_what_is_of_no_version_is_no_route(
    versions: httpx.AsyncClient, catalog: Any
) -> None:
    for version in (1, 2):
        said = await versions.get(f"/api/v{version}/albums/1")
        assert said.json() == {"target": f"/api/v{version}/albums/1"}
    for path in ("/api/v3/albums/1", "/api/v2/albums", "/api/v01/albums/1", "/api/albums/1"):
        said = await versions.get(path)
        assert (said.status_code, said.json()["code"]) == (404, "route_not_found")
    assert len(catalog.received) == 2


async def test_a_route_that_will_end_says_so_on_every_answer(
    versions: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def keepable(_request: Any, writer: asyncio.StreamWriter) -> None:
        keeping = {"Cache-Control": "public, s-maxage=60", "Surrogate-Key": "a"}
        writer.write(write_reply("200 OK", keeping | {"Content-Type": "application/json"}, b"{}"))

    catalog.answer = keepable
    fetched, kept = [await versions.get("/api/v1/albums/1") for _ in range(2)]
    assert kept.headers["cache-status"] == "vinylhound; hit"
    refused = await versions.get("/api/v1/wants")
    assert refused.status_code == 401
    for said in (fetched, kept, refused):
        assert {name: said.headers.get_list(name) for name in SAID} == {n: [v] for n, v in SAID.items()}
    for other in (await versions.get("/api/v2/albums/1"), await versions.get("/api/v1/albums")):
        assert not set(SAID) & set(other.headers)


def test_the_document_has_both_and_marks_the_old_one() -> None:
    answer = {"operationId": "read_album", "responses": {}}
    paths = {f"/api/v{version}/albums/{{id}}": {"get": answer} for version in (1, 2)}
    merged = merge({Service.CATALOG: {"paths": paths}}, [retired(ALBUM), second(ALBUM)])
    old, new = (merged["paths"][path]["get"] for path in paths)
    assert (old["operationId"], new["operationId"]) == ("read_album", "read_album_v2")
    assert (old.get("deprecated"), new.get("deprecated")) == (True, None)
    assert render(merged).count("Deprecated: ") == 1
