"""Listening, until told to stop; then finishing what is under way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from vinyl_gateway.http1.connection import ClientConnection, Door
from vinyl_gateway.http1.open_connections import OpenConnections

_BACKLOG = 2048
_log = structlog.get_logger("http1")


class StartFailed(Exception):
    """The application could not start; it has logged why."""


@asynccontextmanager
async def listening(door: Door, host: str, port: int, drain_seconds: float) -> AsyncIterator[str]:
    """The address while it serves. Raises OSError where the port is taken, StartFailed."""
    loop = asyncio.get_running_loop()
    everyone = OpenConnections()
    async with _lifespan(door):
        server = await loop.create_server(
            lambda: ClientConnection(door, loop, everyone), host, port, backlog=_BACKLOG
        )
        clock = asyncio.create_task(_tick(everyone))
        try:
            yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await _drain(everyone, drain_seconds)
            clock.cancel()


async def _tick(everyone: OpenConnections) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(1.0)
        everyone.look_at_clock(loop.time())


async def _drain(everyone: OpenConnections, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await everyone.drain()
    except TimeoutError:
        _log.warning("cut_off", connections=len(everyone.connections))
        for connection in list(everyone.connections):
            connection.abort()


@asynccontextmanager
async def _lifespan(door: Door) -> AsyncIterator[None]:
    """The application's own start and end, by ASGI's lifespan protocol."""
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    said: asyncio.Queue[str] = asyncio.Queue()

    async def send(message: Any) -> None:
        said.put_nowait(message["type"])

    scope: Any = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    receive: Any = asked.get
    running = asyncio.ensure_future(door(scope, receive, send))
    asked.put_nowait({"type": "lifespan.startup"})
    if await said.get() != "lifespan.startup.complete":
        raise StartFailed
    try:
        yield
    finally:
        asked.put_nowait({"type": "lifespan.shutdown"})
        await running
