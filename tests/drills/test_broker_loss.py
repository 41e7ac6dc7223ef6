"""Promises 7 and 8: writes go on without the broker, and what it missed or lost reaches everyone."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import pytest
from listener import Listener
from reckoning import count_lost_and_doubled, find_albums, read, settle

from vinyl_chassis.messaging.broker import Broker
from vinyl_devstack.stack import Stack

AWAY_SECONDS = 30.0
DRAINED_SECONDS = 60.0


@pytest.fixture
async def listeners(sign_up: Callable[[], Awaitable[Listener]]) -> Sequence[Listener]:
    return [await sign_up() for _ in range(4)]


def send(stack: Stack, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it may not be back from the last time
        os.kill(stack.process("nats").pid, sign)


async def stays_silent(stack: Stack) -> None:
    send(stack, signal.SIGSTOP)
    await asyncio.sleep(AWAY_SECONDS)
    send(stack, signal.SIGCONT)


async def dies_again_and_again(stack: Stack) -> None:
    over = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < over:
        send(stack, signal.SIGKILL)
        await asyncio.sleep(0.05)


async def loses_its_disk(stack: Stack) -> None:
    await asyncio.sleep(3.0)
    send(stack, signal.SIGSTOP)
    shutil.rmtree(stack.home / "nats" / "jetstream")
    send(stack, signal.SIGKILL)
    await asyncio.sleep(3.0)


@pytest.mark.parametrize("fault", [stays_silent, dies_again_and_again, loses_its_disk])
async def test_writes_go_on_and_everything_arrives(
    drilled: Stack,
    listeners: Sequence[Listener],
    fault: Callable[[Stack], Awaitable[None]],
    figure: Callable[[str], None],
) -> None:
    albums = await find_albums(drilled.gateway_url)
    enough = asyncio.Event()
    writing = [asyncio.create_task(listener.write(albums, enough)) for listener in listeners]
    await fault(drilled)
    enough.set()
    await asyncio.gather(*writing)
    back = time.monotonic()
    settled = await settle(drilled.home, drilled.gateway_url, albums, within_seconds=DRAINED_SECONDS)
    lost, doubled = await count_lost_and_doubled(listeners)
    refused = sum(listener.unanswered for listener in listeners)
    figure(
        f"NATS {fault.__name__.replace('_', ' ')}: {sum(listener.written for listener in listeners)} writes, "
        f"{refused} refused, {lost} lost, {doubled} doubled, copies equal after {settled:.1f} s"
    )
    assert (refused, lost, doubled) == (0, 0, 0)
    if fault is loses_its_disk:
        await until_refilled(drilled)
        figure(f"NATS loses its disk: streams full again after {time.monotonic() - back:.1f} s")


async def until_refilled(stack: Stack) -> None:
    """Every kept event of user and rating is in its stream once more, so that a new consumer hears all."""
    [line] = [
        line
        for line in (stack.home / "settings" / "user.env").read_text().splitlines()
        if line.startswith("VINYL_USER_NATS_URL=")
    ]
    broker = Broker(line.partition("=")[2], "drill")
    jetstream = await broker.jetstream()
    async with asyncio.timeout(DRAINED_SECONDS):
        for service in ("user", "rating"):
            kept = len(await read(stack.home, service, "select id from outbox"))
            while (await jetstream.stream_info(f"VINYL_{service.upper()}")).state.messages < kept:
                await asyncio.sleep(0.2)
    await broker.close()
