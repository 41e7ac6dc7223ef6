"""One writer of the index at a time: a lock that ends with its holder's connection, however it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from vinyl_chassis.absence import loss_told

_POLL_SECONDS = 1.0
_TAKE = "select pg_try_advisory_lock(hashtextextended('vinyl_index_' || current_schema(), 0))"


class IndexLockLost(Exception):
    """The connection that held it is gone."""


class IndexLock:
    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    def check(self) -> None:
        if self._connection.is_closed():
            raise IndexLockLost


@asynccontextmanager
async def taken(database_url: str) -> AsyncIterator[IndexLock]:
    """Waits for its turn."""
    connection = await asyncpg.connect(database_url, timeout=5.0)
    try:
        with loss_told():
            while not await connection.fetchval(_TAKE):  # noqa: ASYNC110 - its holder is another process
                await asyncio.sleep(_POLL_SECONDS)
        yield IndexLock(connection)
    finally:
        await connection.close(timeout=2.0)
