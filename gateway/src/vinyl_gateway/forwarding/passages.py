"""Plain reads passed on to a service and back by what the two connections tell, without a task or a wait.

What comes back otherwise than whole and at once goes on from where it stands, the usual way.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Protocol, cast

import msgspec
import structlog
from litestar.types import Receive, Send
from msgspec.structs import replace

from vinyl_gateway.deadlines import line_for
from vinyl_gateway.forwarding.conclusion import CLIENT_GONE, conclude
from vinyl_gateway.forwarding.delivery import Delivery
from vinyl_gateway.forwarding.errands import Errand
from vinyl_gateway.forwarding.forwarding import CARRIED_OUT
from vinyl_gateway.http1.request_head import RequestHead
from vinyl_gateway.public_routes import Service
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.upstream.connection import Connection, Head
from vinyl_gateway.upstream.instances import Asked, Instances, Place

_FIRST_ERROR = 400
_log = structlog.get_logger("passages")
Answering = Callable[[Receive, Send], Coroutine[Any, Any, None]]


class Client(Protocol):
    loop: asyncio.AbstractEventLoop

    def answer_whole(self, answer: bytes) -> None: ...
    def go_on(self, head: RequestHead, answering: Answering) -> None:
        """Has it answered by a task."""
        ...


class Order(msgspec.Struct, frozen=True, gc=False):
    errand: Errand
    delivery: Delivery
    visit: Visit
    head: RequestHead


class Passages:
    """All that are under way, the first whose time is over before the others."""

    def __init__(
        self,
        upstreams: Mapping[Service, Instances],
        answer_seconds: float,
        records: Records,
        watched: Collection[Service],
    ) -> None:
        """Of those `watched` by canaries or shadows nothing is passed on like this."""
        self._upstreams = {service: each for service, each in upstreams.items() if service not in watched}
        self.deadline = line_for(answer_seconds)
        self._alarm: asyncio.TimerHandle | None = None
        self._answer_seconds = answer_seconds
        self.records = records
        self.under_way: dict[Passage, None] = {}

    def instances_of(self, service: Service) -> Instances | None:
        return self._upstreams.get(service)

    def begin(self, instances: Instances, order: Order, client: Client) -> "Passage":
        """One that nobody is asked for yet."""
        loop = client.loop
        until = loop.time() + self._answer_seconds
        passage = Passage(self, instances, order, client, until)
        self.under_way[passage] = None
        if self._alarm is None:
            self._alarm = loop.call_at(until, self._expire, loop)
        return passage

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for passage in list(self.under_way):
            if passage.until > now:
                break
            passage.go_on()
        first = next(iter(self.under_way), None)
        self._alarm = loop.call_at(first.until, self._expire, loop) if first else None


class Passage:
    """One read on its way, until `until` on the loop's clock; to its client's connection an exchange."""

    __slots__ = ("_asked", "_client", "_instances", "_is_left", "_passages", "order", "until")
    read_ahead = 0

    def __init__(
        self, passages: Passages, instances: Instances, order: Order, client: Client, until: float
    ) -> None:
        self._passages = passages
        self._instances = instances
        self._client = client
        self._is_left = False
        self._asked: Asked | None = None
        self.order = order
        self.until = until

    def ask(self, place: Place, deadline: bytes | None = None) -> None:
        """`deadline` is the line for what is left, None where that is all the time there is."""
        connection = place.connection
        self._instances.retries.earn()
        asked = self._asked = Asked(place.instance)
        asked.connection = connection
        asked.until = self.until
        errand = self.order.errand
        connection.ask(errand.wire(place.instance.upstream.host, deadline or self._passages.deadline))
        connection.listener = self._heard

    def ask_alone(self) -> None:
        """One that waited for others."""
        left = self.until - self._client.loop.time()
        place = self._instances.place_at_once() if left > 0 else None
        if place is None:
            self.go_on()
        else:
            self.ask(place, line_for(left))

    # what its client's connection tells it

    def take(self, data: bytes) -> bytes:
        return data

    def client_ended(self) -> None:
        """It still reads."""

    def client_left(self) -> None:
        """The answer is awaited all the same: the connection to the service would be lost otherwise."""
        self._is_left = True

    # how it ends

    def _heard(self) -> None:
        """By the connection to the service."""
        asked = cast("Asked", self._asked)
        connection = cast("Connection", asked.connection)
        whole = connection.whole()
        if whole is None or whole[0].status >= _FIRST_ERROR:
            self.go_on()
            return
        asked.answered(self.order.errand.kind if whole[0].status in CARRIED_OUT else None)
        self._asked = None
        asked.instance.upstream.release(connection)
        self.end(*whole)

    def end(self, head: Head, body: bytes) -> None:
        del self._passages.under_way[self]
        order = self.order
        try:
            answer = order.delivery.answer(head, body, order.visit)
        except Exception:
            _log.exception("answer_not_made", request_id=order.visit.request_id)
            self._client.go_on(order.head, self._answer)
            return
        if self._is_left:
            order.visit.status = CLIENT_GONE
        self._passages.records.keep(order.visit)
        if not self._is_left:
            self._client.answer_whole(answer)

    def go_on(self) -> None:
        """By a task."""
        if self._asked is not None and self._asked.connection is not None:
            self._asked.connection.listener = None
        del self._passages.under_way[self]
        self._client.go_on(self.order.head, self._answer)

    async def _answer(self, _receive: Receive, send: Send) -> None:
        order = self.order
        errand = order.errand if self._asked else replace(order.errand, until=self.until)
        delivered = order.delivery.go_on(errand, self._asked, order.visit, send)
        await conclude(order.visit, delivered, send, self._passages.records)
