"""Promise 19: a thousand clients that never come to the end of a sentence cost the others nothing."""

import asyncio
import time
from collections.abc import Callable

from readers import Readers

from vinyl_devstack.stack import Stack

SOCKETS = 1000
HEAD_SECONDS = 10.0


async def test_half_open_connections_cost_nothing(drilled: Stack, figure: Callable[[str], None]) -> None:
    port = int(drilled.gateway_url.rpartition(":")[2])
    others = Readers(drilled.gateway_url, "/api/v1/products?limit=1", "/api/v1/albums?limit=1")
    async with others.reading(8):
        await asyncio.sleep(5.0)
        began = time.monotonic()
        lasted = await asyncio.gather(*(say_a_little(port, place) for place in range(SOCKETS)))
        ended = time.monotonic()
        await asyncio.sleep(1.0)
    before, during = others.p99(0, began), others.p99(began, ended)
    figure(
        f"{SOCKETS} half-open sockets: ended after {min(lasted):.1f} to {max(lasted):.1f} s; others: "
        f"{others.failed} failed, p99 {before * 1000:.0f} ms before and {during * 1000:.0f} ms during"
    )
    assert max(lasted) < HEAD_SECONDS + 5
    assert others.failed == 0
    assert during < 2 * before + 0.1


async def say_a_little(port: int, place: int) -> float:
    """Seconds until the gateway ended it."""
    await asyncio.sleep(place * 0.001)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(b"GET /api/v1/albums HTTP/1.1\r\nHost: a\r\nX-Slow: ")
    async with asyncio.timeout(HEAD_SECONDS + 15):
        while await reader.read(4096):
            pass
    writer.close()
    return time.monotonic() - began
