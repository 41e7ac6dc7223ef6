"""Guesses of passwords, and the addresses from which the right one came before."""

from datetime import datetime

import msgspec
from sqlalchemy import delete, exists, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import UserId
from vinyl_user.domain.login_limits import Attempt
from vinyl_user.store.tables import login_attempts, signed_in_addresses

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:counter, 0))")


class Recent(msgspec.Struct, frozen=True):
    """How many attempts there were, and when the oldest of them."""

    count: int
    oldest: datetime | None


class LoginAttempts:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, counter: str, since: datetime) -> Recent:
        statement = select(func.count(), func.min(login_attempts.c.attempted_at)).where(
            login_attempts.c.counter == counter, login_attempts.c.attempted_at > since
        )
        count, oldest = (await self._connection.execute(statement)).one()
        return Recent(count, oldest)

    async def lock(self, counter: str) -> None:
        """Whoever else counts this one waits until this transaction ends."""
        await self._connection.execute(_ONE_AT_A_TIME, {"counter": counter})

    async def add(self, attempt: Attempt) -> None:
        values = {"id": attempt.id, "counter": attempt.counter, "attempted_at": attempt.at}
        await self._connection.execute(insert(login_attempts).values(values))

    async def remove(self, attempt: Attempt) -> None:
        await self._connection.execute(delete(login_attempts).where(login_attempts.c.id == attempt.id))

    async def remove_older(self, than: datetime) -> int:
        statement = delete(login_attempts).where(login_attempts.c.attempted_at <= than)
        return (await self._connection.execute(statement)).rowcount


class SignedInAddresses:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def contains(self, user_id: UserId, address: str) -> bool:
        rows = signed_in_addresses.c
        statement = select(exists().where(rows.user_id == user_id, rows.address == address))
        return bool(await self._connection.scalar(statement))

    async def save(self, user_id: UserId, address: str, at: datetime) -> None:
        row = {"user_id": user_id, "address": address, "last_signed_in_at": at}
        statement = upsert(signed_in_addresses).values(row)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "address"], set_={"last_signed_in_at": at}
            )
        )

    async def remove_older(self, than: datetime) -> int:
        rows = signed_in_addresses.c
        statement = delete(signed_in_addresses).where(rows.last_signed_in_at < than)
        return (await self._connection.execute(statement)).rowcount
