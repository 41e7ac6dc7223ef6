"""How far the services are behind with what they hear of each other, as the broker counts it."""

import asyncio
from collections import defaultdict

import nats.errors
import structlog
from nats.js.errors import Error as JetStreamError

from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.messaging.consumer import hearer_and_publisher
from vinyl_chassis.messaging.streams import STREAMS

_log = structlog.get_logger("health")
Waiting = dict[str, dict[str, int]]


class EventLag:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def waiting(self, seconds: float) -> Waiting | None:
        """By hearer and publisher the events that were told and are not worked off; None where the broker
        does not say within that time."""
        waiting: Waiting = defaultdict(dict)
        try:
            async with asyncio.timeout(seconds):
                client = await self._broker.client()
            if not client.is_connected:
                return None
            jetstream = client.jetstream(timeout=seconds)
            listed = await asyncio.gather(*(jetstream.consumers_info(str(each.name)) for each in STREAMS))
        except (nats.errors.Error, JetStreamError, OSError, TimeoutError) as error:
            _log.warning("event_lag_unknown", error=repr(error))
            return None
        for consumer in (consumer for consumers in listed for consumer in consumers):
            if (names := hearer_and_publisher(consumer.name)) is not None:
                hearer, publisher = names
                waiting[hearer][publisher] = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
        return dict(waiting)
