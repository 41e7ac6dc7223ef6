"""Events that could not be taken in: kept in a table with the reason, until they are replayed."""

from collections.abc import Sequence

import msgspec
import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from vinyl_chassis.database import Database
from vinyl_chassis.messaging.subscription import Subscription, dispatch

_log = structlog.get_logger("dead_letters")

dead_letters = Table(
    "dead_letters",
    MetaData(),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_aside_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("replayed_at", DateTime(timezone=True)),
)


class Replayed(msgspec.Struct, frozen=True):
    healed: int
    still_failing: int


class DeadLetters:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, consumer: str, subject: str, payload: bytes, reason: str) -> None:
        letter = {"consumer": consumer, "subject": subject, "payload": payload, "reason": reason[:4000]}
        async with self._database.transaction() as connection:
            await connection.execute(insert(dead_letters).values(letter))

    async def waiting(self) -> int:
        statement = select(func.count()).where(dead_letters.c.replayed_at.is_(None))
        async with self._database.transaction() as connection:
            return int(await connection.scalar(statement) or 0)

    async def replay(self, consumer: str, subscriptions: Sequence[Subscription]) -> Replayed:
        """Hands every waiting letter of a consumer to its subscription once more, oldest first."""
        statement = (
            select(dead_letters.c.id, dead_letters.c.payload)
            .where(dead_letters.c.consumer == consumer, dead_letters.c.replayed_at.is_(None))
            .order_by(dead_letters.c.id)
        )
        async with self._database.transaction() as connection:
            letters = (await connection.execute(statement)).all()
        healed = 0
        for letter in letters:
            try:
                await dispatch(letter.payload, subscriptions)
            except Exception as error:
                _log.warning("letter_still_fails", id=letter.id, exc_info=error)
                continue
            await self._mark_replayed(letter.id)
            healed += 1
        return Replayed(healed, len(letters) - healed)

    async def _mark_replayed(self, letter_id: int) -> None:
        statement = update(dead_letters).where(dead_letters.c.id == letter_id).values(replayed_at=func.now())
        async with self._database.transaction() as connection:
            await connection.execute(statement)
