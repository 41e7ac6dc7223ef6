"""What a service hears: an event, and what it does about it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from vinyl_contracts.envelope import Envelope, Event, subject_of

Handler = Callable[[Any, Envelope], Awaitable[None]]


class Subscription(msgspec.Struct, frozen=True):
    """`handle(event, envelope)` has to repeat safely: every event may come twice and out of order."""

    event: type[Event]
    handle: Handler

    @property
    def subject(self) -> str:
        return subject_of(self.event)


async def dispatch(payload: bytes, subscriptions: Sequence[Subscription]) -> None:
    """Raises msgspec.DecodeError for a payload that is not an event of its type."""
    envelope = msgspec.json.decode(payload, type=Envelope)
    for subscription in subscriptions:
        if subscription.subject == envelope.type:
            await subscription.handle(msgspec.json.decode(envelope.data, type=subscription.event), envelope)
