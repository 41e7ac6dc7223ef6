"""Listeners' own lists."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import UserId
from vinyl_user.domain.content import Content
from vinyl_user.store.tables import contents

_EMPTY = Content([], 0)


class Contents:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user_id: UserId) -> Content:
        """The listener's list, empty at first."""
        statement = select(contents.c.entries, contents.c.version).where(contents.c.user_id == user_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return _EMPTY if row is None else Content(list(row.entries), row.version)

    async def lock(self, user_id: UserId) -> Content:
        """The same, with every other writer waiting until this transaction ends."""
        nothing = {"user_id": user_id, "entries": [], "version": 0}
        await self._connection.execute(insert(contents).values(nothing).on_conflict_do_nothing())
        statement = select(contents.c.entries, contents.c.version).where(contents.c.user_id == user_id)
        row = (await self._connection.execute(statement.with_for_update())).one()
        return Content(list(row.entries), row.version)

    async def save(self, user_id: UserId, content: Content) -> None:
        statement = update(contents).where(contents.c.user_id == user_id)
        await self._connection.execute(statement.values(entries=content.entries, version=content.version))
