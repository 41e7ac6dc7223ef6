"""The connections to one service, opened when needed and kept for the next request."""

import asyncio
import ssl
import time
from collections import deque
from functools import partial
from urllib.parse import urlsplit

from vinyl_chassis.serving import HEADER_SECONDS
from vinyl_gateway.gathered_writes import GatheredWrites
from vinyl_gateway.upstream.connection import Connection
from vinyl_gateway.upstream.errors import ConnectFailed, ConnectRefused, PoolExhausted
from vinyl_gateway.upstream.places import Places

# A service closes a connection that said nothing for HEADER_SECONDS: never meet it at its closing.
IDLE_SECONDS = HEADER_SECONDS / 2


class Upstream:
    """Where one service listens; `url` is `http://host:port` or `https://…`, without a path."""

    def __init__(
        self, name: str, url: str, *, most_connections: int = 256, connect_seconds: float = 1.0
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{url!r} is not the address of the {name} service: http://host:port is needed")
        self.name = name
        self.host = parts.netloc.encode()
        self._hostname = parts.hostname
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._connect_seconds = connect_seconds
        self._places = Places(most_connections)
        self._idle: deque[Connection] = deque()
        self._new_connection = partial(Connection, GatheredWrites())

    async def acquire(self, *, fresh: bool = False) -> Connection:
        """A connection of the caller's own until `release`; `fresh` passes by the ones that are kept.

        Raises ConnectFailed or PoolExhausted.
        """
        await self._wait_for_place()
        try:
            return (None if fresh else self._kept()) or await self._connect()
        except BaseException:
            self._places.give()
            raise

    def acquire_kept(self) -> Connection | None:
        """One that is open and idle, where that needs no waiting."""
        if not self._places.take_at_once():
            return None
        connection = self._kept()
        if connection is None:
            self._places.give()
        return connection

    def release(self, connection: Connection) -> None:
        """Takes the connection back, to be kept where its exchange came to a whole end."""
        self._places.give()
        if connection.finish():
            connection.idle_since = time.monotonic()
            self._idle.append(connection)

    def give_back(self, connection: Connection) -> None:
        """One of `acquire_kept` over which nobody asked: it has been idle for as long as before."""
        self._places.give()
        self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _kept(self) -> Connection | None:
        oldest = time.monotonic() - IDLE_SECONDS
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _wait_for_place(self) -> None:
        if self._places.take_at_once():
            return
        try:
            async with asyncio.timeout(self._connect_seconds):
                await self._places.wait()
        except TimeoutError as error:
            raise PoolExhausted(f"every connection to {self.name} is busy") from error

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, connection = await loop.create_connection(
                    self._new_connection, self._hostname, self._port, ssl=self._tls
                )
        except TimeoutError as error:
            raise ConnectFailed(f"{self.name}: {error!r}") from error
        except OSError as error:
            raise ConnectRefused(f"{self.name}: {error!r}") from error
        return connection
