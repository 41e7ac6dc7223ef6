"""Through two gateways nobody reads what was overwritten a quarter of a second ago, and nobody goes back."""

import asyncio
import itertools
import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress

import httpx
import pytest
from gateways import running
from listener import Listener
from reckoning import find_albums

from vinyl_devstack.stack import Stack

WRITERS, READERS, ALBUMS = 8, 32, 500
SECONDS = float(os.environ.get("VINYL_DRILL_COHERENCE_SECONDS", "60"))
OLDEST_SECONDS = 0.25
OLDEST_P99_SECONDS = 0.05


class Record:
    """Which version of what was acknowledged when, and what was read how long after it was overwritten."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, list[float]] = defaultdict(list)
        self.first: dict[str, int] = {}
        self.late: list[float] = []
        self.reads = 0
        self.steps_back = 0

    def wrote(self, album: str, at: float) -> None:
        self.acknowledged[album].append(at)

    def read(self, album: str, version: int, asked_at: float) -> None:
        """`asked_at` is when the reader began to ask."""
        self.reads += 1
        overwritten = version - self.first[album]
        times = self.acknowledged[album]
        late = asked_at - times[overwritten] if overwritten < len(times) else 0.0
        self.late.append(max(0.0, late))

    def sentence(self, what: str) -> str:
        late = sorted(self.late)
        writes = sum(len(times) for times in self.acknowledged.values())
        return (
            f"{what}: {writes} writes, {self.reads} reads, {self.steps_back} steps back; overwritten when "
            f"asked for: p99 {late[int(len(late) * 0.99)] * 1000:.0f} ms, most {late[-1] * 1000:.0f} ms"
        )


@pytest.fixture
async def gateways(drilled: Stack) -> AsyncIterator[list[str]]:
    """The stack's gateway and a second one."""
    async with running(drilled, "vinyl_gateway", {}) as second:
        yield [drilled.gateway_url, second]


async def write(
    listener: Listener, url: str, albums: Sequence[str], record: Record, until: asyncio.Event
) -> None:
    """Every write of an album is one version more; nobody else writes it."""
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", headers=listener.headers, timeout=10.0) as client:
        for number in itertools.count():
            if until.is_set():
                return
            album = random.choice(albums)
            body = {"album_id": album, "rating": 1 + number % 5}
            key = {"Idempotency-Key": f"{listener.username}-coherence-{number}"}
            while True:
                with suppress(httpx.TransportError):
                    if (await client.post("/ratings", json=body, headers=key)).is_success:
                        break
                await asyncio.sleep(0.02)
            record.wrote(album, time.monotonic())


def version_of(answer: httpx.Response) -> int:
    return int(answer.headers["etag"].strip('"').partition("-")[0])


async def look(url: str, albums: Sequence[str], record: Record, until: asyncio.Event) -> None:
    seen: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=10.0) as client:
        while not until.is_set():
            album = random.choice(albums)
            asked_at = time.monotonic()
            try:
                answer = await client.get("/ratings/summary", params={"album_id": album})
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            if not answer.is_success:
                await asyncio.sleep(0.02)
                continue
            version = version_of(answer)
            record.read(album, version, asked_at)
            record.steps_back += version < seen.get(album, 0)
            seen[album] = version


async def kill_broker(stack: Stack) -> None:
    kill(stack, "nats")


async def freeze_broker(stack: Stack) -> None:
    with suppress(ProcessLookupError):  # it may be away still from the drill before
        pid = stack.process("nats").pid
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(2.0)
        os.kill(pid, signal.SIGCONT)


async def kill_gateway(stack: Stack) -> None:
    kill(stack, "gateway")


def kill(stack: Stack, name: str) -> None:
    """Unless it is still away from the last time."""
    with suppress(ProcessLookupError):
        os.kill(stack.process(name).pid, signal.SIGKILL)


async def nothing(_stack: Stack) -> None:
    """As it is on a good day."""


@pytest.mark.parametrize("fault", [nothing, kill_broker, freeze_broker, kill_gateway])
async def test_nobody_reads_what_was_overwritten(
    drilled: Stack,
    gateways: list[str],
    sign_up: Callable[[], Awaitable[Listener]],
    figure: Callable[[str], None],
    fault: Callable[[Stack], Awaitable[None]],
) -> None:
    listeners = [await sign_up() for _ in range(WRITERS)]
    albums = await find_albums(drilled.gateway_url, ALBUMS)
    record = Record()
    async with httpx.AsyncClient(base_url=f"{drilled.service_url('rating')}/api/v1") as client:
        for album in albums:
            answer = await client.get("/ratings/summary", params={"album_id": album})
            record.first[album] = version_of(answer)
    over = asyncio.Event()
    each = [albums[place::WRITERS] for place in range(WRITERS)]
    async with asyncio.TaskGroup() as group:
        for place, listener in enumerate(listeners):
            group.create_task(write(listener, gateways[place % 2], each[place], record, over))
        for place in range(READERS):
            group.create_task(look(gateways[place % 2], albums, record, over))
        began = time.monotonic()
        while time.monotonic() < began + SECONDS:
            await asyncio.sleep(min(5.0, SECONDS / 4))
            await fault(drilled)
        over.set()
    figure(record.sentence(f"Two gateways, {fault.__name__}"))
    late = sorted(record.late)
    assert record.steps_back == 0
    assert late[-1] < OLDEST_SECONDS
    assert late[int(len(late) * 0.99)] < OLDEST_P99_SECONDS
