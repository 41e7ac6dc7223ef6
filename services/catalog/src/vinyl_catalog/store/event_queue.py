"""How many events wait to be published."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis.outbox.tables import outbox


class EventQueue:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count_waiting(self) -> int:
        statement = select(func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))
        return await self._connection.scalar(statement) or 0
