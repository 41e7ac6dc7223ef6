"""Promise 19: a thousand clients that never come to the end of a sentence cost the others nothing."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from readers import Readers

from vinyl_devstack.stack import Stack

SOCKETS = 1000
PATIENCE_SECONDS = 10.0
SAID = {
    "head": b"GET /api/v1/albums HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "body": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{",
}


@pytest.mark.parametrize("part", sorted(SAID))
async def test_half_open_connections_cost_nothing(
    drilled: Stack, figure: Callable[[str], None], part: str
) -> None:
    port = int(drilled.gateway_url.rpartition(":")[2])
    others = Readers(drilled.gateway_url, "/api/v1/products?limit=1", "/api/v1/albums?limit=1")
    async with others.reading(8):
        await asyncio.sleep(5.0)
        began = time.monotonic()
        lasted = await asyncio.gather(*(say_a_little(port, place, SAID[part]) for place in range(SOCKETS)))
        ended = time.monotonic()
        await asyncio.sleep(1.0)
    before, during = others.p99(0, began), others.p99(began, ended)
    figure(
        f"{SOCKETS} sockets without an end of their {part}: ended after {min(lasted):.1f} to"
        f" {max(lasted):.1f} s; others: "
        f"{others.failed} failed, p99 {before * 1000:.0f} ms before and {during * 1000:.0f} ms during"
    )
    assert max(lasted) < PATIENCE_SECONDS + 5
    assert others.failed == 0
    assert during < 2 * before + 0.1


async def say_a_little(port: int, place: int, said: bytes) -> float:
    """Seconds until the gateway ended it, a byte every two of them."""
    await asyncio.sleep(place * 0.001)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(said)
    async with asyncio.timeout(PATIENCE_SECONDS + 15):
        saying = asyncio.create_task(go_on(writer))
        with suppress(ConnectionError):
            while await reader.read(4096):
                pass
    saying.cancel()
    await asyncio.wait([saying])
    writer.close()
    return time.monotonic() - began


async def go_on(writer: asyncio.StreamWriter) -> None:
    while True:
        await asyncio.sleep(2.0)
        writer.write(b"x")
