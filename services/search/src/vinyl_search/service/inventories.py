"""Reading sellers' inventories from Discogs: once for everybody, page by page."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from vinyl_chassis.clock import now
from vinyl_contracts.ids import AlbumId
from vinyl_search.domain.listing import FoundListing, Match
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage
from vinyl_search.domain.seller import Seller
from vinyl_search.matching.words import album_key
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import Discogs, ReadPage
from vinyl_search.providers.faults import NoSuchThing, ProviderFault
from vinyl_search.providers.transport import Call
from vinyl_search.service.leases import held, lease_end
from vinyl_search.service.repricing import reprice
from vinyl_search.store.sellers import key_of
from vinyl_search.store.unit_of_work import Store, UnitOfWork

OTHERS_READING_SECONDS = 0.2
Progress = Callable[[Coverage], Awaitable[None]]


class InventoryReading:
    """`reuse_seconds`: an inventory that was read no longer ago is not read again."""

    def __init__(self, store: Store, discogs: Discogs, budget: Budget, reuse_seconds: float) -> None:
        self._store = store
        self._discogs = discogs
        self._budget = budget
        self._reuse = timedelta(seconds=reuse_seconds)

    async def read(self, seller: Seller, call: Call, tell: Progress) -> Coverage:
        """Waits where another process reads it already. Raises ProviderFault."""
        key = key_of(seller.username)
        while True:
            stale_before = now() - self._reuse
            async with self._store.begin() as unit:
                claimed = await unit.reads.claim(Provider.DISCOGS, key, stale_before, now(), lease_end())
                known = await unit.reads.find(Provider.DISCOGS, key)
            if claimed:
                return await self._read_claimed(seller, key, call, tell)
            if known is not None and known.read_at is not None and known.read_at > stale_before:
                return known.coverage
            await asyncio.sleep(OTHERS_READING_SECONDS)

    async def _read_claimed(self, seller: Seller, key: str, call: Call, tell: Progress) -> Coverage:
        async def extend(until: datetime) -> bool:
            async with self._store.begin() as unit:
                await unit.reads.extend(Provider.DISCOGS, key, until)
            return True

        try:
            async with held(extend), self._budget.watched():
                return await self._read_pages(seller, key, call, tell)
        except ProviderFault as fault:
            async with self._store.begin() as unit:
                gone = isinstance(fault, NoSuchThing)
                await unit.sellers.note_fault(seller.id, fault.code, gone=gone)
            raise
        finally:
            async with self._store.begin() as unit:
                await unit.reads.release(Provider.DISCOGS, key)

    async def _read_pages(self, seller: Seller, key: str, call: Call, tell: Progress) -> Coverage:
        started, coverage = now(), Coverage()
        countries: Counter[str] = Counter()
        username: str | None = None
        rating: float | None = None
        async for page in self._discogs.read_inventory(seller.username, call):
            async with self._store.begin() as unit:
                await _keep_page(unit, seller, key, page)
            coverage = Coverage(coverage.seen + page.seen, page.total)
            countries.update(found.ships_from for found in page.readable if found.ships_from)
            if page.username is not None and key_of(page.username) == key:
                username, rating = page.username, page.rating
            await tell(coverage)
        country = countries.most_common(1)[0][0] if countries else None
        async with self._store.begin() as unit:
            if coverage.total is not None and coverage.seen >= coverage.total:
                await unit.listings.drop_unseen(Provider.DISCOGS, key, started)
            await unit.reads.complete(Provider.DISCOGS, key, now(), coverage)
            await unit.sellers.note_reading(
                seller.id, now(), username, country, rating, coverage.total or coverage.seen
            )
        return coverage


async def _keep_page(unit: UnitOfWork, seller: Seller, key: str, page: ReadPage) -> None:
    matches = await _match_by_name(unit, page)
    found = [(each, matches.get(each.provider_listing_id, Match())) for each in page.readable]
    await reprice(unit, await unit.listings.save_all(found, key, seller.id, now()))


async def _match_by_name(unit: UnitOfWork, page: ReadPage) -> dict[str, Match]:
    """Of copies whose pressing the catalogue lacks; the others are matched when they are read."""
    numbers = {found.discogs_release_id for found in page.readable if found.discogs_release_id}
    known = await unit.albums.known_discogs_ids(numbers)
    nameless = [found for found in page.readable if found.discogs_release_id not in known]
    albums: dict[str, AlbumId] = await unit.albums.find_by_keys({_key(found) for found in nameless})
    return {
        found.provider_listing_id: Match.of_names(albums[_key(found)])
        for found in nameless
        if _key(found) in albums
    }


def _key(found: FoundListing) -> str:
    return album_key(found.artist or "", found.album_title or "")
