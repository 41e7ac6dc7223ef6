"""A request's body on its way to a service: bounded in size and time, never held whole."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from litestar.types import Receive

from vinyl_gateway.refusals import BodyTooLarge, BodyTooSlow, ClientGone, DoorRefusal

# Up to so much is waited for before a service is asked: who sends it slowly keeps nobody's connection.
HELD_BYTES = 16 * 1024
# For each part; and for all of them together, beyond what this rate takes.
PATIENCE_SECONDS = 10.0
SLOWEST_BYTES_PER_SECOND = 1024
DRAINED_BYTES = 16 * 1024 * 1024
DRAINED_SECONDS = 3.0


class Incoming:
    """The parts of a body as the client sends them."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.ended = False

    async def next(self) -> bytes:
        """Raises ClientGone."""
        message = await self._receive()
        if message["type"] != "http.request":
            self.ended = True
            raise ClientGone
        self.ended = not message.get("more_body", False)
        return message.get("body", b"")

    async def drain(self) -> None:
        """Reads on, within bounds, what nobody wants.

        A connection that is closed on a client in the middle of its sending can cost it the answer.
        """
        drained = 0
        with suppress(TimeoutError, ClientGone, DoorRefusal):
            async with asyncio.timeout(DRAINED_SECONDS):
                while not self.ended and drained < DRAINED_BYTES:
                    drained += len(await self.next())


class RequestBody:
    """Nothing is asked of the service before `open` has seen the first part, which is all of a short body.

    `length` is the declared one in bytes, None where the client sends chunks; `streamed` says whether more
    comes after the `first` part.
    """

    def __init__(
        self,
        incoming: Incoming,
        *,
        length: int | None,
        limit: int,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        if length is not None and length > limit:
            raise BodyTooLarge(limit)
        self._incoming = incoming
        self._limit = limit
        self._patience_seconds = patience_seconds
        self._seen = 0
        self._waited = 0.0
        self.length = length
        self.first = b""
        self.streamed = True

    async def open(self) -> None:
        """Raises BodyTooLarge, BodyTooSlow or ClientGone, as `rest` does."""
        parts = [await self._next()]
        while not self._incoming.ended and self._seen < HELD_BYTES:
            parts.append(await self._next())
        self.first = b"".join(parts)
        self.streamed = not self._incoming.ended
        if not self.streamed:
            self.length = len(self.first)

    async def rest(self) -> AsyncIterator[bytes]:
        while not self._incoming.ended:
            if part := await self._next():
                yield part

    async def drain(self) -> None:
        await self._incoming.drain()

    async def _next(self) -> bytes:
        earned = self._seen / SLOWEST_BYTES_PER_SECOND - self._waited
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(self._patience_seconds + min(0.0, earned)):
                part = await self._incoming.next()
        except TimeoutError:
            raise BodyTooSlow from None
        self._waited += time.monotonic() - began_at
        self._seen += len(part)
        if self._seen > self._limit:
            raise BodyTooLarge(self._limit)
        return part
