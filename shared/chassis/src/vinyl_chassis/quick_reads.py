"""Reads that are asked for so often that the framework would cost more than the answer.

A read is answered here where nothing but the path decides: GET by id, for everybody alike, no query. Whatever
else it may be (an unknown id, a bad token, a fault) goes to the route of the same path, which answers alike.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from vinyl_chassis.identity import TokenVerifier, bearer_token

_ID_LETTERS = 36


class Answer(msgspec.Struct, frozen=True):
    """`tag` is the ETag, in its quotes; `headers` are those besides type and length; `body` is asked for
    where the client has not got it."""

    tag: str
    headers: dict[str, str]
    body: Callable[[], bytes]


class QuickRead(msgspec.Struct, frozen=True):
    """`prefix` is the path up to the id, `template` what metrics call the route; `read` gives None for what
    is not there under this very id."""

    prefix: str
    template: str
    read: Callable[[UUID], Awaitable[Answer | None]]


class _Reply(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def answering(app: ASGIApp, reads: Sequence[QuickRead], verifier: TokenVerifier) -> ASGIApp:
    async def answer_or_pass(scope: Scope, receive: Receive, send: Send) -> None:
        for quick in reads:
            if (id_ := _id_in(scope, quick.prefix)) is not None and (reply := await find(quick, id_, scope)):
                scope["path_template"] = quick.template
                await _send(reply, send)
                return
        await app(scope, receive, send)

    async def find(quick: QuickRead, id_: UUID, scope: Scope) -> _Reply | None:
        try:
            if token := bearer_token(scope["headers"]):
                await verifier.verify(token)
            found = await quick.read(id_)
            return _reply_of(found, scope) if found else None
        except Exception:  # the route will meet it again, and say it as every route does
            return None

    return answer_or_pass


def _id_in(scope: Scope, prefix: str) -> UUID | None:
    path = scope["path"]
    if (
        len(path) != len(prefix) + _ID_LETTERS
        or not path.startswith(prefix)
        or scope.get("method") != "GET"
        or scope["query_string"]
    ):
        return None
    try:
        return UUID(path[len(prefix) :])
    except ValueError:
        return None


def _reply_of(found: Answer, scope: Scope) -> _Reply:
    known = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
    headers = [(b"etag", found.tag.encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in found.headers.items()]
    if known is not None and _has(known.decode("latin-1"), found.tag):
        return _Reply(304, headers, b"")
    body = found.body()
    headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    return _Reply(200, headers, body)


async def _send(reply: _Reply, send: Send) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


def _has(if_none_match: str, tag: str) -> bool:
    tags = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return tag in tags or "*" in tags
