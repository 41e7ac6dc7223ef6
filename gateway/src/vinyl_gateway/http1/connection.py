"""One client's connection: requests one after the other, each read whole in its framing and answered once."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Protocol, cast

import structlog
from litestar.types import Receive, Send

from vinyl_chassis.problems import problem_bytes
from vinyl_gateway.http1.exchange import SLOWEST_READER_SECONDS, Exchange
from vinyl_gateway.http1.line_ends import refuse_bare_ends
from vinyl_gateway.http1.open_connections import OpenConnections
from vinyl_gateway.http1.refusals import HeadTooSlow
from vinyl_gateway.http1.request_head import (
    LINE_LIMIT_BYTES,
    RequestHead,
    Said,
    read_request_head,
    refuse_long_head,
)
from vinyl_gateway.refusals import DoorRefusal
from vinyl_gateway.tracing import request_id_of

Answering = Callable[[Receive, Send], Coroutine[Any, Any, None]]

READ_AHEAD_BYTES = 64 * 1024
HEAD_SECONDS = 10.0
IDLE_SECONDS = 75.0
LINGER_SECONDS = 2.0
# What an idle client said, its token among it, is not kept for longer.
SAID_SECONDS = 1.0
_log = structlog.get_logger("http1")


class UnderWay(Protocol):
    """A request that waits for its answer. `read_ahead`: bytes of its body that nobody has asked for yet."""

    read_ahead: int

    def take(self, data: bytes) -> bytes:
        """Takes the body's part of `data`, gives back what is not the body's."""
        ...

    def client_ended(self) -> None: ...
    def client_left(self) -> None: ...


class Door(Protocol):
    """The application; `at_once` gives the whole answer to a head and an address where it is at hand, or what
    will tell the connection of it without a task."""

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None: ...
    def at_once(
        self, head: RequestHead, address: str, client: "ClientConnection"
    ) -> bytes | UnderWay | None: ...


class ClientConnection(asyncio.Protocol):
    """Idle between requests, then busy with one exchange; `closing` once the last answer is written."""

    __slots__ = (
        "_buffer",
        "_closing",
        "_door",
        "_everyone",
        "_exchange",
        "_half_closed",
        "_reading",
        "_said",
        "_transport",
        "address",
        "drained",
        "loop",
        "since",
    )

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop, everyone: OpenConnections) -> None:
        self._door = door
        self._everyone = everyone
        self._buffer = b""
        self._exchange: UnderWay | None = None
        self._closing = False
        self._half_closed = False
        self._reading = True
        self._said: Said | None = None
        self._transport: asyncio.Transport
        self.loop = loop
        self.since = loop.time()
        self.address: tuple[str, int] | None = None
        self.drained: asyncio.Future[None] | None = None

    # what asyncio tells it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.address = (peer[0], peer[1]) if peer else None
        self._everyone.connections.add(self)

    def data_received(self, data: bytes) -> None:
        if self._closing:
            return
        is_first = not self._buffer
        self._buffer = data if is_first else self._buffer + data
        if self._exchange is not None:
            self._feed(self._exchange)
            return
        self._begin()
        if is_first and self._buffer:
            self.since = self.loop.time()

    def eof_received(self) -> bool:
        """A client that has said all may still read its answer."""
        self._half_closed = True
        if self._exchange is None or self._closing:
            self._everyone.writes.send()
            return False
        self._exchange.client_ended()
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self._closing = True
        self._everyone.leave(self)
        if self._exchange is not None:
            self._exchange.client_left()
        self.resume_writing()

    def pause_writing(self) -> None:
        self.drained = self.loop.create_future()

    def resume_writing(self) -> None:
        if self.drained is not None and not self.drained.done():
            self.drained.set_result(None)
        self.drained = None

    # what an exchange asks of it

    def write(self, data: bytes) -> None:
        self._everyone.writes.add(self._transport, data, self.loop)

    def want_more(self) -> None:
        """The exchange has passed on what was read ahead."""
        if not self._reading and not self._closing:
            self._reading = True
            self._transport.resume_reading()

    def abort(self) -> None:
        self._closing = True
        self._transport.abort()

    # what is asked of it by what came at once

    def answer_whole(self, answer: bytes) -> None:
        self.write(answer)
        self.end_exchange(lasting=True)

    def go_on(self, head: RequestHead, answering: Answering) -> None:
        """By a task."""
        exchange = self._exchange = Exchange(self, head)
        if self._closing:
            exchange.client_left()
        self._feed(exchange)
        exchange.task = self.loop.create_task(self._answer(exchange, answering))

    def end_exchange(self, *, lasting: bool) -> None:
        """The answer is written. What was sent too early is next, where a next one is allowed."""
        self._exchange = None
        self.since = self.loop.time()
        if not lasting or self._half_closed or self._everyone.draining:
            self._linger()
            return
        self.want_more()
        if self._buffer:
            self._begin()

    # time

    def look_at_clock(self, now: float) -> None:
        waited = now - self.since
        if self._closing:
            if waited > LINGER_SECONDS:
                self._transport.abort()
        elif self._exchange is None:
            if waited > SAID_SECONDS:
                self._said = None
            if self.drained is not None and waited > SLOWEST_READER_SECONDS:
                self.abort()
            elif self._buffer and waited > HEAD_SECONDS:
                self._refuse(HeadTooSlow())
            elif not self._buffer and waited > IDLE_SECONDS:
                self.since = now
                self.drain()

    def drain(self) -> None:
        if self._exchange is None:
            self._closing = True
            self._everyone.writes.send()
            self._transport.close()

    # the steps of a request

    def _begin(self) -> None:
        if self._buffer.startswith(b"\r\n"):
            self._buffer = self._buffer[2:]
        end = self._buffer.find(b"\r\n\r\n")
        try:
            if end < 0:
                refuse_long_head(self._buffer)
                refuse_bare_ends(self._buffer)
                return
            if end > LINE_LIMIT_BYTES:
                refuse_long_head(self._buffer[:end])
            head = read_request_head(self._buffer[: end + 4], self._said)
        except DoorRefusal as refusal:
            self._refuse(refusal)
            return
        self._buffer = self._buffer[end + 4 :]
        self._said = head.said
        if not self._is_answered_at_once(head):
            self.go_on(head, partial(self._door, _scope(head, self.address)))

    def _is_answered_at_once(self, head: RequestHead) -> bool:
        """Only where nothing follows from it: no body, no end of the connection, nothing sent ahead, and a
        client that reads."""
        said = head.said
        if self._buffer or said.length != 0 or not said.lasting or said.expects or self.drained is not None:
            return False
        if self._half_closed or self._everyone.draining:
            return False
        try:
            answer = self._door.at_once(head, self.address[0] if self.address else "", self)
        except Exception:
            _log.exception("not_answered_at_once")
            return False
        if answer is None:
            return False
        if isinstance(answer, bytes):
            self.write(answer)
            self.since = self.loop.time()
        else:
            self._exchange = answer
        return True

    def _feed(self, exchange: UnderWay) -> None:
        if self._buffer:
            self._buffer = exchange.take(self._buffer)
        if exchange.read_ahead + len(self._buffer) > READ_AHEAD_BYTES and self._reading:
            self._reading = False
            self._transport.pause_reading()

    async def _answer(self, exchange: Exchange, answering: Answering) -> None:
        try:
            await answering(exchange.receive, exchange.send)
        except Exception:
            _log.exception("exchange_failed")
        exchange.finish()

    def _refuse(self, refusal: DoorRefusal) -> None:
        """Nothing that follows on this connection can be trusted."""
        request_id = request_id_of(None)
        body = problem_bytes(refusal.status, refusal.title, refusal.detail, refusal.code, "", request_id)
        head = (
            f"HTTP/1.1 {refusal.status} {refusal.title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nx-request-id: {request_id}\r\nconnection: close\r\n\r\n"
        )
        self.write(head.encode() + body)
        self._linger()

    def _linger(self) -> None:
        """Ends the sending side first: a reset would cost a client that still sends its answer."""
        self._closing = True
        self.since = self.loop.time()
        self._buffer = b""
        self._everyone.writes.send()
        if self._half_closed or not self._transport.can_write_eof():
            self._transport.close()
            return
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()
        self._transport.write_eof()


def _scope(head: RequestHead, address: tuple[str, int] | None) -> Any:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1" if head.said.modern else "1.0",
        "method": head.method,
        "scheme": "http",
        "path": head.decoded_path,
        "raw_path": head.path,
        "query_string": head.query,
        "root_path": "",
        "headers": head.said.all_fields,
        "client": address,
        "server": None,
    }
