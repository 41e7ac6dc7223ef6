"""Promise 14: a service that hangs is left alone within seconds, and nobody else notices."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

import httpx
from readers import Readers

from vinyl_devstack.stack import Stack

HUNG_SECONDS = 15.0
NOTICED_SECONDS = 5.0
BACK_SECONDS = 60.0
OTHERS, HUNG = "/api/v1/products?limit=1", "/api/v1/ratings/0190"


async def test_a_hung_service_stays_alone(drilled: Stack, figure: Callable[[str], None]) -> None:
    others = Readers(drilled.gateway_url, OTHERS)
    pid = drilled.process("rating-serve").pid
    async with others.reading(8), asyncio.TaskGroup() as asking:
        await asyncio.sleep(5.0)
        hung_at = time.monotonic()
        os.kill(pid, signal.SIGSTOP)
        asked = []
        while (now := time.monotonic()) < hung_at + HUNG_SECONDS:
            asked.append((now, asking.create_task(ask(drilled.gateway_url))))
            await asyncio.sleep(0.2)
        os.kill(pid, signal.SIGCONT)
        back_at = time.monotonic()
        await until_answered(drilled.gateway_url)
        back_seconds = time.monotonic() - back_at
    refused = [task.result() for began, task in asked if hung_at + NOTICED_SECONDS < began < back_at - 1]
    before, during = others.p99(0, hung_at), others.p99(hung_at, back_at)
    median = sorted(refused)[len(refused) // 2]
    figure(
        f"rating-serve hung for {HUNG_SECONDS:.0f} s: {NOTICED_SECONDS:.0f} s later answered in "
        f"{median * 1000:.0f} ms (median of {len(refused)}); other routes: {others.failed} failed, p99 "
        f"{before * 1000:.0f} ms before, {during * 1000:.0f} ms during; back {back_seconds:.1f} s after"
    )
    assert others.failed == 0
    assert during < 2 * before + 0.1
    assert sorted(refused)[int(len(refused) * 0.95)] < 0.5
    assert back_seconds < BACK_SECONDS


async def ask(url: str) -> float:
    """Seconds until the answer, whatever it is."""
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=60.0) as client:
        await client.get(HUNG)
    return time.monotonic() - began


async def until_answered(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=40.0) as client, asyncio.timeout(BACK_SECONDS):
        while (await client.get("/api/v1/ratings?limit=1")).status_code != 200:
            await asyncio.sleep(0.1)
