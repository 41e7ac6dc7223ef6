"""Plain reads passed on to a service and back by what the two connections tell, without a task or a wait.

What comes back otherwise than whole and at once goes on from where it stands, the usual way.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Protocol

import msgspec
from litestar.types import Receive, Send

from vinyl_gateway.deadlines import line_for
from vinyl_gateway.forwarding.conclusion import CLIENT_GONE, conclude
from vinyl_gateway.forwarding.delivery import Delivery
from vinyl_gateway.forwarding.errands import Errand
from vinyl_gateway.forwarding.forwarding import CARRIED_OUT
from vinyl_gateway.http1.request_head import RequestHead
from vinyl_gateway.public_routes import Service
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.upstream.connection import Connection
from vinyl_gateway.upstream.instances import Asked, Instances, Place

_FIRST_ERROR = 400
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
        self._deadline = line_for(answer_seconds)
        self._alarm: asyncio.TimerHandle | None = None
        self._answer_seconds = answer_seconds
        self.records = records
        self.under_way: dict[Passage, None] = {}

    def instances_of(self, service: Service) -> Instances | None:
        return self._upstreams.get(service)

    def begin(self, instances: Instances, place: Place, order: Order, client: Client) -> "Passage":
        connection, loop = place.connection, client.loop
        instances.retries.earn()
        asked = Asked(place.instance)
        asked.connection = connection
        asked.until = loop.time() + self._answer_seconds
        connection.begin(order.errand.wire(place.instance.upstream.host, self._deadline))
        connection.end_request()
        passage = Passage(self, connection, asked, order, client)
        connection.listener = passage.heard
        self.under_way[passage] = None
        if self._alarm is None:
            self._alarm = loop.call_at(asked.until, self._expire, loop)
        return passage

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for passage in list(self.under_way):
            if passage.asked.until > now:
                break
            passage.go_on()
        first = next(iter(self.under_way), None)
        self._alarm = loop.call_at(first.asked.until, self._expire, loop) if first else None


class Passage:
    """One read on its way. To its client's connection it is an exchange."""

    __slots__ = ("_client", "_connection", "_is_left", "_order", "_passages", "asked")
    read_ahead = 0

    def __init__(
        self, passages: Passages, connection: Connection, asked: Asked, order: Order, client: Client
    ) -> None:
        self._passages = passages
        self._connection = connection
        self._order = order
        self._client = client
        self._is_left = False
        self.asked = asked

    # what its client's connection tells it

    def take(self, data: bytes) -> bytes:
        return data

    def client_ended(self) -> None:
        """It still reads."""

    def client_left(self) -> None:
        """The answer is awaited all the same: the connection to the service would be lost otherwise."""
        self._is_left = True

    # what the service's connection tells it

    def heard(self) -> None:
        whole = self._connection.whole()
        if whole is None or whole[0].status >= _FIRST_ERROR:
            self.go_on()
            return
        (head, body), order = whole, self._order
        answer = order.delivery.answer(head, body, order.visit)
        del self._passages.under_way[self]
        self.asked.answered(order.errand.kind if head.status in CARRIED_OUT else None)
        self.asked.instance.upstream.release(self._connection)
        if self._is_left:
            order.visit.status = CLIENT_GONE
        self._passages.records.keep(order.visit)
        if not self._is_left:
            self._client.answer_whole(answer)

    def go_on(self) -> None:
        self._connection.listener = None
        del self._passages.under_way[self]
        self._client.go_on(self._order.head, self._answer)

    async def _answer(self, _receive: Receive, send: Send) -> None:
        order = self._order
        delivered = order.delivery.go_on(order.errand, self.asked, order.visit, send)
        await conclude(order.visit, delivered, send, self._passages.records)
