"""What the search index takes from the tables, in pages."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.edits import AlbumEdits, ArtistEdits, laid_over_album, laid_over_artist
from vinyl_catalog.domain.facts import ArtistFacts, MasterFacts, ReleaseFacts
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.driving import Driven, driver_of
from vinyl_catalog.store.index_tables import known_keepings
from vinyl_catalog.store.product_tables import products
from vinyl_catalog.store.tables import (
    album_ratings,
    albums,
    among,
    artists,
    is_any,
    labels,
    releases,
    tag_counts,
)

_MOST_COUNTED_ALBUMS = 50_000
# No text has it; to take an array apart is the driver's slowest.
_BETWEEN = "\x1f"
# On very many albums, and nobody looks for it.
_VARIOUS = "artist:194"
_COUNT_ALL = """
create temporary table counted_albums on commit drop as
select tag, count(*) as album_count from albums, unnest(own_tags) tag
where tag like 'artist:%' group by tag
"""
# Albums by their pressings alone, which is nearly their fame and is quickly told.
_FEWEST_OF_BEST, _FEWEST_OF_KNOWN = 128, 8
_PARTS: dict[str, tuple[Any, ...]] = {
    "best known album": (albums.c.id, albums.c.release_count >= _FEWEST_OF_BEST),
    "known album": (
        albums.c.id,
        albums.c.release_count >= _FEWEST_OF_KNOWN,
        albums.c.release_count < _FEWEST_OF_BEST,
    ),
    "other album": (albums.c.id, albums.c.release_count < _FEWEST_OF_KNOWN),
    "artist": (artists.c.id,),
    "label": (labels.c.id,),
    "product": (products.c.id,),
}
_COUNTED = "select tag, album_count from counted_albums where tag = any($1)"
_decode_artist = decoder_of(ArtistFacts)
_decode_artist_edits = msgspec.json.Decoder(ArtistEdits).decode
_decode_album_edits = msgspec.json.Decoder(AlbumEdits).decode
_decode_master = decoder_of(MasterFacts)
_decode_release = decoder_of(ReleaseFacts)


class AlbumRow(msgspec.Struct, frozen=True, gc=False):
    """With a curator's edits laid over the facts. It is filed under the `tags`, by their kinds; `fame` counts
    the ratings, the copies owned and wanted, and the pressings."""

    id: UUID
    year: int | None
    tags: dict[str, list[str]]
    lead_release_id: UUID | None
    master: MasterFacts | None
    lead: ReleaseFacts | None
    fame: int


class NameRow(msgspec.Struct, frozen=True, gc=False):
    """An artist or a label; `fame` counts its albums, `other_words` are folded."""

    id: UUID
    name: str
    variations: tuple[str, ...]
    other_words: str
    fame: int


def _albums() -> Select[Any]:
    keepings = select(func.count()).where(known_keepings.c.album_id == albums.c.id).scalar_subquery()
    fame = func.coalesce(album_ratings.c.count, 0) + keepings + albums.c.release_count
    return (
        select(
            albums.c.id,
            albums.c.year,
            func.array_to_string(albums.c.tags, _BETWEEN),
            albums.c.lead_release_id,
            albums.c.edits,
            albums.c.document,
            releases.c.document,
            fame,
        )
        .outerjoin(releases, releases.c.id == albums.c.lead_release_id)
        .outerjoin(album_ratings, album_ratings.c.album_id == albums.c.id)
        .where(is_any(albums.c.id, []), albums.c.withdrawn_at.is_(None))
        .order_by(albums.c.id)
    )


def _artists() -> Select[Any]:
    return (
        select(
            func.concat("artist:", artists.c.discogs_artist_id),
            artists.c.id,
            artists.c.discogs_artist_id,
            artists.c.name,
            artists.c.search_text,
            artists.c.edits,
            artists.c.document,
        )
        .where(is_any(artists.c.id, []), artists.c.withdrawn_at.is_(None))
        .order_by(artists.c.id)
    )


def _labels() -> Select[Any]:
    tag = func.concat("label:", labels.c.discogs_label_id)
    return (
        select(labels.c.id, labels.c.name, func.coalesce(tag_counts.c.album_count, 0))
        .outerjoin(tag_counts, tag_counts.c.tag == tag)
        .where(is_any(labels.c.id, []))
        .order_by(labels.c.id)
    )


def _ids(key: Column[Any], *which: ColumnElement[bool]) -> Select[Any]:
    after, most = bindparam("after", type_=Uuid), bindparam("most", type_=Integer)
    return select(key).where(key > after, *which).order_by(key).limit(most)


_IDS = {part: Driven(_ids(key, *which)) for part, (key, *which) in _PARTS.items()}
_ALBUMS, _ARTISTS, _LABELS = Driven(_albums()), Driven(_artists()), Driven(_labels())


class IndexRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._are_albums_counted = False

    async def list_ids(self, part: str, after: UUID, most: int) -> list[UUID]:
        """Of one of the parts, in their order, hidden ones too. As `list_albums`."""
        driver = await driver_of(self._connection)
        return [row[0] for row in await _IDS[part].fetch(driver, after=after, most=most)]

    async def list_albums(self, ids: Collection[UUID]) -> list[AlbumRow]:
        """In a transaction that has asked for something before."""
        driver = await driver_of(self._connection)
        return [_album(*row) for row in await _ALBUMS.fetch(driver, ids=list(ids))]

    async def list_artists(self, ids: Collection[UUID]) -> list[NameRow]:
        """As `list_albums`."""
        driver = await driver_of(self._connection)
        rows = await _ARTISTS.fetch(driver, ids=list(ids))
        counts = await self._count_albums([row[0] for row in rows])
        return [_artist(counts.get(tag, 0), *row) for tag, *row in rows]

    async def _count_albums(self, tags: list[str]) -> dict[str, int]:
        """By tag, out of some of their albums. They are looked up at once: much may be pending."""
        wanted = [tag for tag in tags if tag != _VARIOUS]
        if self._are_albums_counted:
            driver = await driver_of(self._connection)
            return dict(await driver.fetch(_COUNTED, wanted))
        # To compare every album with so many tags takes minutes, and Postgres expects it to take little.
        await self._connection.execute(text("set local enable_seqscan = off"))
        has_some = albums.c.tags.op("&&")(cast(wanted, ARRAY(Text)))
        some = select(albums.c.own_tags).where(has_some).limit(_MOST_COUNTED_ALBUMS)
        each = select(func.unnest(some.subquery().c.own_tags).label("tag")).subquery()
        statement = select(each.c.tag, func.count()).where(each.c.tag.like("artist:%")).group_by(each.c.tag)
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def count_all_albums(self) -> None:
        """To look each artist's up would take longer where it is all artists."""
        await self._connection.execute(text(_COUNT_ALL))
        await self._connection.execute(text("alter table counted_albums add primary key (tag)"))
        self._are_albums_counted = True

    async def list_labels(self, ids: Collection[UUID]) -> list[NameRow]:
        """As `list_albums`."""
        driver = await driver_of(self._connection)
        rows = await _LABELS.fetch(driver, ids=list(ids))
        return [NameRow(id_, name, (), "", fame) for id_, name, fame in rows]

    async def find_artist_ids(self, discogs_ids: Iterable[int]) -> set[UUID]:
        statement = select(artists.c.id).where(among(artists.c.discogs_artist_id, list(discogs_ids)))
        return set(await self._connection.scalars(statement))


