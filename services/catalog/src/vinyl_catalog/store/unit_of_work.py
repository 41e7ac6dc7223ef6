"""The stores that share a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.album_ratings import AlbumRatings
from vinyl_catalog.store.album_reading import AlbumReading
from vinyl_catalog.store.albums import Albums
from vinyl_catalog.store.answers import Answers
from vinyl_catalog.store.artists import Artists
from vinyl_catalog.store.categories import Categories
from vinyl_catalog.store.curated_columns import CuratedColumns
from vinyl_catalog.store.curation import Curation
from vinyl_catalog.store.enrichment_fields import SourcedFields
from vinyl_catalog.store.enrichment_subjects import EnrichmentSubjects
from vinyl_catalog.store.enrichment_walks import EnrichmentWalks
from vinyl_catalog.store.event_queue import EventQueue
from vinyl_catalog.store.imports import Imports
from vinyl_catalog.store.index_names import IndexNames
from vinyl_catalog.store.index_rows import IndexRows
from vinyl_catalog.store.known_keepings import KnownKeepings
from vinyl_catalog.store.known_members import KnownMembers
from vinyl_catalog.store.labels import Labels
from vinyl_catalog.store.loading import Loading
from vinyl_catalog.store.media import Media
from vinyl_catalog.store.merging import Merging
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.product_views import ProductViews
from vinyl_catalog.store.products import Products
from vinyl_catalog.store.releases import Releases
from vinyl_catalog.store.revisions import Revisions
from vinyl_catalog.store.source_ledger import SourceLedger
from vinyl_catalog.store.tags import Tags
from vinyl_catalog.store.unindexed import Unindexed
from vinyl_catalog.store.untold_albums import UntoldAlbums
from vinyl_catalog.store.untold_artists import UntoldArtists
from vinyl_chassis.changes import Changes
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
        self.categories = Categories(connection)
        self.changes = Changes(connection)
        self.event_queue = EventQueue(connection)
        self.imports = Imports(connection)
        self.index_names = IndexNames(connection)
        self.index_rows = IndexRows(connection)
        self.known_keepings = KnownKeepings(connection)
        self.labels = Labels(connection)
        self.loading = Loading(connection)
        self.media = Media(connection)
        self.merging = Merging(connection)
        self.members = KnownMembers(connection)
        self.names = Names(connection)
        self.outbox = Outbox(connection)
        self.product_views = ProductViews(connection)
        self.products = Products(connection)
        self.releases = Releases(connection)
        self.revisions = Revisions(connection)
        self.source_ledger = SourceLedger(connection)
        self.sourced_fields = SourcedFields(connection)
        self.tags = Tags(connection)
        self.unindexed = Unindexed(connection)
        self.untold_albums = UntoldAlbums(connection)
        self.untold_artists = UntoldArtists(connection)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.album_reading = AlbumReading(database)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)
