"""Listings as listeners see them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from vinyl_chassis.paging import Cursors, Page
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ListingId, ReleaseId, SellerId
from vinyl_contracts.money import Money
from vinyl_search.domain.listing import Basis, Landing, ListingSeller, Match, Offer
from vinyl_search.domain.provider import SHOWN_APART, Provider
from vinyl_search.service.marking import cheapness


class SellerOfListing(msgspec.Struct, frozen=True):
    """`id` and `username` are null on eBay, whose terms forbid keeping who sells."""

    id: SellerId | None
    username: str | None
    rating: float | None
    country: str | None

    @classmethod
    def of(cls, seller: ListingSeller) -> "SellerOfListing":
        return cls(seller.id, seller.username, seller.rating, seller.country)


class PostageView(msgspec.Struct, frozen=True):
    """`amount` is null, and left out of the landed price, where the basis is "unknown"."""

    amount: str | None
    currency: str | None
    basis: Basis

    @classmethod
    def of(cls, landing: Landing) -> "PostageView":
        if landing.postage is None:
            return cls(None, None, landing.basis)
        money = landing.postage.money
        return cls(money.amount, money.currency, landing.basis)


class MatchView(msgspec.Struct, frozen=True):
    release_id: ReleaseId | None
    album_id: AlbumId | None
    confidence: float
    reasons: list[str]

    @classmethod
    def of(cls, match: Match) -> "MatchView":
        return cls(match.release_id, match.album_id, match.confidence, list(match.reasons))


class ListingView(msgspec.Struct, frozen=True):
    """`landed_price` is price and postage in the listener's currency; null where a rate is missing."""

    id: ListingId
    provider: Provider
    seller: SellerOfListing
    title: str
    media_condition: Grade | None
    sleeve_condition: Grade | None
    price: Money
    postage: PostageView
    landed_price: Money | None
    ships_from: str | None
    url: str
    first_seen_at: datetime
    last_seen_at: datetime
    match: MatchView
    deal: None
    owned: bool
    wanted: bool

    @classmethod
    def of(cls, offer: Offer) -> "ListingView":
        listing, found = offer.listing, offer.listing.found
        return cls(
            id=listing.id,
            provider=found.provider,
            seller=SellerOfListing.of(listing.seller),
            title=found.title,
            media_condition=found.media_condition,
            sleeve_condition=found.sleeve_condition,
            price=found.price.money,
            postage=PostageView.of(offer.landing),
            landed_price=offer.landing.landed.money if offer.landing.landed else None,
            ships_from=found.ships_from,
            url=found.url,
            first_seen_at=listing.first_seen_at,
            last_seen_at=listing.last_seen_at,
            match=MatchView.of(listing.match),
            deal=None,
            owned=offer.owned,
            wanted=offer.wanted,
        )


def shown_together(provider: Provider | None) -> Collection[Provider]:
    """One market, or all that may stand in one list."""
    return [each for each in Provider if each not in SHOWN_APART] if provider is None else [provider]


def page_of_cheapest(
    cursors: Cursors, offers: Sequence[Offer], cursor: str | None, limit: int, *scope: object
) -> Page[ListingView]:
    """A page out of all of them, sorted by cheapness."""
    place = cursors.read(cursor, tuple[bool, int, str], *scope)
    rest = offers if place is None else [offer for offer in offers if cheapness(offer) > place]
    return cursors.page(rest[: limit + 1], limit, ListingView.of, cheapness, *scope)
