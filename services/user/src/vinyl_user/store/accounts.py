"""Accounts by what they sign in with."""

import msgspec
from sqlalchemy import ColumnElement, RowMapping, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import UserId
from vinyl_user.domain.accounts import Account
from vinyl_user.store.profiles import profile_of
from vinyl_user.store.tables import users


class Accounts:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user_id: UserId) -> Account | None:
        return await self._find(users.c.id == user_id)

    async def find_by_username(self, username: str) -> Account | None:
        return await self._find(users.c.username == username)

    async def find_by_email(self, email_canonical: str) -> Account | None:
        return await self._find(users.c.email_canonical == email_canonical)

    async def lock(self, user_id: UserId) -> Account | None:
        return await self._find(users.c.id == user_id, locked=True)

    async def contains_username(self, username: str) -> bool:
        return await self._contains(users.c.username == username)

    async def contains_email(self, email_canonical: str) -> bool:
        return await self._contains(users.c.email_canonical == email_canonical)

    async def add(self, account: Account) -> bool:
        """False where the username or the e-mail address was taken meanwhile."""
        values = msgspec.structs.asdict(account.profile) | {
            "email_canonical": account.email_canonical,
            "password_hash": account.password_hash,
        }
        statement = insert(users).values(values).on_conflict_do_nothing().returning(users.c.id)
        return await self._connection.scalar(statement) is not None

    async def save_password_hash(self, user_id: UserId, password_hash: str) -> None:
        statement = update(users).where(users.c.id == user_id).values(password_hash=password_hash)
        await self._connection.execute(statement)

    async def _find(self, condition: ColumnElement[bool], *, locked: bool = False) -> Account | None:
        statement = select(users).where(condition)
        if locked:
            statement = statement.with_for_update()
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _account(row)

    async def _contains(self, condition: ColumnElement[bool]) -> bool:
        return bool(await self._connection.scalar(select(exists().where(condition))))


def _account(row: RowMapping) -> Account:
    return Account(profile_of(row), row["email_canonical"], row["password_hash"])
