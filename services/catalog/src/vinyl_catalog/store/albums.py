"""Albums to read: each with the release that stands for it and with its ratings."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Select, Text, cast, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.albums import RatingSummary, StoredAlbum
from vinyl_catalog.domain.edits import AlbumEdits, laid_over_album
from vinyl_catalog.domain.facts import MasterFacts, ReleaseFacts
from vinyl_catalog.domain.lists import AlbumConditions, AlbumOrder, Place, Placed
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.sourced_fields import enrichment_columns, enrichment_of
from vinyl_catalog.store.tables import album_ratings, album_redirects, albums, is_any, releases

_decode_master = decoder_of(MasterFacts)
_decode_release = decoder_of(ReleaseFacts)
_decode_edits = msgspec.json.Decoder(AlbumEdits).decode
# Word for word the expressions that the indexes are on.
_FROM_OLDEST: ColumnElement[int] = literal_column("coalesce(albums.year, 32767)")
_FROM_YOUNGEST: ColumnElement[int] = literal_column("coalesce(-albums.year, 0)")
_KEYS: dict[AlbumOrder, list[ColumnElement[Any]]] = {
    AlbumOrder.TITLE: [albums.c.sort_title, albums.c.id],
    AlbumOrder.OLDEST: [_FROM_OLDEST, albums.c.id],
    AlbumOrder.YOUNGEST: [_FROM_YOUNGEST, albums.c.id],
    AlbumOrder.NEWEST: [albums.c.id],
    AlbumOrder.TOP: [albums.c.bayesian_average, albums.c.id],
}
_DESCENDING = {AlbumOrder.NEWEST, AlbumOrder.TOP}


class Albums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, album_id: UUID) -> StoredAlbum | None:
        found = await self.find_all([album_id])
        return found.get(album_id)

    async def find_all(self, album_ids: Sequence[UUID]) -> dict[UUID, StoredAlbum]:
        rows = await self._connection.execute(album_rows().where(is_any(albums.c.id, album_ids)))
        return {row.id: album_of_row(row) for row in rows}

    async def find_all_led_by(self, release_ids: Collection[UUID]) -> dict[UUID, StoredAlbum]:
        """By the release that stands for each."""
        statement = album_rows().where(releases.c.id.in_(release_ids), releases.c.album_id == albums.c.id)
        return {row.lead_release_id: album_of_row(row) for row in await self._connection.execute(statement)}

    async def list_by_lead(self, after: UUID | None, limit: int) -> list[StoredAlbum]:
        """In the order of the releases that stand for them."""
        statement = album_rows().where(releases.c.album_id == albums.c.id)
        if after is not None:
            statement = statement.where(releases.c.id > after)
        rows = await self._connection.execute(statement.order_by(releases.c.id).limit(limit))
        return [album_of_row(row) for row in rows]

    async def find_survivor(self, album_id: UUID) -> UUID | None:
        """The album that this one was merged into."""
        statement = select(album_redirects.c.target_id).where(album_redirects.c.album_id == album_id)
        return await self._connection.scalar(statement)

    async def find_survivors(self, album_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """The albums that these were merged into, those of them that were."""
        statement = select(album_redirects).where(is_any(album_redirects.c.album_id, album_ids))
        return {row.album_id: row.target_id for row in await self._connection.execute(statement)}

    async def list_matching(
        self, wanted: AlbumConditions, order: AlbumOrder, after: Place | None, limit: int
    ) -> list[Placed[StoredAlbum]]:
        keys = _KEYS[order]
        places = [key.label(f"place_{number}") for number, key in enumerate(keys)]
        statement = album_rows(*places).where(*_conditions(wanted)).limit(limit)
        if order in _DESCENDING:
            statement = statement.order_by(*(key.desc() for key in keys))
        else:
            statement = statement.order_by(*keys)
        if after is not None:
            here, there = tuple_(*keys), tuple_(*after)
            statement = statement.where(here < there if order in _DESCENDING else here > there)
        rows = await self._connection.execute(statement)
        return [Placed(album_of_row(row), [getattr(row, place.name) for place in places]) for row in rows]


def album_rows(*more: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            albums.c.id,
            albums.c.document,
            albums.c.edits,
            albums.c.lead_release_id,
            albums.c.version,
            albums.c.release_count,
            albums.c.created_at,
            albums.c.updated_at,
            releases.c.document.label("lead_document"),
            releases.c.version.label("lead_version"),
            album_ratings.c.count.label("rating_count"),
            album_ratings.c.average,
            album_ratings.c.bayesian_average.label("bayesian"),
            *enrichment_columns(albums.c.id),
            *more,
        )
        .select_from(albums)
        .outerjoin(releases, releases.c.id == albums.c.lead_release_id)
        .outerjoin(album_ratings, album_ratings.c.album_id == albums.c.id)
        .where(albums.c.withdrawn_at.is_(None))
    )


def _conditions(wanted: AlbumConditions) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        albums.c.tags.op("&&")(cast(tags, ARRAY(Text))) for tags in wanted.tag_sets
    ]
    if wanted.year_from is not None:
        conditions.append(albums.c.year >= wanted.year_from)
    if wanted.year_to is not None:
        conditions.append(albums.c.year <= wanted.year_to)
    if wanted.discogs_master_id is not None:
        conditions.append(albums.c.discogs_master_id == wanted.discogs_master_id)
    return conditions


def album_of_row(row: Any) -> StoredAlbum:
    rating = RatingSummary()
    if row.rating_count is not None:
        rating = RatingSummary(row.rating_count, row.average, row.bayesian)
    edits = _decode_edits(row.edits) if row.edits else None
    master, lead = laid_over_album(
        edits,
        _decode_master(row.document) if row.document else None,
        _decode_release(row.lead_document) if row.lead_document else None,
    )
    return StoredAlbum(
        id=row.id,
        master=master,
        lead=lead,
        lead_release_id=row.lead_release_id,
        edits=edits,
        enrichment=enrichment_of(row.sourced, row.choices),
        version=row.version,
        lead_version=row.lead_version,
        release_count=row.release_count,
        rating=rating,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
