"""A durable pull consumer: one service hearing one other."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import msgspec
import nats.errors
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError as NoSuchStream
from opentelemetry.trace import SpanKind

from vinyl_chassis.absence import AWAY
from vinyl_chassis.messaging.broker import Broker, leave_if_cancelled
from vinyl_chassis.messaging.dead_letters import DeadLetters
from vinyl_chassis.messaging.streams import stream_name
from vinyl_chassis.messaging.subscription import Subscription, dispatch
from vinyl_chassis.telemetry import span

_log = structlog.get_logger("consumer")
BATCH = 100
IDLE_SECONDS = 5.0
GATHER_SECONDS = 0.01
ACK_WAIT_SECONDS = 10.0
MOST_DELIVERIES = 6
LONGEST_DELAY_SECONDS = 30.0
_HEARS = "_hears_"


class Consumer:
    """Hands each event to its subscription, in order. What fails MOST_DELIVERIES times is set aside.

    `ack_wait_seconds` is how late an event may be whose consumer was killed with it in hand.
    """

    def __init__(
        self,
        service: str,
        publisher: str,
        subscriptions: Sequence[Subscription],
        broker: Broker,
        dead_letters: DeadLetters,
        ack_wait_seconds: float = ACK_WAIT_SECONDS,
    ) -> None:
        self.name = f"{service}{_HEARS}{publisher}"
        self.subscriptions = subscriptions
        self._publisher = publisher
        self._broker = broker
        self._dead_letters = dead_letters
        self._ack_wait_seconds = ack_wait_seconds

    async def run(self) -> None:
        """Until cancelled. Subscribes anew after every fault: a long-lived pull can go silent."""
        while True:
            try:
                jetstream = await self._broker.jetstream()
                subscription = await self._subscribe(jetstream)
                while True:
                    await self._work_off(subscription)
                    leave_if_cancelled()
            except NoSuchStream:
                await self._broker.ensure_streams()
                await asyncio.sleep(1.0)
            except (nats.errors.Error, JetStreamError, OSError, TimeoutError) as error:
                _log.warning("consumer_interrupted", consumer=self.name, error=repr(error))
                await asyncio.sleep(1.0)

    async def _subscribe(self, jetstream: JetStreamContext) -> JetStreamContext.PullSubscription:
        stream = stream_name(self._publisher)
        config = ConsumerConfig(
            durable_name=self.name,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._ack_wait_seconds,
            max_deliver=-1,
            max_ack_pending=1000,
            filter_subjects=sorted({subscription.subject for subscription in self.subscriptions}),
        )
        await jetstream.add_consumer(stream, config)
        return await jetstream.pull_subscribe_bind(self.name, stream)

    async def _work_off(self, subscription: JetStreamContext.PullSubscription) -> None:
        """One message at once, and what else is there: a fetch of many waits for all of them."""
        try:
            messages = await subscription.fetch(1, timeout=IDLE_SECONDS)
        except TimeoutError:
            await subscription.consumer_info()
            return
        with suppress(TimeoutError):
            messages += await subscription.fetch(BATCH - 1, timeout=GATHER_SECONDS)
        clock = asyncio.get_running_loop().time
        kept_at = clock()
        for place, message in enumerate(messages):
            if clock() - kept_at > self._ack_wait_seconds / 4:
                kept_at = clock()
                for waiting in messages[place:]:
                    await waiting.in_progress()
            await self._handle(message)

    async def _handle(self, message: Msg) -> None:
        carrier = _trace_of(message.data)
        try:
            with span(f"hear {message.subject}", carrier, SpanKind.CONSUMER):
                await dispatch(message.data, self.subscriptions)
        except AWAY as error:  # never counts towards the dead letters
            _log.warning("neighbour_away", consumer=self.name, error=repr(error))
            await message.nak(delay=1.0)
            await asyncio.sleep(1.0)
        except msgspec.DecodeError as error:
            await self._set_aside(message, error)
        except Exception as error:
            await self._retry_or_set_aside(message, error)
        else:
            await message.ack()

    async def _retry_or_set_aside(self, message: Msg, error: Exception) -> None:
        deliveries = message.metadata.num_delivered
        if deliveries >= MOST_DELIVERIES:
            await self._set_aside(message, error)
            return
        delay = min(0.25 * 4 ** (deliveries - 1), LONGEST_DELAY_SECONDS)
        _log.warning(
            "event_failed", consumer=self.name, subject=message.subject, retry_in=delay, exc_info=error
        )
        await message.nak(delay=delay)

    async def _set_aside(self, message: Msg, error: Exception) -> None:
        try:
            await self._dead_letters.keep(self.name, message.subject, message.data, repr(error))
        except AWAY:
            await message.nak(delay=1.0)
            return
        _log.error("event_set_aside", consumer=self.name, subject=message.subject, exc_info=error)
        await message.ack()


def hearer_and_publisher(name: str) -> tuple[str, str] | None:
    """Of a consumer of ours by its name."""
    hearer, hears, publisher = name.partition(_HEARS)
    return (hearer, publisher) if hears else None


def _trace_of(payload: bytes) -> dict[str, str]:
    """The event's `traceparent`, if it is an event that has one."""
    try:
        traceparent = msgspec.json.decode(payload, type=_Traced).traceparent
    except msgspec.DecodeError:
        return {}
    return {"traceparent": traceparent} if traceparent else {}


class _Traced(msgspec.Struct):
    traceparent: str | None = None
