"""Artists to read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Uuid, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.artists import StoredArtist
from vinyl_catalog.domain.edits import ArtistEdits
from vinyl_catalog.domain.facts import ArtistFacts
from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.store.curation_tables import artist_redirects
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.sourced_fields import enrichment_columns, enrichment_of
from vinyl_catalog.store.tables import artists, is_any

_decode = decoder_of(ArtistFacts)
_decode_edits = msgspec.json.Decoder(ArtistEdits).decode
_READ = select(artists, *enrichment_columns(artists.c.id))


class Artists:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, artist_id: UUID) -> StoredArtist | None:
        return (await self.find_all([artist_id])).get(artist_id)

    async def find_all(self, artist_ids: Sequence[UUID]) -> dict[UUID, StoredArtist]:
        statement = _READ.where(is_any(artists.c.id, artist_ids), artists.c.withdrawn_at.is_(None))
        return {row.id: _artist(row) for row in await self._connection.execute(statement)}

    async def find_survivor(self, artist_id: UUID) -> UUID | None:
        """The artist that this one was merged into."""
        statement = select(artist_redirects.c.target_id).where(artist_redirects.c.artist_id == artist_id)
        return await self._connection.scalar(statement)

    async def find_survivors(self, artist_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """The artists that these were merged into, those of them that were."""
        statement = select(artist_redirects).where(is_any(artist_redirects.c.artist_id, artist_ids))
        return {row.artist_id: row.target_id for row in await self._connection.execute(statement)}

    async def list_numbers(self, artist_id: UUID) -> list[int]:
        """By which albums credit the artist, those of artists that were merged into it too."""
        merged = select(artist_redirects.c.artist_id).where(artist_redirects.c.target_id == artist_id)
        statement = select(artists.c.discogs_artist_id).where(
            artists.c.id.in_(merged.union_all(select(literal(artist_id, Uuid)))),
            artists.c.discogs_artist_id.is_not(None),
        )
        return [number for number in await self._connection.scalars(statement) if number is not None]

    async def list_by_name(
        self, discogs_artist_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[StoredArtist]]:
        conditions: list[ColumnElement[bool]] = [artists.c.withdrawn_at.is_(None)]
        if discogs_artist_id is not None:
            conditions.append(artists.c.discogs_artist_id == discogs_artist_id)
        keys = (artists.c.sort_name, artists.c.id)
        if after is not None:
            conditions.append(tuple_(*keys) > tuple_(*after))
        statement = _READ.where(*conditions).order_by(*keys).limit(limit)
        rows = await self._connection.execute(statement)
        return [Placed(_artist(row), [row.sort_name, row.id]) for row in rows]


def _artist(row: Any) -> StoredArtist:
    facts = _decode(row.document) if row.document else None
    return StoredArtist(
        id=row.id,
        name=row.name,
        discogs_artist_id=row.discogs_artist_id,
        facts=facts,
        edits=_decode_edits(row.edits) if row.edits else None,
        enrichment=enrichment_of(row.sourced, row.choices),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
