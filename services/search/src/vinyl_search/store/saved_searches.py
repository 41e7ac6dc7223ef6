"""Saved searches."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, Text, cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import AlbumId, SearchId, UserId
from vinyl_search.domain.saved_search import Criteria, SavedSearch
from vinyl_search.store.tables import saved_searches

_columns = saved_searches.c


class SavedSearches:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, search_id: SearchId) -> SavedSearch | None:
        statement = select(saved_searches).where(_columns.id == search_id)
        return await self._one(statement)

    async def find_of(
        self, listener_id: UserId, search_id: SearchId, *, lock: bool = False
    ) -> SavedSearch | None:
        statement = select(saved_searches).where(
            _columns.id == search_id, _columns.listener_id == listener_id
        )
        return await self._one(statement.with_for_update() if lock else statement)

    async def list_of(self, listener_id: UserId, before: SearchId | None, limit: int) -> list[SavedSearch]:
        statement = select(saved_searches).where(_columns.listener_id == listener_id)
        if before is not None:
            statement = statement.where(_columns.id < before)
        statement = statement.order_by(_columns.id.desc()).limit(limit)
        return [_search(row) for row in (await self._connection.execute(statement)).mappings()]

    async def count_of(self, listener_id: UserId) -> int:
        """Racing requests of one listener wait for each other here."""
        await self._connection.execute(
            text("select pg_advisory_xact_lock(hashtextextended('searches of ' || :who, 0))"),
            {"who": str(listener_id)},
        )
        statement = select(func.count()).where(_columns.listener_id == listener_id)
        return int(await self._connection.scalar(statement) or 0)

    async def lock_due(self, now: datetime, limit: int) -> list[SavedSearch]:
        """Those whose time has come and that no other process is looking at."""
        statement = (
            select(saved_searches)
            .where(_columns.active, _columns.next_run_at <= now)
            .order_by(_columns.next_run_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_search(row) for row in (await self._connection.execute(statement)).mappings()]

    async def save(self, search: SavedSearch) -> None:
        values = msgspec.structs.asdict(search)
        await self._connection.execute(
            insert(saved_searches).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
        )

    async def postpone(self, search_id: SearchId, until: datetime) -> None:
        statement = update(saved_searches).where(_columns.id == search_id)
        await self._connection.execute(statement.values(next_run_at=until))

    async def remove(self, search_id: SearchId) -> None:
        await self._connection.execute(delete(saved_searches).where(_columns.id == search_id))

    async def move(self, replaced: AlbumId, survivor: AlbumId) -> None:
        """An id is unlike any other text of the criteria, so it is exchanged wherever it stands."""
        moved = cast(func.replace(cast(_columns.criteria, Text), str(replaced), str(survivor)), JSONB)
        named = _columns.criteria["album_ids"].op("?")(str(replaced))
        await self._connection.execute(
            update(saved_searches).where(named).values(criteria=moved, version=_columns.version + 1)
        )

    async def _one(self, statement: Select[Any]) -> SavedSearch | None:
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _search(row)


def _search(row: RowMapping) -> SavedSearch:
    return SavedSearch(**{**row, "criteria": msgspec.convert(row["criteria"], Criteria)})
