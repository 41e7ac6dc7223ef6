"""Searching offers and looking at one."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import urlencode

from msgspec import UNSET, Struct

from vinyl_devstack.sandbox.ebay.filters import NEW, Filters, read_filters
from vinyl_devstack.sandbox.ebay.marketplaces import Reader, reader_of
from vinyl_devstack.sandbox.ebay.offers import MUSIC, Offer, offer_of
from vinyl_devstack.sandbox.ebay.refusals import Fault, browse_fault, refused
from vinyl_devstack.sandbox.ebay.shapes import Item, SearchAnswer
from vinyl_devstack.sandbox.ebay.views import item_of, summary_of
from vinyl_devstack.sandbox.market.copies import Copy, Status
from vinyl_devstack.sandbox.market.exchange import converted
from vinyl_devstack.sandbox.market.market import Market
from vinyl_devstack.sandbox.market.pressing import squeezed

MOST_RESULTS = 10_000
MOST_PER_PAGE = 200
ORDERS: dict[str, tuple[Callable[[Offer], object], bool]] = {
    "price": (lambda offer: offer.price_in("USD"), False),
    "-price": (lambda offer: offer.price_in("USD"), True),
    "newlyListed": (lambda offer: offer.posted, True),
    "endingSoonest": (lambda offer: offer.ends, False),
}


class Call(Struct, frozen=True):
    """A request to the Browse API."""

    root: str
    path: str
    query: Mapping[str, str]
    site: str | None
    context: str | None

    def reader(self, delivered_to: str = "") -> Reader:
        return reader_of(self.root, self.site, self.context, delivered_to)


class Browse:
    def __init__(self, market: Market) -> None:
        self._market = market

    async def search(self, call: Call) -> SearchAnswer:
        query = call.query
        if not any(query.get(name) for name in ("q", "category_ids", "epid", "gtin")):
            message = "The call must have a valid 'q', 'category_ids', 'epid' or 'gtin' query parameter."
            raise refused(12001, message)
        limit, offset = _limit(query), _offset(query)
        filters = read_filters(query.get("filter", ""))
        reader = call.reader(filters.delivered_to)
        found = [
            each
            for each in self._offers()
            if _asked_for(each, query, self._market) and _passes(each, filters)
        ]
        doubts = [*filters.warnings]
        found, doubt = _ordered(found, query.get("sort", ""))
        doubts += doubt
        return _answer(found, doubts, call, reader, limit, offset)

    async def item(self, item_id: str, call: Call) -> Item:
        reader = call.reader()
        return item_of(self._offer(item_id.removeprefix("v1|").removesuffix("|0")), reader)

    async def page_for_people(self, legacy_id: str) -> str:
        offer = self._offer(legacy_id)
        return f"{offer.title}\nThis shop is part of Vinylhound's sandbox: nothing can be bought here.\n"

    def _offers(self) -> list[Offer]:
        return [self._seen_now(copy) for copy in self._market.ebay.everywhere()]

    def _offer(self, legacy_id: str) -> Offer:
        copy = self._market.ebay.find(int(legacy_id)) if legacy_id.isascii() and legacy_id.isdigit() else None
        if copy is None or copy.status is Status.SOLD:
            raise refused(11001, "The specified item Id was not found.", status=404, itemId=legacy_id[:60])
        return self._seen_now(copy)

    def _seen_now(self, copy: Copy) -> Offer:
        clock = self._market.clock
        return offer_of(copy, clock.date_of(copy.listed), clock.date_of(copy.leaves), clock.trade_seconds())


def _limit(query: Mapping[str, str]) -> int:
    limit = _whole(query.get("limit", "50"), refused(12007, "The 'limit' value must be an integer value."))
    if not 1 <= limit <= MOST_PER_PAGE:
        raise refused(12006, "The 'limit' value should be between 1 and 200 (inclusive).")
    return limit


def _offset(query: Mapping[str, str]) -> int:
    offset = _whole(query.get("offset", "0"), refused(12005, "The 'offset' value must be an integer."))
    if offset < 0:
        raise refused(12004, "The 'offset' value cannot be negative.")
    if offset >= MOST_RESULTS:
        raise refused(
            12029, "The 'offset' value must be less than 10,000: no more listings can be retrieved."
        )
    return offset


def _whole(text: str, otherwise: Exception) -> int:
    if not text.removeprefix("-").isdecimal():
        raise otherwise
    return int(text)


def _asked_for(offer: Offer, query: Mapping[str, str], market: Market) -> bool:
    category, gtin = query.get("category_ids", ""), query.get("gtin", "")
    pressing = offer.copy.pressing
    if category and category not in (offer.category, MUSIC):
        return False
    if gtin and squeezed(gtin).lstrip("0") not in {squeezed(code).lstrip("0") for code in pressing.barcodes}:
        return False
    text = query.get("q", "").replace("*", "").strip()
    choices = text.strip("()").split(",") if text.startswith("(") else [text]
    return "epid" not in query and any(market.catalogue.has_words(pressing.id, each) for each in choices)


def _passes(offer: Offer, filters: Filters) -> bool:
    shop, condition_id = offer.copy.shop, offer.condition[0]
    return (
        bool(filters.buying_options & set(offer.buying_options))
        and (not filters.condition_ids or condition_id in filters.condition_ids)
        and (not filters.conditions or ("NEW" if condition_id == NEW else "USED") in filters.conditions)
        and (not filters.sellers or shop.username.casefold() in filters.sellers)
        and shop.username.casefold() not in filters.excluded_sellers
        and filters.located_in in ("", shop.country)
        and (filters.price is None or filters.price.holds(offer.price_in(filters.price_currency)))
        and _delivered(offer, filters)
    )


def _delivered(offer: Offer, filters: Filters) -> bool:
    shop = offer.copy.shop
    postage = offer.postage(filters.delivered_to or shop.country)
    if postage is None or filters.dearest_delivery is None:
        return postage is not None
    return (
        Decimal(converted(postage, shop.currency, filters.price_currency or "USD"))
        <= filters.dearest_delivery
    )


def _ordered(offers: list[Offer], by: str) -> tuple[list[Offer], list[Fault]]:
    if by and by not in ORDERS:
        return offers, [browse_fault(12008, "The 'sort' value is invalid.", sort=by[:60])]
    key, descending = ORDERS.get(by, (lambda offer: offer.copy.id, False))
    return sorted(offers, key=lambda offer: (key(offer), offer.copy.id), reverse=descending), []


def _answer(
    found: list[Offer], doubts: list[Fault], call: Call, reader: Reader, limit: int, offset: int
) -> SearchAnswer:
    page = found[:MOST_RESULTS][offset : offset + limit]
    more = offset + limit < min(len(found), MOST_RESULTS)

    def address(start: int) -> str:
        return f"{call.root}{call.path}?{urlencode({**call.query, 'limit': limit, 'offset': start})}"

    return SearchAnswer(
        href=address(offset),
        total=len(found),
        limit=limit,
        offset=offset,
        next=address(offset + limit) if more else UNSET,
        prev=address(max(0, offset - limit)) if offset else UNSET,
        itemSummaries=[summary_of(each, reader) for each in page] or UNSET,
        warnings=list(doubts) or UNSET,
    )
