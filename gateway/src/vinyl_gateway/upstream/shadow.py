"""An instance that is asked what a service was asked, to see what it would have said; nobody hears it."""

import asyncio
import random
import time
from collections.abc import Callable

from vinyl_chassis.durations import Durations
from vinyl_chassis.telemetry import meter
from vinyl_gateway.upstream.connection import Connection
from vinyl_gateway.upstream.errors import AnswerGarbled, UpstreamError
from vinyl_gateway.upstream.pool import Upstream

MOST_AT_ONCE = 8
SECONDS = 2.0
_MOST_BYTES = 16 * 1024 * 1024
_FIELDS = b"x-vinyl-shadow: 1\r\nx-vinyl-deadline: %d\r\n" % (SECONDS * 1000)
_NO_ANSWER = "none"
_durations = Durations(
    "vinyl_gateway_shadow",
    "Requests that a shadow got too, until the answer's head: of the service, and of its shadow.",
    ("service", "of", "status"),
)
_dropped = meter.create_counter(
    "vinyl_gateway_shadow_dropped", description="Requests that a busy shadow did not get."
)


class Shadow:
    def __init__(self, name: str, url: str, percent: float) -> None:
        self._name = name
        self._upstream = Upstream(name, url, most_connections=MOST_AT_ONCE)
        self._percent = percent
        self._asking: set[asyncio.Task[None]] = set()

    def follow(self, wire: Callable[[bytes, bytes], bytes], status: int, seconds: float) -> None:
        """`wire` makes the request out of a host and further header lines; `status` and `seconds` are what
        the service made of it."""
        if random.random() * 100 >= self._percent:  # noqa: S311 - not a secret
            return
        if len(self._asking) >= MOST_AT_ONCE:
            _dropped.add(1, {"service": self._name})
            return
        _durations.record(seconds, (self._name, "service", str(status)))
        asking = asyncio.create_task(self._ask(wire(self._upstream.host, _FIELDS)))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    def close(self) -> None:
        for asking in self._asking:
            asking.cancel()
        self._upstream.close()

    async def _ask(self, request: bytes) -> None:
        began_at = time.perf_counter()
        try:
            async with asyncio.timeout(SECONDS):
                status, seconds = await self._exchange(request, began_at)
        except (UpstreamError, TimeoutError):
            status, seconds = _NO_ANSWER, time.perf_counter() - began_at
        _durations.record(seconds, (self._name, "shadow", status))

    async def _exchange(self, request: bytes, began_at: float) -> tuple[str, float]:
        connection = await self._upstream.acquire()
        try:
            connection.ask(request)
            head = await connection.head()
            seconds = time.perf_counter() - began_at
            await _read_away(connection)
        finally:
            self._upstream.release(connection)
        return str(head.status), seconds


async def _read_away(connection: Connection) -> None:
    """To the end, so that the connection serves again."""
    room = _MOST_BYTES
    while not connection.complete:
        room -= len(await connection.read(SECONDS))
        if room < 0:
            raise AnswerGarbled("The shadow's answer is longer than any that is taken in.")
