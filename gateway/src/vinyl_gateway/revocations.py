"""Sessions that were ended while their access tokens still run, heard from the user service."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import nats.errors
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as JetStreamError

from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.messaging.streams import stream_name
from vinyl_contracts.envelope import Envelope, subject_of
from vinyl_contracts.events.user import SessionRevoked

# No access token lives longer, so nothing older has to be known.
LONGEST_TOKEN_SECONDS = 3600.0
_IDLE_SECONDS = 2.0
_RETRY_SECONDS = 0.5
_log = structlog.get_logger("revocations")


class Revocations:
    """In memory only: a gateway that starts reads the last hour again.

    While NATS is away nothing new is heard, and a token ends by its own expiry.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._forget_at: dict[UUID, float] = {}
        self.heard = 0

    def holds(self, session_id: UUID) -> bool:
        return session_id in self._forget_at

    async def follow(self) -> None:
        """Until cancelled. Reads anew from an hour ago after every fault, which does no harm twice."""
        while True:
            try:
                subscription = await self._subscribe(await self._broker.jetstream())
                while True:
                    await self._hear(subscription)
            except (nats.errors.Error, JetStreamError, OSError, TimeoutError) as error:
                _log.warning("revocations_interrupted", error=repr(error))
                await self._broker.ensure_streams()
                await asyncio.sleep(_RETRY_SECONDS)

    async def _subscribe(self, jetstream: JetStreamContext) -> JetStreamContext.PullSubscription:
        since = datetime.now(UTC) - timedelta(seconds=LONGEST_TOKEN_SECONDS)
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=since,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=60.0,
        )
        return await jetstream.pull_subscribe(
            subject_of(SessionRevoked), stream=stream_name(SessionRevoked.service), config=config
        )

    async def _hear(self, subscription: JetStreamContext.PullSubscription) -> None:
        try:
            messages = await subscription.fetch(1, timeout=_IDLE_SECONDS)
        except TimeoutError:
            await subscription.consumer_info()
            self._forget_expired()
            return
        for message in messages:
            self._take_in(message)

    def _take_in(self, message: Msg) -> None:
        try:
            envelope = msgspec.json.decode(message.data, type=Envelope)
            revoked = msgspec.json.decode(envelope.data, type=SessionRevoked)
        except msgspec.DecodeError as error:
            _log.error("revocation_unreadable", error=repr(error))
            return
        self.heard += 1
        self._forget_at[revoked.session_id] = revoked.revoked_at.timestamp() + LONGEST_TOKEN_SECONDS

    def _forget_expired(self) -> None:
        now = time.time()
        for session_id in [known for known, at in self._forget_at.items() if at < now]:
            del self._forget_at[session_id]
