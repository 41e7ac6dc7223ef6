"""How long a client waits is told to the service, and kept here."""

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pytest

from vinyl_gateway.deadlines import wished_seconds
from vinyl_gateway.forwarding.errands import Errand
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.public_routes import Service
from vinyl_gateway.refusals import ServiceTooSlow
from vinyl_gateway.request_body import HELD_BYTES
from vinyl_gateway.upstream.breaker import FEWEST_OUTCOMES
from vinyl_gateway.upstream.instances import Instances

SEARCH = "/api/v1/search?q=a"
ALBUM = "/api/v1/albums/0190"
HASTE = {"Prefer": "wait=1"}


def told(request: Any) -> int:
    return int(request.header("x-vinyl-deadline"))


async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (b"wait=10", 10),
        (b'WAIT = "3"', 3),
        (b"respond-async, wait=7", 7),
        (b"return=minimal; x=1,wait=2,wait=5", 2),
        (b"wait=0", None),
        (b"wait=-1", None),
        (b"wait=1.5", None),
        (b"wait=12345678", None),
        (b"await=5", None),
        (b"wait", None),
        (b"", None),
    ],
)
def test_what_a_client_may_wish(prefer: bytes, seconds: int | None) -> None:
    assert wished_seconds(prefer) == seconds


async def test_a_service_is_told_what_is_left(client: httpx.AsyncClient, catalog: Any) -> None:
    said = await client.get(SEARCH, headers={"X-Vinyl-Deadline": "5"})
    assert "preference-applied" not in said.headers
    said = await client.get(SEARCH, headers=HASTE)
    assert said.headers["preference-applied"] == "wait=1"
    said = await client.get(SEARCH, headers=[("Prefer", "return=minimal"), ("Prefer", "wait=20")])
    assert said.headers["preference-applied"] == "wait=20"
    said = await client.get(SEARCH, headers={"Prefer": "wait=600"})
    assert "preference-applied" not in said.headers
    ours, hasty, less_hasty, patient = [told(request) for request in catalog.received]
    assert 28_000 < ours < 30_000
    assert 28_000 < patient < 30_000
    assert 100 < hasty < 1_000
    assert 18_000 < less_hasty < 20_000


@pytest.mark.parametrize("path", [SEARCH, ALBUM])
async def test_a_client_has_its_answer_when_it_said(
    client: httpx.AsyncClient, catalog: Any, path: str
) -> None:
    catalog.answer = hang
    began_at = time.monotonic()
    said = await client.get(path, headers=HASTE)
    assert 0.95 < time.monotonic() - began_at < 3
    assert (said.status_code, said.json()["code"]) == (504, "gateway_timeout")
    assert len(catalog.received) == 1


async def test_a_second_attempt_has_the_rest_and_none_begins_later(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    pause = 0.4

    async def break_off(_request: Any, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(pause)
        writer.close()

    catalog.answer = break_off
    assert (await client.get(SEARCH, headers=HASTE)).status_code == 503
    first, second = [told(request) for request in catalog.received]
    assert 0 < second <= first - 400
    pause = 1.2
    assert (await client.get(SEARCH, headers=HASTE)).status_code == 504
    await asyncio.sleep(0.4)
    assert len(catalog.received) == 3


async def test_haste_is_not_held_against_a_service_nor_the_others(
    gateways: Any, catalog: Any, write_reply: Any
) -> None:
    async def take_time(_request: Any, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2.5)
        writer.write(write_reply("200 OK", {"Content-Type": "application/json"}, b"{}"))

    async with httpx.AsyncClient(base_url=await gateways(), timeout=10) as client:
        catalog.answer = take_time
        hasty = [client.get(SEARCH, headers=HASTE) for _ in range(FEWEST_OUTCOMES + 5)]
        hasty.append(client.get(ALBUM, headers=HASTE))
        patient = asyncio.create_task(client.get(ALBUM))
        assert {said.status_code for said in await asyncio.gather(*hasty)} == {504}
        assert (await patient).status_code == 200
        catalog.answer = None
        assert (await client.get(SEARCH)).status_code == 200


async def test_a_page_is_there_in_time_with_what_has_come(
    client: httpx.AsyncClient, catalog: Any, rating: Any
) -> None:
    rating.answer = hang
    page = "/api/v1/pages/album/0190"
    began_at = time.monotonic()
    said = await client.get(page, headers=HASTE)
    assert time.monotonic() - began_at < 3
    assert said.status_code == 200
    assert {missing["part"] for missing in said.json()["missing"]} == {"rating", "ratings"}
    assert all(told(request) < 1000 for request in catalog.received + rating.received)
    catalog.answer = hang
    assert (await client.get(page, headers=HASTE)).status_code == 504


async def test_an_answer_that_has_begun_may_last(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def stream(_request: Any, writer: asyncio.StreamWriter) -> None:
        head, _, body = write_reply("200 OK", {"Content-Type": "text/plain"}, b"in the end").partition(
            b"\r\n\r\n"
        )
        writer.write(head + b"\r\n\r\n")
        await asyncio.sleep(1.2)
        writer.write(body)

    catalog.answer = stream
    said = await client.get(SEARCH, headers=HASTE)
    assert (said.status_code, said.text) == (200, "in the end")


async def test_our_own_limit_begins_when_the_request_is_whole(
    gateways: Any, catalog: Any, token_for: Any
) -> None:
    async def body() -> Any:
        for _ in range(4):
            yield b"x" * HELD_BYTES
            await asyncio.sleep(0.4)

    headers = {"Authorization": f"Bearer {token_for('ada')}", "Content-Type": "image/png"}
    async with httpx.AsyncClient(base_url=await gateways(answer_seconds=1.2)) as client:
        said = await client.post("/api/v1/media", content=body(), headers=headers)
        assert said.status_code == 200
        catalog.answer = hang
        said = await client.post("/api/v1/media", content=body(), headers=headers)
        assert said.status_code == 504
    assert catalog.received[0].header("x-vinyl-deadline") is None


async def test_nothing_is_begun_when_the_time_is_over(catalog: Any) -> None:
    async def spread(_names: list[str]) -> None:
        pass

    instances = Instances("catalog", [catalog.url])
    forwarding = Forwarding({Service.CATALOG: instances}, 30.0, spread, {}, {})
    errand = Errand(Service.CATALOG, "GET", SEARCH.encode(), b"", None)
    late = msgspec.structs.replace(errand, until=asyncio.get_running_loop().time() - 0.001)
    assert (await forwarding.collect(errand, 1000)).status == 200
    for _ in range(FEWEST_OUTCOMES):
        with pytest.raises(ServiceTooSlow):
            await forwarding.collect(late, 1000)
    assert (await forwarding.collect(errand, 1000)).status == 200
    assert (catalog.connections, len(catalog.received)) == (1, 2)
    instances.close()
