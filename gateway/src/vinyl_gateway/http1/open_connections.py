"""All connections of a process, and whether they are to end."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vinyl_gateway.http1.connection import ClientConnection


class OpenConnections:
    __slots__ = ("_none_left", "connections", "draining")

    def __init__(self) -> None:
        self.connections: set[ClientConnection] = set()
        self.draining = False
        self._none_left = asyncio.Event()

    def leave(self, connection: "ClientConnection") -> None:
        self.connections.discard(connection)
        if self.draining and not self.connections:
            self._none_left.set()

    def look_at_clock(self, now: float) -> None:
        for connection in list(self.connections):
            connection.look_at_clock(now)

    async def drain(self) -> None:
        """Until the last has ended: an idle one ends at once, a busy one with its answer."""
        self.draining = True
        for connection in list(self.connections):
            connection.drain()
        if self.connections:
            await self._none_left.wait()
