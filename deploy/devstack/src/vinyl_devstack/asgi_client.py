"""Asking an application in the test's own event loop, so that requests, consumers and clients truly race."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from litestar import Litestar


@asynccontextmanager
async def client_of(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Litestar's own test client would block this loop during every request, and so race nothing."""
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await ending.wait()

    # In a task of its own: fixtures are entered and left in different ones, which a lifespan does not bear.
    life = asyncio.create_task(live())
    starting = asyncio.create_task(started.wait())
    await asyncio.wait([life, starting], return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        starting.cancel()
        life.result()
    try:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://vinylhound.test") as client:
            yield client
    finally:
        ending.set()
        await life
