"""CloudEvents 1.0 in JSON: the wrapping of every event."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from vinyl_contracts.ids import new_id


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """`aggregateid` names what changed, `aggregateversion` its version after the change (higher wins)."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    aggregateid: str
    aggregateversion: int
    traceparent: str | None = None
    data: msgspec.Raw


class Event(msgspec.Struct, frozen=True):
    """The state that an event carries: `service` tells it, `name` is the past tense of what happened."""

    service: ClassVar[str]
    name: ClassVar[str]

    def outdated(self) -> list[str]:
        """The names, as of `vinyl_contracts.changes`, of answers that show something else since."""
        return []


def subject_of(event: type[Event]) -> str:
    """`vinyl.<service>.<past_tense>.v1`."""
    return f"vinyl.{event.service}.{event.name}.v1"


def wrap(
    event: Event, *, aggregate_id: UUID, version: int, at: datetime, traceparent: str | None = None
) -> Envelope:
    kind = type(event)
    return Envelope(
        id=str(new_id()),
        source=f"/vinyl/{kind.service}",
        type=subject_of(kind),
        subject=str(aggregate_id),
        time=at,
        aggregateid=str(aggregate_id),
        aggregateversion=version,
        traceparent=traceparent,
        data=msgspec.Raw(msgspec.json.encode(event)),
    )
