"""The work process outlives an absent Postgres: nothing of it ends, and its jobs go on when it is there."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy import make_url, text

from vinyl_chassis.database import Database
from vinyl_chassis.settings import ServiceSettings
from vinyl_chassis.working import Worker

TLS_REQUEST = (80877103).to_bytes(4, "big")


class Postgres:
    """Another address of it: nobody listens until it `starts`, and it serves when it `appears`."""

    def __init__(self, url: str) -> None:
        [self._host, self._port] = make_url(url).host, make_url(url).port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._own_port = int(probe.getsockname()[1])
        self.url = make_url(url).set(host="127.0.0.1", port=self._own_port).render_as_string(False)

    async def starts(self) -> asyncio.Server:
        return await asyncio.start_server(self._refuse, "127.0.0.1", self._own_port)

    async def appears(self) -> asyncio.Server:
        return await asyncio.start_server(self._join, "127.0.0.1", self._own_port)

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As Postgres does while it starts: no TLS, and then 57P03."""
        asked = await reader.read(8)
        if len(asked) == 8 and asked[4:] == TLS_REQUEST:
            writer.write(b"N")
            await reader.read(1024)
        fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

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
        connection = await asyncpg.connect(postgres_to_be.url)
        await connection.close()
        async with database.transaction() as connection:
            await connection.execute(text("select 1"))
        done.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(Worker("rating", settings, database, hears={}, jobs=[job]).run())
    await asyncio.wait_for(tried.wait(), 5)
    starting = await postgres_to_be.starts()
    await asyncio.sleep(2.5)
    starting.close()
    await starting.wait_closed()
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
