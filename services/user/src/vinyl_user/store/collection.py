"""Copies that listeners own."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, UserId
from vinyl_user.domain.collection import CollectionFilter, CollectionItem, OwnedCopy
from vinyl_user.store.known_albums import ALBUM_COLUMNS, album_of
from vinyl_user.store.prices import price_columns, price_of
from vinyl_user.store.tables import collection_items, known_albums

_TEXTS = (
    known_albums.c.title,
    known_albums.c.artist,
    collection_items.c.notes,
    collection_items.c.storage_place,
)


class Collection:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user_id: UserId, item_id: CollectionItemId) -> OwnedCopy | None:
        return await self._find(_of_user(user_id).where(collection_items.c.id == item_id))

    async def lock(self, user_id: UserId, item_id: CollectionItemId) -> OwnedCopy | None:
        """Whoever else changes this item waits until this transaction ends."""
        statement = _of_user(user_id).where(collection_items.c.id == item_id)
        return await self._find(statement.with_for_update(of=collection_items))

    async def list_for_user(
        self, user_id: UserId, wanted: CollectionFilter, before: CollectionItemId | None, limit: int
    ) -> list[OwnedCopy]:
        """The newest first."""
        statement = _of_user(user_id).where(*_conditions(wanted))
        if before is not None:
            statement = statement.where(collection_items.c.id < before)
        rows = await self._connection.execute(statement.order_by(collection_items.c.id.desc()).limit(limit))
        return [_copy(row) for row in rows.mappings()]

    async def add(self, item: CollectionItem) -> None:
        await self._connection.execute(insert(collection_items).values(_columns(item)))

    async def save(self, item: CollectionItem) -> None:
        statement = update(collection_items).where(collection_items.c.id == item.id)
        await self._connection.execute(statement.values(_columns(item)))

    async def remove(self, item_id: CollectionItemId) -> None:
        await self._connection.execute(delete(collection_items).where(collection_items.c.id == item_id))

    async def move(self, replaced: AlbumId, survivor: AlbumId, at: datetime) -> list[CollectionItem]:
        """Every copy of `replaced` becomes one of `survivor`; the moved ones."""
        statement = (
            update(collection_items)
            .where(collection_items.c.album_id == replaced)
            .values(album_id=survivor, version=collection_items.c.version + 1, updated_at=at)
            .returning(collection_items)
        )
        return [_item(row) for row in (await self._connection.execute(statement)).mappings()]

    async def _find(self, statement: Select[tuple[object, ...]]) -> OwnedCopy | None:
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _copy(row)


def _of_user(user_id: UserId) -> Select[tuple[object, ...]]:
    joined = collection_items.join(known_albums, known_albums.c.album_id == collection_items.c.album_id)
    columns = (*collection_items.c, *ALBUM_COLUMNS)
    return select(*columns).select_from(joined).where(collection_items.c.user_id == user_id)


def _conditions(wanted: CollectionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.album_id is not None:
        conditions.append(collection_items.c.album_id == wanted.album_id)
    if wanted.artist is not None:
        conditions.append(_mentions(wanted.artist, known_albums.c.artist, _artist_names()))
    if wanted.genre is not None:
        genre = func.unnest(known_albums.c.genres).column_valued("genre")
        conditions.append(exists(select(genre).where(func.lower(genre) == func.lower(wanted.genre))))
    if wanted.year is not None:
        conditions.append(known_albums.c.year == wanted.year)
    if wanted.condition is not None:
        conditions.append(collection_items.c.media_condition == wanted.condition.value)
    words = (wanted.text or "").split()
    return [*conditions, *(_mentions(word, *_TEXTS) for word in words)]


def _mentions(word: str, *texts: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(*(text.icontains(word, autoescape=True) for text in texts))


def _artist_names() -> ColumnElement[str]:
    return func.array_to_string(known_albums.c.artist_names, "\n")


def _columns(item: CollectionItem) -> dict[str, object]:
    values = msgspec.structs.asdict(item)
    return values | price_columns(values.pop("purchase_price"))


def _copy(row: RowMapping) -> OwnedCopy:
    return OwnedCopy(_item(row), album_of(row))


def _item(row: RowMapping) -> CollectionItem:
    return CollectionItem(
        id=row["id"],
        user_id=row["user_id"],
        album_id=row["album_id"],
        release_id=row["release_id"],
        media_condition=_grade(row["media_condition"]),
        sleeve_condition=_grade(row["sleeve_condition"]),
        notes=row["notes"],
        purchase_price=price_of(row),
        acquired_on=row["acquired_on"],
        storage_place=row["storage_place"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _grade(written: str | None) -> Grade | None:
    return None if written is None else Grade(written)
