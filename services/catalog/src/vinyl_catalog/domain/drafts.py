"""What curators hand in. Artists and labels are named by their ids here; bare names are taken too."""

import re
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_catalog.domain.tracks import TrackKind
from vinyl_contracts.errors import FieldError, Invalid

Line = Annotated[str, Meta(min_length=1, max_length=500)]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Address = Annotated[str, Meta(min_length=8, max_length=2000, pattern="^https?://[^ ]+$")]
Year = Annotated[int, Meta(ge=1000, le=2999)]
Seconds = Annotated[int, Meta(ge=0, le=359_999)]
Comment = Annotated[str, Meta(min_length=1, max_length=500)]
_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IN_A_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TEXTS = ("text.content", "profile")


class CreditDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`artist_id`, or `name` for somebody who is no artist here; with both, the artist's own name counts."""

    artist_id: UUID | None = None
    name: Line | None = None
    credited_as: Line | None = None
    join: Line | None = None
    role: Line | None = None
    tracks: Line | None = None


Credits = Annotated[list[CreditDraft], Meta(max_length=200)]


class TrackDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` is needed only for a track that has neither position nor duration: else it is a heading."""

    title: Annotated[str, Meta(max_length=500)] = ""
    position: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    duration_seconds: Seconds | None = None
    kind: TrackKind | None = None
    artists: Credits = []
    credits: Credits = []
    sub_tracks: Annotated[list["TrackDraft"], Meta(max_length=200)] = []


class LabelDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID | None = None
    name: Line | None = None
    catalog_number: Line | None = None


class LinkDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: Address
    kind: Annotated[str, Meta(min_length=1, max_length=50)] | None = None


class TextDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    content: Text
    source: Line = "curator"
    licence: Line | None = None
    url: Address | None = None


class ArtistReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` may be there, as it is in answers, and is not read."""

    id: UUID
    name: str | None = None


Words = Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(max_length=50)]
Labels = Annotated[list[LabelDraft], Meta(max_length=50)]
Tracks = Annotated[list[TrackDraft], Meta(max_length=1000)]
Links = Annotated[list[LinkDraft], Meta(max_length=100)]
Names = Annotated[list[Line], Meta(max_length=500)]
References = Annotated[list[ArtistReference], Meta(max_length=500)]


class AlbumChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is absent stays as it is. `comment` says why, in the history."""

    title: Line | UnsetType = UNSET
    artists: Credits | UnsetType = UNSET
    year: Year | UnsetType | None = UNSET
    genres: Words | UnsetType = UNSET
    styles: Words | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET
    tracks: Tracks | UnsetType = UNSET
    text: TextDraft | UnsetType | None = UNSET
    links: Links | UnsetType = UNSET
    musicbrainz_id: UUID | UnsetType | None = UNSET
    comment: Comment | None = None


class AlbumDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole album: what is absent is empty."""

    title: Line
    artists: Credits = []
    year: Year | None = None
    genres: Words = []
    styles: Words = []
    labels: Labels = []
    tracks: Tracks = []
    text: TextDraft | None = None
    links: Links = []
    musicbrainz_id: UUID | None = None
    comment: Comment | None = None

    @property
    def changes(self) -> AlbumChanges:
        return AlbumChanges(**{name: getattr(self, name) for name in self.__struct_fields__})


class ArtistChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Line | UnsetType = UNSET
    real_name: Line | UnsetType | None = UNSET
    profile: Text | UnsetType | None = UNSET
    name_variations: Names | UnsetType = UNSET
    aliases: References | UnsetType = UNSET
    members: References | UnsetType = UNSET
    groups: References | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    musicbrainz_id: UUID | UnsetType | None = UNSET
    comment: Comment | None = None


class ArtistDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole artist: what is absent is empty."""

    name: Line
    real_name: Line | None = None
    profile: Text | None = None
    name_variations: Names = []
    aliases: References = []
    members: References = []
    groups: References = []
    links: Links = []
    musicbrainz_id: UUID | None = None
    comment: Comment | None = None

    @property
    def changes(self) -> ArtistChanges:
        return ArtistChanges(**{name: getattr(self, name) for name in self.__struct_fields__})


class SongChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Line | UnsetType = UNSET
    position: Annotated[str, Meta(min_length=1, max_length=50)] | UnsetType | None = UNSET
    duration_seconds: Seconds | UnsetType | None = UNSET
    artists: Credits | UnsetType = UNSET
    comment: Comment | None = None


class SongDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole song; `album_id` may be repeated where it is replaced, but not changed."""

    title: Line
    album_id: UUID | None = None
    position: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    duration_seconds: Seconds | None = None
    artists: Credits = []
    comment: Comment | None = None

    @property
    def changes(self) -> SongChanges:
        return SongChanges(**{name: getattr(self, name) for name in SongChanges.__struct_fields__})


def refuse_control_characters(draft: msgspec.Struct) -> None:
    """Raises Invalid, naming the fields; lines of blanks alone are refused likewise."""
    faults = list(_faults_in(msgspec.to_builtins(draft), ""))
    if faults:
        raise Invalid("; ".join(f"{fault.field}: {fault.detail}" for fault in faults), faults)


def _faults_in(value: Any, path: str) -> Iterator[FieldError]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _faults_in(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _faults_in(each, f"{path}[{number}]")
    elif isinstance(value, str):
        if (_IN_A_TEXT if path in _TEXTS else _IN_A_LINE).search(value):
            yield FieldError(path, "holds a control character")
        elif value and not value.strip():
            yield FieldError(path, "is blank")
