"""Discogs' API: sellers' inventories first, for it has no way from a release to its listings."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote

import msgspec

from vinyl_contracts.grades import Grade
from vinyl_search.domain.listing import FoundListing
from vinyl_search.domain.money import Amount, UnreadableMoney, nearest_amount
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers.discogs_listing import grade_of, listing_of, rating_of
from vinyl_search.providers.discogs_wire import (
    Identity,
    InventoryPage,
    MarketListing,
    Price,
    ReleaseStatistics,
    Seller,
)
from vinyl_search.providers.faults import BadAnswer, NoSuchThing, Refused
from vinyl_search.providers.texts import clean
from vinyl_search.providers.transport import Call, Transport

PER_PAGE = 100
DEEPEST_PAGE = 100
LIMIT_HEADER = "X-Discogs-Ratelimit"
REMAINING_HEADER = "X-Discogs-Ratelimit-Remaining"
WITH_TOKEN = Allowance(limit=60, window_seconds=60.0)
WITHOUT_TOKEN = Allowance(limit=25, window_seconds=60.0)


def request_headers(token: str, user_agent: str) -> dict[str, str]:
    """Who asks: without a User-Agent every answer is a 403."""
    headers = {"User-Agent": user_agent, "Accept": "application/json"}
    return headers | ({"Authorization": f"Discogs token={token}"} if token else {})


class ReadPage(msgspec.Struct, frozen=True):
    """One page of an inventory. `total` is how many copies the seller says there are now; `readable` are
    those understood, `seen` all of the page that no page before had."""

    readable: tuple[FoundListing, ...]
    seen: int
    total: int
    username: str | None
    rating: float | None


class MarketStatistics(msgspec.Struct, frozen=True):
    lowest_price: Amount | None
    num_for_sale: int | None


class Discogs:
    def __init__(self, transport: Transport, deepest_page: int = DEEPEST_PAGE) -> None:
        self._transport = transport
        self._deepest_page = deepest_page

    async def read_inventory(self, username: str, call: Call) -> AsyncIterator[ReadPage]:
        """Every page, oldest copies first. Where pages end before the copies do, then from the newest
        backwards: 20,000 copies at most. Copies that sell meanwhile move up, and may leave the next page
        empty. Raises ProviderFault."""
        seen: set[int] = set()
        for order in ("asc", "desc"):
            for number in range(1, self._deepest_page + 1):
                try:
                    wire = await self._inventory_page(username, number, order, call)
                except (Refused, NoSuchThing):
                    if number == 1:
                        raise
                    break
                page = _read_page(wire, seen)
                yield page
                if not wire.listings or page.seen == 0 or number * PER_PAGE >= page.total:
                    return

    async def look_up_seller(self, username: str, call: Call) -> ReadPage:
        """The seller as their newest copy shows them. Raises NoSuchThing, or another ProviderFault."""
        parameters = {"page": "1", "per_page": "1", "sort": "listed", "sort_order": "desc"}
        wire = await self._transport.get(_inventory_path(username), InventoryPage, call, parameters)
        return _read_page(wire, set())

    async def read_listing(self, listing_id: int, call: Call) -> FoundListing | None:
        """None where it is no longer for sale. Raises NoSuchThing where there is none."""
        path = f"/marketplace/listings/{listing_id}"
        return listing_of(await self._transport.get(path, MarketListing, call))

    async def read_statistics(self, release_id: int, call: Call) -> MarketStatistics:
        wire = await self._transport.get(f"/marketplace/stats/{release_id}", ReleaseStatistics, call)
        return MarketStatistics(_amount(wire.lowest_price), wire.num_for_sale)

    async def suggest_prices(self, release_id: int, call: Call) -> Mapping[Grade, Amount]:
        """By grade of the medium. Raises NoSuchThing where the account has no seller settings."""
        path = f"/marketplace/price_suggestions/{release_id}"
        wire = await self._transport.get(path, dict[str, Price], call)
        suggested = {grade_of(name): _amount(price) for name, price in wire.items()}
        return {grade: amount for grade, amount in suggested.items() if grade and amount}

    async def identify(self, call: Call) -> str:
        """Whose token it is. Raises Refused for one that is not accepted."""
        return (await self._transport.get("/oauth/identity", Identity, call)).username

    async def _inventory_page(self, username: str, number: int, order: str, call: Call) -> InventoryPage:
        parameters = {
            "page": str(number),
            "per_page": str(PER_PAGE),
            "status": "For Sale",
            "sort": "listed",
            "sort_order": order,
        }
        return await self._transport.get(_inventory_path(username), InventoryPage, call, parameters)


def _inventory_path(username: str) -> str:
    return f"/users/{quote(username, safe='')}/inventory"


def _read_page(wire: InventoryPage, seen: set[int]) -> ReadPage:
    """Adds the page's ids to `seen`. Raises BadAnswer where most of it makes no sense."""
    listings = [listing for raw in wire.listings if (listing := _decode(raw)) is not None]
    if len(listings) * 2 < len(wire.listings):
        raise BadAnswer("most listings of the page are unreadable")
    fresh = [listing for listing in listings if listing.id not in seen]
    seen.update(listing.id for listing in fresh)
    seller: Seller | None = next((listing.seller for listing in listings if listing.seller), None)
    return ReadPage(
        readable=tuple(found for listing in fresh if (found := listing_of(listing)) is not None),
        seen=len({listing.id for listing in fresh}),
        total=max(wire.pagination.items, 0),
        username=clean(seller.username, 100) if seller else None,
        rating=rating_of(seller),
    )


def _decode(raw: msgspec.Raw) -> MarketListing | None:
    try:
        return msgspec.json.decode(raw, type=MarketListing)
    except msgspec.DecodeError:
        return None


def _amount(price: Price | None) -> Amount | None:
    if price is None or price.value is None or not price.currency:
        return None
    try:
        return nearest_amount(price.value, price.currency)
    except UnreadableMoney:
        return None
