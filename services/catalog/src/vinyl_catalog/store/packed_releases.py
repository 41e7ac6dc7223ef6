"""A release that nobody knows yet, as the rows that it becomes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from vinyl_catalog.store import binary_rows as binary
from vinyl_catalog.store.staged import StagedRelease, StagedSong

RELEASES = (
    "album_id id discogs_release_id discogs_master_id title year released_order country formats"
    " catalog_numbers barcodes codes tags document source_hash version created_at updated_at"
).split()
ALBUMS = (
    "id discogs_release_id lead_release_id release_count title sort_title year own_tags tags search_text"
    " bayesian_average version created_at updated_at"
).split()
SONGS = "release_id number title search_text".split()
_ONE = binary.big(1)
_UNRATED = binary.double(0.0)


class FreshRelease(NamedTuple):
    """`release` are the fields of its row but for the album's id, `album` is the row of its album, should it
    stand alone, and `songs` are the rows of its songs, should it stand for its album."""

    discogs_master_id: int | None
    release_id: UUID
    album_id: UUID
    album_tags: list[str]
    release: bytes
    album: bytes
    songs: bytes | None


def packed(each: StagedRelease, songs: Sequence[StagedSong] | None, at: datetime) -> FreshRelease:
    tags = sorted({*each.own_tags, *each.tags})
    return FreshRelease(
        each.discogs_master_id,
        each.candidate_id,
        each.album_candidate_id,
        [tag for tag in tags if not tag.startswith("artist:")],
        _release(each, binary.time(at)),
        _album(each, tags, binary.time(at)),
        None if songs is None else song_rows(each.candidate_id, songs),
    )


def song_rows(release_id: UUID, songs: Iterable[StagedSong]) -> bytes:
    start = len(SONGS).to_bytes(2) + binary.uuid(release_id)
    return b"".join(
        [
            start + binary.integer(number) + binary.text(title) + binary.text(search_text)
            for number, title, search_text in songs
        ]
    )


def _release(each: StagedRelease, at: bytes) -> bytes:
    return b"".join(
        (
            binary.uuid(each.candidate_id),
            binary.big(each.discogs_id),
            binary.big(each.discogs_master_id),
            binary.text(each.title),
            binary.small(each.year),
            binary.integer(each.released_order),
            binary.text(each.country),
            binary.texts(each.formats),
            binary.texts(each.catalog_numbers),
            binary.texts(each.barcodes),
            binary.texts(each.codes),
            binary.texts(each.tags),
            binary.data(each.document),
            binary.data(each.source_hash),
            _ONE,
            at,
            at,
        )
    )


def _album(each: StagedRelease, tags: Sequence[str], at: bytes) -> bytes:
    return binary.row(
        (
            binary.uuid(each.album_candidate_id),
            binary.big(each.discogs_id),
            binary.uuid(each.candidate_id),
            binary.integer(1),
            binary.text(each.title),
            binary.text(each.sort_title),
            binary.small(each.year),
            binary.texts(each.own_tags),
            binary.texts(tags),
            binary.text(each.search_text),
            _UNRATED,
            _ONE,
            at,
            at,
        )
    )
