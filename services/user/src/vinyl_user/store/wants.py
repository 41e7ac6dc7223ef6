"""Copies that listeners look for."""

from datetime import datetime

import msgspec
from sqlalchemy import RowMapping, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, UserId, WantId
from vinyl_user.domain.wants import Want, WantedAlbum
from vinyl_user.store.known_albums import ALBUM_COLUMNS, album_of
from vinyl_user.store.prices import price_columns, price_of
from vinyl_user.store.tables import known_albums, wants


class Wants:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user_id: UserId, want_id: WantId) -> WantedAlbum | None:
        return await self._find(_of_user(user_id).where(wants.c.id == want_id))

    async def lock(self, user_id: UserId, want_id: WantId) -> WantedAlbum | None:
        """Whoever else changes this want waits until this transaction ends."""
        return await self._find(_of_user(user_id).where(wants.c.id == want_id).with_for_update(of=wants))

    async def list_for_user(
        self, user_id: UserId, album_id: AlbumId | None, before: WantId | None, limit: int
    ) -> list[WantedAlbum]:
        """The newest first; of one album where `album_id` is given."""
        statement = _of_user(user_id).order_by(wants.c.id.desc()).limit(limit)
        if album_id is not None:
            statement = statement.where(wants.c.album_id == album_id)
        if before is not None:
            statement = statement.where(wants.c.id < before)
        return [_wanted(row) for row in (await self._connection.execute(statement)).mappings()]

    async def add(self, want: Want) -> None:
        await self._connection.execute(insert(wants).values(_columns(want)))

    async def save(self, want: Want) -> None:
        await self._connection.execute(update(wants).where(wants.c.id == want.id).values(_columns(want)))

    async def remove(self, want_id: WantId) -> None:
        await self._connection.execute(delete(wants).where(wants.c.id == want_id))

    async def move(self, replaced: AlbumId, survivor: AlbumId, at: datetime) -> list[Want]:
        """Every want of `replaced` becomes one of `survivor`; the moved ones."""
        statement = (
            update(wants)
            .where(wants.c.album_id == replaced)
            .values(album_id=survivor, version=wants.c.version + 1, updated_at=at)
            .returning(wants)
        )
        return [_want(row) for row in (await self._connection.execute(statement)).mappings()]

    async def _find(self, statement: Select[tuple[object, ...]]) -> WantedAlbum | None:
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _wanted(row)


def _of_user(user_id: UserId) -> Select[tuple[object, ...]]:
    joined = wants.join(known_albums, known_albums.c.album_id == wants.c.album_id)
    return select(*wants.c, *ALBUM_COLUMNS).select_from(joined).where(wants.c.user_id == user_id)


def _columns(want: Want) -> dict[str, object]:
    values = msgspec.structs.asdict(want)
    return values | price_columns(values.pop("max_price"))


def _wanted(row: RowMapping) -> WantedAlbum:
    return WantedAlbum(_want(row), album_of(row))


def _want(row: RowMapping) -> Want:
    condition = row["min_media_condition"]
    return Want(
        id=row["id"],
        user_id=row["user_id"],
        album_id=row["album_id"],
        release_id=row["release_id"],
        max_price=price_of(row),
        min_media_condition=None if condition is None else Grade(condition),
        formats=list(row["formats"]),
        notes=row["notes"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
