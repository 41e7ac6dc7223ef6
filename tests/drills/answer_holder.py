"""A wire between a service and Postgres that can keep the answer to a commit to itself."""

import asyncio
from contextlib import suppress


class AnswerHolder:
    """Forwards everything. Once `armed`, the next commit passes; its answer does not, and sets `held`."""

    def __init__(self, host: str, port: int) -> None:
        self.armed = False
        self.held = asyncio.Event()
        self._target = (host, port)
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """The port to connect to."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.create_task(self._connect(client, to_client)))

    async def _connect(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(*self._target)
        silent = asyncio.Event()

        async def ask() -> None:
            while data := await client.read(65536):
                if self.armed and b"COMMIT" in data:
                    self.armed = False
                    silent.set()
                to_server.write(data)
                await to_server.drain()

        async def answer() -> None:
            while data := await server.read(65536):
                if silent.is_set():
                    self.held.set()
                    continue
                to_client.write(data)
                await to_client.drain()

        directions = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
            for writer in (to_client, to_server):
                writer.transport.abort()
                with suppress(OSError):
                    await writer.wait_closed()
