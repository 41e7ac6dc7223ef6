"""Copies that a listener owns."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_contracts.errors import Invalid
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, ReleaseId, UserId
from vinyl_contracts.money import Money
from vinyl_user.domain import texts
from vinyl_user.domain.edits import pick
from vinyl_user.domain.pressings import KnownAlbum, Pressing

# The year in which sound was first recorded.
_EARLIEST = date(1877, 1, 1)


class CopyDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a listener says of a copy: an absent field stays as it is, null empties it."""

    media_condition: Grade | UnsetType | None = UNSET
    sleeve_condition: Grade | UnsetType | None = UNSET
    notes: Annotated[str, Meta(max_length=4000)] | UnsetType | None = UNSET
    purchase_price: Money | UnsetType | None = UNSET
    acquired_on: date | UnsetType | None = UNSET
    storage_place: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET


class CopyEdit(CopyDescription, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A copy with the album or the release it is of."""

    album_id: AlbumId | UnsetType | None = UNSET
    release_id: ReleaseId | UnsetType | None = UNSET


class CollectionItem(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that a listener owns; conditions are Goldmine grades."""

    id: CollectionItemId
    user_id: UserId
    album_id: AlbumId
    release_id: ReleaseId | None
    media_condition: Grade | None = None
    sleeve_condition: Grade | None = None
    notes: str | None = None
    purchase_price: Money | None = None
    acquired_on: date | None = None
    storage_place: str | None = None
    version: int = 0
    created_at: datetime
    updated_at: datetime

    def described(self, copy: CopyDescription, pressing: Pressing, at: datetime) -> Self:
        """The next version. Raises Invalid for an impossible date and for control characters."""
        return msgspec.structs.replace(
            self,
            album_id=pressing.album_id,
            release_id=pressing.release_id,
            media_condition=pick(copy.media_condition, self.media_condition),
            sleeve_condition=pick(copy.sleeve_condition, self.sleeve_condition),
            notes=texts.passage("notes", pick(copy.notes, self.notes)),
            purchase_price=pick(copy.purchase_price, self.purchase_price),
            acquired_on=_acquired_on(pick(copy.acquired_on, self.acquired_on), at),
            storage_place=texts.line("storage_place", pick(copy.storage_place, self.storage_place)),
            version=self.version + 1,
            updated_at=at,
        )

    @property
    def pressing(self) -> Pressing:
        return Pressing(self.album_id, self.release_id)


class OwnedCopy(msgspec.Struct, frozen=True):
    """An item with what is known of its album."""

    item: CollectionItem
    album: KnownAlbum

    @property
    def version(self) -> str:
        """Changes with everything that is shown."""
        return f"{self.item.version}-{self.album.version}"


class CollectionFilter(msgspec.Struct, frozen=True):
    """Which copies to list; None restricts nothing. `text` is found in titles, artists, notes and places."""

    album_id: AlbumId | None = None
    artist: str | None = None
    genre: str | None = None
    year: int | None = None
    condition: Grade | None = None
    text: str | None = None


def _acquired_on(day: date | None, at: datetime) -> date | None:
    # East of Greenwich tomorrow has begun already.
    if day is not None and not _EARLIEST <= day <= at.date() + timedelta(days=1):
        raise Invalid.field("acquired_on", "must be a day that has come, not before 1877")
    return day
