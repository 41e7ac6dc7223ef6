"""Promise 10: a process that dies between commit and answer gives the same answer to the repeated request."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from answer_holder import AnswerHolder
from listener import Listener
from reckoning import database_url, find_albums, read
from sqlalchemy import make_url
from surroundings import environment

from vinyl_devstack.ports import free_ports
from vinyl_devstack.stack import Stack

ROUNDS = 5
CREATE = {"rating": ("/ratings", {"rating": 4}), "user": ("/wants", {"notes": "drill"})}
MINE = {
    "rating": "select id from ratings where user_id = '{}'",
    "user": "select id from wants where user_id = '{}'",
}


@pytest.fixture(params=["rating", "user"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def wire(drilled: Stack, service: str) -> AsyncIterator[AnswerHolder]:
    url = make_url(database_url(drilled.home, service))
    holder = AnswerHolder(str(url.host), int(url.port or 5432))
    yield holder
    await holder.stop()


async def test_killed_between_commit_and_answer(
    drilled: Stack,
    service: str,
    wire: AnswerHolder,
    sign_up: Callable[[], Awaitable[Listener]],
    figure: Callable[[str], None],
) -> None:
    path, body = CREATE[service]
    wired = make_url(database_url(drilled.home, service)).set(port=await wire.start())
    album = (await find_albums(drilled.gateway_url))[0]
    for number in range(ROUNDS):
        listener = await sign_up()
        request = {
            "headers": {**listener.headers, "Idempotency-Key": f"round-{number}"},
            "json": {"album_id": album, **body},
        }
        mine = MINE[service].format(await user_id(listener))
        process, url = serve(drilled, service, wired.render_as_string(hide_password=False))
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0) as client:
            await until_ready(url)
            wire.held.clear()
            wire.armed = True
            asking = asyncio.create_task(client.post(path, **request))
            async with asyncio.timeout(20):
                await wire.held.wait()
            [(committed,)] = await read(drilled.home, service, mine)
            process.send_signal(signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                await asking
        process.wait()
        repeated = await repeat(drilled, path, request)
        assert repeated.status_code == 201
        assert UUID(repeated.json()["id"]) == committed
        assert await read(drilled.home, service, mine) == {(committed,)}
    figure(f"{service}: {ROUNDS} kills between commit and answer, {ROUNDS} retries with the first id")


def serve(stack: Stack, service: str, url: str) -> "tuple[subprocess.Popen[bytes], str]":
    """Another process of the service, behind the wire."""
    [port] = free_ports(1)
    prefix = f"VINYL_{service.upper()}_"
    told = {
        "VINYL_HOME": str(stack.home),
        f"{prefix}DATABASE_URL": url,
        f"{prefix}DATABASE_POOL_SIZE": "1",
        f"{prefix}PORT": str(port),
    }
    with Path("/dev/null").open("wb") as nowhere:
        process = stack.process_group.spawn(
            [sys.executable, "-m", f"vinyl_{service}", "serve"],
            output=nowhere,
            environment=environment() | told,
        )
    return process, f"http://127.0.0.1:{port}"


async def until_ready(url: str) -> None:
    async with asyncio.timeout(30), httpx.AsyncClient(base_url=url) as client:
        while True:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def user_id(listener: Listener) -> str:
    answer = await listener.client.get("/users/profile", headers=listener.headers)
    return str(answer.raise_for_status().json()["id"])


async def repeat(stack: Stack, path: str, request: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"{stack.gateway_url}/api/v1", timeout=20.0) as client:
        return await client.post(path, **request)
