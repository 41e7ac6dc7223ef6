"""The process as it runs in production: its settings, its start and its end."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec

from vinyl_devstack.ports import free_ports
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Service

COMMAND = [sys.executable, "-m", "vinyl_gateway"]


def environment(services: Any, port: int, folder: Path) -> dict[str, str]:
    given = {f"VINYL_GATEWAY_{name.upper()}_URL": service.url for name, service in services.items()}
    jwks = {"VINYL_GATEWAY_JWKS_URL": "http://127.0.0.1:9/jwks.json", "VINYL_GATEWAY_PORT": str(port)}
    return os.environ | given | jwks | {"VINYL_HOME": str(folder)}


@contextlib.asynccontextmanager
async def running_gateway(services: Any, folder: Path, **more: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway process, which is sent SIGTERM and has to end well."""
    [port] = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "serve", env=environment(services, port, folder) | more
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until_alive(client)
            client.headers["x-process"] = str(process.pid)
            yield client
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            status = await process.wait()
    assert status == 0


async def until_alive(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(httpx.TransportError):
                await client.get("/health/live")
                return
            await asyncio.sleep(0.05)


async def test_sigterm_lets_requests_under_way_end(
    services: Any, catalog: Any, tmp_path: Path, write_reply: Any
) -> None:
    arrived = asyncio.Event()

    async def slowly(_request: Any, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(0.7)
        writer.write(write_reply("200 OK", {"Content-Type": "text/plain"}, b"in the end"))

    catalog.answer = slowly
    async with running_gateway(services, tmp_path) as client:
        asking = asyncio.create_task(client.get("/api/v1/albums"))
        await arrived.wait()
        os.kill(int(client.headers["x-process"]), signal.SIGTERM)
        assert (await asking).text == "in the end"


async def test_a_trace_goes_through_the_gateway_and_is_exported(
    services: Any, catalog: Any, tmp_path: Path
) -> None:
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    collector = services["search"]
    async with running_gateway(services, tmp_path, VINYL_GATEWAY_OTLP_ENDPOINT=collector.url) as client:
        assert (await client.get("/api/v1/albums", headers={"traceparent": given})).status_code == 200
    passed_on = catalog.received[0].header("traceparent")
    assert passed_on.split("-")[1] == given.split("-")[1]
    assert passed_on != given
    [exported] = [request for request in collector.received if request.target == "/v1/traces"]
    assert bytes.fromhex(passed_on.split("-")[2]) in exported.body
    assert b"GET /api/v1/albums" in exported.body


async def test_requests_are_measured_by_route(services: Any, tmp_path: Path) -> None:
    async with running_gateway(services, tmp_path) as client:
        await client.get("/api/v1/albums/0190")
        await client.get("/api/v1/albums/0191")
        await client.get("/api/v1/nothing")
        metrics = (await client.get("/metrics")).text
    counts = [line for line in metrics.splitlines() if line.startswith("vinyl_gateway_request_seconds_count")]
    [albums] = [line for line in counts if 'route="/api/v1/albums/{id}"' in line]
    assert albums.endswith(" 2.0")
    assert any('route="none"' in line and 'status="404"' in line for line in counts)
    assert "0190" not in metrics


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    said = subprocess.run(
        [*COMMAND, "serve"],
        env=os.environ | {"VINYL_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert "VINYL_GATEWAY_" in said.stderr


def test_the_services_documents_are_merged_on_the_command_line(tmp_path: Path) -> None:
    arguments = []
    for service in Service:
        paths: dict[str, Any] = {}
        for route in (route for route in PUBLIC_ROUTES if route.service is service and not route.is_page):
            operation = {
                "operationId": f"{service}{len(paths)}{route.method}",
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
            }
            paths.setdefault(route.path, {})[route.method.lower()] = operation
        file = tmp_path / f"{service}.json"
        file.write_bytes(msgspec.json.encode({"paths": paths}))
        arguments.append(f"{service}={file}")
    said = subprocess.run([*COMMAND, "openapi", *arguments], capture_output=True, check=True)
    assert len(msgspec.json.decode(said.stdout)["paths"]) == len({route.path for route in PUBLIC_ROUTES})
    said = subprocess.run([*COMMAND, "openapi", arguments[0]], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "does not document" in said.stderr


async def test_metrics_count_what_was_kept_and_what_a_canary_was_asked(services: Any, tmp_path: Path) -> None:
    trial = {
        "VINYL_GATEWAY_CATALOG_CANARY_URL": services["catalog"].url,
        "VINYL_GATEWAY_CATALOG_CANARY_PERCENT": "100",
    }
    async with running_gateway(services, tmp_path, **trial) as client:
        for path in ("/api/v1/search?q=a", "/api/v1/search?q=b", "/api/v1/albums/0190"):
            assert (await client.get(path)).status_code == 200
        lines = (await client.get("/metrics")).text.splitlines()
    canary = [line for line in lines if line.startswith("vinyl_gateway_canary_requests_total{")]
    assert [line[-4:] for line in canary if 'state="asked"' in line] == [" 2.0"]
    assert any(line.startswith("vinyl_gateway_cache_answers_total{") for line in lines)
