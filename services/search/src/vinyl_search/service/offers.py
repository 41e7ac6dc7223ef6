"""What is for sale of one album or pressing now, wherever it was seen."""

from collections.abc import Collection, Sequence

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_contracts.errors import FieldError, Invalid
from vinyl_contracts.ids import AlbumId, ReleaseId
from vinyl_search.domain.listing import Listing, Offer
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.refusals import AlbumNotFound, ReleaseNotFound
from vinyl_search.service.judgement import Terms, terms_of
from vinyl_search.service.marking import cheapness, mark
from vinyl_search.store.listings import Wanted
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import Store, UnitOfWork

MOST_OFFERS = 2000


class OfferService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_offers(
        self,
        listener: Listener,
        album_id: AlbumId | None,
        release_id: ReleaseId | None,
        providers: Collection[Provider],
    ) -> list[Offer]:
        """The cheapest at the door first. Raises Invalid where not exactly one thing is named."""
        async with self._store.begin() as unit:
            wanted = await _named(unit, album_id, release_id)
            listings = await unit.listings.list_wanted(wanted, now() - MARKET_LIFE, MOST_OFFERS)
            wishes = await unit.wishes.read_wishes(listener.id)
            terms = await terms_of(unit, listener.id)
        shown = _once_each([each for each in listings if each.found.provider in providers], terms)
        return sorted((mark(each, terms.land(each.found), wishes) for each in shown), key=cheapness)


def _once_each(listings: Sequence[Listing], terms: Terms) -> list[Listing]:
    """What was found by several questions, as the one found it that asked for the listener's country."""
    best: dict[tuple[Provider, str], Listing] = {}
    for each in listings:
        key = (each.found.provider, each.found.provider_listing_id)
        if key not in best or each.found.postage_to == terms.destination:
            best[key] = each
    return list(best.values())


async def _named(unit: UnitOfWork, album_id: AlbumId | None, release_id: ReleaseId | None) -> Wanted:
    if album_id is not None and release_id is None:
        survivor = (await unit.albums.resolve([album_id])).get(album_id)
        if survivor is None:
            raise AlbumNotFound
        return Wanted(await unit.albums.discogs_ids_of([survivor]), [survivor])
    if release_id is not None and album_id is None:
        if await unit.albums.find_release(release_id) is None:
            raise ReleaseNotFound
        return Wanted(await unit.albums.discogs_ids_of([], [release_id]), [], [release_id])
    raise Invalid(
        "Name one album or one release.",
        [FieldError("album_id", "give either this or release_id"), FieldError("release_id", "or this")],
    )
