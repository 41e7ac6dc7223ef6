"""Doing something again and again, whatever happens to it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from vinyl_chassis.absence import AWAY

_log = structlog.get_logger("jobs")


def every(seconds: float, do: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A job that runs until it is cancelled; a failure is logged, and does not end it."""

    name = getattr(do, "__qualname__", repr(do))

    async def repeat() -> None:
        while True:
            try:
                await do()
            except AWAY as error:
                _log.warning("job_waits", job=name, error=repr(error))
            except Exception as error:
                _log.error("job_failed", job=name, exc_info=error)
            await asyncio.sleep(seconds)

    return repeat
