"""A stream that its broker lost, or has from an earlier day: what was published is published again."""

from datetime import datetime, timedelta

import asyncpg
import structlog
from nats.js import JetStreamContext

from vinyl_chassis.messaging.streams import stream_name

_log = structlog.get_logger("refill")
# The broker's clock dates the stream, ours the rows.
CLOCKS_DIFFER = timedelta(minutes=1)
_SUBJECT = "select subject from outbox where published_at is not null limit 1"
_BEFORE = "update outbox set published_at = null where published_at < $1"
_ALL = "update outbox set published_at = null where published_at is not null"


class Refill:
    """Compares the stream with what was published to it, for the one relay that publishes.

    A stream that is younger than published rows has lost them; one whose last sequence is below an
    acknowledged one came back from before. Rows told twice do no harm: consumers keep the higher version.
    """

    def __init__(self) -> None:
        self._created: datetime | None = None
        self._last_sequence = 0

    def acknowledged(self, sequence: int) -> None:
        self._last_sequence = max(self._last_sequence, sequence)

    async def look(
        self, connection: "asyncpg.Connection[asyncpg.Record]", jetstream: JetStreamContext
    ) -> None:
        """Marks what the stream lost as not published. Raises nats' NotFoundError without a stream."""
        subject = await connection.fetchval(_SUBJECT)
        if subject is None:
            return
        stream = await jetstream.stream_info(stream_name(subject.split(".")[1]))
        went_back = stream.created == self._created and stream.state.last_seq < self._last_sequence
        if went_back:
            marked = await connection.execute(_ALL)
        elif stream.created is not None and stream.created != self._created:
            marked = await connection.execute(_BEFORE, stream.created + CLOCKS_DIFFER)
        else:
            return
        self._created, self._last_sequence = stream.created, stream.state.last_seq
        if (rows := int(marked.removeprefix("UPDATE "))) > 0:
            _log.warning("stream_is_refilled", created=stream.created, went_back=went_back, events=rows)