def _album(
    id_: UUID,
    year: int | None,
    tags: str,
    lead_release_id: UUID | None,
    edits: bytes | None,
    document: bytes | None,
    lead_document: bytes | None,
    fame: int,
) -> AlbumRow:
    master = _decode_master(document) if document else None
    lead = _decode_release(lead_document) if lead_document else None
    if edits:
        master, lead = laid_over_album(_decode_album_edits(edits), master, lead)
    return AlbumRow(id_, year, _by_kind(tags), lead_release_id, master, lead, fame)


def _by_kind(tags: str) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for tag in tags.split(_BETWEEN) if tags else ():
        kind, _, value = tag.partition(":")
        if kind in kinds:
            kinds[kind].append(value)
        else:
            kinds[kind] = [value]
    return kinds


def _artist(
    fame: int,
    id_: UUID,
    discogs_id: int,
    name: str,
    words: str,
    edits: bytes | None,
    document: bytes | None,
) -> NameRow:
    if edits is None and document is None:
        return NameRow(id_, name, (), words, fame)
    facts = _decode_artist(document) if document else ArtistFacts(discogs_id, name)
    facts = laid_over_artist(_decode_artist_edits(edits) if edits else None, facts)
    return NameRow(id_, facts.name, facts.name_variations, words, fame)
