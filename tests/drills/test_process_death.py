"""Promise 1: what was acknowledged survives the death of any process, once."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from listener import Listener
from reckoning import count_lost_and_doubled, find_albums, settle

from vinyl_devstack.stack import Stack

KILLS = 40
WRITERS = 8
SETTLED_SECONDS = 20.0


async def test_random_deaths_lose_and_double_nothing(
    drilled: Stack, sign_up: Callable[[], Awaitable[Listener]], figure: Callable[[str], None]
) -> None:
    albums = await find_albums(drilled.gateway_url)
    listeners = [await sign_up() for _ in range(WRITERS)]
    enough = asyncio.Event()
    began = time.monotonic()
    writing = [asyncio.create_task(listener.write(albums, enough)) for listener in listeners]
    killed = [await kill_one(drilled) for _ in range(KILLS)]
    enough.set()
    await asyncio.gather(*writing)
    seconds = time.monotonic() - began
    drilled.wait_until_ready()
    lost, doubled = await count_lost_and_doubled(listeners)
    settled = await settle(drilled.home, drilled.gateway_url, albums, within_seconds=SETTLED_SECONDS)
    written = sum(listener.written for listener in listeners)
    figure(
        f"{KILLS} kills of {len(set(killed))} processes in {seconds:.0f} s: {written} writes acknowledged, "
        f"{sum(listener.unanswered for listener in listeners)} retries, {lost} lost, {doubled} doubled, "
        f"copies equal after {settled:.1f} s"
    )
    assert (lost, doubled) == (0, 0)


async def kill_one(stack: Stack) -> str:
    name = random.choice(stack.processes)
    with suppress(ProcessLookupError):  # it may not be back from the last time
        os.kill(stack.process(name).pid, signal.SIGKILL)
    await asyncio.sleep(random.uniform(1.0, 4.0))
    return name
