"""Wants and collections, as user tells them. Of what was removed the version stays, so that it stays so."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ReleaseId, UserId
from vinyl_search.domain.known import KnownListener
from vinyl_search.domain.money import Amount
from vinyl_search.domain.wishes import Want, Wishes
from vinyl_search.store.tables import known_collection, known_listeners, known_wants

_wants, _owned = known_wants.c, known_collection.c


class KnownWishes:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_want(self, want: Want, listener_id: UserId, version: int) -> None:
        row = {
            "want_id": want.id,
            "listener_id": listener_id,
            "removed": False,
            "album_id": want.album_id,
            "release_id": want.release_id,
            "max_price_minor": want.max_price.minor if want.max_price else None,
            "max_price_currency": want.max_price.currency if want.max_price else None,
            "min_media_condition": want.min_media_condition,
            "formats": list(want.formats),
        }
        await self._keep(known_wants, "want_id", row, version)

    async def remove_want(self, want_id: UUID, listener_id: UserId, version: int) -> None:
        row = {"want_id": want_id, "listener_id": listener_id, "removed": True}
        await self._keep(known_wants, "want_id", row, version)

    async def save_owned(
        self,
        item_id: UUID,
        listener_id: UserId,
        album_id: AlbumId,
        release_id: ReleaseId | None,
        version: int,
    ) -> None:
        row = {
            "item_id": item_id,
            "listener_id": listener_id,
            "removed": False,
            "album_id": album_id,
            "release_id": release_id,
        }
        await self._keep(known_collection, "item_id", row, version)

    async def remove_owned(self, item_id: UUID, listener_id: UserId, version: int) -> None:
        row = {"item_id": item_id, "listener_id": listener_id, "removed": True}
        await self._keep(known_collection, "item_id", row, version)

    async def save_listener(self, listener: KnownListener) -> None:
        row = msgspec.structs.asdict(listener)
        await self._keep(known_listeners, "user_id", row, row.pop("version"))

    async def find_listener(self, user_id: UserId) -> KnownListener | None:
        statement = select(known_listeners).where(known_listeners.c.user_id == user_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else KnownListener(**row)

    async def read_wishes(self, listener_id: UserId) -> Wishes:
        wanted = select(known_wants).where(_wants.listener_id == listener_id, ~_wants.removed)
        owned = select(_owned.album_id, _owned.release_id).where(
            _owned.listener_id == listener_id, ~_owned.removed
        )
        wants = [_want(row) for row in (await self._connection.execute(wanted)).mappings()]
        items = (await self._connection.execute(owned)).all()
        return Wishes(
            wants,
            frozenset(item.album_id for item in items if item.album_id),
            frozenset(item.release_id for item in items if item.release_id),
        )

    async def move(self, replaced: AlbumId, survivor: AlbumId) -> None:
        for table in (known_wants, known_collection):
            await self._connection.execute(
                update(table).where(table.c.album_id == replaced).values(album_id=survivor)
            )

    async def _keep(self, table: Table, key: str, row: Mapping[str, Any], version: int) -> None:
        """The higher version stays, whether it says that there is something or that there is nothing."""
        values = {**row, "version": version}
        newer = table.c.version < version
        await self._connection.execute(
            insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=values, where=newer)
        )


def _want(row: RowMapping) -> Want:
    price = row["max_price_minor"]
    grade = row["min_media_condition"]
    return Want(
        row["want_id"],
        row["album_id"],
        row["release_id"],
        None if price is None else Amount(price, row["max_price_currency"]),
        None if grade is None else Grade(grade),
        tuple(row["formats"]),
    )
