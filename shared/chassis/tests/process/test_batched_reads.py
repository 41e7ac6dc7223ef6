"""Several quick reads in one request: each is told what it would be told by itself, or to ask by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import httpx
import pytest
from prometheus_client import REGISTRY

from vinyl_chassis import application
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_contracts.batches import MOST_READS, READS_PATH, replies_in, target_of
from vinyl_devstack.asgi_client import client_of

ROUTE = "/api/v1/batched/{id}"
FOUND, OTHER, ABSENT, FAULTY, SLOW = (f"/api/v1/batched/{UUID(int=number)}" for number in range(5))


def reading() -> Callable[[UUID], Awaitable[Answer | None]]:
    """Nothing is there before the other is asked for too."""
    together = asyncio.Event()

    async def read(thing_id: UUID) -> Answer | None:
        if thing_id.int == 3:
            raise ValueError("no such luck")
        if thing_id.int == 4:
            await asyncio.sleep(30)
        if thing_id.int == 1:
            together.set()
        await together.wait()
        if thing_id.int == 2:
            return None
        return Answer(f'"{thing_id.int}"', "thing", lambda: b"%d" % thing_id.int)

    return read


@pytest.fixture
async def client(jwks_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = application.build(
        "batched",
        version="1",
        routes=[],
        database=Database("postgresql://nobody@127.0.0.1:1/nothing"),
        verifier=TokenVerifier(PublishedKeys(jwks_url)),
        dependencies={},
        quick_reads=[QuickRead("/api/v1/batched/", ROUTE, reading())],
    )
    async with client_of(app) as client:
        yield client


def asking(*paths: str) -> str:
    return target_of([(f"request-{each}", path.encode()) for each, path in enumerate(paths)]).decode()


async def test_each_is_told_what_it_would_be_told_alone(client: httpx.AsyncClient) -> None:
    unknown = FOUND.replace("batched", "unknown")
    said = await client.get(asking(FOUND, ABSENT, OTHER, FAULTY, unknown, "/api/v1/batched/-", FOUND))
    assert (said.status_code, said.headers["content-type"]) == (200, "application/vnd.msgpack")
    replies = replies_in(said.content)
    assert [reply and reply[2] for reply in replies] == [b"0", None, b"1", None, None, None, b"0"]
    alone = await client.get(FOUND)
    first = replies[0]
    assert first is not None
    status, headers, body = first
    own = {name.decode(): value.decode() for name, value in headers}
    assert (status, body) == (alone.status_code, alone.content)
    assert own == {name: value for name, value in alone.headers.items() if name != "x-request-id"}


async def test_each_is_counted(client: httpx.AsyncClient) -> None:
    def counted(route: str) -> float:
        labels = {"method": "GET", "route": route, "status": "200"}
        return REGISTRY.get_sample_value("http_server_duration_seconds_count", labels) or 0.0

    before = counted(ROUTE), counted(READS_PATH)
    await client.get(asking(FOUND, OTHER, ABSENT))
    assert (counted(ROUTE), counted(READS_PATH)) == (before[0] + 2, before[1] + 1)


@pytest.mark.parametrize(
    "query", ["", "?", "?a", "?a=", f"?={FOUND}", f"?a={FOUND}&", "?" + "&".join(["a=b"] * (MOST_READS + 1))]
)
async def test_what_asks_for_nothing_or_too_much_is_no_batch(client: httpx.AsyncClient, query: str) -> None:
    said = await client.get(READS_PATH + query)
    assert (said.status_code, said.json()["code"]) == (404, "route_not_found")


async def test_nobody_is_waited_for_longer_than_there_is_time(client: httpx.AsyncClient) -> None:
    said = await client.get(asking(OTHER, SLOW), headers={"X-Vinyl-Deadline": "200"})
    assert (said.status_code, said.json()["code"]) == (504, "deadline_passed")


async def test_nothing_else_is_done_like_this(client: httpx.AsyncClient) -> None:
    assert (await client.post(asking(FOUND))).status_code == 404
