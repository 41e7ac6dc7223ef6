"""The stores that share a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.imports import Imports
from vinyl_catalog.store.loading import Loading
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.untold_albums import UntoldAlbums
from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self.imports = Imports(connection)
        self.loading = Loading(connection)
        self.names = Names(connection)
        self.untold_albums = UntoldAlbums(connection)
        self.outbox = Outbox(connection)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)
