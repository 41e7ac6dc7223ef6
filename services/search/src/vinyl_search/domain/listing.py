"""A copy for sale."""

import enum
from datetime import datetime

import msgspec

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ListingId, ReleaseId, SellerId
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider


class Medium(enum.StrEnum):
    VINYL = "vinyl"
    DISC = "disc"
    TAPE = "tape"
    OTHER = "other"
    UNKNOWN = "unknown"


class FoundListing(msgspec.Struct, frozen=True):
    """As an adapter understood it. `stated_postage` is the market's own word, None where it has none; it
    holds for `postage_to`, or, where that is None, for whoever asks.

    `format_words` are the source's ("LP", "Album"); `ships_from` an ISO code or None.
    """

    provider: Provider
    provider_listing_id: str
    title: str
    artist: str | None
    album_title: str | None
    format_words: tuple[str, ...]
    medium: Medium
    media_condition: Grade | None
    sleeve_condition: Grade | None
    price: Amount
    stated_postage: Amount | None
    ships_from: str | None
    url: str
    discogs_release_id: int | None = None
    seller_rating: float | None = None
    postage_to: str | None = None


class Match(msgspec.Struct, frozen=True):
    """Which record a listing offers; `confidence` 0 is unknown, 1 that the market names the pressing."""

    release_id: ReleaseId | None = None
    album_id: AlbumId | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()

    @classmethod
    def of_pressing(cls, release_id: ReleaseId, album_id: AlbumId) -> "Match":
        return cls(release_id, album_id, 1.0, ("the seller names this pressing",))

    @classmethod
    def of_names(cls, album_id: AlbumId) -> "Match":
        """A pressing that the catalogue lacks, of an album whose artist and title are spelt the same."""
        return cls(None, album_id, 0.85, ("artist and title agree", "pressing not in the catalogue"))


class ListingSeller(msgspec.Struct, frozen=True):
    """`id` and `username` are None on markets whose terms forbid keeping who sells."""

    id: SellerId | None
    username: str | None
    rating: float | None
    country: str | None


class Listing(msgspec.Struct, frozen=True):
    """A found listing that is kept, with the record it is taken for."""

    id: ListingId
    found: FoundListing
    seller: ListingSeller
    match: Match
    first_seen_at: datetime
    last_seen_at: datetime


class Basis(enum.StrEnum):
    """Where a postage is from: the seller states it, the table of estimates, or nowhere."""

    SELLER = "seller"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"


class Landing(msgspec.Struct, frozen=True):
    """What a copy costs at a listener's door. `landed` leaves postage out where `postage` is None, and is
    itself None where there is no rate for a currency."""

    postage: Amount | None
    basis: Basis
    landed: Amount | None


class Offer(msgspec.Struct, frozen=True):
    """A listing as one listener sees it."""

    listing: Listing
    landing: Landing
    owned: bool
    wanted: bool


class ResultPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: by landed price, those without one last, then by id."""

    landed_minor: int | None
    listing_id: ListingId
