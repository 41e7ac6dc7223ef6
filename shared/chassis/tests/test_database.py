"""The pool survives what clients do to it."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_contracts.errors import Unavailable


@pytest.fixture
async def database(clone_database: Callable[[str], str]) -> AsyncIterator[Database]:
    database = Database(clone_database("rating"), pool_size=5)
    yield database
    await database.close()


async def sleep_in_postgres(database: Database, seconds: float) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("select pg_sleep(:seconds)"), {"seconds": seconds})


async def test_cancelled_requests_leak_no_connection(database: Database) -> None:
    async def abandoned() -> None:
        request = asyncio.create_task(sleep_in_postgres(database, 0.2))
        await asyncio.sleep(random.random() * 0.02)
        request.cancel()
        await asyncio.wait([request])

    for _ in range(20):
        await asyncio.gather(*(abandoned() for _ in range(15)))
    await asyncio.wait_for(asyncio.gather(*(sleep_in_postgres(database, 0) for _ in range(20))), 5)
    idle = text(
        "select count(*) from pg_stat_activity where state like 'idle in transaction%'"
        " and datname = current_database()"
    )
    async with database.transaction() as connection:
        assert await connection.scalar(idle) == 0


async def test_statements_have_a_limit(clone_database: Callable[[str], str]) -> None:
    database = Database(clone_database("rating"), statement_timeout_seconds=0.2)
    with pytest.raises(Unavailable):
        await sleep_in_postgres(database, 5)
    await database.close()


async def test_a_nested_refusal_undoes_only_its_own_part(database: Database) -> None:
    insert = "insert into known_albums (album_id, version) values (gen_random_uuid(), 1)"
    async with database.spanning():
        async with database.transaction() as connection:
            await connection.execute(text(insert))
        with pytest.raises(RuntimeError):
            async with database.transaction() as connection:
                await connection.execute(text(insert))
                raise RuntimeError
    async with database.transaction() as connection:
        assert await connection.scalar(text("select count(*) from known_albums")) == 1


async def test_an_absent_postgres_is_said_to_be_away() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        await sleep_in_postgres(database, 0)


async def lose_connection(database: Database) -> None:
    end = text("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vinyl-test'")
    async with database.transaction() as connection:
        await connection.execute(text("set application_name = 'vinyl-test'"))
        await connection.execute(end)


async def test_a_lost_connection_is_said_and_replaced(database: Database) -> None:
    await sleep_in_postgres(database, 0)
    with pytest.raises(Unavailable):
        await lose_connection(database)
    await sleep_in_postgres(database, 0)


async def lose_connection_and_go_on(database: Database) -> None:
    async with database.spanning():
        with pytest.raises(Unavailable):
            await lose_connection(database)
        await sleep_in_postgres(database, 0)


async def test_a_connection_lost_within_a_span_is_said_to_every_part_of_it(database: Database) -> None:
    with pytest.raises(Unavailable):
        await lose_connection_and_go_on(database)
    await sleep_in_postgres(database, 0)
