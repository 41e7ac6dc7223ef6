"""A service whose routes take as long as they are told to: `python slow_things.py` with VINYL_SLOW_… set."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from litestar import Litestar, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody
from litestar.response import Stream
from sqlalchemy import text

from vinyl_chassis import application, serving
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_chassis.settings import ServiceSettings, load

SLEEP = text("select pg_sleep(:seconds)")
INSERT = text("insert into notes (word) values (:word)")


class Note(msgspec.Struct, frozen=True):
    word: str
    seconds: float


@get("/sleeps")
async def sleep(database: NamedDependency[Database], seconds: FromQuery[float]) -> dict[str, float]:
    async with database.transaction() as connection:
        await connection.execute(SLEEP, {"seconds": seconds})
    return {"slept": seconds}


@get("/naps")
async def nap(database: NamedDependency[Database], seconds: FromQuery[float]) -> dict[str, float]:
    async with database.reading() as driver:
        await driver.fetchval("select pg_sleep($1)", seconds)
    return {"slept": seconds}


@post("/notes")
async def note(database: NamedDependency[Database], data: JSONBody[Note]) -> dict[str, str]:
    async with database.transaction() as connection:
        await connection.execute(INSERT, {"word": data.word})
        await connection.execute(SLEEP, {"seconds": data.seconds})
    return {"noted": data.word}


@post("/notes-read-again")
async def note_and_read(database: NamedDependency[Database], data: JSONBody[Note]) -> dict[str, str]:
    async with database.transaction() as connection:
        await connection.execute(INSERT, {"word": data.word})
    async with database.transaction() as connection:
        await connection.execute(SLEEP, {"seconds": data.seconds})
    return {"noted": data.word}


@get("/streams")
async def stream(seconds: FromQuery[float]) -> Stream:
    async def words() -> AsyncIterator[bytes]:
        yield b"first "
        await asyncio.sleep(seconds)
        yield b"last"

    return Stream(words())


def build(settings: ServiceSettings) -> Litestar:
    database = Database(settings.database_url, pool_size=2)

    async def read_thing(id_: UUID) -> Answer:
        async with database.reading() as driver:
            await driver.fetchval("select pg_sleep($1)", id_.int / 1000)
        return Answer('"1"', "", lambda: b"{}")

    return application.build(
        "slow",
        version="1",
        routes=[sleep, nap, note, note_and_read, stream],
        database=database,
        verifier=TokenVerifier(PublishedKeys(settings.jwks_url)),
        dependencies={"database": database},
        quick_reads=[QuickRead("/api/v1/things/", "/api/v1/things/{id}", read_thing)],
    )


if __name__ == "__main__":
    settings = load(ServiceSettings, "slow")
    serving.serve(lambda: build(settings), settings, "slow")
