"""Reading the marketplace: inventories, listings, prices."""

from collections.abc import Callable

from msgspec import Struct

from vinyl_devstack.sandbox.discogs.marketplace_shapes import ListingView, Price, ReleaseOnMarket
from vinyl_devstack.sandbox.discogs.members import Members
from vinyl_devstack.sandbox.discogs.paging import Pagination
from vinyl_devstack.sandbox.discogs.refusals import DiscogsFieldRefused, DiscogsRefused, not_found
from vinyl_devstack.sandbox.discogs.visit import Visit
from vinyl_devstack.sandbox.market.appraisal import suggested
from vinyl_devstack.sandbox.market.copies import Copy, Status
from vinyl_devstack.sandbox.market.exchange import DISCOGS_CURRENCIES, RATES
from vinyl_devstack.sandbox.market.grades import MEDIA
from vinyl_devstack.sandbox.market.market import Market
from vinyl_devstack.sandbox.market.pressing import Pressing, folded

LAST_PAGE_OF_OTHERS = 100
ORDERS: dict[str, Callable[[Copy], tuple[object, int]]] = {
    "listed": lambda copy: (copy.listed, copy.id),
    "price": lambda copy: (copy.price_minor, copy.id),
    "item": lambda copy: (folded(copy.pressing.title), copy.id),
    "artist": lambda copy: (folded(copy.pressing.artist), copy.id),
    "label": lambda copy: (folded(copy.pressing.label), copy.id),
    "catno": lambda copy: (folded(copy.pressing.catalogue_number), copy.id),
    "audio": lambda copy: (False, copy.id),
    "status": lambda copy: (copy.status, copy.id),
    "location": lambda copy: ("", copy.id),
}


class InventoryView(Struct, frozen=True):
    pagination: Pagination
    listings: list[ListingView]


class Marketplace:
    def __init__(self, market: Market, members: Members) -> None:
        self._market = market
        self._members = members

    async def inventory(self, username: str, visit: Visit) -> InventoryView:
        asked = visit.page
        if asked.number > LAST_PAGE_OF_OTHERS and not visit.caller.owns(username):
            raise DiscogsRefused(403, "Pagination above 100 disabled for inventories besides your own.")
        page = asked.cut(_ordered(self._on_offer(username, visit), visit))
        mine = self._members.stakes(visit.caller)
        date_of = self._market.clock.date_of
        views = [
            ListingView.of(each, date_of(each.listed), visit.links, mine(each.pressing.id))
            for each in page.rows
        ]
        return InventoryView(page.pagination, views)

    async def listing(self, id_: int, visit: Visit) -> ListingView:
        copy = self._copy(id_)
        mine = self._members.stakes(visit.caller)(copy.pressing.id)
        posted = self._market.clock.date_of(copy.listed)
        currency = _currency(visit) if "curr_abbr" in visit.query else None
        return ListingView.of(copy, posted, visit.links, mine, currency)

    async def page_for_people(self, id_: int) -> str:
        copy = self._copy(id_)
        return (
            f"{copy.pressing.description}\n{copy.status} at {copy.shop.username}: record {copy.condition}, "
            f"sleeve {copy.sleeve_condition}.\nA shop of Vinylhound's sandbox: nothing is really sold.\n"
        )

    async def statistics(self, release_id: int, visit: Visit) -> ReleaseOnMarket:
        await self._pressing(release_id)
        return ReleaseOnMarket.of(self._market.discogs.of_pressing(release_id), _currency(visit))

    async def price_suggestions(self, release_id: int, visit: Visit) -> dict[str, Price]:
        visit.caller.person()
        pressing = await self._pressing(release_id)
        euros = {grade: suggested(pressing, grade, self._market.seed) for grade in MEDIA}
        return {grade: Price(round(worth * RATES["USD"], 2), "USD") for grade, worth in euros.items()}

    def _on_offer(self, username: str, visit: Visit) -> list[Copy]:
        shop = self._market.discogs.shop(username)
        if shop is None and self._members.find(username) is None:
            raise DiscogsRefused(404, "User does not exist or may have been deleted.")
        wanted = visit.query.get("status", Status.FOR_SALE).casefold()
        shown = wanted in ("", "all", Status.FOR_SALE.casefold())
        return self._market.discogs.in_shop(shop) if shop and shown else []

    def _copy(self, id_: int) -> Copy:
        copy = self._market.discogs.find(id_)
        if copy is None:
            raise not_found("Item")
        return copy

    async def _pressing(self, release_id: int) -> Pressing:
        pressing = await self._market.pressing(release_id)
        if pressing is None:
            raise not_found("Release")
        return pressing


def _ordered(copies: list[Copy], visit: Visit) -> list[Copy]:
    by, order = visit.query.get("sort", "listed"), visit.query.get("sort_order", "")
    if by not in ORDERS:
        raise DiscogsFieldRefused("query", "sort", f"value is not one of {', '.join(ORDERS)}")
    if order not in ("", "asc", "desc"):
        raise DiscogsFieldRefused("query", "sort_order", "value is not one of asc, desc")
    descending = order == "desc" or (not order and by == "listed")
    return sorted(copies, key=ORDERS[by], reverse=descending)


def _currency(visit: Visit) -> str:
    currency = visit.query.get("curr_abbr", "USD").upper()
    if currency not in DISCOGS_CURRENCIES:
        raise DiscogsFieldRefused(
            "query", "curr_abbr", f"value is not one of {', '.join(DISCOGS_CURRENCIES)}"
        )
    return currency
