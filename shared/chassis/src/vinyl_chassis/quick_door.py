"""Quick reads outside of all else that a request goes through, which would cost as much as they do."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial

from litestar.types import ASGIApp, Receive, Scope, Send

from vinyl_chassis import deadlines
from vinyl_chassis.batched_reads import BatchedReads
from vinyl_chassis.observation import note, request_id_of
from vinyl_chassis.quick_reads import QuickReads
from vinyl_chassis.telemetry import are_spans_exported
from vinyl_contracts.batches import READS_PATH, Reply

Replying = Callable[[Scope, Mapping[bytes, bytes]], Awaitable[Reply | None]]


class QuickDoor:
    """`app` answers what is not answered so, as if it had been asked first."""

    def __init__(self, app: ASGIApp, reads: QuickReads) -> None:
        self._app = app
        self._reads = reads
        self._batches = BatchedReads(reads)

    def at_once(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[None, None, None] | None:
        """The whole exchange; None where it is not about quick reads, or where there is a span around it."""
        if are_spans_exported():
            return None
        if scope.get("path") == READS_PATH and scope.get("method") == "GET":
            return self._answer(READS_PATH, self._batches.reply, scope, receive, send)
        quick = self._reads.find(scope)
        if quick is None:
            return None
        return self._answer(quick.template, partial(self._reads.reply, quick), scope, receive, send)

    async def _answer(
        self, template: str, replying: Replying, scope: Scope, receive: Receive, send: Send
    ) -> None:
        began = time.perf_counter()
        asked = dict(scope["headers"])
        request_id = request_id_of(asked.get(b"x-request-id"))
        seconds = deadlines.seconds_told(asked.get(deadlines.HEADER))
        if seconds is None:
            reply = await replying(scope, asked)
        else:
            reply = await _reply_within(seconds, replying, scope, asked, request_id)
        if reply is None:
            scope[deadlines.BEGAN] = began  # type: ignore[literal-required]
            await self._app(scope, receive, send)
            return
        status, headers, body = reply
        headers.append((b"x-request-id", request_id.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        note("GET", template, scope["path"], status, time.perf_counter() - began, request_id)


async def _reply_within(
    seconds: float, replying: Replying, scope: Scope, asked: Mapping[bytes, bytes], request_id: str
) -> Reply | None:
    limit = deadlines.Limit(seconds)
    try:
        return await replying(scope, asked)
    except asyncio.CancelledError:
        if not limit.has_cancelled():
            raise
        return deadlines.refusal(scope["path"], request_id)
    finally:
        limit.lift()
