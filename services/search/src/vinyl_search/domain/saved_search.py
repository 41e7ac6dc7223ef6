"""A search that a listener keeps, and what it asks for."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

import msgspec

from vinyl_contracts.errors import Invalid
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, SearchId, UserId
from vinyl_search.domain.countries import COUNTRIES
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider

LEAST_INTERVAL_MINUTES = 15
USUAL_INTERVAL_MINUTES = 60


class Criteria(msgspec.Struct, frozen=True):
    """None restricts nothing. What is given has to hold all at once.

    `max_price` bounds what a copy costs with its postage; `ships_to` is where to, by ISO code.
    """

    query: str | None = None
    use_wants: bool = False
    album_ids: tuple[AlbumId, ...] | None = None
    providers: tuple[Provider, ...] = tuple(Provider)
    max_price: Amount | None = None
    min_media_condition: Grade | None = None
    min_sleeve_condition: Grade | None = None
    ships_to: str | None = None
    seller_countries: tuple[str, ...] | None = None


class SavedSearch(msgspec.Struct, frozen=True):
    id: SearchId
    listener_id: UserId
    version: int
    name: str
    criteria: Criteria
    interval_minutes: int
    active: bool
    next_run_at: datetime
    created_at: datetime
    updated_at: datetime


def check_name(name: str) -> str:
    """The name without surrounding blanks. Raises Invalid for an empty one and for control characters."""
    line = check_line("name", name)
    if line is None:
        raise Invalid.field("name", "may not be empty")
    return line


def check_line(field: str, text: str | None) -> str | None:
    """Without surrounding blanks, None where nothing is left. Raises Invalid for control characters."""
    line = (text or "").strip()
    if any(unicodedata.category(sign) == "Cc" for sign in line):
        raise Invalid.field(field, "must not contain control characters")
    return line or None


def check_countries(field: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes once each. Raises Invalid for one that ISO 3166-1 does not know."""
    for code in codes:
        if code not in COUNTRIES:
            raise Invalid.field(field, "takes ISO 3166-1 country codes in capitals, such as DE")
    return tuple(dict.fromkeys(codes))
