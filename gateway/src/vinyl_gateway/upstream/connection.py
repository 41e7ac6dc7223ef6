"""One HTTP/1.1 connection to a service: one exchange at a time, streamed in both directions."""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools
import msgspec

from vinyl_gateway.gathered_writes import GatheredWrites
from vinyl_gateway.upstream.errors import AnswerGarbled, ConnectionBroken, UpstreamError

READ_AHEAD_BYTES = 256 * 1024
HEAD_LIMIT_BYTES = 64 * 1024


class Head(msgspec.Struct, frozen=True):
    """Status and headers of an answer, the names in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]


class Connection(asyncio.Protocol):
    """`ask`, or `begin`, `write` the rest of the body and `end_request`; then `head`, then `read` until b"".

    Waits are bounded by `seconds`, where there are some, and end with TimeoutError. Who would rather not wait
    sets `listener`, which is called once, as soon as anything has come of the request.
    """

    def __init__(self, writes: GatheredWrites) -> None:
        self._writes = writes
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._open = False
        self._busy = False
        self._failure: UpstreamError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self.listener: Callable[[], None] | None = None
        self._reset()

    def _reset(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._arrived = 0
        self._head: Head | None = None
        self._chunks: list[bytes] = []
        self._buffered = 0
        self._complete = False
        self._keep_alive = False
        self._heard = False
        self._sent = False
        self.idle_since = 0.0

    # what a forwarder does with it

    @property
    def usable(self) -> bool:
        """Open, idle and not spoken to out of turn."""
        return self._open and not self._busy

    @property
    def answered(self) -> bool:
        """The answer's head is here, which can be before the request's body is sent."""
        return self._head is not None

    @property
    def complete(self) -> bool:
        """The answer's last byte is here; what is not read of it yet is in memory."""
        return self._complete

    def ask(self, request: bytes) -> None:
        """Sends a request of which all is here."""
        self.begin(request)
        self._sent = True

    def begin(self, request: bytes) -> None:
        """Sends a request's head, and as much of its body as is there."""
        self._reset()
        self._busy = True
        self._writes.add(self._transport, request, self._loop)

    async def write(self, data: bytes, seconds: float) -> None:
        """Sends a part of the body, waiting while the service reads slowly. Raises ConnectionBroken."""
        if self._failure:
            raise self._failure
        if self._open:
            self._writes.add(self._transport, data, self._loop)
        if self._drained:
            async with asyncio.timeout(seconds):
                await self._drained

    def end_request(self) -> None:
        """The request is sent whole; without this the connection is not used again."""
        self._sent = True

    async def head(self) -> Head:
        """Its user bounds the wait. Raises ConnectionBroken or AnswerGarbled."""
        while self._head is None:
            await self._wait(None)
        return self._head

    async def read(self, seconds: float) -> bytes:
        """What has arrived of the answer's body, b"" after its end. Raises like `head`."""
        while not self._chunks:
            if self._complete:
                return b""
            await self._wait(seconds)
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._buffered = 0
        if self._open:
            self._transport.resume_reading()
        return data

    def whole(self) -> tuple[Head, bytes] | None:
        """The answer, where all of it has come without a `read`."""
        if self._head is None or not self._complete:
            return None
        return self._head, self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def finish(self) -> bool:
        """Ends the exchange; True where the connection can serve another one, else it is closed."""
        self._busy = False
        is_paused = self._buffered > READ_AHEAD_BYTES
        if self._open and self._sent and self._complete and self._keep_alive and not is_paused:
            return True
        self.close()
        return False

    def close(self) -> None:
        if self._open:
            self._open = False
            self._transport.abort()

    async def _wait(self, seconds: float | None) -> None:
        if self._failure:
            raise self._failure
        self._waiter = waiter = self._loop.create_future()
        # asyncio.timeout would do, and takes several times as long
        alarm = None if seconds is None else self._loop.call_later(seconds, _give_up, waiter)
        try:
            await waiter
        finally:
            if alarm is not None:
                alarm.cancel()
            self._waiter = None

    # what asyncio tells it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._open = True

    def data_received(self, data: bytes) -> None:
        if not self._busy:
            self.close()
            return
        self._heard = True
        try:
            if self._head is None:
                self._arrived += len(data)
            self._parser.feed_data(data)
            if self._head is None and self._arrived > HEAD_LIMIT_BYTES:
                raise _too_long()
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, AnswerGarbled) as error:
            self._fail(AnswerGarbled(f"{type(error).__name__}: {error}"))
            self.close()
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._open = False
        if not self._complete:
            self._fail(ConnectionBroken(str(exc or "closed"), answered=self._heard))
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._tell()

    def pause_writing(self) -> None:
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # what the parser tells it

    def on_message_begin(self) -> None:
        if self._complete:
            raise AnswerGarbled("A second answer came to one request.")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head is None:  # else it is a trailer, which may not pass for a header
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if self._arrived > HEAD_LIMIT_BYTES and _size(self._headers) > HEAD_LIMIT_BYTES:
            raise _too_long()
        status = self._parser.get_status_code()
        if status < 200:
            self._headers = []
            return
        self._keep_alive = self._parser.should_keep_alive()
        self._head = Head(status, self._headers)
        self._wake()

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)
        self._buffered += len(body)
        if self._buffered > READ_AHEAD_BYTES:
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        if self._head is not None:
            self._complete = True
            self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _tell(self) -> None:
        if (listener := self.listener) is not None:
            self.listener = None
            listener()

    def _fail(self, failure: UpstreamError) -> None:
        self._failure = self._failure or failure
        self._wake()


def _give_up(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _too_long() -> AnswerGarbled:
    return AnswerGarbled("The answer's headers are too long.")
