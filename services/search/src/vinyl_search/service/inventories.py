"""Reading sellers' inventories from Discogs: once for everybody, page by page."""

from collections import Counter
from collections.abc import Awaitable, Callable

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
from vinyl_search.service.repricing import reprice
from vinyl_search.service.shared_reading import SharedReading
from vinyl_search.store.sellers import key_of
from vinyl_search.store.unit_of_work import Store, UnitOfWork

Progress = Callable[[Coverage], Awaitable[None]]


class InventoryReading:
    """`reuse_seconds`: an inventory that was read no longer ago is not read again."""

    def __init__(self, store: Store, discogs: Discogs, budget: Budget, reuse_seconds: float) -> None:
        self._store = store
        self._discogs = discogs
        self._budget = budget
        self._shared = SharedReading(store, Provider.DISCOGS, reuse_seconds)

    async def read(self, seller: Seller, call: Call, tell: Progress) -> Coverage:
        """Raises ProviderFault."""
        key = key_of(seller.username)
        return await self._shared.read_once(key, lambda: self._read(seller, key, call, tell))

    async def _read(self, seller: Seller, key: str, call: Call, tell: Progress) -> Coverage:
        try:
            async with self._budget.watched():
                return await self._read_pages(seller, key, call, tell)
        except ProviderFault as fault:
            async with self._store.begin() as unit:
                gone = isinstance(fault, NoSuchThing)
                await unit.sellers.note_fault(seller.id, fault.code, gone=gone)
            raise

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
