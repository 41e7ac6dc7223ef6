"""A seller whom listeners follow."""

import enum
from datetime import datetime

import msgspec

from vinyl_contracts.ids import SellerId
from vinyl_search.domain.provider import Provider


class SellerState(enum.StrEnum):
    """`unverified`: the market could not be asked yet; `gone`: it said that there is no such seller."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    GONE = "gone"


class Seller(msgspec.Struct, frozen=True):
    """`rating` in percent; `country` by ISO code, where the copies are sent from."""

    id: SellerId
    provider: Provider
    username: str
    state: SellerState
    country: str | None
    rating: float | None
    listing_count: int | None
    last_read_at: datetime | None
    last_error: str | None
    version: int


class Follow(msgspec.Struct, frozen=True):
    seller: Seller
    followed_at: datetime
