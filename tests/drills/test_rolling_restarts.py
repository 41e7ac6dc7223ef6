"""Promise 17: instances that are restarted one after the other are missed by nobody."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

from gateways import running, until_ready
from readers import Readers

from vinyl_devstack.stack import Stack

RESTARTS = int(os.environ.get("VINYL_DRILL_RESTARTS", "10"))
READERS = 14


async def test_restarts_are_unseen(drilled: Stack, figure: Callable[[str], None]) -> None:
    first = drilled.service_url("rating")
    slowest = 0.0
    async with running(drilled, "vinyl_rating", {}) as second:
        told = {"VINYL_GATEWAY_RATING_URL": f"{first},{second}", "VINYL_GATEWAY_CACHE_BYTES": "0"}
        async with running(drilled, "vinyl_gateway", told) as gateway:
            readers = Readers(gateway, "/api/v1/ratings?limit=1", "/api/v1/ratings?limit=2")
            began_at = time.monotonic()
            async with readers.reading(READERS):
                for _ in range(RESTARTS):
                    process = drilled.process("rating-serve")
                    pid, asked_at = process.pid, time.monotonic()
                    os.kill(pid, signal.SIGTERM)
                    await asyncio.to_thread(process.process.wait, 15)
                    slowest = max(slowest, time.monotonic() - asked_at)
                    async with asyncio.timeout(60):
                        while process.pid == pid:
                            await asyncio.sleep(0.05)
                    await until_ready(first)
            rate = readers.statuses.total() / (time.monotonic() - began_at)
    figure(
        f"{RESTARTS} restarts of one of two instances: {readers.failed} of {readers.statuses.total()} "
        f"requests failed, at {rate:.0f}/s; each ended within {slowest:.1f} s"
    )
    assert readers.failed == 0
    assert slowest < 10
