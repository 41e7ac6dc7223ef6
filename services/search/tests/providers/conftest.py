"""A market on a real socket that answers as a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.transport import Call, Patience
from vinyl_search.store.unit_of_work import Store


@pytest.fixture(scope="session")
def adapter_database_url(cloned_databases: ClonedDatabases) -> Iterator[str]:
    """One for all tests of adapters, which keep nothing in it but their requests."""
    name, url = cloned_databases.clone("search")
    yield url
    cloned_databases.drop(name)


@pytest.fixture
def database_url(adapter_database_url: str) -> str:
    return adapter_database_url


class Asked(msgspec.Struct, frozen=True):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float


class Said(msgspec.Struct, frozen=True):
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = {}
    after_seconds: float = 0.0
    breaks_off: bool = False


Answering = Callable[[Asked], Said | Awaitable[Said]]


class Market:
    """Every request it got, in order; `answers` decides what is said."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: Answering = lambda _asked: Said()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                asked = await self._read(head, reader)
                self.asked.append(asked)
                said = self.answers(asked)
                said = said if isinstance(said, Said) else await said
                await asyncio.sleep(said.after_seconds)
                length = len(said.body) + (100 if said.breaks_off else 0)
                headers = {"Content-Type": "application/json", "Content-Length": str(length), **said.headers}
                lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {said.status} Said\r\n{lines}\r\n".encode() + said.body)
                await writer.drain()
                if said.breaks_off:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _read(self, head: bytes, reader: asyncio.StreamReader) -> Asked:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            name.lower(): value for name, value in (line.split(": ", 1) for line in lines if ": " in line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        clock = asyncio.get_running_loop().time()
        return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body, clock)


@pytest.fixture
async def market() -> AsyncIterator[Market]:
    market = Market()
    server = await asyncio.start_server(market.serve, "127.0.0.1", 0, limit=1024 * 1024)
    market.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield market
    server.close()


@pytest.fixture
async def http(market: Market) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=market.url, headers={"User-Agent": "VinylhoundTests/1"}) as client:
        yield client


@pytest.fixture
async def budget(store: Store, database: Database) -> Budget:
    """Of which nothing is used yet."""
    async with database.transaction() as connection:
        await connection.execute(text("truncate provider_requests, provider_budgets"))
    return Budget(store, Provider.DISCOGS, Allowance(10_000, 60.0))


@pytest.fixture
def call() -> Call:
    """Patient enough for a retry or two, and quick about it."""
    return Call(
        Urgency.PERSON, Patience(turn_seconds=10.0, answer_seconds=2.0, attempts=3, pause_seconds=0.01)
    )


@pytest.fixture
def said() -> type[Said]:
    return Said
