"""The queue of what the search index has still to take in, and which index it goes with."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.index_tables import index_generation, unindexed

_IS_IMPORT_RUNNING = """
select exists (
    select from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint)
            = hashtextextended('vinyl_imports_' || current_schema(), 0)
)
"""


class Changed(NamedTuple):
    """`kind` is album, artist, label or product. What is not there any more changed too."""

    kind: str
    id: UUID


class Unindexed:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, most: int, *, is_bulk: bool) -> set[Changed]:
        """The oldest; they are back when the transaction does not commit."""
        key = (unindexed.c.is_bulk, unindexed.c.number)
        oldest = select(*key).where(unindexed.c.is_bulk == is_bulk).order_by(*key).limit(most)
        taken = delete(unindexed).where(tuple_(*key).in_(oldest)).returning(unindexed.c.kind, unindexed.c.id)
        return {Changed(row.kind, row.id) for row in await self._connection.execute(taken)}

    async def count(self, up_to: int) -> int:
        some = select(unindexed.c.number).limit(up_to).subquery()
        return await self._connection.scalar(select(func.count()).select_from(some)) or 0

    async def clear(self) -> None:
        await self._connection.execute(delete(unindexed))

    async def find_generation(self) -> str | None:
        return await self._connection.scalar(select(index_generation.c.name))

    async def save_generation(self, name: str) -> None:
        statement = insert(index_generation).values(is_only=True, name=name)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["is_only"], set_={"name": name})
        )

    async def hold_still(self) -> str:
        """The rest of the transaction sees the tables as they are now, and clears what is queued now; so does
        any other that sees by the name of what this one sees. It may wait for as long as it takes."""
        await self._see_what_stays()
        return str(await self._connection.scalar(text("select pg_export_snapshot()")))

    async def see_by(self, snapshot: str) -> None:
        """As the transaction does that holds it."""
        await self._see_what_stays()
        # no parameters there, and the name is Postgres' own
        await self._connection.execute(text(f"set transaction snapshot '{snapshot}'"))

    async def _see_what_stays(self) -> None:
        await self._connection.execute(text("set transaction isolation level repeatable read"))
        await self._connection.execute(text("set local idle_in_transaction_session_timeout = 0"))

    async def is_import_running(self) -> bool:
        return bool(await self._connection.scalar(text(_IS_IMPORT_RUNNING)))
