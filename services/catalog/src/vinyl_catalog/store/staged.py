"""Rows on their way in."""

from typing import NamedTuple
from uuid import UUID

ARTIST, LABEL = "artist", "label"
# Kind, Discogs' id and spelling of an artist or a label that a record names.
Mentioned = tuple[str, int, str]


class StagedName(NamedTuple):
    """An artist or label: a record of its own, or, without `document`, one that others only name."""

    kind: str
    discogs_id: int
    candidate_id: UUID
    name: str
    sort_name: str
    search_text: str
    parent_discogs_id: int | None = None
    document: bytes | None = None
    source_hash: bytes | None = None


class StagedMaster(NamedTuple):
    discogs_id: int
    candidate_id: UUID
    source_hash: bytes
    document: bytes
    main_release_id: int | None
    title: str
    sort_title: str
    year: int | None
    own_tags: list[str]


class StagedRelease(NamedTuple):
    """`own_tags` are the album's, should the release stand alone."""

    discogs_id: int
    candidate_id: UUID
    album_candidate_id: UUID
    source_hash: bytes
    document: bytes
    discogs_master_id: int | None
    title: str
    sort_title: str
    year: int | None
    released_order: int
    country: str | None
    formats: list[str]
    catalog_numbers: list[str]
    barcodes: list[str]
    codes: list[str]
    tags: list[str]
    own_tags: list[str]


class Loaded(NamedTuple):
    """Of the records of a batch: how many changed something, and how many said what was known already."""

    imported: int
    unchanged: int
