"""One request and its answer, as ASGI's receive and send."""

import asyncio
from http import HTTPStatus
from typing import Any, Protocol

from vinyl_gateway.answers import BODY_FOLLOWS
from vinyl_gateway.http1.date_header import date_line
from vinyl_gateway.http1.request_framing import Chunked, Counted
from vinyl_gateway.http1.request_head import RequestHead
from vinyl_gateway.refusals import ClientGone, DoorRefusal

SLOWEST_READER_SECONDS = 30.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
BODILESS = frozenset([204, 304])
STATUS_LINES = {each.value: b"HTTP/1.1 %d %s\r\n" % (each, each.phrase.encode()) for each in HTTPStatus}
_LEFT = {"type": "http.disconnect"}


class Wire(Protocol):
    """What an exchange needs of its connection."""

    loop: asyncio.AbstractEventLoop
    drained: asyncio.Future[None] | None

    def write(self, data: bytes) -> None: ...
    def want_more(self) -> None: ...
    def abort(self) -> None: ...
    def end_exchange(self, *, lasting: bool) -> None: ...


class Exchange:
    """`read_ahead`: bytes of the body that have come and that nobody has asked for yet."""

    __slots__ = (
        "_chunked",
        "_complete",
        "_ended",
        "_expects",
        "_failed",
        "_failure",
        "_framing",
        "_head",
        "_lasting",
        "_left",
        "_parts",
        "_start",
        "_waiter",
        "_wire",
        "read_ahead",
        "task",
    )

    def __init__(self, wire: Wire, head: RequestHead) -> None:
        self._wire = wire
        self._head = head
        said = head.said
        self._framing = Chunked() if said.length is None else Counted(said.length)
        self._parts: list[bytes] = []
        self._ended = False
        self._expects = said.expects
        self._failure: DoorRefusal | None = None
        self._failed = False
        self._left = False
        self._waiter: asyncio.Future[None] | None = None
        self._start: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._chunked = False
        self._complete = False
        self._lasting = said.lasting
        self.read_ahead = 0
        self.task: asyncio.Task[None] | None = None

    # what comes from the client

    def take(self, data: bytes) -> bytes:
        """Takes the body's part of `data`, gives back what is not the body's."""
        if self._failure is not None:
            return b""
        try:
            part, rest = self._framing.take(data)
        except DoorRefusal as failure:
            self._failure = failure
            part, rest = b"", b""
        if part:
            self._parts.append(part)
            self.read_ahead += len(part)
        self._wake()
        return rest

    def client_ended(self) -> None:
        if not self._framing.ended:
            self.client_left()

    def client_left(self) -> None:
        self._left = True
        self._wake()

    # what the application asks

    async def receive(self) -> Any:
        while not self._parts and (self._ended or not self._framing.ended):
            if self._left or self._failed:
                return _LEFT
            if self._failure is not None:
                self._failed = True
                raise self._failure
            self._invite()
            await self._wait()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        self.read_ahead = 0
        self._ended = self._framing.ended
        self._wire.want_more()
        return {"type": "http.request", "body": body, "more_body": not self._ended}

    async def send(self, message: Any) -> None:
        """Raises ClientGone where nobody is left to read it."""
        if self._left:
            raise ClientGone
        if message["type"] == "http.response.start":
            self._start = (message["status"], message["headers"])
            if not message.get(BODY_FOLLOWS):
                self._wire.loop.call_soon(self._flush_head)
            return
        self._send_body(message.get("body", b""), more=message.get("more_body", False))
        if self._wire.drained is not None:
            await self._drained(self._wire.drained)

    def finish(self) -> None:
        """The application has returned: an answer that is not whole by now never will be."""
        if self._left or not self._complete:
            self._wire.abort()
        else:
            self._wire.end_exchange(lasting=self._lasting and self._framing.ended and not self._failure)

    # how an answer is written

    def _flush_head(self) -> None:
        """For an answer whose body lets itself be waited for: a stream's headers come at once."""
        if self._start is not None and not self._left:
            self._wire.write(self._answer_head(self._start, None))

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self._complete:
            return
        self._complete = not more
        head = b"" if self._start is None else self._answer_head(self._start, None if more else len(body))
        if self._head.method == "HEAD":
            body = b""
        elif self._chunked:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"" if more else b"0\r\n\r\n"
        self._wire.write(head + body)

    def _answer_head(self, start: tuple[int, list[tuple[bytes, bytes]]], whole_length: int | None) -> bytes:
        """`whole_length` is the body's, where all of it is at hand."""
        status, headers = start
        self._start = None
        parts = [STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status]
        framed = status in BODILESS or self._head.method == "HEAD"
        for name, value in headers:
            framed = framed or name == b"content-length"
            parts += (name, b": ", value, b"\r\n")
        if not framed:
            parts.append(self._frame(whole_length))
        if not (self._lasting and self._framing.ended):
            self._lasting = False
            parts.append(b"connection: close\r\n")
        parts.append(date_line())
        return b"".join(parts)

    def _frame(self, whole_length: int | None) -> bytes:
        if whole_length is not None:
            return b"content-length: %d\r\n" % whole_length
        if not self._head.said.modern:
            self._lasting = False
            return b""
        self._chunked = True
        return b"transfer-encoding: chunked\r\n"

    # waiting

    def _invite(self) -> None:
        if self._expects and not self._framing.ended:
            self._expects = False
            self._wire.write(_CONTINUE)

    async def _wait(self) -> None:
        self._waiter = self._wire.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _drained(self, drained: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(SLOWEST_READER_SECONDS):
                await asyncio.shield(drained)
        except TimeoutError:
            self._wire.abort()
            raise ClientGone from None
