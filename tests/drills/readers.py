"""Readers who ask again and again over connections that they keep, and remember how it went."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

PAUSE_SECONDS = 0.05


class Readers:
    """`paths` in turns; `statuses` count the answers, 0 where none came."""

    def __init__(self, url: str, *paths: str, seconds: float = 40.0) -> None:
        self._url = url
        self._paths = paths
        self._seconds = seconds
        self.statuses: Counter[int] = Counter()
        self.took: list[tuple[float, float]] = []

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 400)

    def p99(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Seconds, of those who asked in that time."""
        took = sorted(seconds for began, seconds in self.took if since <= began < until)
        return took[int(len(took) * 0.99)]

    @asynccontextmanager
    async def reading(self, people: int) -> AsyncIterator[None]:
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for place in range(people):
                group.create_task(self._read(place, over))
            yield
            over.set()

    async def _read(self, place: int, over: asyncio.Event) -> None:
        async with httpx.AsyncClient(base_url=self._url, timeout=self._seconds) as client:
            while not over.is_set():
                place += 1
                began = time.monotonic()
                try:
                    status = (await client.get(self._paths[place % len(self._paths)])).status_code
                except httpx.TransportError:
                    status = 0
                self.statuses[status] += 1
                self.took.append((began, time.monotonic() - began))
                await asyncio.sleep(PAUSE_SECONDS)
