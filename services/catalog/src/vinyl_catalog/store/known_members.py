"""What the user service tells of listeners and of the copies they own."""

from typing import Any

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.products import OwnedCopy
from vinyl_catalog.store.product_tables import known_copies, known_listeners
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import CollectionItemId, MediaId, UserId

_HERE = {"removed": False}


class KnownMembers:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_listener(
        self, user_id: UserId, version: int, username: str, avatar: MediaId | None = None
    ) -> None:
        row = {"user_id": user_id, "username": username, "avatar_media_id": avatar}
        await self._keep(known_listeners, row, version)

    async def wears(self, user_id: UserId, media_id: MediaId) -> bool:
        """Whether it is the member's avatar."""
        avatar = select(known_listeners.c.avatar_media_id).where(known_listeners.c.user_id == user_id)
        return await self._connection.scalar(avatar) == media_id

    async def save_copy(self, copy: OwnedCopy, version: int) -> bool:
        """False where a newer version is known already."""
        return await self._keep(known_copies, msgspec.structs.asdict(copy) | _HERE, version)

    async def remove_copy(self, item_id: CollectionItemId, owner_id: UserId, version: int) -> bool:
        row = {"item_id": item_id, "owner_id": owner_id, "removed": True}
        return await self._keep(known_copies, row, version)

    async def find_copy(self, owner_id: UserId, item_id: CollectionItemId) -> OwnedCopy | None:
        statement = select(known_copies).where(
            known_copies.c.item_id == item_id, known_copies.c.owner_id == owner_id, ~known_copies.c.removed
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            return None
        media, sleeve = (each and Grade(each) for each in (row.media_condition, row.sleeve_condition))
        return OwnedCopy(row.item_id, row.owner_id, row.album_id, row.release_id, media, sleeve)

    async def _keep(self, table: Table, row: dict[str, Any], version: int) -> bool:
        """The higher version stays, whether it says that there is something or that there is nothing."""
        values = row | {"version": version}
        key = next(iter(table.primary_key))
        kept = await self._connection.execute(
            insert(table)
            .values(values)
            .on_conflict_do_update(index_elements=[key], set_=values, where=table.c.version < version)
        )
        return kept.rowcount == 1
