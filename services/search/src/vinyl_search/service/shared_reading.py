"""Reading a thing from a market once for everybody who wants it, in whichever process."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from vinyl_chassis.clock import now
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage
from vinyl_search.service.leases import held, lease_end
from vinyl_search.store.unit_of_work import Store

OTHERS_READING_SECONDS = 0.2


class SharedReading:
    """`reuse_seconds`: what was read no longer ago is not read again."""

    def __init__(self, store: Store, provider: Provider, reuse_seconds: float) -> None:
        self._store = store
        self._provider = provider
        self._reuse = timedelta(seconds=reuse_seconds)

    async def read_once(self, key: str, read: Callable[[], Awaitable[Coverage]]) -> Coverage:
        """What `read` found, or whoever read it just now; waits while another process does."""
        while True:
            stale_before = now() - self._reuse
            async with self._store.begin() as unit:
                claimed = await unit.reads.claim(self._provider, key, stale_before, now(), lease_end())
                known = await unit.reads.find(self._provider, key)
            if claimed:
                return await self._read_claimed(key, read)
            if known is not None and known.read_at is not None and known.read_at > stale_before:
                return known.coverage
            await asyncio.sleep(OTHERS_READING_SECONDS)

    async def _read_claimed(self, key: str, read: Callable[[], Awaitable[Coverage]]) -> Coverage:
        async def extend(until: datetime) -> bool:
            async with self._store.begin() as unit:
                await unit.reads.extend(self._provider, key, until)
            return True

        try:
            async with held(extend):
                return await read()
        finally:
            async with self._store.begin() as unit:
                await unit.reads.release(self._provider, key)
