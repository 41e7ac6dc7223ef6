"""Reads that are asked for so often that the framework would cost more than the answer.

A read is answered here where nothing but the path decides: GET by id, for everybody alike, no query. Whatever
else it may be (an unknown id, a bad token, a fault) goes to the route of the same path, which answers alike.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg.pgproto import pgproto
from litestar.types import ASGIApp, Receive, Scope, Send

from vinyl_chassis.deadlines import BEGAN
from vinyl_chassis.identity import TokenVerifier, bearer_token, scope_of
from vinyl_chassis.versions import CACHE_CONTROL
from vinyl_contracts.batches import Reply

_ID_LETTERS = 36
_KEPT = (b"cache-control", CACHE_CONTROL.encode())
_JSON = (b"content-type", b"application/json")


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


class QuickReads:
    """Of a service, found by the paths up to their ids."""

    def __init__(self, reads: Sequence[QuickRead], verifier: TokenVerifier) -> None:
        self._by_prefix = {quick.prefix: quick for quick in reads}
        self._verifier = verifier

    def find(self, scope: Scope) -> QuickRead | None:
        if scope.get("method") != "GET" or scope["query_string"]:
            return None
        return self.find_by_path(scope["path"])

    def find_by_path(self, path: str) -> QuickRead | None:
        return self._by_prefix.get(path[:-_ID_LETTERS])

    async def reply(self, quick: QuickRead, scope: Scope, headers: Mapping[bytes, bytes]) -> Reply | None:
        """`headers` are the scope's. None for what the route has to answer."""
        given: Any = scope["headers"]
        try:
            if len(given) != len(headers):  # which of two alike counts, the route knows
                return None
            if b"authorization" in headers and (token := bearer_token(given)):
                (await self._verifier.verify(token)).require(scope_of("GET"))
        except Exception:  # the route will meet it again, and say it as every route does
            return None
        return await self.reply_to_all(quick, scope["path"], headers.get(b"if-none-match"))

    async def reply_to_all(self, quick: QuickRead, path: str, known: bytes | None = None) -> Reply | None:
        """What anybody would get; `known` are the tags of what the client has already."""
        try:
            # the driver's own kind of id is read, shown and sent in a tenth of the time
            found = await quick.read(pgproto.UUID(path[-_ID_LETTERS:]))
            return _reply_of(found, known) if found else None
        except Exception:  # as above
            return None


def answering(app: ASGIApp, reads: QuickReads) -> ASGIApp:
    """For who did not come through a QuickDoor, which would have found what there is."""

    async def answer_or_pass(scope: Scope, receive: Receive, send: Send) -> None:
        quick = None if BEGAN in scope else reads.find(scope)
        if quick is None or (reply := await reads.reply(quick, scope, dict(scope["headers"]))) is None:
            await app(scope, receive, send)
            return
        scope["path_template"] = quick.template
        status, headers, body = reply
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return answer_or_pass


def _reply_of(found: Answer, known: bytes | None) -> Reply:
    tag = found.tag
    headers = [(b"etag", tag.encode())]
    if found.kept_as:
        headers += (_KEPT, (b"surrogate-key", found.kept_as.encode()))
    if known is not None:
        tags = {each.strip().removeprefix("W/") for each in known.decode("latin-1").split(",")}
        if tag in tags or "*" in tags:
            return 304, headers, b""
    body = found.body()
    headers += (_JSON, (b"content-length", b"%d" % len(body)))
    return 200, headers, body
