"""The stores that share a transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.store.album_ratings import AlbumRatings
from vinyl_catalog.store.albums import Albums
from vinyl_catalog.store.answers import Answers
from vinyl_catalog.store.artists import Artists
from vinyl_catalog.store.curated_columns import CuratedColumns
from vinyl_catalog.store.curation import Curation
from vinyl_catalog.store.enrichment_fields import SourcedFields
from vinyl_catalog.store.enrichment_subjects import EnrichmentSubjects
from vinyl_catalog.store.enrichment_walks import EnrichmentWalks
from vinyl_catalog.store.event_queue import EventQueue
from vinyl_catalog.store.imports import Imports
from vinyl_catalog.store.labels import Labels
from vinyl_catalog.store.loading import Loading
from vinyl_catalog.store.media import Media
from vinyl_catalog.store.merging import Merging
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.releases import Releases
from vinyl_catalog.store.revisions import Revisions
from vinyl_catalog.store.search import WordSearch
from vinyl_catalog.store.songs import Songs
from vinyl_catalog.store.source_ledger import SourceLedger
from vinyl_catalog.store.tags import Tags
from vinyl_catalog.store.untold_albums import UntoldAlbums
from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.album_ratings = AlbumRatings(connection)
        self.albums = Albums(connection)
        self.answers = Answers(connection)
        self.artists = Artists(connection)
        self.curated_columns = CuratedColumns(connection)
        self.curation = Curation(connection)
        self.enrichment_subjects = EnrichmentSubjects(connection)
        self.enrichment_walks = EnrichmentWalks(connection)
        self.event_queue = EventQueue(connection)
        self.imports = Imports(connection)
        self.labels = Labels(connection)
        self.loading = Loading(connection)
        self.media = Media(connection)
        self.merging = Merging(connection)
        self.names = Names(connection)
        self.outbox = Outbox(connection)
        self.releases = Releases(connection)
        self.revisions = Revisions(connection)
        self.songs = Songs(connection)
        self.source_ledger = SourceLedger(connection)
        self.sourced_fields = SourcedFields(connection)
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
