"""Bodies that come slowly: they keep nobody's connection, and have to come at some rate."""

import asyncio
from typing import Any

import httpx
import pytest

from vinyl_gateway.refusals import BodyTooSlow
from vinyl_gateway.request_body import HELD_BYTES, Incoming, RequestBody
from vinyl_gateway.upstream.instances import MOST_SENDING

PATIENCE_SECONDS = 0.8
PART_SECONDS = 0.05
RATE = "POST /api/v1/ratings"
UPLOAD = "POST /api/v1/media"


def sending(part: bytes, times: int) -> RequestBody:
    left = times

    async def receive() -> Any:
        nonlocal left
        await asyncio.sleep(PART_SECONDS)
        left -= 1
        return {"type": "http.request", "body": part, "more_body": left > 0}

    return RequestBody(Incoming(receive), length=None, limit=1_000_000, patience_seconds=PATIENCE_SECONDS)


async def test_a_body_comes_at_some_rate() -> None:
    steady = sending(b"x" * 200, 20)
    await steady.open()
    assert (len(steady.first), steady.streamed) == (4000, False)
    with pytest.raises(BodyTooSlow):
        await sending(b"x", 20).open()


async def test_what_came_quickly_is_no_excuse_for_a_pause() -> None:
    async def receive() -> Any:
        await asyncio.sleep(0 if quick else 60)
        return quick.pop()

    quick = [{"type": "http.request", "body": b"x" * HELD_BYTES, "more_body": True}]
    body = RequestBody(Incoming(receive), length=None, limit=1_000_000, patience_seconds=PATIENCE_SECONDS)
    await body.open()
    assert body.streamed
    async with asyncio.timeout(PATIENCE_SECONDS * 5):
        with pytest.raises(BodyTooSlow):
            [part async for part in body.rest()]


async def begin(gateway: str, line: str, token: str, length: int, part: bytes) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    head = f"{line} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode() + part)
    return reader, writer


async def test_who_sends_little_slowly_keeps_no_connection(gateway: str, token_for: Any, rating: Any) -> None:
    clients = [await begin(gateway, RATE, token_for("ada"), 100, b"x") for _ in range(10)]
    await asyncio.sleep(0.3)
    assert (rating.connections, rating.received) == (0, [])
    for reader, writer in clients:
        writer.write(b"x" * 99)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.close()
    assert [request.body for request in rating.received] == [b"x" * 100] * 10


async def test_who_sends_much_leaves_connections_to_others(
    gateway: str, client: httpx.AsyncClient, token_for: Any, catalog: Any
) -> None:
    token, whole = token_for("ada"), HELD_BYTES * 2
    begun = [await begin(gateway, UPLOAD, token, whole, b"x" * HELD_BYTES) for _ in range(MOST_SENDING)]
    while catalog.connections < MOST_SENDING:
        await asyncio.sleep(0.01)
    reader, writer = await begin(gateway, UPLOAD, token, whole, b"x" * HELD_BYTES)
    await asyncio.sleep(0.2)
    writer.write(b"x" * HELD_BYTES)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 503 ")
    assert (await client.get("/api/v1/albums")).status_code == 200
    for reader, other in begun:
        other.write(b"x" * HELD_BYTES)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        other.close()
    writer.close()
