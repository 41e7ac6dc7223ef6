"""From the outbox to JetStream: one active relay per service, others stand by."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import asyncpg
import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError as NoSuchStream

from vinyl_chassis.clock import now
from vinyl_chassis.messaging.broker import Broker, leave_if_cancelled
from vinyl_chassis.outbox.refill import Refill

_log = structlog.get_logger("relay")
BATCH = 500
POLL_SECONDS = 1.0
ACKS_SECONDS = 5.0
LOOK_EVERY_SECONDS = 5.0
PRUNE_EVERY_SECONDS = 3600.0
KEPT = timedelta(days=7)
_LOCK = "select pg_try_advisory_lock(hashtextextended('vinyl_outbox_' || current_schema(), 0))"
# Unpublished rows, not rows after the last one seen: a row that committed late is never skipped.
_WAITING = (
    "select id, subject, event_id, envelope from outbox where published_at is null order by id limit $1"
)
_PUBLISHED = "update outbox set published_at = now() where id = any($1::bigint[])"
_PRUNE = "delete from outbox where published_at < $1"


class Relay:
    """Publishes each row with its event's id as `Nats-Msg-Id`, waits for the acks, then marks it published.

    `database_url` is its own connection's: it holds the lock that makes it the only one.
    """

    def __init__(self, database_url: str, broker: Broker) -> None:
        self._database_url = database_url
        self._broker = broker
        self._refill = Refill()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; outlives absences of Postgres and NATS."""
        while True:
            leave_if_cancelled()
            try:
                connection = await asyncpg.connect(self._database_url, timeout=5.0)
            except (OSError, asyncpg.PostgresError, TimeoutError) as error:
                _log.warning("database_away", error=repr(error))
                await asyncio.sleep(POLL_SECONDS)
                continue
            try:
                await self._lead(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                _log.warning("relay_interrupted", error=repr(error))
                await asyncio.sleep(POLL_SECONDS)
            finally:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                    await connection.close(timeout=2.0)

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        while not await connection.fetchval(_LOCK):  # noqa: ASYNC110 - its holder is another process
            await asyncio.sleep(POLL_SECONDS)
        channel = "vinyl_outbox_" + str(await connection.fetchval("select current_schema()"))
        await connection.add_listener(channel, lambda *_: self._woken.set())
        pruned_at = looked_at = float("-inf")
        while True:
            leave_if_cancelled()
            self._woken.clear()
            clock = asyncio.get_running_loop().time()
            if clock - looked_at > LOOK_EVERY_SECONDS:
                looked_at = clock
                await self._look_for_losses(connection)
            if clock - pruned_at > PRUNE_EVERY_SECONDS:
                pruned_at = clock
                await connection.execute(_PRUNE, now() - KEPT)
            if await self._publish_batch(connection):
                continue
            # Not `wait_for`: before Python 3.12 it swallows a cancellation that meets the bell.
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()

    async def _look_for_losses(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        try:
            await self._refill.look(connection, await self._broker.jetstream())
        except NoSuchStream:
            await self._broker.ensure_streams()
        except (nats.errors.Error, JetStreamError, TimeoutError) as error:
            _log.warning("broker_away", error=repr(error))

    async def _publish_batch(self, connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
        """Whether there may be more."""
        rows = await connection.fetch(_WAITING, BATCH)
        if not rows:
            return False
        jetstream = await self._broker.jetstream()
        acknowledged = await self._publish(jetstream, rows)
        if acknowledged:
            await connection.execute(_PUBLISHED, acknowledged)
        if len(acknowledged) < len(rows):
            await asyncio.sleep(POLL_SECONDS)
            await self._broker.ensure_streams()
        return len(rows) == BATCH or len(acknowledged) < len(rows)

    async def _publish(self, jetstream: JetStreamContext, rows: list[asyncpg.Record]) -> list[int]:
        try:
            acks = [
                await jetstream.publish_async(
                    row["subject"], row["envelope"], headers={"Nats-Msg-Id": str(row["event_id"])}
                )
                for row in rows
            ]
        except (nats.errors.Error, JetStreamError, TimeoutError) as error:
            _log.warning("broker_away", error=repr(error))
            return []
        with suppress(TimeoutError):
            async with asyncio.timeout(ACKS_SECONDS):
                await asyncio.wait(acks)
        published = [row["id"] for row, ack in zip(rows, acks, strict=True) if _succeeded(ack)]
        self._refill.acknowledged(max((ack.result().seq for ack in acks if _succeeded(ack)), default=0))
        if len(published) < len(rows):
            _log.warning("events_not_acknowledged", waiting=len(rows) - len(published))
        return published


def _succeeded(ack: asyncio.Future[PubAck]) -> bool:
    if not ack.done():
        ack.cancel()
        return False
    return not ack.cancelled() and ack.exception() is None
