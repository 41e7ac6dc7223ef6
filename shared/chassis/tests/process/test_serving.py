"""A real process: it drains on SIGTERM, tells the truth about its neighbours, and dies whole."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

SLOW_SERVICE = """
import asyncio, sys
from litestar import get, post
from vinyl_chassis import application, serving
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.settings import ServiceSettings, load

@get("/slow")
async def slow(seconds: float) -> dict[str, str]:
    await asyncio.sleep(seconds)
    return {"slow": "but sure"}

@post("/notes")
async def note(data: JSONBody[list[int]]) -> None: ...

def build():
    return application.build("slow", version="1", routes=[slow, note],
        database=Database(settings.database_url), dependencies={},
        verifier=TokenVerifier(PublishedKeys(settings.jwks_url)))

settings = load(ServiceSettings, "slow")
serving.serve(build, settings, "slow")
""".replace("seconds: float", "seconds: FromQuery[float]").replace(
    "from litestar import get, post",
    "from litestar import get, post\nfrom litestar.params import FromQuery, JSONBody",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def service(
    clone_database: Callable[[str], str], jwks_url: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    port = free_port()
    environment = os.environ | {
        "VINYL_SLOW_DATABASE_URL": clone_database("rating"),
        "VINYL_SLOW_JWKS_URL": jwks_url,
        "VINYL_SLOW_PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SLOW_SERVICE, env=environment)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async with asyncio.timeout(20):
            while True:
                try:
                    await client.get("/health/live")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield process, client
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_connections_that_are_kept_keep_nobody_out(service: tuple) -> None:
    _, client = service
    kept: list[asyncio.StreamWriter] = []
    for _ in range(600):
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        kept.append(writer)
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: kept\r\n\r\n")
        async with asyncio.timeout(2):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    for writer in kept:
        writer.close()


async def test_a_request_under_way_is_finished_on_sigterm(service: tuple) -> None:
    process, client = service
    answer = asyncio.create_task(client.get("/api/v1/slow", params={"seconds": "1.5"}))
    await asyncio.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert (await answer).json() == {"slow": "but sure"}
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_idle_it_ends_at_once(service: tuple) -> None:
    process, client = service
    assert (await client.get("/health/ready")).json() == {"status": "ready", "checks": {"database": "ok"}}
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 3) == 0


async def test_it_measures_itself(service: tuple) -> None:
    _, client = service
    await client.get("/api/v1/slow", params={"seconds": "0"})
    metrics = (await client.get("/metrics")).text
    assert 'route="/api/v1/slow",status="200"' in metrics


async def test_trace_context_and_request_id_are_kept(service: tuple) -> None:
    _, client = service
    given = await client.get("/api/v1/slow?seconds=0", headers={"X-Request-Id": "a-sane-request-id"})
    assert given.headers.get_list("x-request-id") == ["a-sane-request-id"]
    made = await client.get("/api/v1/slow?seconds=0", headers={"X-Request-Id": "no\tsane one"})
    assert len(made.headers["x-request-id"]) == 32


async def test_a_client_that_leaves_while_it_speaks_is_no_failure_here(service: tuple) -> None:
    _, client = service
    _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    head = b"POST /api/v1/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9"
    writer.write(head + b"\r\n\r\n[1,")
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    async with asyncio.timeout(5):
        while 'route="/api/v1/notes"' not in (metrics := (await client.get("/metrics")).text):
            await asyncio.sleep(0.05)
    assert 'route="/api/v1/notes",status="500"' not in metrics
