"""Sessions and the refresh tokens of each."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import SessionId, UserId
from vinyl_user.domain.sessions import RefreshToken, Session
from vinyl_user.store.tables import refresh_tokens, sessions


class Sessions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        await self._connection.execute(insert(sessions).values(msgspec.structs.asdict(session)))

    async def lock(self, session_id: SessionId) -> Session | None:
        """Whoever else uses this session waits until this transaction ends."""
        found = await self._list(select(sessions).where(sessions.c.id == session_id).with_for_update())
        return found[0] if found else None

    async def list_live(
        self, user_id: UserId, at: datetime, before: SessionId | None, limit: int
    ) -> list[Session]:
        """The user's sessions that are not over, newest first."""
        statement = _live(user_id, at).order_by(sessions.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(sessions.c.id < before)
        return await self._list(statement)

    async def lock_others(self, user_id: UserId, kept: SessionId, at: datetime) -> list[Session]:
        """Every live session of the user but `kept`."""
        others = _live(user_id, at).where(sessions.c.id != kept)
        return await self._list(others.order_by(sessions.c.id).with_for_update())

    async def save_use(self, session: Session) -> None:
        statement = update(sessions).where(sessions.c.id == session.id)
        await self._connection.execute(statement.values(msgspec.structs.asdict(session)))

    async def revoke(self, session_ids: Sequence[SessionId], at: datetime) -> None:
        statement = update(sessions).where(sessions.c.id.in_(session_ids)).values(revoked_at=at)
        await self._connection.execute(statement)

    async def remove_over(self, at: datetime) -> int:
        """Removes what expired before, with its tokens."""
        return (await self._connection.execute(delete(sessions).where(sessions.c.expires_at < at))).rowcount

    async def _list(self, statement: Select[tuple[object, ...]]) -> list[Session]:
        return [Session(**row) for row in (await self._connection.execute(statement)).mappings()]


class RefreshTokens:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, token_hash: bytes) -> RefreshToken | None:
        statement = select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else RefreshToken(**row)

    async def add(self, token: RefreshToken) -> None:
        await self._connection.execute(insert(refresh_tokens).values(msgspec.structs.asdict(token)))

    async def spend(self, token_hash: bytes, at: datetime, successor_salt: bytes) -> None:
        statement = update(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash)
        await self._connection.execute(statement.values(spent_at=at, successor_salt=successor_salt))

    async def remove_older(self, than: datetime) -> int:
        statement = delete(refresh_tokens).where(refresh_tokens.c.issued_at < than)
        return (await self._connection.execute(statement)).rowcount


def _live(user_id: UserId, at: datetime) -> Select[tuple[object, ...]]:
    return select(sessions).where(
        sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > at
    )
