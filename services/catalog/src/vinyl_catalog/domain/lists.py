"""How the catalogue's lists are filtered and ordered."""

import enum
from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

ItemT = TypeVar("ItemT")
OtherT = TypeVar("OtherT")
Place = Sequence[Any]


class AlbumOrder(enum.StrEnum):
    """Unknown years come last both ways; `top` is by Bayesian average of the ratings."""

    TITLE = "title"
    OLDEST = "year"
    YOUNGEST = "-year"
    NEWEST = "newest"
    TOP = "top"


class AlbumFilter(msgspec.Struct, frozen=True):
    """None does not restrict. Words are taken in any case; `country` is a code or the source's word, `format`
    a medium or a description ("Vinyl", "LP"), `label` an id or a name."""

    artist_id: UUID | None = None
    genre: str | None = None
    style: str | None = None
    format: str | None = None
    country: str | None = None
    label: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    discogs_master_id: int | None = None


class AlbumConditions(msgspec.Struct, frozen=True):
    """A filter as the store takes it: of each set of tags an album has one at least."""

    tag_sets: list[list[str]] = []
    year_from: int | None = None
    year_to: int | None = None
    discogs_master_id: int | None = None

    @property
    def is_impossible(self) -> bool:
        """A word that no album has."""
        return any(not tags for tags in self.tag_sets)


class Placed(msgspec.Struct, Generic[ItemT], frozen=True):
    """An item, and the sort keys by which its list goes on after it."""

    item: ItemT
    place: Place

    def holding(self, item: OtherT) -> "Placed[OtherT]":
        return Placed(item, self.place)


class Versioned(msgspec.Struct, Generic[ItemT], frozen=True):
    """An item as it is shown, and the version of its record. `stamp` is another whenever the item is shown
    otherwise; None where only the item itself tells."""

    item: ItemT
    version: int
    stamp: str | None = None


class TagCount(msgspec.Struct, frozen=True):
    name: str
    album_count: int
