"""The pool survives what clients do to it."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from vinyl_chassis.absence import AWAY, loss_told
from vinyl_chassis.database import Database
from vinyl_contracts.errors import Unavailable
from vinyl_devstack.postgres import Postgres


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


async def test_what_is_read_by_itself_is_planned_once(database: Database) -> None:
    counted = "select sum(generic_plans) >= 3, sum(custom_plans) = 0 from pg_prepared_statements"
    async with database.reading() as driver:
        for _ in range(3):
            await driver.fetch("select album_id from known_albums where version = any($1)", [1])
        assert tuple(await driver.fetchrow(counted)) == (True, True)


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


MISUSE = (asyncpg.InterfaceError, asyncpg.DataError)
WRONG = {
    "too few arguments": ("select $1::int + $2::int", (1,)),
    "an argument of another type": ("select $1::int", ("one",)),
    "a number that is too big": ("select $1::int", (2**40,)),
    "another operation under way": None,
}


@pytest.fixture
async def driver(clone_database: Callable[[str], str]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(clone_database("rating"))
    yield connection
    await connection.close()


async def use_wrongly(driver: asyncpg.Connection, how: str) -> None:
    wrong = WRONG[how]
    if wrong is None:
        await asyncio.gather(driver.fetchval("select pg_sleep(0.2)"), driver.fetchval("select 1"))
    else:
        statement, arguments = wrong
        await driver.fetchval(statement, *arguments)


@pytest.mark.parametrize("how", WRONG)
async def test_the_driver_used_wrongly_is_no_absence(
    driver: asyncpg.Connection, database: Database, how: str
) -> None:
    with pytest.raises(MISUSE) as refused, loss_told():
        await use_wrongly(driver, how)
    assert not isinstance(refused.value, AWAY)
    with pytest.raises(MISUSE):
        async with database.transaction():
            await use_wrongly(driver, how)


async def test_a_statement_used_wrongly_is_no_absence(database: Database) -> None:
    for statement, value in (("select cast(:value as integer)", 2**40), ("select :value + nothing", 1)):
        with pytest.raises(DBAPIError) as refused:
            async with database.transaction() as connection:
                await connection.execute(text(statement), {"value": value})
        assert not isinstance(refused.value, AWAY)
    await sleep_in_postgres(database, 0)


@pytest.mark.parametrize("is_idle", [True, False])
async def test_a_lost_connection_of_the_drivers_own_is_an_absence(
    driver: asyncpg.Connection, database: Database, *, is_idle: bool
) -> None:
    pid = await driver.fetchval("select pg_backend_pid()")
    asleep = asyncio.create_task(driver.fetchval("select pg_sleep(5)"))
    await asyncio.sleep(0.05)
    async with database.transaction() as connection:
        await connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(AWAY):
        await asleep
    if is_idle:
        with pytest.raises(Unavailable), loss_told():
            await driver.fetchval("select 1")
        with pytest.raises(Unavailable):
            async with database.transaction():
                await driver.fetchval("select 1")


async def test_a_postgres_that_has_no_room_is_said_to_be_away(
    clone_database: Callable[[str], str], postgres: Postgres
) -> None:
    url = clone_database("rating")
    name = url.rpartition("/")[2]
    postgres.execute(f"alter database {name} connection limit 0", database="postgres")
    database = Database(url)
    with pytest.raises(Unavailable):
        await sleep_in_postgres(database, 0)
    await database.close()
