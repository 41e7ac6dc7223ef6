"""Albums to read: each with the release that stands for it and with its ratings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Subquery, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.albums import RatingSummary, StoredAlbum
from vinyl_catalog.domain.edits import AlbumEdits, laid_over_album
from vinyl_catalog.domain.facts import MasterFacts, ReleaseFacts
from vinyl_catalog.domain.lists import AlbumConditions, AlbumOrder, Place, Placed
from vinyl_catalog.store.album_pages import AlbumPage
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.sourced_fields import enrichment_columns, enrichment_of
from vinyl_catalog.store.tables import album_ratings, album_redirects, albums, is_any, releases

_decode_master = decoder_of(MasterFacts)
_decode_release = decoder_of(ReleaseFacts)
_decode_edits = msgspec.json.Decoder(AlbumEdits).decode


class Albums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, album_id: UUID) -> StoredAlbum | None:
        found = await self.find_all([album_id])
        return found.get(album_id)

    async def find_all(self, album_ids: Sequence[UUID]) -> dict[UUID, StoredAlbum]:
        rows = await self._connection.execute(album_rows().where(is_any(albums.c.id, album_ids)))
        return {row.id: album_of_row(row) for row in rows}

    async def find_all_led_by(self, release_ids: Sequence[UUID]) -> dict[UUID, StoredAlbum]:
        """By the release that stands for each."""
        statement = album_rows().where(is_any(releases.c.id, release_ids), releases.c.album_id == albums.c.id)
        return {row.lead_release_id: album_of_row(row) for row in await self._connection.execute(statement)}

    async def list_by_lead(self, after: UUID | None, limit: int) -> tuple[list[StoredAlbum], UUID | None]:
        """The albums for which one of the next `limit` releases stands, in the order of these; and the last
        of them, None where there are none."""
        statement = select(releases.c.id).order_by(releases.c.id).limit(limit)
        if after is not None:
            statement = statement.where(releases.c.id > after)
        next_ids = list(await self._connection.scalars(statement))
        led = await self.find_all_led_by(next_ids)
        return [led[each] for each in next_ids if each in led], next_ids[-1] if next_ids else None

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
        page = AlbumPage(wanted, order, after, limit)
        found: list[Placed[StoredAlbum]] = []
        if wanted.discogs_master_id is None:
            found = await self._list(page, page.among_nearest())
        if len(found) == limit or wanted == AlbumConditions():
            return found
        return await self._list(page, page.among_all())

    async def _list(self, page: AlbumPage, chosen: Subquery) -> list[Placed[StoredAlbum]]:
        places = page.place(chosen)
        statement = album_rows(*places).join(chosen, chosen.c.album_id == albums.c.id)
        rows = await self._connection.execute(statement.order_by(*page.in_order(places)))
        return [Placed(album_of_row(row), row[-len(places) :]) for row in rows]


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
