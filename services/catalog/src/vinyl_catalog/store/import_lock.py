"""One import at a time: a lock that ends with its holder's connection, however the holder ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from vinyl_chassis.absence import loss_told

_POLL_SECONDS = 0.5
_TAKE = "select pg_try_advisory_lock(hashtextextended('vinyl_imports_' || current_schema(), 0))"


class ImportLock:
    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    @property
    def is_held(self) -> bool:
        return not self._connection.is_closed()


@asynccontextmanager
async def taken(database_url: str, on_wait: Callable[[], None]) -> AsyncIterator[ImportLock]:
    """Waits for its turn; `on_wait` is called once if there is somebody before."""
    connection = await asyncpg.connect(database_url, timeout=5.0)
    try:
        with loss_told():
            if not await connection.fetchval(_TAKE):
                on_wait()
                while not await connection.fetchval(_TAKE):  # noqa: ASYNC110 - its holder is another process
                    await asyncio.sleep(_POLL_SECONDS)
        yield ImportLock(connection)
    finally:
        await connection.close(timeout=2.0)
