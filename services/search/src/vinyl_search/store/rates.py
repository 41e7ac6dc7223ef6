"""The exchange rates last fetched."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_search.store.tables import exchange_rates


class StoredRates(msgspec.Struct, frozen=True):
    as_of: date
    source: str
    per_euro: Mapping[str, str]
    fetched_at: datetime


class Rates:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self) -> StoredRates | None:
        row = (await self._connection.execute(select(exchange_rates))).mappings().one_or_none()
        if row is None:
            return None
        return StoredRates(row["as_of"], row["source"], row["per_euro"], row["fetched_at"])

    async def save(self, rates: StoredRates) -> None:
        row = {"one": True} | msgspec.structs.asdict(rates)
        await self._connection.execute(
            insert(exchange_rates).values(row).on_conflict_do_update(index_elements=["one"], set_=row)
        )
