"""Where songs stand: which release, and which number on it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.store.tables import albums, songs


class SongPlace(NamedTuple):
    release_id: UUID
    number: int


class Songs:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def contains(self, place: SongPlace) -> bool:
        statement = select(songs.c.number).where(
            songs.c.release_id == place.release_id, songs.c.number == place.number
        )
        return await self._connection.scalar(statement) is not None

    async def list_in_order(
        self, album_id: UUID | None, after: Place | None, limit: int
    ) -> list[Placed[SongPlace]]:
        """An album's in the order of its tracks."""
        order: ColumnElement[int] = songs.c.number
        conditions: list[ColumnElement[bool]] = []
        if album_id is not None:
            lead = select(albums.c.lead_release_id).where(albums.c.id == album_id).scalar_subquery()
            conditions.append(songs.c.release_id == lead)
            order = func.coalesce(songs.c.place, songs.c.number)
        keys = (songs.c.release_id, order)
        if after is not None:
            conditions.append(tuple_(*keys) > tuple_(*after))
        shown = (songs.c.release_id, songs.c.number, order.label("place"))
        rows = await self._connection.execute(select(*shown).where(*conditions).order_by(*keys).limit(limit))
        return [Placed(SongPlace(row.release_id, row.number), [row.release_id, row.place]) for row in rows]
