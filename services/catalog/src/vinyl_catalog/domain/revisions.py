"""The history of what curators did."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Subject(enum.StrEnum):
    """Songs are entries of their album's tracks, so their history is the album's."""

    ALBUM = "album"
    ARTIST = "artist"


class Action(enum.StrEnum):
    CREATED = "created"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    MERGED = "merged"
    PARTED = "parted"


class Editor(msgspec.Struct, frozen=True):
    id: UUID
    username: str


class Revision(msgspec.Struct, frozen=True):
    """`former` and `latter` are the fields that changed, before and after; one that is in neither was left to
    the sources. `undoes` is the number of the revision that this one takes back."""

    number: int
    action: Action
    editor: Editor
    comment: str | None
    former: dict[str, Any]
    latter: dict[str, Any]
    undoes: int | None
    made_at: datetime


class SourceRecord(msgspec.Struct, frozen=True):
    """What one source says, in its own words and with its own ids."""

    source: str
    record: str
    says: dict[str, Any]
