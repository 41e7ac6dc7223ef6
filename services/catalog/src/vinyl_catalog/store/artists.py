"""Artists to read."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, cast, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.artists import StoredArtist
from vinyl_catalog.domain.facts import ArtistFacts
from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.store.tables import artists, words_in

_decode = msgspec.json.Decoder(ArtistFacts).decode


class Artists:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, artist_id: UUID) -> StoredArtist | None:
        statement = select(artists).where(artists.c.id == artist_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _artist(row)

    async def list_by_name(
        self, words: str | None, discogs_artist_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[StoredArtist]]:
        """`words` is a query in Postgres' notation; those found have all of them in one of their names."""
        conditions: list[ColumnElement[bool]] = []
        if words is not None:
            conditions.append(words_in(artists.c.search_text).op("@@")(cast(words, TSQUERY)))
        if discogs_artist_id is not None:
            conditions.append(artists.c.discogs_artist_id == discogs_artist_id)
        keys = (artists.c.sort_name, artists.c.id)
        if after is not None:
            conditions.append(tuple_(*keys) > tuple_(*after))
        statement = select(artists).where(*conditions).order_by(*keys).limit(limit)
        rows = await self._connection.execute(statement)
        return [Placed(_artist(row), [row.sort_name, row.id]) for row in rows]


def _artist(row: Any) -> StoredArtist:
    facts = _decode(row.document) if row.document else None
    return StoredArtist(row.id, row.name, row.discogs_artist_id, facts, row.created_at, row.updated_at)
