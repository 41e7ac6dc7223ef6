"""What the search index takes from the tables, in pages."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Row, Text, Uuid, any_, bindparam, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.edits import AlbumEdits, ArtistEdits, laid_over_album, laid_over_artist
from vinyl_catalog.domain.facts import ArtistFacts, MasterFacts, ReleaseFacts
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.index_tables import known_keepings
from vinyl_catalog.store.tables import album_ratings, albums, among, artists, labels, releases, tag_counts

_MOST_COUNTED_ALBUMS = 50_000
# No text has it; to take an array apart is the driver's slowest.
_BETWEEN = "\x1f"
# On very many albums, and nobody looks for it.
_VARIOUS = "artist:194"
_decode_artist = decoder_of(ArtistFacts)
_decode_artist_edits = msgspec.json.Decoder(ArtistEdits).decode
_decode_album_edits = msgspec.json.Decoder(AlbumEdits).decode
_decode_master = decoder_of(MasterFacts)
_decode_release = decoder_of(ReleaseFacts)


class AlbumRow(msgspec.Struct, frozen=True):
    """With a curator's edits laid over the facts; `fame` counts the ratings, the copies owned and wanted, and
    the pressings."""

    id: UUID
    year: int | None
    tags: list[str]
    lead_release_id: UUID | None
    master: MasterFacts | None
    lead: ReleaseFacts | None
    fame: int


class NameRow(msgspec.Struct, frozen=True):
    """An artist or a label; `fame` counts its albums, `other_words` are folded."""

    id: UUID
    name: str
    variations: tuple[str, ...]
    other_words: str
    fame: int


class Page(msgspec.Struct, frozen=True):
    """Which rows: those of `ids`, or, without them, `most` after the id `after`."""

    ids: Collection[UUID] | None = None
    after: UUID = UUID(int=0)
    most: int | None = None

    def covers(self, key: ColumnElement[UUID]) -> ColumnElement[bool]:
        if self.ids is None:
            return key > self.after
        return key == any_(bindparam("ids", list(self.ids), ARRAY(Uuid)))


class IndexRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list_albums(self, page: Page) -> list[AlbumRow]:
        keepings = select(func.count()).where(known_keepings.c.album_id == albums.c.id).scalar_subquery()
        fame = func.coalesce(album_ratings.c.count, 0) + keepings + albums.c.release_count
        statement = (
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
            .where(page.covers(albums.c.id), albums.c.withdrawn_at.is_(None))
            .order_by(albums.c.id)
            .limit(page.most)
        )
        return [_album(*row) for row in await self._connection.execute(statement)]

    async def list_artists(self, page: Page) -> list[NameRow]:
        statement = (
            select(artists)
            .where(page.covers(artists.c.id), artists.c.withdrawn_at.is_(None))
            .order_by(artists.c.id)
            .limit(page.most)
        )
        rows = (await self._connection.execute(statement)).all()
        counts = await self._count_albums([f"artist:{row.discogs_artist_id}" for row in rows])
        return [_artist(row, counts.get(f"artist:{row.discogs_artist_id}", 0)) for row in rows]

    async def _count_albums(self, tags: list[str]) -> dict[str, int]:
        """By tag, out of some of their albums. They are looked up at once: much may be pending."""
        # To compare every album with so many tags takes minutes, and Postgres expects it to take little.
        await self._connection.execute(text("set local enable_seqscan = off"))
        wanted = cast([tag for tag in tags if tag != _VARIOUS], ARRAY(Text))
        some = select(albums.c.own_tags).where(albums.c.tags.op("&&")(wanted)).limit(_MOST_COUNTED_ALBUMS)
        each = select(func.unnest(some.subquery().c.own_tags).label("tag")).subquery()
        statement = select(each.c.tag, func.count()).where(each.c.tag.like("artist:%")).group_by(each.c.tag)
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def list_labels(self, page: Page) -> list[NameRow]:
        tag = func.concat("label:", labels.c.discogs_label_id)
        statement = (
            select(labels.c.id, labels.c.name, func.coalesce(tag_counts.c.album_count, 0))
            .outerjoin(tag_counts, tag_counts.c.tag == tag)
            .where(page.covers(labels.c.id))
            .order_by(labels.c.id)
            .limit(page.most)
        )
        rows = await self._connection.execute(statement)
        return [NameRow(row[0], row[1], (), "", row[2]) for row in rows]

    async def find_artist_ids(self, discogs_ids: Iterable[int]) -> set[UUID]:
        statement = select(artists.c.id).where(among(artists.c.discogs_artist_id, list(discogs_ids)))
        return set(await self._connection.scalars(statement))

    async def find_artists_words(self, discogs_ids: Iterable[int]) -> dict[int, str]:
        """The folded words of their names, variations and all."""
        statement = select(artists.c.discogs_artist_id, artists.c.search_text).where(
            among(artists.c.discogs_artist_id, list(discogs_ids))
        )
        return {row[0]: row[1] for row in await self._connection.execute(statement)}


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
    master, lead = laid_over_album(
        _decode_album_edits(edits) if edits else None,
        _decode_master(document) if document else None,
        _decode_release(lead_document) if lead_document else None,
    )
    return AlbumRow(id_, year, tags.split(_BETWEEN) if tags else [], lead_release_id, master, lead, fame)


def _artist(row: Row[Any], fame: int) -> NameRow:
    facts = _decode_artist(row.document) if row.document else ArtistFacts(row.discogs_artist_id, row.name)
    facts = laid_over_artist(_decode_artist_edits(row.edits) if row.edits else None, facts)
    return NameRow(row.id, facts.name, facts.name_variations, row.search_text, fame)
