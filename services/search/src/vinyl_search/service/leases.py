"""Holding on to work while it is done: a lease that is extended, so that a dead holder's lapses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from vinyl_chassis.clock import now

_log = structlog.get_logger("leases")
LEASE_SECONDS = 9.0
BEATS_PER_LEASE = 3
Extend = Callable[[datetime], Awaitable[bool]]


class LeaseLost(Exception):
    """Another process has taken over; what is left is theirs to do."""


def lease_end(seconds: float = LEASE_SECONDS) -> datetime:
    return now() + timedelta(seconds=seconds)


@asynccontextmanager
async def held(extend: Extend, seconds: float = LEASE_SECONDS) -> AsyncIterator[None]:
    """Extends the lease until the block ends. Raises LeaseLost out of the block where `extend` says no."""
    owner, lost = asyncio.current_task(), asyncio.Event()

    async def beat() -> None:
        while not lost.is_set():
            await asyncio.sleep(seconds / BEATS_PER_LEASE)
            try:
                if not await extend(lease_end(seconds)):
                    lost.set()
            except Exception as error:
                _log.warning("lease_not_extended", error=repr(error))
        if owner is not None:
            owner.cancel()

    beating = asyncio.create_task(beat())
    try:
        yield
    except asyncio.CancelledError:
        if lost.is_set() and owner is not None and owner.uncancel() == 0:
            raise LeaseLost from None
        raise
    finally:
        beating.cancel()
