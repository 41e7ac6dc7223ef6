"""/offers"""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_contracts.ids import AlbumId, ReleaseId
from vinyl_search.api.listings import ListingView, page_of_cheapest, shown_together
from vinyl_search.domain.provider import Provider
from vinyl_search.service.offers import OfferService


@get("/offers", tags=["offers"], summary="What is for sale of an album or a release now; eBay's apart")
async def list_offers(
    offers: NamedDependency[OfferService],
    listener: NamedDependency[Listener],
    cursors: NamedDependency[Cursors],
    album_id: FromQuery[UUID | None] = None,
    release_id: FromQuery[UUID | None] = None,
    provider: FromQuery[Provider | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ListingView]:
    found = await offers.list_offers(
        listener,
        AlbumId(album_id) if album_id else None,
        ReleaseId(release_id) if release_id else None,
        shown_together(provider),
    )
    scope = ("offers", listener.id, album_id, release_id, provider)
    return page_of_cheapest(cursors, found, cursor, limit, *scope)
