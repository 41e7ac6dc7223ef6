"""What was read from which market and when, so that it is read once for everybody."""

from datetime import datetime

import msgspec
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage
from vinyl_search.store.tables import provider_reads

_columns = provider_reads.c


class Reading(msgspec.Struct, frozen=True):
    """`read_at` is None until the first reading is complete."""

    read_at: datetime | None
    coverage: Coverage


class ProviderReads:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, provider: Provider, key: str) -> Reading | None:
        statement = select(provider_reads).where(_columns.provider == provider, _columns.key == key)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else Reading(row["read_at"], Coverage(row["seen"], row["total"]))

    async def claim(
        self, provider: Provider, key: str, stale_before: datetime, now: datetime, until: datetime
    ) -> bool:
        """Whether this process is to read it now; False while another does, and where it was read since
        `stale_before`."""
        row = {"provider": provider, "key": key, "seen": 0, "leased_until": until}
        free = or_(_columns.leased_until.is_(None), _columns.leased_until < now)
        stale = or_(_columns.read_at.is_(None), _columns.read_at <= stale_before)
        claimed = await self._connection.execute(
            insert(provider_reads)
            .values(row)
            .on_conflict_do_update(
                index_elements=["provider", "key"], set_={"leased_until": until}, where=free & stale
            )
        )
        return claimed.rowcount == 1

    async def extend(self, provider: Provider, key: str, until: datetime) -> None:
        await self._set(provider, key, leased_until=until)

    async def complete(self, provider: Provider, key: str, at: datetime, coverage: Coverage) -> None:
        await self._set(
            provider, key, read_at=at, seen=coverage.seen, total=coverage.total, leased_until=None
        )

    async def release(self, provider: Provider, key: str) -> None:
        await self._set(provider, key, leased_until=None)

    async def drop_older(self, than: datetime) -> int:
        unread = _columns.read_at.is_(None) & (_columns.leased_until < than)
        statement = delete(provider_reads).where(or_(_columns.read_at < than, unread))
        return (await self._connection.execute(statement)).rowcount

    async def _set(self, provider: Provider, key: str, **values: object) -> None:
        await self._connection.execute(
            update(provider_reads).where(_columns.provider == provider, _columns.key == key).values(values)
        )
