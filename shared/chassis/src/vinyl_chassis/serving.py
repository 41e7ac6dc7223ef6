"""Serving an application until SIGTERM or SIGINT, then finishing what is under way."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import embed as granian

from vinyl_chassis import logs, telemetry
from vinyl_chassis.settings import ProcessSettings

_log = structlog.get_logger("serving")
HEADER_SECONDS = 10
# Whoever came after these would wait until somebody left, and a gateway alone keeps 256 connections.
MOST_CONNECTIONS = 4096
_BACKLOG = 1024
_ENDINGS = (signal.SIGTERM, signal.SIGINT)
_MADE_BETWEEN_COLLECTIONS = 7_000


Server = Callable[[Any, ProcessSettings, asyncio.Event], Awaitable[None]]
"""Serves an application until the event is set, then ends what is under way."""


async def by_granian(app: Any, settings: ProcessSettings, stopping: asyncio.Event) -> None:
    server = granian.Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        backlog=_BACKLOG,
        backpressure=MOST_CONNECTIONS,
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    _log.info("serving", address=f"http://{settings.host}:{settings.port}")
    await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        waiting.cancel()
        serving.result()
        return
    _log.info("draining", seconds=settings.drain_seconds)
    server.stop()  # type: ignore[no-untyped-call]
    async with asyncio.timeout(settings.drain_seconds):
        await serving


def serve(
    build: Callable[[], Any], settings: ProcessSettings, service: str, server: Server = by_granian
) -> None:
    """One process, one event loop: run several for several cores."""
    logs.configure(settings.log_format, settings.log_level, service)
    telemetry.configure(service, settings.otlp_endpoint)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        app = build()
        # what is there for good need not be looked through by every full collection, nor by the exit
        gc.freeze()
        # answers leave hardly a cycle behind, and looking for some takes longer than making them
        gc.set_threshold(_MADE_BETWEEN_COLLECTIONS)
        runner.run(_serve(app, settings, server))


async def _serve(app: Any, settings: ProcessSettings, server: Server) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _ENDINGS:
        loop.add_signal_handler(number, stopping.set)
    await server(app, settings, stopping)
    # who tells it twice must not make a good end look like a bad one
    for number in _ENDINGS:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
