"""What one turn of the event loop writes goes out together at its end.

Whoever reads it is woken once then. Written one by one, nearly every write would wake them, which takes the
writer as long as the write itself.
"""

import asyncio


class GatheredWrites:
    """Who ends a transport sends first what waits for it."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.WriteTransport, bytes]] = []

    def add(self, transport: asyncio.WriteTransport, data: bytes, loop: asyncio.AbstractEventLoop) -> None:
        if not self._waiting:
            loop.call_soon(self.send)
        self._waiting.append((transport, data))

    def send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for transport, data in waiting:
            if not transport.is_closing():
                transport.write(data)
