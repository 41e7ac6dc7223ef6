"""Quick reads outside of all else that a request goes through, which would cost as much as they do."""

import asyncio
import time
from collections.abc import Coroutine, Mapping

from litestar.types import ASGIApp, Receive, Scope, Send

from vinyl_chassis import deadlines
from vinyl_chassis.observation import note, request_id_of
from vinyl_chassis.quick_reads import QuickRead, QuickReads, Reply
from vinyl_chassis.telemetry import are_spans_exported


class QuickDoor:
    """`app` answers what is not answered so, as if it had been asked first."""

    def __init__(self, app: ASGIApp, reads: QuickReads) -> None:
        self._app = app
        self._reads = reads

    def at_once(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[None, None, None] | None:
        """The whole exchange; None where it is not about a quick read, or about one with a span around it."""
        quick = self._reads.find(scope)
        if quick is None or are_spans_exported():
            return None
        return self._answer(quick, scope, receive, send)

    async def _answer(self, quick: QuickRead, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        asked = dict(scope["headers"])
        request_id = request_id_of(asked.get(b"x-request-id"))
        seconds = deadlines.seconds_told(asked.get(deadlines.HEADER))
        if seconds is None:
            reply = await self._reads.reply(quick, scope, asked)
        else:
            reply = await self._reply_within(seconds, quick, scope, asked, request_id)
        if reply is None:
            scope[deadlines.BEGAN] = began  # type: ignore[literal-required]
            await self._app(scope, receive, send)
            return
        status, headers, body = reply
        headers.append((b"x-request-id", request_id.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        note("GET", quick.template, scope["path"], status, time.perf_counter() - began, request_id)

    async def _reply_within(
        self, seconds: float, quick: QuickRead, scope: Scope, asked: Mapping[bytes, bytes], request_id: str
    ) -> Reply | None:
        limit = deadlines.Limit(seconds)
        try:
            return await self._reads.reply(quick, scope, asked)
        except asyncio.CancelledError:
            if not limit.has_cancelled():
                raise
            return deadlines.refusal(scope["path"], request_id)
        finally:
            limit.lift()
