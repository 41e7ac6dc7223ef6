"""The stores that share a transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.store.album_ratings import AlbumRatings
from vinyl_catalog.store.albums import Albums
from vinyl_catalog.store.artists import Artists
from vinyl_catalog.store.event_queue import EventQueue
from vinyl_catalog.store.imports import Imports
from vinyl_catalog.store.labels import Labels
from vinyl_catalog.store.loading import Loading
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.releases import Releases
from vinyl_catalog.store.search import WordSearch
from vinyl_catalog.store.songs import Songs
from vinyl_catalog.store.tags import Tags
from vinyl_catalog.store.untold_albums import UntoldAlbums
from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.album_ratings = AlbumRatings(connection)
        self.albums = Albums(connection)
        self.artists = Artists(connection)
        self.event_queue = EventQueue(connection)
        self.imports = Imports(connection)
        self.labels = Labels(connection)
        self.loading = Loading(connection)
        self.names = Names(connection)
        self.outbox = Outbox(connection)
        self.releases = Releases(connection)
        self.songs = Songs(connection)
        self.tags = Tags(connection)
        self.untold_albums = UntoldAlbums(connection)

    def search_words(
        self,
        words: str,
        folded: str,
        types: Sequence[HitType],
        wanted: AlbumConditions,
        left_out: Sequence[UUID],
    ) -> WordSearch:
        return WordSearch(self._connection, words, folded, types, wanted, left_out)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)
