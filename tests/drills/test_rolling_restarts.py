"""Promise 17: instances that are restarted one after the other are missed by nobody."""

import asyncio
import os
import time
from collections.abc import Callable

from gateways import running, start, until_ready
from readers import Readers

from vinyl_devstack.ports import free_ports
from vinyl_devstack.stack import Stack

RESTARTS = int(os.environ.get("VINYL_DRILL_RESTARTS", "10"))
# How long an instance has been ready before the next is taken. Other orchestrators wait for seconds.
READY_SECONDS = float(os.environ.get("VINYL_DRILL_READY_SECONDS", "0"))
READERS = 14
PATHS = "/api/v1/ratings?limit=1", "/api/v1/ratings?limit=2"


async def test_restarts_are_unseen(drilled: Stack, figure: Callable[[str], None]) -> None:
    """Of instances of the drill's own: the stack lets one that ends often wait."""
    ports = free_ports(2)
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    instances = [start(drilled, "vinyl_rating", port, {}) for port in ports]
    slowest = 0.0
    for url in urls:
        await until_ready(url)
    told = {"VINYL_GATEWAY_RATING_URL": ",".join(urls), "VINYL_GATEWAY_CACHE_BYTES": "0"}
    async with running(drilled, "vinyl_gateway", told) as gateway:
        readers = Readers(gateway, *PATHS)
        began_at = time.monotonic()
        async with readers.reading(READERS):
            for number in range(RESTARTS):
                place, asked_at = number % 2, time.monotonic()
                instances[place].terminate()
                await asyncio.to_thread(instances[place].wait, 15)
                slowest = max(slowest, time.monotonic() - asked_at)
                instances[place] = start(drilled, "vinyl_rating", ports[place], {})
                await until_ready(urls[place])
                await asyncio.sleep(READY_SECONDS)
        rate = readers.statuses.total() / (time.monotonic() - began_at)
    for instance in instances:
        instance.terminate()
        await asyncio.to_thread(instance.wait, 15)
    figure(
        f"{RESTARTS} restarts of two instances in turns: {readers.failed} of {readers.statuses.total()} "
        f"requests failed, at {rate:.0f}/s; each ended within {slowest:.1f} s; {dict(readers.statuses)}"
    )
    assert readers.failed == 0
    assert slowest < 10
