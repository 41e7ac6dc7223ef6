"""An eBay item in our own terms."""

from vinyl_search.domain.countries import COUNTRIES
from vinyl_search.domain.listing import FoundListing, Medium
from vinyl_search.domain.money import Amount, UnreadableMoney, nearest_amount
from vinyl_search.domain.provider import Provider
from vinyl_search.providers.ebay_wire import Amount as WireAmount
from vinyl_search.providers.ebay_wire import ItemSummary, ShippingOption
from vinyl_search.providers.texts import clean, clean_url


def listing_of(wire: ItemSummary, ships_to: str | None) -> FoundListing | None:
    """With the postage to `ships_to`; of an auction the price is the current bid. None without a title or a
    readable price."""
    title = clean(wire.title)
    price = _amount(wire.price) or _amount(wire.current_bid_price)
    if title is None or price is None or not 0 < len(wire.item_id) <= 100 or not wire.item_id.isprintable():
        return None
    country = wire.item_location.country if wire.item_location else None
    return FoundListing(
        provider=Provider.EBAY,
        provider_listing_id=wire.item_id,
        title=title,
        artist=None,
        album_title=None,
        format_words=(),
        medium=Medium.UNKNOWN,
        media_condition=None,
        sleeve_condition=None,
        price=price,
        stated_postage=_cheapest(wire.shipping_options),
        postage_to=ships_to,
        ships_from=country if country in COUNTRIES else None,
        url=clean_url(wire.item_web_url, "https://www.ebay.com/"),
    )


def _cheapest(options: list[ShippingOption]) -> Amount | None:
    """Of several ways to send, the least that is in one currency with the first."""
    costs = [cost for option in options if (cost := _amount(option.shipping_cost)) is not None]
    same = [cost for cost in costs if cost.currency == costs[0].currency]
    return min(same, key=lambda cost: cost.minor, default=None)


def _amount(wire: WireAmount | None) -> Amount | None:
    """The seller's own currency where it is told: converting twice would round twice."""
    if wire is None:
        return None
    for value, currency in (
        (wire.converted_from_value, wire.converted_from_currency),
        (wire.value, wire.currency),
    ):
        if value and currency:
            try:
                return nearest_amount(value, currency)
            except UnreadableMoney:
                continue
    return None
