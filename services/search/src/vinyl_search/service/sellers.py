"""Following sellers, and what they have of one's wants."""

from datetime import datetime

import structlog

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.ids import SellerId
from vinyl_search.domain.listing import Offer
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.refusals import SellerNotFound, TooManySellers
from vinyl_search.domain.seller import Follow, Seller, SellerState
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import Discogs
from vinyl_search.providers.faults import NoSuchThing, ProviderFault
from vinyl_search.providers.transport import PERSON_PATIENCE, Call
from vinyl_search.service.judgement import terms_of
from vinyl_search.service.market_runs import MOST_SELLERS
from vinyl_search.service.marking import cheapness, mark
from vinyl_search.store.listings import Wanted
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import Store, UnitOfWork

_log = structlog.get_logger("sellers")
MOST_MATCHES = 2000


class SellerService:
    def __init__(self, store: Store, discogs: Discogs, budget: Budget) -> None:
        self._store = store
        self._discogs = discogs
        self._budget = budget

    async def follow_seller(self, listener: Listener, username: str) -> tuple[Follow, bool]:
        """The seller, and whether they were not followed before.

        Raises SellerNotFound where Discogs says so. Where it does not answer now, the seller is followed
        unverified, and the next run finds out.
        """
        async with self._store.begin() as unit:
            seller = await unit.sellers.find_or_add(Provider.DISCOGS, username)
        if seller.state is not SellerState.ACTIVE:
            await self._look_up(seller)
        async with self._store.begin() as unit:
            if await unit.sellers.count_followed(listener.id) >= MOST_SELLERS:
                raise TooManySellers(MOST_SELLERS)
            seller = await unit.sellers.find_or_add(Provider.DISCOGS, username)
            is_new = await unit.sellers.follow(listener.id, seller.id, now())
            return await _followed(unit, listener, seller.id), is_new

    async def unfollow_seller(
        self, listener: Listener, seller_id: SellerId, expected: ExpectedVersion
    ) -> None:
        async with self._store.begin() as unit:
            follow = await _followed(unit, listener, seller_id)
            expected.check(version_of(follow))
            await unit.sellers.unfollow(listener.id, seller_id)

    async def read_seller(self, listener: Listener, seller_id: SellerId) -> Follow:
        async with self._store.begin() as unit:
            return await _followed(unit, listener, seller_id)

    async def list_sellers(
        self, listener: Listener, before: tuple[datetime, SellerId] | None, limit: int
    ) -> list[Follow]:
        async with self._store.begin() as unit:
            return await unit.sellers.list_followed(listener.id, before, limit)

    async def list_matches(self, listener: Listener, seller_id: SellerId) -> list[Offer]:
        """Their copies of the listener's wants, the cheapest at the door first."""
        async with self._store.begin() as unit:
            await _followed(unit, listener, seller_id)
            wishes = await unit.wishes.read_wishes(listener.id)
            albums = {want.album_id for want in wishes.wants}
            releases = {want.release_id for want in wishes.wants if want.release_id}
            wanted = Wanted(await unit.albums.discogs_ids_of(albums, releases), albums)
            listings = await unit.listings.list_wanted(wanted, now() - MARKET_LIFE, MOST_MATCHES, seller_id)
            terms = await terms_of(unit, listener.id)
        offers = [mark(each, terms.land(each.found), wishes) for each in listings]
        return sorted((offer for offer in offers if offer.wanted), key=cheapness)

    async def _look_up(self, seller: Seller) -> None:
        call = Call(Urgency.PERSON, PERSON_PATIENCE)
        try:
            async with self._budget.watched():
                page = await self._discogs.look_up_seller(seller.username, call)
        except NoSuchThing:
            await self._note_gone(seller)
            raise SellerNotFound(f"Discogs knows no seller called {seller.username}.") from None
        except ProviderFault as fault:
            _log.warning("seller_not_verified", username=seller.username, error=fault.code)
            return
        country = next((found.ships_from for found in page.readable if found.ships_from), None)
        async with self._store.begin() as unit:
            await unit.sellers.note_reading(seller.id, now(), page.username, country, page.rating, page.total)

    async def _note_gone(self, seller: Seller) -> None:
        async with self._store.begin() as unit:
            await unit.sellers.note_fault(seller.id, "not_found", gone=True)


def version_of(follow: Follow) -> str:
    """Changes with the seller, and when they are followed anew."""
    return f"{follow.seller.version}.{int(follow.followed_at.timestamp() * 1000)}"


async def _followed(unit: UnitOfWork, listener: Listener, seller_id: SellerId) -> Follow:
    follow = await unit.sellers.find_followed(listener.id, seller_id)
    if follow is None:
        raise SellerNotFound
    return follow
