"""A deadline that is told is kept: by a real process over HTTP, and by Postgres behind it."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from vinyl_devstack.ports import free_ports

SERVICE = Path(__file__).parent / "slow_things.py"
AT_WORK = (
    "select count(*) from pg_stat_activity where state <> 'idle' and query ~ 'pg_sleep|notes'"
    " and pid <> pg_backend_pid() and datname = current_database()"
)
SLOW_COMMIT = """
create table notes (word text primary key);
create function take_time() returns trigger language plpgsql as $$
begin
    if new.word like 'slowly%' then perform pg_sleep(0.6); end if;
    return null;
end $$;
create constraint trigger slow after insert on notes deferrable initially deferred
    for each row execute function take_time();
"""


@pytest.fixture
async def postgres_seen(clone_database: Any) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    url = clone_database("rating")
    connection = await asyncpg.connect(url)
    await connection.execute(SLOW_COMMIT)
    yield url, connection
    await connection.close()


@pytest.fixture
async def client(postgres_seen: Any, jwks_url: str) -> AsyncIterator[httpx.AsyncClient]:
    [port] = free_ports(1)
    environment = os.environ | {
        "VINYL_SLOW_DATABASE_URL": postgres_seen[0],
        "VINYL_SLOW_JWKS_URL": jwks_url,
        "VINYL_SLOW_PORT": str(port),
        "VINYL_SLOW_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, SERVICE, env=environment)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=10) as client:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    await client.get("/nothing")
                    break
                await asyncio.sleep(0.05)
        yield client
    process.kill()
    await process.wait()


def within(milliseconds: int) -> dict[str, str]:
    return {"X-Vinyl-Deadline": str(milliseconds)}


async def seconds_at_work(connection: asyncpg.Connection) -> float:
    began_at = time.monotonic()
    while await connection.fetchval(AT_WORK):
        await asyncio.sleep(0.005)
    return time.monotonic() - began_at


def path_of(kind: str) -> str:
    return f"/things/{UUID(int=5000)}" if kind == "things" else f"/{kind}?seconds=5"


async def test_a_read_ends_with_its_time_and_so_does_its_sql(
    client: httpx.AsyncClient, postgres_seen: Any
) -> None:
    for kind in ("sleeps", "naps", "things") * 3:  # more than the pool holds
        began_at = time.monotonic()
        said = await client.get(path_of(kind), headers=within(300))
        assert 0.29 < time.monotonic() - began_at < 0.6
        assert (said.status_code, said.json()["code"]) == (504, "deadline_passed")
        assert said.headers["content-type"] == "application/problem+json"
        assert said.json()["request_id"] == said.headers["x-request-id"]
        assert await seconds_at_work(postgres_seen[1]) < 0.2
    assert (await client.get("/sleeps?seconds=0", headers=within(5000))).status_code == 200


async def test_a_write_that_is_cut_is_undone_and_its_key_still_good(
    client: httpx.AsyncClient, postgres_seen: Any
) -> None:
    _, seen = postgres_seen
    note = {"word": "cut", "seconds": 3}
    for headers in (within(300), within(300) | {"Idempotency-Key": "one"}):
        assert (await client.post("/notes", json=note, headers=headers)).status_code == 504
        assert await seconds_at_work(seen) < 0.2
        assert await seen.fetchval("select count(*) from notes") == 0
    blocked = seen.transaction()
    await blocked.start()
    await seen.execute("lock table notes")
    note = {"word": "cut", "seconds": 0}
    keyed = {"Idempotency-Key": "two"}
    assert (await client.post("/notes", json=note, headers=within(300) | keyed)).status_code == 504
    await blocked.rollback()
    answers = [await client.post("/notes", json=note, headers=within(3000) | keyed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert await seen.fetchval("select count(*) from notes") == 1


async def test_what_is_committed_is_a_success_however_late(
    client: httpx.AsyncClient, postgres_seen: Any
) -> None:
    for word, keyed in (("slowly", {}), ("slowly again", {"Idempotency-Key": "three"})):
        began_at = time.monotonic()
        said = await client.post("/notes", json={"word": word, "seconds": 0}, headers=within(300) | keyed)
        assert (said.status_code, said.json()) == (201, {"noted": word})
        assert time.monotonic() - began_at > 0.55
    said = await client.post("/notes-read-again", json={"word": "b", "seconds": 0.6}, headers=within(300))
    assert said.status_code == 201
    assert await postgres_seen[1].fetchval("select count(*) from notes") == 3


async def test_a_stream_may_last_when_it_has_begun(client: httpx.AsyncClient) -> None:
    said = await client.get("/streams?seconds=0.6", headers=within(300))
    assert (said.status_code, said.text) == (200, "first last")


async def test_what_is_no_deadline_is_none(client: httpx.AsyncClient) -> None:
    for told in ("", "-5", "1.5", "soon", "9999999", "²"):
        said = await client.get("/sleeps?seconds=0", headers={"X-Vinyl-Deadline": told.encode()})
        assert said.status_code == 200


async def test_many_cut_at_once_leave_the_pool_whole(client: httpx.AsyncClient, postgres_seen: Any) -> None:
    _, seen = postgres_seen
    cut = [
        client.post("/notes", json={"word": str(number), "seconds": 2}, headers=within(20 + number * 5))
        for number in range(40)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*cut)} == {504}
    assert await seconds_at_work(seen) < 0.2
    idle = (
        "select count(*) from pg_stat_activity where state like 'idle in%' and datname = current_database()"
    )
    assert await seen.fetchval(idle) == 0
    answers = await asyncio.gather(*(client.get("/sleeps?seconds=0.01") for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
