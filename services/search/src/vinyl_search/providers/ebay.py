"""eBay's Browse API: what is offered under an album's name."""

from collections.abc import AsyncIterator

import msgspec

from vinyl_search.domain.listing import FoundListing
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers.ebay_listing import listing_of
from vinyl_search.providers.ebay_token import EbayToken
from vinyl_search.providers.ebay_wire import ItemSummary, SearchPage
from vinyl_search.providers.faults import BadAnswer, Refused
from vinyl_search.providers.transport import Call, Transport

VINYL_CATEGORY = "176985"
PER_PAGE = 200
DEEPEST_ITEM = 1000
LONGEST_QUERY = 100
_SEARCH = "/buy/browse/v1/item_summary/search"
A_DAY = Allowance(limit=5000, window_seconds=24 * 3600.0)


class EbayPage(msgspec.Struct, frozen=True):
    """`seen` are the items no page before had, the readable ones among them; `total` as eBay counts."""

    readable: tuple[FoundListing, ...]
    seen: int
    total: int


class Ebay:
    def __init__(self, transport: Transport, token: EbayToken, marketplace: str) -> None:
        self._transport = transport
        self._token = token
        self._marketplace = marketplace

    async def search(self, text: str, ships_to: str | None, call: Call) -> AsyncIterator[EbayPage]:
        """Fixed prices and auctions of records, the cheapest first. Raises ProviderFault."""
        seen: set[str] = set()
        for offset in range(0, DEEPEST_ITEM, PER_PAGE):
            wire = await self._ask(text, ships_to, offset, call)
            page = _read_page(wire, ships_to, seen)
            yield page
            if not wire.item_summaries or page.seen == 0 or offset + PER_PAGE >= page.total:
                return

    async def _ask(self, text: str, ships_to: str | None, offset: int, call: Call) -> SearchPage:
        """Once more with a new token where the old one is refused."""
        parameters = {
            "q": text[:LONGEST_QUERY],
            "category_ids": VINYL_CATEGORY,
            "filter": _filter(ships_to),
            "sort": "price",
            "limit": str(PER_PAGE),
            "offset": str(offset),
        }
        path = "/buy/browse/v1/item_summary/search"
        try:
            return await self._transport.get(
                path, SearchPage, call, parameters, await self._headers(ships_to)
            )
        except Refused:
            self._token.drop()
            return await self._transport.get(
                path, SearchPage, call, parameters, await self._headers(ships_to)
            )

    async def _headers(self, ships_to: str | None) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {await self._token.current()}",
            "X-EBAY-C-MARKETPLACE-ID": self._marketplace,
        }
        if ships_to is not None:
            headers["X-EBAY-C-ENDUSERCTX"] = f"contextualLocation=country%3D{ships_to}"
        return headers


def _filter(ships_to: str | None) -> str:
    """Without `buyingOptions` auctions are left out."""
    options = "buyingOptions:{FIXED_PRICE|AUCTION}"
    return options if ships_to is None else f"{options},deliveryCountry:{ships_to}"


def _read_page(wire: SearchPage, ships_to: str | None, seen: set[str]) -> EbayPage:
    """Adds the page's ids to `seen`. Raises BadAnswer where most of it makes no sense."""
    items = [item for raw in wire.item_summaries if (item := _decode(raw)) is not None]
    if len(items) * 2 < len(wire.item_summaries):
        raise BadAnswer("most items of the page are unreadable")
    fresh = {item.item_id: item for item in items if item.item_id not in seen}
    seen.update(fresh)
    readable = tuple(found for item in fresh.values() if (found := listing_of(item, ships_to)) is not None)
    return EbayPage(readable, len(fresh), max(wire.total, 0))


def _decode(raw: msgspec.Raw) -> ItemSummary | None:
    try:
        return msgspec.json.decode(raw, type=ItemSummary)
    except msgspec.DecodeError:
        return None
