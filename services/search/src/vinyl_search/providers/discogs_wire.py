"""Discogs' marketplace answers, as far as they are used. Anything may be missing, null or an empty object."""

import msgspec


class Price(msgspec.Struct, frozen=True):
    """`{}` where there is none."""

    value: float | None = None
    currency: str | None = None


class OriginalPrice(msgspec.Struct, frozen=True):
    """In the seller's own currency, while `price` is converted for whoever asks."""

    value: float | None = None
    curr_abbr: str | None = None


class SellerStats(msgspec.Struct, frozen=True):
    """`rating` is a text such as "99.8", or "N/A"."""

    rating: str | float | None = None


class Seller(msgspec.Struct, frozen=True):
    username: str | None = None
    stats: SellerStats | None = None


class ListedRelease(msgspec.Struct, frozen=True):
    """Answers of old have neither artist, title nor format, only a `description` of all three."""

    id: int | None = None
    artist: str | None = None
    title: str | None = None
    format: str | None = None
    description: str | None = None
    year: int | None = None


class MarketListing(msgspec.Struct, frozen=True):
    id: int
    release: ListedRelease
    status: str | None = None
    condition: str | None = None
    sleeve_condition: str | None = None
    ships_from: str | None = None
    uri: str | None = None
    price: Price | None = None
    original_price: OriginalPrice | None = None
    shipping_price: Price | None = None
    original_shipping_price: OriginalPrice | None = None
    seller: Seller | None = None


class Pagination(msgspec.Struct, frozen=True):
    """`pages` may be wrong; `items` is what there is in all."""

    items: int
    pages: int | None = None


class InventoryPage(msgspec.Struct, frozen=True):
    """Listings are decoded one by one, so that an odd one costs only itself."""

    pagination: Pagination
    listings: list[msgspec.Raw]


class Identity(msgspec.Struct, frozen=True):
    username: str


class ReleaseStatistics(msgspec.Struct, frozen=True):
    lowest_price: Price | None = None
    num_for_sale: int | None = None
