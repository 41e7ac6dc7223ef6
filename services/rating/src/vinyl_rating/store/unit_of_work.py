"""The stores that share a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis.changes import Changes
from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox
from vinyl_rating.store.known_albums import KnownAlbums
from vinyl_rating.store.ratings import Ratings
from vinyl_rating.store.summaries import Summaries


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self.known_albums = KnownAlbums(connection)
        self.ratings = Ratings(connection)
        self.summaries = Summaries(connection)
        self.changes = Changes(connection)
        self.outbox = Outbox(connection)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)
