"""Promise 13: what is offered beyond the capacity is refused at once, and costs nobody else their answer."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from statistics import median
from urllib.parse import urlsplit

from listener import Listener

from vinyl_devstack.stack import Stack

PATH = "/api/v1/albums?limit=100&sort=title"  # of somebody signed in, so that nothing is kept
CLOSED_CONNECTIONS = 16
PEAK_SECONDS = 6.0
OVERLOAD_SECONDS = float(os.environ.get("VINYL_DRILL_OVERLOAD_SECONDS", "20"))
SETTLED_AFTER_SECONDS = 4.0
TIMES = 3
RECOVERY_SECONDS = 10.0
KEPT_SECONDS = 5.0


class Client:
    """Requests at moments of its own choosing, whatever becomes of those before."""

    def __init__(self, address: str, listener: Listener) -> None:
        self._at = urlsplit(address)
        token = listener.headers["Authorization"]
        self._request = f"GET {PATH} HTTP/1.1\r\nHost: drill\r\nAuthorization: {token}\r\n\r\n".encode()
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, intended_at: float) -> tuple[float, int, float]:
        """When it was answered, with which status, and how long after the intended start."""
        reader, writer = self._kept() or await asyncio.open_connection(
            self._at.hostname, self._at.port, limit=2**20
        )
        writer.write(self._request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        await reader.readexactly(length)
        now = time.perf_counter()
        self._idle.append((now, reader, writer))
        return now, int(head.split(b" ", 2)[1]), now - intended_at

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Neither ended by the gateway, nor about to be, because it was idle for long."""
        latest = time.perf_counter() - KEPT_SECONDS
        while self._idle:
            since, reader, writer = self._idle.pop()
            if since > latest:
                return reader, writer
            writer.close()
        return None

    async def ask_in_turn(self, seconds: float) -> list[tuple[float, int, float]]:
        until = time.perf_counter() + seconds
        answers = []
        while (now := time.perf_counter()) < until:
            answers.append(await self.ask(now))
        return answers

    async def ask_at_rate(self, per_second: float, seconds: float) -> list[tuple[float, int, float]]:
        began_at = time.perf_counter()
        asked = []
        for number in range(int(per_second * seconds)):
            intended_at = began_at + number / per_second
            if (early := intended_at - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            asked.append(asyncio.create_task(self.ask(intended_at)))
        return list(await asyncio.gather(*asked))

    def close(self) -> None:
        for _, _, writer in self._idle:
            writer.close()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def test_thrice_the_capacity_is_shed(
    drilled: Stack, sign_up: Callable[[], Awaitable[Listener]], figure: Callable[[str], None]
) -> None:
    client = Client(drilled.gateway_url, await sign_up())
    calm = median([seconds for _, _, seconds in await client.ask_in_turn(2.0)])
    each = await asyncio.gather(*(client.ask_in_turn(PEAK_SECONDS) for _ in range(CLOSED_CONNECTIONS)))
    peak = sum(status == 200 for answers in each for _, status, _ in answers) / PEAK_SECONDS
    began_at = time.perf_counter()
    answers = await client.ask_at_rate(peak * TIMES, OVERLOAD_SECONDS)
    ended_at = time.perf_counter()
    settled = [answer for answer in answers if answer[0] > began_at + SETTLED_AFTER_SECONDS]
    good = [seconds for _, status, seconds in settled if status == 200]
    refused = [seconds for _, status, seconds in settled if status == 503]
    goodput = len(good) / (ended_at - began_at - SETTLED_AFTER_SECONDS)
    while (latest := median([(await client.ask(time.perf_counter()))[2] for _ in range(5)])) > 2 * calm:
        assert time.perf_counter() - ended_at < RECOVERY_SECONDS, f"{latest:.3f} s instead of {calm:.3f} s"
    back = time.perf_counter() - ended_at
    client.close()
    figure(
        f"{peak:.0f} answers/s at the peak; offered {TIMES} times that for {OVERLOAD_SECONDS:.0f} s: "
        f"{goodput:.0f}/s answered "
        f"(p50 {median(good) * 1000:.0f} ms, p99 {percentile(good, 0.99) * 1000:.0f} ms), "
        f"{len(refused)} refused (p50 {median(refused) * 1000:.1f} ms, "
        f"p99 {percentile(refused, 0.99) * 1000:.1f} ms); as before after {back:.1f} s"
    )
    assert {status for _, status, _ in answers} == {200, 503}
    assert goodput > 0.9 * peak
    assert percentile(refused, 0.99) < 0.05
