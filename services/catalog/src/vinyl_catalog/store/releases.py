"""Releases to read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, cast, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.domain.releases import StoredRelease
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.tables import is_any, releases

_decode = decoder_of(ReleaseFacts)
_SHOWN = (
    releases.c.id,
    releases.c.album_id,
    releases.c.document,
    releases.c.created_at,
    releases.c.updated_at,
    releases.c.released_order,
)


class Releases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, release_id: UUID) -> StoredRelease | None:
        found = await self._list(1, None, releases.c.id == release_id)
        return found[0].item if found else None

    async def list_of_album(
        self, album_id: UUID, after: Place | None, limit: int
    ) -> list[Placed[StoredRelease]]:
        """The earliest first."""
        return await self._list(limit, after, releases.c.album_id == album_id)

    async def list_of_codes(
        self, codes: Sequence[str], after: Place | None, limit: int
    ) -> list[Placed[StoredRelease]]:
        """Those that bear one of these barcodes ("b:…") or catalogue numbers ("c:…"), the earliest first."""
        return await self._list(limit, after, releases.c.codes.op("&&")(cast(list(codes), ARRAY(Text))))

    async def list_matching(
        self, codes: Sequence[str], discogs_release_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[StoredRelease]]:
        """Those that bear every code and the id, the earliest first; all there are, in no order that means
        anything."""
        conditions: list[ColumnElement[bool]] = []
        if codes:
            conditions.append(releases.c.codes.op("@>")(cast(list(codes), ARRAY(Text))))
        if discogs_release_id is not None:
            conditions.append(releases.c.discogs_release_id == discogs_release_id)
        return (
            await self._list(limit, after, *conditions) if conditions else await self._list_all(limit, after)
        )

    async def find_all(self, release_ids: Sequence[UUID]) -> dict[UUID, StoredRelease]:
        rows = await self._connection.execute(select(*_SHOWN).where(is_any(releases.c.id, release_ids)))
        return {row.id: _release(row) for row in rows}

    async def _list(
        self, limit: int, after: Place | None, *conditions: ColumnElement[bool]
    ) -> list[Placed[StoredRelease]]:
        keys = (releases.c.released_order, releases.c.id)
        statement = select(*_SHOWN).where(*conditions).order_by(*keys).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*keys) > tuple_(*after))
        return await self._placed(statement)

    async def _list_all(self, limit: int, after: Place | None) -> list[Placed[StoredRelease]]:
        statement = select(*_SHOWN).order_by(releases.c.id).limit(limit)
        if after is not None:
            statement = statement.where(releases.c.id > after[-1])
        return await self._placed(statement)

    async def _placed(self, statement: Select[Any]) -> list[Placed[StoredRelease]]:
        rows = await self._connection.execute(statement)
        return [Placed(_release(row), [row.released_order, row.id]) for row in rows]


def _release(row: Any) -> StoredRelease:
    return StoredRelease(row.id, row.album_id, _decode(row.document), row.created_at, row.updated_at)
