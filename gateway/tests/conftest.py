"""A gateway on a real port in front of services that answer as a test scripts them."""

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from vinyl_devstack.nats import Nats
from vinyl_gateway.app import create_app
from vinyl_gateway.http1.serving import listening
from vinyl_gateway.public_routes import PUBLIC_ROUTES, PublicRoute
from vinyl_gateway.settings import Settings

SERVICES = ("user", "catalog", "rating", "search")
READY = {"/health/ready": {"status": "ready"}}


@dataclass
class Received:
    """A request as it came over the wire; header names as they were spelled."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)


@dataclass
class ScriptedService:
    """`answer` gets each request and the writer of its connection, and writes the raw answer itself."""

    received: list[Received] = field(default_factory=list)
    reads_bodies: bool = True
    answer: Callable[[Received, asyncio.StreamWriter], Awaitable[None]] | None = None
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for task in list(self._serving):
                task.cancel()
            await asyncio.gather(*list(self._serving))
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while not writer.is_closing():
                request = await read_request(reader, with_body=self.reads_bodies)
                self.received.append(request)
                await (self.answer or answer_json)(request, writer)
        self._serving.discard(task)
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def read_request(reader: asyncio.StreamReader, *, with_body: bool) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = start.split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    request = Received(method, target, headers, b"")
    if not with_body:
        return request
    if length := request.header("content-length"):
        request.body = await reader.readexactly(int(length))
    elif request.header("transfer-encoding"):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            request.body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    return request


def reply(status: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


async def answer_json(request: Received, writer: asyncio.StreamWriter) -> None:
    body = msgspec.json.encode(READY.get(request.target, {"target": request.target}))
    writer.write(reply("200 OK", {"Content-Type": "application/json"}, body))
    await writer.drain()


@pytest.fixture
async def services() -> AsyncIterator[dict[str, ScriptedService]]:
    running = {name: ScriptedService() for name in SERVICES}
    for service in running.values():
        await service.start()
    yield running
    for service in running.values():
        await service.stop()


@pytest.fixture
def catalog(services: dict[str, ScriptedService]) -> ScriptedService:
    return services["catalog"]


@pytest.fixture
def rating(services: dict[str, ScriptedService]) -> ScriptedService:
    return services["rating"]


@pytest.fixture
def write_reply() -> Callable[..., bytes]:
    """`write_reply("200 OK", {"ETag": '"1"'}, b"{}")`: the bytes of a whole answer."""
    return reply


@pytest.fixture
async def gateways(
    services: dict[str, ScriptedService], jwks_url: str
) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """`await gateways(limits="on")`: the address of a gateway with those settings; `routes` are its table."""
    async with contextlib.AsyncExitStack() as running:

        async def start(routes: Sequence[PublicRoute] = PUBLIC_ROUTES, **changes: Any) -> str:
            given = {f"{name}_url": service.url for name, service in services.items()}
            given |= {"jwks_url": jwks_url, "limits": "off", "nats_url": "nats://127.0.0.1:9"}
            settings = msgspec.convert(given | changes, Settings)
            return await running.enter_async_context(
                listening(create_app(settings, routes), settings.host, 0, drain_seconds=2.0)
            )

        yield start


@pytest.fixture
async def gateway(gateways: Callable[..., Awaitable[str]]) -> str:
    return await gateways()


@pytest.fixture
async def client(gateway: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway) as client:
        yield client


@pytest.fixture
def speak(gateway: str) -> Callable[[bytes], Awaitable[bytes]]:
    """Sends raw bytes to the gateway and returns all that comes back within its time."""

    async def speak(raw: bytes, seconds: float = 1.0) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
        writer.write(raw)
        said = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(seconds):
                while part := await reader.read(65536):
                    said += part
        writer.close()
        return said

    return speak


class RestartableBroker:
    """Not the shared fixture's, because this one is killed and comes back."""

    def __init__(self, nats: Nats) -> None:
        self._nats = nats
        self.start()

    @property
    def url(self) -> str:
        return self._nats.url

    def start(self) -> None:
        self._process = self._nats.start(subprocess.DEVNULL)
        self._nats.wait_until_ready(self._process)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def broker(process_group: Any, test_folder: Path) -> Iterator[RestartableBroker]:
    folder = test_folder / f"nats-{uuid4().hex}"
    broker = RestartableBroker(Nats(folder, process_group, password="only-here", sync_interval="2m"))
    yield broker
    broker.kill()
