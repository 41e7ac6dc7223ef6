from typing import Any

import httpx
from sqlalchemy import text

from vinyl_user.service.forgetting import ForgettingService
from vinyl_user.store.unit_of_work import Store

Client = httpx.AsyncClient
_AGED = (
    "update login_attempts set attempted_at = attempted_at - interval '{}'",
    "update refresh_tokens set issued_at = issued_at - interval '{}'",
    "update sessions set expires_at = expires_at - interval '{}'",
    "update signed_in_addresses set last_signed_in_at = last_signed_in_at - interval '{}'",
)


async def counts(database: Any) -> list[int]:
    tables = ("login_attempts", "refresh_tokens", "sessions", "signed_in_addresses", "users")
    async with database.transaction() as connection:
        return [
            await connection.scalar(text(f"select count(*) from {table}"))  # noqa: S608 - names of our own
            for table in tables
        ]


async def age(database: Any, interval: str) -> None:
    async with database.transaction() as connection:
        for statement in _AGED:
            await connection.execute(text(statement.format(interval)))


async def test_what_is_over_is_forgotten_and_nothing_else(
    client: Client, sign_up: Any, database: Any
) -> None:
    await sign_up("ada", **{"X-Vinyl-Client-Address": "192.0.2.1"})
    await client.post("/api/v1/auth/login", json={"login": "ada", "password": "a wrong one"})
    forgetting = ForgettingService(Store(database))
    await forgetting.forget_what_is_over()
    assert await counts(database) == [1, 1, 1, 1, 1]
    await age(database, "16 minutes")
    await forgetting.forget_what_is_over()
    assert await counts(database) == [0, 1, 1, 1, 1]
    await age(database, "31 days")
    await forgetting.forget_what_is_over()
    assert await counts(database) == [0, 0, 0, 1, 1]
    await age(database, "181 days")
    await forgetting.forget_what_is_over()
    assert await counts(database) == [0, 0, 0, 0, 1]
