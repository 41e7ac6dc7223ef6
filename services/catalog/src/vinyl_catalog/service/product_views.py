"""Counting who looks at a product, once a visitor and day, without a write for each read."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from vinyl_catalog.store.product_views import View
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_contracts.errors import Unavailable

FLUSH_SECONDS = 3.0
MOST_WAITING = 20_000
MOST_REMEMBERED = 200_000
KEPT = timedelta(days=2)
_log = structlog.get_logger("views")


class Visitor(msgspec.Struct, frozen=True):
    """Who looks: somebody signed in, else whoever is at that address."""

    listener: Listener | None
    address: str

    @property
    def name(self) -> str:
        return str(self.listener.id) if self.listener else self.address


class ViewCounter:
    """Views wait here for a few seconds; a process that is killed takes those with it, and nothing else.

    Visitors are hashed with a key that `secret` and the day make: every process has the same, and another
    one tomorrow.
    """

    def __init__(self, store: Store, secret: str) -> None:
        self._store = store
        self._secret = secret.encode()
        self._waiting: set[View] = set()
        self._seen: set[View] = set()

    def note(self, product_id: UUID, visitor: Visitor) -> None:
        day = now().date()
        digest = hmac.digest(self._secret, f"view {day} {visitor.name}".encode(), "sha256")
        view = View(product_id, day, int.from_bytes(digest[:8], "big", signed=True))
        if view not in self._seen and len(self._waiting) < MOST_WAITING:
            self._waiting.add(view)

    async def flush(self) -> None:
        """Takes what waits to the store; while that is away it goes on waiting."""
        if not self._waiting:
            return
        taken, self._waiting = self._waiting, set()
        try:
            async with self._store.begin() as unit:
                await unit.product_views.add(taken)
        except Unavailable as error:
            self._waiting |= taken
            _log.warning("views_wait", views=len(self._waiting), error=repr(error))
            return
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.clear()
        self._seen |= taken

    @asynccontextmanager
    async def running(self, _app: object) -> AsyncIterator[None]:
        """Flushes every few seconds, and at the end."""
        flushing = asyncio.create_task(self._flush_on())
        try:
            yield
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing
            await self.flush()

    async def _flush_on(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Exception as error:
                # a batch of views is lost; counting goes on
                _log.error("views_lost", exc_info=error)


async def forget_old_views(store: Store) -> None:
    """A job: the counts stay, who was counted goes."""
    while True:
        async with store.begin() as unit:
            await unit.product_views.forget_before((now() - KEPT).date())
        await asyncio.sleep(3600.0)
