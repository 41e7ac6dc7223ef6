"""Promise 18: health tells the truth while Postgres is away, and all comes back by itself."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

import httpx
from listener import Listener
from reckoning import find_albums

from vinyl_devstack.stack import Stack

AWAY_SECONDS = 15.0


async def test_health_while_postgres_is_down(
    drilled: Stack, sign_up: Callable[[], Awaitable[Listener]], figure: Callable[[str], None]
) -> None:
    listener = await sign_up()
    album = (await find_albums(drilled.gateway_url))[0]
    others = {name: drilled.process(name).pid for name in drilled.processes if name != "postgres"}
    async with httpx.AsyncClient(base_url=drilled.gateway_url, timeout=10.0) as client:
        hidden = hide_data(drilled)
        os.kill(drilled.process("postgres").pid, signal.SIGKILL)
        down = time.monotonic()
        noticed = await until_status(client, 503)
        slowest = 0.0
        while time.monotonic() < down + AWAY_SECONDS:
            asked = time.monotonic()
            assert (await client.get("/health/ready")).status_code == 503
            slowest = max(slowest, time.monotonic() - asked)
            assert (await client.get("/health/live")).status_code == 200
            for service in ("user", "catalog", "rating", "search"):
                live = await client.get(f"{drilled.service_url(service)}/health/live")
                assert live.status_code == 200
            refused = await client.post(
                "/api/v1/ratings", json={"album_id": album, "rating": 5}, headers=listener.headers
            )
            assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
            await asyncio.sleep(0.2)
        hidden()
        back = await until_status(client, 200)
        await listener.rate(album, 5)
    assert {name: drilled.process(name).pid for name in others} == others
    figure(
        f"Postgres down: ready 503 after {noticed:.2f} s (slowest answer {slowest:.2f} s), live 200, "
        f"0 of {len(others)} processes ended, ready again {back:.1f} s after it could start"
    )
    assert noticed < 3
    assert slowest < 3


def hide_data(stack: Stack) -> Callable[[], object]:
    """Postgres refuses to start until the function that is returned was called."""
    version = stack.home / "postgres" / "PG_VERSION"
    hidden = version.rename(version.with_name("hidden"))
    return lambda: hidden.rename(version)


async def until_status(client: httpx.AsyncClient, status: int) -> float:
    began = time.monotonic()
    async with asyncio.timeout(30):
        while (await client.get("/health/ready")).status_code != status:
            await asyncio.sleep(0.05)
    return time.monotonic() - began
