import asyncio
import time
from typing import Any

import httpx
import msgspec
from sqlalchemy import text

from vinyl_devstack.asgi_client import client_of
from vinyl_user.app import create_app

LOGIN = "/api/v1/auth/login"
Client = httpx.AsyncClient


async def guess(client: Client, login: str, password: str, address: str = "", **headers: str) -> Any:
    sent = {"X-Vinyl-Client-Address": address} | headers
    return await client.post(LOGIN, json={"login": login, "password": password}, headers=sent)


async def forget_minutes(database: Any, minutes: int) -> None:
    async with database.transaction() as connection:
        moved = text(
            "update login_attempts set attempted_at = attempted_at - make_interval(mins => :minutes)"
        )
        await connection.execute(moved, {"minutes": minutes})


async def test_ten_failures_and_no_more(client: Client, ada: Any, database: Any) -> None:
    answers = [await guess(client, "ada", f"guess number {number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert answers[-1].json()["code"] == "too_many_failures"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    by_mail = await guess(client, "ada@example.org", "guess number 13")
    assert by_mail.status_code == 429
    assert (await guess(client, "ada", ada.password)).status_code == 429
    await forget_minutes(database, 16)
    assert (await guess(client, "ada", ada.password)).status_code == 200


async def test_accounts_that_do_not_exist_are_limited_the_same(client: Client) -> None:
    statuses = [(await guess(client, "grace", f"guess number {n}")).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2


async def test_signing_in_does_not_use_up_the_limit(client: Client, ada: Any) -> None:
    for _ in range(15):
        assert (await guess(client, "ada", ada.password)).status_code == 200


async def test_signing_in_does_not_forgive_failures(client: Client, ada: Any) -> None:
    for number in range(9):
        await guess(client, "ada", f"guess number {number}")
    assert (await guess(client, "ada", ada.password)).status_code == 200
    assert (await guess(client, "ada", "guess number 10")).status_code == 401
    assert (await guess(client, "ada", "guess number 11")).status_code == 429


async def test_an_address_that_signed_in_before_has_its_own_counter(client: Client, sign_up: Any) -> None:
    ada = await sign_up("ada", **{"X-Vinyl-Client-Address": "192.0.2.1"})
    for number in range(11):
        await guess(client, "ada", f"guess number {number}", f"198.51.100.{number}")
    assert (await guess(client, "ada", ada.password, "203.0.113.9")).status_code == 429
    assert (await guess(client, "ada", ada.password, "192.0.2.1")).status_code == 200
    at_home = [(await guess(client, "ada", "mistyped", "192.0.2.1")).status_code for _ in range(12)]
    assert at_home == [401] * 10 + [429] * 2


async def test_of_a_thousand_parallel_guesses_ten_are_looked_at(settings: Any, database: Any) -> None:
    async with client_of(create_app(settings)) as client:
        body = {"username": "ada", "email": "ada@example.org", "password": "seven turning tables"}
        home = {"X-Vinyl-Client-Address": "192.0.2.1"}
        assert (await client.post("/api/v1/auth/signup", json=body, headers=home)).status_code == 201
        guesses = [
            guess(client, "ada", f"guess number {number}", f"198.51.{number % 5}.{number % 100}")
            for number in range(1000)
        ]
        owner = guess(client, "ada", "seven turning tables", "192.0.2.1")
        began = time.perf_counter()
        *answers, owned = await asyncio.gather(*guesses[:500], *guesses[500:], owner)
        seconds = time.perf_counter() - began
    statuses = [answer.status_code for answer in answers]
    assert owned.status_code == 200
    assert statuses.count(401) == 10
    assert set(statuses) <= {401, 429}, seconds
    async with database.transaction() as connection:
        assert await connection.scalar(text("select count(*) from login_attempts")) == 10


async def test_idempotency_keys_buy_no_guesses(client: Client, ada: Any) -> None:
    keyed = [
        guess(client, "ada", f"guess number {number}", **{"Idempotency-Key": f"key {number}"})
        for number in range(30)
    ]
    statuses = [answer.status_code for answer in await asyncio.gather(*keyed)]
    assert statuses.count(401) == 10
    assert statuses.count(429) == 20


async def test_a_guess_that_nobody_looked_at_does_not_count(settings: Any, database: Any) -> None:
    slow = {"argon2_memory_kib": 32_768, "argon2_passes": 3}
    crowded = msgspec.structs.replace(settings, argon2_most_waiting=1, **slow)
    async with client_of(create_app(crowded)) as client:
        body = {"username": "ada", "email": "ada@example.org", "password": "seven turning tables"}
        assert (await client.post("/api/v1/auth/signup", json=body)).status_code == 201
        answers = await asyncio.gather(*(guess(client, "ada", f"guess number {n}") for n in range(8)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {401, 503}
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 503} == {"2"}
    async with database.transaction() as connection:
        counted = await connection.scalar(text("select count(*) from login_attempts"))
    assert counted == statuses.count(401)
