"""All connections of a process, and whether they are to end."""

import asyncio
from typing import Protocol

from vinyl_gateway.gathered_writes import GatheredWrites


class OpenConnection(Protocol):
    def look_at_clock(self, now: float) -> None:
        """Ends itself where the client takes too long."""
        ...

    def drain(self) -> None:
        """Takes no further request."""
        ...

    def abort(self) -> None: ...


class OpenConnections:
    __slots__ = ("_none_left", "connections", "draining", "writes")

    def __init__(self) -> None:
        self.connections: set[OpenConnection] = set()
        self.draining = False
        self.writes = GatheredWrites()
        self._none_left = asyncio.Event()

    def leave(self, connection: OpenConnection) -> None:
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
