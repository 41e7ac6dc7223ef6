"""A client says how long it waits; after that nothing goes on for it, down to the database."""

import time
from uuid import uuid4

import asyncpg
import httpx

from vinyl_devstack.stack import Stack

WAITING = (
    "select count(*) from pg_stat_activity where usename = current_user and state = 'active'"
    " and pid <> pg_backend_pid() and query like '%ratings%'"
)


def database_url(stack: Stack) -> str:
    lines = (stack.home / "settings" / "rating.env").read_text().splitlines()
    [url] = [line.partition("=")[2] for line in lines if line.startswith("VINYL_RATING_DATABASE_URL=")]
    return url


async def test_a_client_that_gives_up_takes_its_sql_along(stack: Stack) -> None:
    seeing = await asyncpg.connect(database_url(stack))
    path = f"/api/v1/ratings?album_id={uuid4()}"
    async with httpx.AsyncClient(base_url=stack.gateway_url, timeout=10) as client:
        async with seeing.transaction():
            await seeing.execute("lock table ratings in access exclusive mode")
            began_at = time.monotonic()
            said = await client.get(path, headers={"Prefer": "wait=1"})
            assert (said.status_code, said.headers["preference-applied"]) == (504, "wait=1")
            assert time.monotonic() - began_at < 1.2
            while await seeing.fetchval(WAITING):
                assert time.monotonic() - began_at < 1.2
        assert (await client.get(path, headers={"Prefer": "wait=1"})).status_code == 200
    await seeing.close()
