"""What is answered before everything else is answered as if it were not; what cannot be is handed on."""

import asyncio
import contextlib
import http.server
import logging
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from litestar import get
from litestar.params import FromPath
from prometheus_client import REGISTRY

from vinyl_chassis import application
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_devstack.asgi_client import client_of
from vinyl_devstack.ports import free_ports

SERVICE = Path(__file__).parent / "slow_things.py"
FOUND, ABSENT, FAULTY, SLOWLY_ABSENT = (f"/api/v1/things/{UUID(int=number)}" for number in range(4))
ROUTE = "/api/v1/things/{id}"


@get("/things/{thing_id:uuid}")
async def read_by_route(thing_id: FromPath[UUID]) -> dict[str, str]:
    await asyncio.sleep(0.3 if thing_id.int == 3 else 0)
    return {"by": "route"}


async def read_quickly(thing_id: UUID) -> Answer | None:
    if thing_id.int == 2:
        raise ValueError("no such luck")
    await asyncio.sleep(0.3 if thing_id.int == 3 else 0)
    return None if thing_id.int else Answer('"1"', "thing-0", lambda: b'{"by":"quick read"}')


@pytest.fixture
async def client(jwks_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = application.build(
        "quick",
        version="1",
        routes=[read_by_route],
        database=Database("postgresql://nobody@127.0.0.1:1/nothing"),
        verifier=TokenVerifier(PublishedKeys(jwks_url)),
        dependencies={},
        quick_reads=[QuickRead("/api/v1/things/", ROUTE, read_quickly)],
    )
    async with client_of(app) as client:
        yield client


async def by(client: httpx.AsyncClient, path: str, *headers: tuple[str, str]) -> str:
    said = await client.get(path, headers=list(headers))
    return str(said.json().get("by", said.status_code))


async def test_what_is_not_simply_found_goes_to_its_route(
    client: httpx.AsyncClient, token_for: Callable[..., str]
) -> None:
    assert await by(client, FOUND) == "quick read"
    assert {await by(client, path) for path in (ABSENT, FAULTY, f"{FOUND}?x=1")} == {"route"}
    assert await by(client, f"/api/v1/things/{UUID(int=0).hex}-%00%ff") != "quick read"
    token = ("Authorization", f"Bearer {token_for('ada')}")
    assert await by(client, FOUND, token) == "quick read"
    assert await by(client, FOUND, token, token) == "400"
    assert await by(client, FOUND, ("Authorization", "Bearer forged")) == "401"
    writing = token_for("ada", scopes=["write"])
    assert await by(client, FOUND, ("Authorization", f"Bearer {writing}")) == "403"
    assert await by(client, FOUND, ("If-None-Match", '"2"'), ("If-None-Match", '"1"')) == "route"


async def test_it_is_named_counted_and_logged_as_every_request(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "http")

    def counted(status: HTTPStatus) -> float:
        facts = {"method": "GET", "route": ROUTE, "status": str(int(status))}
        return REGISTRY.get_sample_value("http_server_duration_seconds_count", facts) or 0.0

    before = counted(HTTPStatus.OK), counted(HTTPStatus.NOT_MODIFIED)
    said = await client.get(FOUND, headers={"X-Request-Id": "asked-by-ada"})
    assert said.headers["x-request-id"] == "asked-by-ada"
    spared = await client.get(FOUND, headers={"If-None-Match": 'W/"1"', "X-Request-Id": "not sane"})
    assert (spared.status_code, spared.content) == (304, b"")
    assert len(spared.headers["x-request-id"]) == 32
    assert (counted(HTTPStatus.OK), counted(HTTPStatus.NOT_MODIFIED)) == (before[0] + 1, before[1] + 1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(word in lines[0] for word in ("answered", FOUND, "status=200", "asked-by-ada"))


async def test_what_is_handed_on_has_the_time_that_is_left(client: httpx.AsyncClient) -> None:
    began_at = time.monotonic()
    said = await client.get(SLOWLY_ABSENT, headers={"X-Vinyl-Deadline": "450"})
    assert (said.status_code, said.json()["code"]) == (504, "deadline_passed")
    assert time.monotonic() - began_at < 0.55
    said = await client.get(SLOWLY_ABSENT, headers={"X-Vinyl-Deadline": "900"})
    assert said.json() == {"by": "route"}


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what it was sent."""
    sent: list[bytes] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    server.server_close()


async def test_an_exporter_gets_a_span_of_it(
    clone_database: Callable[[str], str], jwks_url: str, collector: tuple[str, list[bytes]]
) -> None:
    [port] = free_ports(1)
    environment = os.environ | {
        "VINYL_SLOW_DATABASE_URL": clone_database("rating"),
        "VINYL_SLOW_JWKS_URL": jwks_url,
        "VINYL_SLOW_PORT": str(port),
        "VINYL_SLOW_OTLP_ENDPOINT": collector[0],
        "OTEL_BSP_SCHEDULE_DELAY": "50",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, SERVICE, env=environment)
    trace = os.urandom(16)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client, asyncio.timeout(20):
        traced = {"traceparent": f"00-{trace.hex()}-{'1' * 16}-01"}
        said = None
        while said is None:
            with contextlib.suppress(httpx.TransportError):
                said = await client.get(FOUND, headers=traced)
            await asyncio.sleep(0.05)
        while not any(b"GET /api/v1/things/{id}" in each and trace in each for each in collector[1]):
            await asyncio.sleep(0.05)
    process.kill()
    await process.wait()
    assert (said.status_code, said.content) == (200, b"{}")
