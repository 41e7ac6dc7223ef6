"""The work process outlives an absent Postgres: nothing of it ends, and its jobs go on when it is there."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from sqlalchemy import make_url, text

from vinyl_chassis.database import Database
from vinyl_chassis.settings import ServiceSettings
from vinyl_chassis.working import Worker


class Postgres:
    """Another address of it, at which nobody listens until `appears`."""

    def __init__(self, url: str) -> None:
        [self._host, self._port] = make_url(url).host, make_url(url).port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._own_port = int(probe.getsockname()[1])
        self.url = make_url(url).set(host="127.0.0.1", port=self._own_port).render_as_string(False)

    async def appears(self) -> asyncio.Server:
        return await asyncio.start_server(self._join, "127.0.0.1", self._own_port)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        await asyncio.gather(pump(reader, back), pump(there, writer))


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
    sink.close()
    with suppress(OSError):
        await sink.wait_closed()


@pytest.fixture
async def postgres_to_be(clone_database: Callable[[str], str]) -> AsyncIterator[Postgres]:
    yield Postgres(clone_database("rating"))
    await asyncio.sleep(0.1)  # the pumps see the end of their connections


async def test_jobs_wait_for_postgres(postgres_to_be: Postgres, nats_url: str, jwks_url: str) -> None:
    settings = ServiceSettings(database_url=postgres_to_be.url, nats_url=nats_url, jwks_url=jwks_url)
    database = Database(settings.database_url)
    tried, done = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        tried.set()
        async with database.transaction() as connection:
            await connection.execute(text("select 1"))
        done.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(Worker("rating", settings, database, hears={}, jobs=[job]).run())
    await asyncio.wait_for(tried.wait(), 5)
    await asyncio.sleep(1.5)
    assert not running.done()
    server = await postgres_to_be.appears()
    await asyncio.wait_for(done.wait(), 5)
    running.cancel()
    await asyncio.wait([running])
    server.close()


async def test_a_job_that_fails_ends_the_process(
    clone_database: Callable[[str], str], nats_url: str, jwks_url: str
) -> None:
    settings = ServiceSettings(database_url=clone_database("rating"), nats_url=nats_url, jwks_url=jwks_url)

    async def job() -> None:
        raise LookupError("broken")

    worker = Worker("rating", settings, Database(settings.database_url), hears={}, jobs=[job])
    with pytest.raises(ExceptionGroup) as failed:
        await asyncio.wait_for(worker.run(), 10)
    assert failed.group_contains(LookupError)
