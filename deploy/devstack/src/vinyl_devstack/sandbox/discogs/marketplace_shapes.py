"""Listings and prices as Discogs' marketplace writes them."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from vinyl_devstack.sandbox.discogs.database_shapes import OwnersAndSeekers, ReleaseStats
from vinyl_devstack.sandbox.discogs.links import Links
from vinyl_devstack.sandbox.market.copies import Copy
from vinyl_devstack.sandbox.market.exchange import DISCOGS_CURRENCIES, converted, formatted, major
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import Shop


class Price(Struct, frozen=True):
    value: float
    currency: str


class Nothing(Struct, frozen=True):
    """An empty object: the seller names no postage."""


class ConvertedPrice(Struct, frozen=True):
    curr_abbr: str
    curr_id: int
    formatted: str
    value: float


class OriginalPrice(Struct, frozen=True):
    """What the seller asks; `converted` only where `price` is in another currency."""

    curr_abbr: str
    curr_id: int
    formatted: str
    value: float
    converted: ConvertedPrice | UnsetType = UNSET

    @classmethod
    def of(cls, minor: int, currency: str, into: str) -> "OriginalPrice":
        value = major(minor, currency)
        other = round(converted(minor, currency, into), 2)
        seen = ConvertedPrice(into, currency_id(into), formatted(other, into), other)
        return cls(
            currency,
            currency_id(currency),
            formatted(value, currency),
            value,
            UNSET if into == currency else seen,
        )


class SellerStats(Struct, frozen=True):
    rating: str
    stars: float
    total: int


class SellerView(Struct, frozen=True):
    id: int
    username: str
    avatar_url: str
    stats: SellerStats
    min_order_total: float
    html_url: str
    uid: int
    url: str
    payment: str
    shipping: str
    resource_url: str

    @classmethod
    def of(cls, shop: Shop, links: Links) -> "SellerView":
        address = links.user(shop.username)
        return cls(
            id=shop.id,
            username=shop.username,
            avatar_url="",
            stats=SellerStats(shop.rating, round(float(shop.rating) / 10) / 2, shop.rated_by),
            min_order_total=major(shop.minimum_order, shop.currency),
            html_url=links.page("user", shop.username),
            uid=shop.id,
            url=address,
            payment="PayPal Commerce",
            shipping=shipping_terms(shop),
            resource_url=address,
        )


class ListedRelease(Struct, frozen=True):
    thumbnail: str
    description: str
    images: list[str]
    artist: str
    format: str
    resource_url: str
    title: str
    year: int
    id: int
    label: str
    catalog_number: str
    stats: ReleaseStats

    @classmethod
    def of(cls, pressing: Pressing, links: Links, mine: OwnersAndSeekers | UnsetType) -> "ListedRelease":
        return cls(
            thumbnail="",
            description=pressing.description,
            images=[],
            artist=pressing.artist,
            format=pressing.format,
            resource_url=links.release(pressing.id),
            title=pressing.title,
            year=pressing.year,
            id=pressing.id,
            label=pressing.label,
            catalog_number=pressing.catalogue_number,
            stats=ReleaseStats.of(pressing.id, mine),
        )


class ListingView(Struct, frozen=True):
    """`in_cart` is absent where nobody signed in."""

    id: int
    resource_url: str
    uri: str
    status: str
    condition: str
    sleeve_condition: str
    comments: str
    ships_from: str
    posted: str
    allow_offers: bool
    offer_submitted: bool
    audio: bool
    price: Price
    original_price: OriginalPrice
    shipping_price: Price | Nothing
    original_shipping_price: OriginalPrice | Nothing
    seller: SellerView
    release: ListedRelease
    in_cart: bool | UnsetType = UNSET

    @classmethod
    def of(
        cls,
        copy: Copy,
        posted: datetime,
        links: Links,
        mine: OwnersAndSeekers | UnsetType,
        currency: str | None = None,
    ) -> "ListingView":
        """`currency` is the one the reader wants prices in; without it they stay in the seller's."""
        shop = copy.shop
        into = currency or shop.currency
        postage = shop.abroad_postage if shop.quotes_postage else None
        return cls(
            id=copy.id,
            resource_url=links.listing(copy.id),
            uri=links.page("sell/item", copy.id),
            status=copy.status,
            condition=copy.condition,
            sleeve_condition=copy.sleeve_condition,
            comments=copy.remark,
            ships_from=shop.country_name,
            posted=posted.isoformat(timespec="seconds"),
            allow_offers=copy.allow_offers,
            offer_submitted=False,
            audio=False,
            price=Price(converted(copy.price_minor, shop.currency, into), into),
            original_price=OriginalPrice.of(copy.price_minor, shop.currency, into),
            shipping_price=Nothing()
            if postage is None
            else Price(converted(postage, shop.currency, into), into),
            original_shipping_price=(
                Nothing() if postage is None else OriginalPrice.of(postage, shop.currency, into)
            ),
            seller=SellerView.of(shop, links),
            release=ListedRelease.of(copy.pressing, links, mine),
            in_cart=UNSET if mine is UNSET else False,
        )


class ReleaseOnMarket(Struct, frozen=True):
    """What `/marketplace/stats` says of a release."""

    lowest_price: Price | None
    num_for_sale: int
    blocked_from_sale: bool = False

    @classmethod
    def of(cls, copies: list[Copy], currency: str) -> "ReleaseOnMarket":
        prices = [converted(copy.price_minor, copy.shop.currency, currency) for copy in copies]
        return cls(Price(round(min(prices), 2), currency) if prices else None, len(copies))


def currency_id(currency: str) -> int:
    return DISCOGS_CURRENCIES.index(currency) + 1


def shipping_terms(shop: Shop) -> str:
    """Free text, as sellers write it, from the rates the shop keeps."""
    home, abroad, further = (
        formatted(major(each, shop.currency), shop.currency)
        for each in (shop.home_postage, shop.abroad_postage, shop.further_postage)
    )
    return (
        f"Within {shop.country_name}: {home} for the first record.\r\n"
        f"Elsewhere: {abroad} for the first record.\r\n"
        f"Each further record {further}."
    )
