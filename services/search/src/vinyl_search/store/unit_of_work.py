"""The stores that share a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox
from vinyl_search.store.community_listings import CommunityListings
from vinyl_search.store.known_albums import KnownAlbums
from vinyl_search.store.known_wishes import KnownWishes
from vinyl_search.store.listings import Listings
from vinyl_search.store.provider_reads import ProviderReads
from vinyl_search.store.rates import Rates
from vinyl_search.store.request_ledger import RequestLedger
from vinyl_search.store.runs import Runs
from vinyl_search.store.saved_searches import SavedSearches
from vinyl_search.store.search_results import SearchResults
from vinyl_search.store.sellers import Sellers


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self.albums = KnownAlbums(connection)
        self.wishes = KnownWishes(connection)
        self.searches = SavedSearches(connection)
        self.runs = Runs(connection)
        self.results = SearchResults(connection)
        self.sellers = Sellers(connection)
        self.listings = Listings(connection)
        self.reads = ProviderReads(connection)
        self.requests = RequestLedger(connection)
        self.community = CommunityListings(connection)
        self.rates = Rates(connection)
        self.outbox = Outbox(connection)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)

    @asynccontextmanager
    async def begin_apart(self) -> AsyncIterator[UnitOfWork]:
        """As `begin`, but never part of a larger transaction: for what other processes wait on."""
        async with self._database.apart() as connection:
            yield UnitOfWork(connection)
