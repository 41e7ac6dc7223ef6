"""Hearing what changed, from services by events and from whoever told before; and telling other gateways."""

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec
import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from vinyl_chassis.messaging.broker import Broker, end, leave_if_cancelled
from vinyl_contracts.changes import CHANGES_SUBJECT, joined, names_in
from vinyl_contracts.envelope import Envelope, Event, subject_of
from vinyl_contracts.events import ALL_EVENTS
from vinyl_contracts.events.catalog import AlbumsImported, ImportedIds
from vinyl_gateway.cache.kept_answers import KeptAnswers
from vinyl_gateway.cache.trust import Trust

_EVENTS = "vinyl.*.*.v1"
_BEAT_SECONDS = 0.05
_MOST_BEATS = 100
_BEAT = b"~"
_log = structlog.get_logger("cache")


class News:
    """By plain subscriptions, at the moment of publishing: what was missed is never replayed, and need not
    be, because nothing is kept for long that began before.

    Our own beat comes back behind all that the broker had to tell us. It is no ping of the client library's,
    which stops reading after one that it waited for in vain.
    """

    def __init__(self, broker: Broker, kept: KeptAnswers, trust: Trust) -> None:
        self._broker = broker
        self._kept = kept
        self._trust = trust
        self._client: Client | None = None
        self._own_subject = f"{CHANGES_SUBJECT}.gateway-{secrets.token_hex(8)}"
        self._beats: dict[bytes, float] = {}
        self._by_subject: dict[str, type[Event | ImportedIds]] = {
            subject_of(event): event for event in ALL_EVENTS if event.outdated is not Event.outdated
        }
        # Of half a megabyte of albums only the ids are of use here.
        self._by_subject[subject_of(AlbumsImported)] = ImportedIds

    @asynccontextmanager
    async def following(self, _app: object) -> AsyncIterator[None]:
        following = asyncio.create_task(self._follow())
        yield
        await end(following)
        await self._broker.close()

    async def spread(self, names: Iterable[str]) -> None:
        """Purges here at once, and tells the other gateways: who cannot be reached keeps nothing long."""
        told = list(names)
        self._kept.purge(told)
        if self._client is not None:
            await self._publish(self._client, joined(told))

    async def _follow(self) -> None:
        client = self._client = await self._broker.client()
        await client.subscribe(f"{CHANGES_SUBJECT}.*", cb=self._hear_change)
        await client.subscribe(_EVENTS, cb=self._hear_event)
        for number in itertools.count():
            leave_if_cancelled()
            beat = _BEAT + b"%d" % number
            self._beats[beat] = time.monotonic()
            if len(self._beats) > _MOST_BEATS:
                del self._beats[next(iter(self._beats))]
            await self._publish(client, beat)
            await asyncio.sleep(_BEAT_SECONDS)

    async def _publish(self, client: Client, told: bytes) -> None:
        if not client.is_connected:
            return
        try:
            await client.publish(self._own_subject, told)
        except nats.errors.Error as error:
            _log.warning("change_untold", error=repr(error))

    async def _hear_change(self, message: Msg) -> None:
        if message.subject == self._own_subject:
            if (asked_at := self._beats.pop(message.data, None)) is not None:
                self._trust.confirm(asked_at, time.monotonic())
        elif not message.data.startswith(_BEAT):
            self._kept.purge(names_in(message.data))

    async def _hear_event(self, message: Msg) -> None:
        event = self._by_subject.get(message.subject)
        if event is None:
            return
        try:
            envelope = msgspec.json.decode(message.data, type=Envelope)
            self._kept.purge(msgspec.json.decode(envelope.data, type=event).outdated())
        except msgspec.DecodeError as error:
            _log.error("event_unreadable", subject=message.subject, error=repr(error))
