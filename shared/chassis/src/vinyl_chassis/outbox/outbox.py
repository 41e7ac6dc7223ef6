"""Adding events, in the transaction of the change that they tell of."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis import changes
from vinyl_chassis.clock import now
from vinyl_chassis.database import OUTBOX_FILLED
from vinyl_chassis.outbox.tables import outbox
from vinyl_chassis.telemetry import current_traceparent
from vinyl_contracts.envelope import Event, wrap


class Outbox:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, event: Event, aggregate_id: UUID, version: int) -> None:
        """With the aggregate's row locked until the transaction ends, its events keep their order."""
        await self.add_all([(event, aggregate_id, version)])

    async def add_all(self, events: Sequence[tuple[Event, UUID, int]]) -> None:
        if not events:
            return
        at, traceparent = now(), current_traceparent()
        envelopes = [
            wrap(event, aggregate_id=aggregate_id, version=version, at=at, traceparent=traceparent)
            for event, aggregate_id, version in events
        ]
        rows = [
            {
                "event_id": UUID(envelope.id),
                "subject": envelope.type,
                "aggregate_id": UUID(envelope.aggregateid),
                "envelope": msgspec.json.encode(envelope),
            }
            for envelope in envelopes
        ]
        await self._connection.execute(insert(outbox), rows)
        changes.note(self._connection, (name for event, _, _ in events for name in event.outdated()))
        self._connection.info[OUTBOX_FILLED] = True
