"""Pages: parts from several services in one answer, and what happens to those that do not come."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from vinyl_gateway.pages.plans import PAGES
from vinyl_gateway.public_routes import PUBLIC_ROUTES
from vinyl_gateway.upstream.breaker import RESTART_SECONDS

ALBUM = "/api/v1/pages/album/0190"


def problem(status: str, code: str) -> tuple[str, dict[str, str], bytes]:
    body = {"type": "t", "title": "Not found", "status": 404, "detail": "No.", "instance": "i", "code": code}
    return status, {"Content-Type": "application/problem+json"}, msgspec.json.encode(body)


def targets(services: Any) -> set[str]:
    return {request.target for service in services.values() for request in service.received}


def test_every_page_of_the_table_has_a_plan() -> None:
    assert {route.path for route in PUBLIC_ROUTES if route.is_page} == set(PAGES)


async def test_a_page_holds_the_answers_of_its_parts(client: httpx.AsyncClient, services: Any) -> None:
    said = await client.get(ALBUM)
    assert said.status_code == 200
    page = said.json()
    assert page["album"] == {"target": "/api/v1/albums/0190"}
    assert page["releases"] == {"target": "/api/v1/albums/0190/releases?limit=20"}
    assert page["rating"] == {"target": "/api/v1/ratings/summary?album_id=0190"}
    assert (page["my_rating"], page["my_copies"], page["my_wants"]) == (None, None, None)
    assert page["missing"] == []
    assert services["user"].received == []


async def test_who_is_signed_in_sees_what_is_theirs(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    token = f"Bearer {token_for('ada')}"
    page = (await client.get(ALBUM, headers={"Authorization": token})).json()
    assert page["my_rating"] == {"target": "/api/v1/ratings?album_id=0190&user=ada"}
    assert page["my_copies"] == {"target": "/api/v1/collection?album_id=0190"}
    assert {request.header("authorization") for request in services["user"].received} == {token}


async def test_parts_are_asked_for_at_once(
    client: httpx.AsyncClient, services: Any, write_reply: Any
) -> None:
    waiting: list[str] = []
    all_here = asyncio.Event()

    async def answer(request: Any, writer: asyncio.StreamWriter) -> None:
        waiting.append(request.target)
        if len(waiting) == 5:
            all_here.set()
        await asyncio.wait_for(all_here.wait(), 5)
        writer.write(write_reply("200 OK", {"Content-Type": "application/json"}, b"{}"))

    for service in services.values():
        service.answer = answer
    assert (await client.get(ALBUM)).json()["missing"] == []


async def test_a_part_that_does_not_come_is_named_and_the_rest_is_there(
    client: httpx.AsyncClient, services: Any
) -> None:
    async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    services["rating"].answer = hang
    page = (await client.get(ALBUM)).json()
    assert page["album"] == {"target": "/api/v1/albums/0190"}
    assert (page["rating"], page["ratings"]) == (None, None)
    assert {(each["part"], each["code"]) for each in page["missing"]} == {
        ("rating", "gateway_timeout"),
        ("ratings", "gateway_timeout"),
    }
    await services["rating"].stop()
    async with asyncio.timeout(RESTART_SECONDS + 3):
        while {each["code"] for each in page["missing"]} == {"gateway_timeout"}:
            page = (await client.get(ALBUM)).json()
    assert {each["code"] for each in page["missing"]} == {"service_unavailable"}


async def test_without_its_main_part_there_is_no_page(
    client: httpx.AsyncClient, services: Any, write_reply: Any
) -> None:
    async def refuse(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply(*problem("404 Not Found", "album_not_found")))

    services["catalog"].answer = refuse
    said = await client.get(ALBUM)
    assert (said.status_code, said.json()["code"]) == (404, "album_not_found")
    assert said.json()["instance"] == ALBUM
    await services["catalog"].stop()
    assert (await client.get(ALBUM)).status_code == 503
    home = (await client.get("/api/v1/pages/home")).json()
    assert {each["part"] for each in home["missing"]} == {"newest", "top", "genres", "categories", "showcase"}
    assert home["ratings"] == {"target": "/api/v1/ratings?limit=10"}


async def test_the_page_of_an_album_that_was_merged_leads_to_the_survivors(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("308 Permanent Redirect", {"Location": "/api/v1/albums/0191"}))

    catalog.answer = answer
    said = await client.get(ALBUM)
    assert (said.status_code, said.headers["location"]) == (308, "/api/v1/pages/album/0191")
    assert said.json()["code"] == "moved"


async def test_what_a_service_says_of_coming_back_is_passed_on(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def refuse(_request: Any, writer: asyncio.StreamWriter) -> None:
        status, headers, body = problem("503 Service Unavailable", "unavailable")
        writer.write(write_reply(status, headers | {"Retry-After": "7"}, body))

    catalog.answer = refuse
    said = await client.get(ALBUM)
    assert (said.status_code, said.json()["code"], said.headers["retry-after"]) == (503, "unavailable", "7")


async def test_a_page_that_is_known_already_is_not_sent_again(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    first = await client.get(ALBUM)
    again = await client.get(ALBUM, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert {request.header("if-none-match") for request in catalog.received} == {None}
    assert (await client.head(ALBUM)).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("segment", "quoted"),
    [
        ("0190&limit=100", "0190%26limit%3D100"),
        ("a%26b", "a%26b"),
        ("%C3%A9+", "%C3%A9%2B"),
        ("{me}", "%7Bme%7D"),
    ],
)
async def test_a_path_says_nothing_but_what_it_names(
    client: httpx.AsyncClient, services: Any, segment: str, quoted: str
) -> None:
    await client.get(f"/api/v1/pages/album/{segment}")
    assert f"/api/v1/ratings/summary?album_id={quoted}" in targets(services)
    assert f"/api/v1/albums/{quoted}" in targets(services)


async def test_a_part_of_any_length_cannot_fill_the_memory(
    client: httpx.AsyncClient, services: Any, write_reply: Any
) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", {"Content-Type": "application/json"}, b" " * 5_000_000))

    services["rating"].answer = answer
    page = (await client.get(ALBUM)).json()
    assert [(each["part"], each["code"]) for each in page["missing"]] == [
        ("rating", "bad_gateway"),
        ("ratings", "bad_gateway"),
    ]
