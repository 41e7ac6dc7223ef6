"""A request's body on its way to a service: bounded in size and time, never held whole."""

import asyncio
from collections.abc import AsyncIterator

from litestar.types import Receive

from vinyl_gateway.refusals import BodyTooLarge, BodyTooSlow, ClientGone

SLOWEST_PART_SECONDS = 10.0


class RequestBody:
    """Nothing is asked of the service before `open` has seen the first part.

    `length` is the declared one, None where the client sends chunks.
    """

    def __init__(self, receive: Receive, *, length: int | None, limit: int) -> None:
        if length is not None and length > limit:
            raise BodyTooLarge(limit)
        self._receive = receive
        self._limit = limit
        self._seen = 0
        self.length = length
        self.first = b""
        self.whole = False

    async def open(self) -> None:
        """Raises BodyTooLarge, BodyTooSlow or ClientGone, as `rest` does."""
        self.first, more = await self._next()
        self.whole = not more
        if self.whole:
            self.length = len(self.first)

    async def rest(self) -> AsyncIterator[bytes]:
        more = not self.whole
        while more:
            part, more = await self._next()
            if part:
                yield part

    async def _next(self) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout(SLOWEST_PART_SECONDS):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] != "http.request":
            raise ClientGone
        part = message.get("body", b"")
        self._seen += len(part)
        if self._seen > self._limit:
            raise BodyTooLarge(self._limit)
        return part, bool(message.get("more_body", False))
