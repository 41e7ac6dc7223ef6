"""A release that nobody knows yet, as the rows that it becomes."""

from typing import NamedTuple

from vinyl_catalog.store import binary_rows as binary
from vinyl_catalog.store.staged import StagedRelease

RELEASES = (
    "album_id id discogs_release_id discogs_master_id title year released_order country formats"
    " catalog_numbers barcodes codes tags document source_hash version created_at updated_at"
).split()
ALBUMS = (
    "id discogs_release_id lead_release_id release_count title sort_title year own_tags tags"
    " bayesian_average version created_at updated_at"
).split()
_ONE = binary.big(1)
_SINGLE = binary.integer(1)
_UNRATED = binary.double(0.0)
_ALBUM_FIELDS = len(ALBUMS).to_bytes(2)


class FreshRelease(NamedTuple):
    """`release` are the fields of its row but for the album's id, `album` is the row of its album, should it
    stand alone, and `album_id` the field of that one's id."""

    discogs_master_id: int | None
    album_id: bytes
    album_tags: list[str]
    release: bytes
    album: bytes


def packed(each: StagedRelease, at: bytes) -> FreshRelease:
    """`at` is the field of the time."""
    tags = sorted({*each.own_tags, *each.tags})
    album_id = binary.uuid(each.album_candidate_id)
    title, year = binary.text(each.title), binary.small(each.year)
    times = _ONE + at + at
    release = (
        binary.uuid(each.candidate_id),
        binary.big(each.discogs_id),
        binary.big(each.discogs_master_id),
        title,
        year,
        binary.integer(each.released_order),
        binary.text(each.country),
        binary.texts(each.formats),
        binary.texts(each.catalog_numbers),
        binary.texts(each.barcodes),
        binary.texts(each.codes),
        binary.texts(each.tags),
        binary.data(each.document),
        binary.data(each.source_hash),
        times,
    )
    album = (
        _ALBUM_FIELDS,
        album_id,
        release[1],
        release[0],
        _SINGLE,
        title,
        binary.text(each.sort_title),
        year,
        binary.texts(each.own_tags),
        binary.texts(tags),
        _UNRATED,
        times,
    )
    return FreshRelease(
        each.discogs_master_id,
        album_id,
        [tag for tag in tags if not tag.startswith("artist:")],
        b"".join(release),
        b"".join(album),
    )
