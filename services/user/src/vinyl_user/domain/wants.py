"""Copies that a listener looks for."""

from datetime import datetime
from typing import Annotated, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_contracts.errors import Invalid
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ReleaseId, UserId, WantId
from vinyl_contracts.money import Money
from vinyl_user.domain import texts
from vinyl_user.domain.edits import pick
from vinyl_user.domain.pressings import KnownAlbum, Pressing

MOST_FORMATS = 20

Format = Annotated[str, Meta(min_length=1, max_length=50)]
Formats = Annotated[list[Format], Meta(max_length=MOST_FORMATS)]


class WantEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a listener looks for: an absent field stays as it is, null empties it."""

    album_id: AlbumId | UnsetType | None = UNSET
    release_id: ReleaseId | UnsetType | None = UNSET
    max_price: Money | UnsetType | None = UNSET
    min_media_condition: Grade | UnsetType | None = UNSET
    formats: Formats | UnsetType | None = UNSET
    notes: Annotated[str, Meta(max_length=4000)] | UnsetType | None = UNSET


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """A copy looked for; `formats` are the catalogue's words ("LP", "7\\""), empty for any."""

    id: WantId
    user_id: UserId
    album_id: AlbumId
    release_id: ReleaseId | None
    max_price: Money | None = None
    min_media_condition: Grade | None = None
    formats: list[str] = []
    notes: str | None = None
    version: int = 0
    created_at: datetime
    updated_at: datetime

    def described(self, edit: WantEdit, pressing: Pressing, at: datetime) -> Self:
        """The next version. Raises Invalid for control characters and blank formats."""
        return msgspec.structs.replace(
            self,
            album_id=pressing.album_id,
            release_id=pressing.release_id,
            max_price=pick(edit.max_price, self.max_price),
            min_media_condition=pick(edit.min_media_condition, self.min_media_condition),
            formats=self.formats if isinstance(edit.formats, UnsetType) else _formats(edit.formats or []),
            notes=texts.passage("notes", pick(edit.notes, self.notes)),
            version=self.version + 1,
            updated_at=at,
        )

    @property
    def pressing(self) -> Pressing:
        return Pressing(self.album_id, self.release_id)


class WantedAlbum(msgspec.Struct, frozen=True):
    """A want with what is known of its album."""

    want: Want
    album: KnownAlbum

    @property
    def version(self) -> str:
        """Changes with everything that is shown."""
        return f"{self.want.version}-{self.album.version}"


def _formats(named: list[str]) -> list[str]:
    lines = [texts.line("formats", name) for name in named]
    if None in lines:
        raise Invalid.field("formats", "must not be blank")
    return list(dict.fromkeys(line for line in lines if line))
