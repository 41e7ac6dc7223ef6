"""What a transaction makes old is told after its commit, and only then."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from vinyl_chassis.change_telling import ChangeTelling, telling_changes
from vinyl_chassis.changes import Changes
from vinyl_chassis.database import Database
from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.changes import CHANGES_SUBJECT, names_in


class RolledBack(Exception):
    pass


@pytest.fixture
async def database(clone_database: Callable[[str], str]) -> AsyncIterator[Database]:
    database = Database(clone_database("rating"))
    yield database
    await database.close()


async def change(database: Database, *names: str, fails: bool = False) -> None:
    async with database.transaction() as connection:
        Changes(connection).note(*names)
        if fails:
            raise RolledBack


async def ask(database: Database, method: str) -> str | None:
    """The names in the answer to a request that changed one thing, and failed to change another."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        with suppress(RolledBack):
            await change(database, "never", fails=True)
        await change(database, "album-1", "albums")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(telling_changes(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return (await client.request(method, "/")).headers.get("surrogate-purge")


async def test_a_write_says_what_it_made_old_and_a_read_nothing(database: Database) -> None:
    assert await ask(database, "POST") == "album-1 albums"
    assert await ask(database, "GET") is None
    assert await ask(database, "DELETE") == "album-1 albums"


async def test_each_answer_names_its_own_changes(database: Database) -> None:
    async def app(scope: Any, _receive: Any, send: Any) -> None:
        await change(database, scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(telling_changes(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answers = await asyncio.gather(*(client.put(f"/{number}") for number in range(20)))
    assert [answer.headers["surrogate-purge"] for answer in answers] == [f"/{n}" for n in range(20)]


async def test_what_changes_without_a_request_is_told_over_the_broker(
    database: Database, nats_url: str
) -> None:
    ear, broker = Broker(nats_url, "ear"), Broker(nats_url, "work")
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear(message: Any) -> None:
        heard.put_nowait(message.data)

    await (await ear.client()).subscribe(f"{CHANGES_SUBJECT}.rating", cb=hear)
    await (await ear.client()).flush()
    telling = ChangeTelling("rating", broker)
    telling.begin()
    running = asyncio.create_task(telling.run())
    with suppress(RolledBack):
        await change(database, "never", fails=True)
    await change(database, *(f"album-{number}" for number in range(1500)))
    async with asyncio.timeout(5):
        names = names_in(await heard.get()) + names_in(await heard.get())
    assert sorted(names) == sorted(f"album-{number}" for number in range(1500))
    running.cancel()
    await asyncio.wait([running])
    await broker.close()
    await ear.close()
