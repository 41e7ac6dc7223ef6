"""Reads that are asked for so often that the framework would cost more than the answer.

A read is answered here where nothing but the path decides: GET by id, for everybody alike, no query. Whatever
else it may be (an unknown id, a bad token, a fault) goes to the route of the same path, which answers alike.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec
from asyncpg.pgproto import pgproto
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from vinyl_chassis.identity import TokenVerifier, bearer_token
from vinyl_chassis.versions import CACHE_CONTROL

_ID_LETTERS = 36
_KEPT = CACHE_CONTROL.encode()


class Answer(msgspec.Struct, frozen=True):
    """`tag` is the ETag, in its quotes; `kept_as` are the names of which a cache hears when it is old, with
    blanks between, "" where nobody keeps it; `body` is asked for where the client has not got it."""

    tag: str
    kept_as: str
    body: Callable[[], bytes]


class QuickRead(msgspec.Struct, frozen=True):
    """`prefix` is the path up to the id, `template` what metrics call the route; `read` gives None for what
    is not there under this very id."""

    prefix: str
    template: str
    read: Callable[[UUID], Awaitable[Answer | None]]


def answering(app: ASGIApp, reads: Sequence[QuickRead], verifier: TokenVerifier) -> ASGIApp:
    by_prefix = {quick.prefix: quick for quick in reads}

    async def answer_or_pass(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "GET" and not scope["query_string"]:
            path = scope["path"]
            quick = by_prefix.get(path[:-_ID_LETTERS])
            if quick is not None and (start := await find(quick, path[-_ID_LETTERS:], scope)):
                scope["path_template"] = quick.template
                await send(start[0])
                await send(start[1])
                return
        await app(scope, receive, send)

    async def find(quick: QuickRead, id_: str, scope: Scope) -> tuple[Message, Message] | None:
        try:
            if token := bearer_token(scope["headers"]):
                await verifier.verify(token)
            # the driver's own kind of id is read, shown and sent in a tenth of the time
            found = await quick.read(pgproto.UUID(id_))
            return _messages_of(found, scope) if found else None
        except Exception:  # the route will meet it again, and say it as every route does
            return None

    return answer_or_pass


def _messages_of(found: Answer, scope: Scope) -> tuple[Message, Message]:
    headers = [(b"etag", found.tag.encode())]
    if found.kept_as:
        headers += ((b"cache-control", _KEPT), (b"surrogate-key", found.kept_as.encode()))
    if _has(scope, found.tag):
        return (
            {"type": "http.response.start", "status": 304, "headers": headers},
            {"type": "http.response.body", "body": b"", "more_body": False},
        )
    body = found.body()
    headers += ((b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)))
    return (
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body, "more_body": False},
    )


def _has(scope: Scope, tag: str) -> bool:
    """Whether the client knows the answer by its tag already."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tags = {each.strip().removeprefix("W/") for each in value.decode("latin-1").split(",")}
            return tag in tags or "*" in tags
    return False
