"""What listeners show of themselves."""

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import UserId
from vinyl_user.domain.profiles import Profile, PublicProfile
from vinyl_user.store.tables import collection_items, users, wants

_FIELDS = tuple(field.name for field in msgspec.structs.fields(Profile))
_COLUMNS = tuple(users.c[name] for name in _FIELDS)


class Profiles:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user_id: UserId) -> Profile | None:
        row = (await self._connection.execute(select(*_COLUMNS).where(users.c.id == user_id))).mappings()
        return _found(row.one_or_none())

    async def lock(self, user_id: UserId) -> Profile | None:
        statement = select(*_COLUMNS).where(users.c.id == user_id).with_for_update()
        return _found((await self._connection.execute(statement)).mappings().one_or_none())

    async def find_counted(self, username: str) -> PublicProfile | None:
        """The profile with how many copies its listener owns and wants."""
        statement = select(
            *_COLUMNS,
            _count(collection_items, collection_items.c.user_id == users.c.id).label("copies"),
            _count(wants, wants.c.user_id == users.c.id).label("wanted"),
        ).where(users.c.username == username)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else PublicProfile(profile_of(row), row["copies"], row["wanted"])

    async def save(self, profile: Profile) -> None:
        values = msgspec.structs.asdict(profile)
        await self._connection.execute(update(users).where(users.c.id == profile.id).values(values))


def profile_of(row: RowMapping) -> Profile:
    return Profile(**{name: row[name] for name in _FIELDS})


def _found(row: RowMapping | None) -> Profile | None:
    return None if row is None else profile_of(row)


def _count(table: Table, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(condition).correlate(users).scalar_subquery()
