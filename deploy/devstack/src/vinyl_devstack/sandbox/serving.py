"""The sandbox on a port of the loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from granian.constants import Interfaces
from granian.server.embed import Server

from vinyl_devstack.ports import LOOPBACK, free_ports, is_taken
from vinyl_devstack.sandbox.app import create_app
from vinyl_devstack.sandbox.options import Options


class CannotServe(Exception):
    """Somebody else listens on the port that was asked for, or the server ended while starting."""


@asynccontextmanager
async def serving(options: Options, port: int = 0) -> AsyncIterator[str]:
    """Answers on the port (0 takes a free one) for as long as the block lasts; gives the address."""
    if port and is_taken(port):
        raise CannotServe(f"port {port} is taken")
    chosen = port or free_ports(1)[0]
    server = Server(
        create_app(options),
        address=LOOPBACK,
        port=chosen,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
    )
    task = asyncio.create_task(server.serve())
    try:
        await _listening(chosen, task)
        yield f"http://{LOOPBACK}:{chosen}"
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _listening(port: int, task: "asyncio.Task[None]") -> None:
    """However long the first stocktaking lasts; a server that cannot start ends its task."""
    while not task.done():
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
    await task
    raise CannotServe("the server ended while starting")
