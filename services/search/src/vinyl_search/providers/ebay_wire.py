"""eBay's Browse answers, as far as they are used. Besides its id, anything of an item may be missing."""

import msgspec


class Amount(msgspec.Struct, frozen=True, rename="camel"):
    """`value` is a text; `converted_from_…` is in the seller's own currency, where that is another."""

    value: str | None = None
    currency: str | None = None
    converted_from_value: str | None = None
    converted_from_currency: str | None = None


class ShippingOption(msgspec.Struct, frozen=True, rename="camel"):
    """No cost where it has to be asked for."""

    shipping_cost: Amount | None = None


class Location(msgspec.Struct, frozen=True):
    country: str | None = None


class ItemSummary(msgspec.Struct, frozen=True, rename="camel"):
    """Who sells is left out on purpose: eBay's licence forbids keeping it."""

    item_id: str
    title: str | None = None
    price: Amount | None = None
    current_bid_price: Amount | None = None
    buying_options: list[str] = []
    shipping_options: list[ShippingOption] = []
    item_location: Location | None = None
    item_web_url: str | None = None


class SearchPage(msgspec.Struct, frozen=True, rename="camel"):
    """No `item_summaries` where nothing was found."""

    total: int = 0
    item_summaries: list[msgspec.Raw] = []


class Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float
