"""Idempotency-Key on every POST: the first answer again, for 24 hours.

The request's writes and the record of its answer commit in one transaction, so that a process killed
at any moment has done both or neither. What is kept opens only with the client's own key.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import msgspec
from cryptography.fernet import Fernet
from litestar import Request
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis import changes
from vinyl_chassis.change_telling import telling
from vinyl_chassis.clock import now
from vinyl_chassis.database import Database
from vinyl_chassis.identity import owner_scope
from vinyl_contracts.errors import Conflict, Invalid, Mismatched

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
_NOT_KEPT = frozenset({429, 500, 502, 503, 504})

idempotency_keys = Table(
    "idempotency_keys",
    MetaData(),
    Column("key", LargeBinary, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("sealed_answer", LargeBinary, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


class RequestInFlight(Conflict):
    code = "request_in_flight"


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class IdempotencyMiddleware(ASGIMiddleware):
    """A key belongs to a person (signed out: an address) and a route."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        keys = [value for name, value in scope["headers"] if name == b"idempotency-key"]
        if not keys or scope.get("method") != "POST":
            await next_app(scope, receive, send)
            return
        given = keys[0]
        if len(keys) > 1 or not 0 < len(given) <= LONGEST_KEY:
            raise Invalid.field("Idempotency-Key", f"has to be one, of 1 to {LONGEST_KEY} characters")
        body = await Request[Any, Any, Any](scope, receive).body()
        key = _digest(_owner(scope), scope["path"], given)
        request = _digest(str(scope.get("query_string", b"")), "", body)
        await _send(await self._answer(key, request, given, scope, body, next_app), send)

    async def _answer(
        self, key: bytes, request: bytes, given: bytes, scope: Scope, body: bytes, next_app: ASGIApp
    ) -> Answer:
        async with self._database.spanning() as connection:
            await _claim(connection, key)
            kept = await _find(connection, key)
            seal = Fernet(base64.urlsafe_b64encode(_digest("seal", given.decode("latin-1"), request)))
            if kept is not None and kept[0] != request:
                raise Mismatched("This Idempotency-Key was used for another request: take a new one.")
            if kept is not None:
                return msgspec.msgpack.decode(seal.decrypt(kept[1]), type=Answer)
            answer = await _run(scope, body, next_app)
            if answer.status not in _NOT_KEPT:
                kept_answer = _telling_again(answer, changes.noted(connection))
                await _keep(connection, key, request, seal.encrypt(msgspec.msgpack.encode(kept_answer)))
            return answer


def _telling_again(answer: Answer, changed: list[str]) -> Answer:
    """Who asks again has lost the first answer, and so may have who was to hear from it what is old."""
    if not changed:
        return answer
    name, names = telling(changed)
    told = (name.decode(), names.decode())
    return msgspec.structs.replace(answer, headers=[*answer.headers, told])


async def prune(database: Database) -> int:
    """Removes what is older than 24 hours; how many."""
    statement = delete(idempotency_keys).where(idempotency_keys.c.answered_at < now() - KEPT)
    async with database.transaction() as connection:
        return (await connection.execute(statement)).rowcount


async def _claim(connection: AsyncConnection, key: bytes) -> None:
    """Held until the transaction ends, however it ends."""
    claim = text("select pg_try_advisory_xact_lock(:key)")
    number = int.from_bytes(key[:8], "big", signed=True)
    if not await connection.scalar(claim, {"key": number}):
        raise RequestInFlight("The first request with this Idempotency-Key is still being answered.")


async def _find(connection: AsyncConnection, key: bytes) -> tuple[bytes, bytes] | None:
    table = idempotency_keys.c
    statement = select(table.request, table.sealed_answer).where(
        table.key == key, table.answered_at >= now() - KEPT
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.request, row.sealed_answer)


async def _keep(connection: AsyncConnection, key: bytes, request: bytes, sealed: bytes) -> None:
    row = {"key": key, "request": request, "sealed_answer": sealed, "answered_at": now()}
    statement = insert(idempotency_keys).values(row)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))


async def _run(scope: Scope, body: bytes, next_app: ASGIApp) -> Answer:
    """The rest of the application on this request, its answer caught instead of sent."""
    started: list[Message] = []
    parts: list[bytes] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def catch(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            parts.append(message["body"])

    await next_app(scope, receive, catch)
    first: Any = started[0]
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in first["headers"]]
    return Answer(first["status"], headers, b"".join(parts))


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _owner(scope: Any) -> str:
    """Behind the gateway the client's address is what the gateway says it is."""
    if signed_in := owner_scope(scope):
        return signed_in
    told = next((value for name, value in scope["headers"] if name == b"x-vinyl-client-address"), None)
    return told.decode("latin-1") if told else str((scope.get("client") or ("",))[0])


def _digest(first: str, second: str, third: bytes) -> bytes:
    hashed = hashlib.sha256()
    for part in (first.encode(), second.encode(), third):
        hashed.update(len(part).to_bytes(4, "big") + part)
    return hashed.digest()
