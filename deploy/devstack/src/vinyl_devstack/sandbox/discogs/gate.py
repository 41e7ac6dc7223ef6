"""Discogs' rules of access, in front of its routes."""

from urllib.parse import parse_qsl

import msgspec
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from vinyl_devstack.sandbox.answers import answer
from vinyl_devstack.sandbox.discogs.accounts import Caller, caller_of
from vinyl_devstack.sandbox.discogs.limits import Allowance, SlidingWindow
from vinyl_devstack.sandbox.discogs.refusals import DiscogsRefused, Refusal

TOO_QUICK = "You are making requests too quickly."
NO_USER_AGENT = "You must send a User-Agent that says who is asking."


class DiscogsGate:
    """Refuses what names no client, does not authenticate properly or comes too fast; counts the rest."""

    def __init__(self, app: ASGIApp, window: SlidingWindow) -> None:
        self._app = app
        self._window = window

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith("/discogs/"):
            await self._app(scope, receive, send)
            return
        try:
            caller = _caller(scope)
        except DiscogsRefused as refused:
            await answer(send, refused.status, _message(refused.message))
            return
        client = scope["client"]
        allowance = self._window.ask(client[0] if client else "", authenticated=caller.authenticated)
        if allowance.refused:
            await answer(send, 429, _message(TOO_QUICK), allowance.headers)
            return
        await self._app(scope, receive, _adding(allowance, send))


def _caller(scope: Scope) -> Caller:
    headers = Headers.from_scope(scope)
    if not headers.get("user-agent", "").strip():
        raise DiscogsRefused(403, NO_USER_AGENT)
    return caller_of(headers.get("authorization"), dict(parse_qsl(scope["query_string"].decode("latin-1"))))


def _message(text: str) -> bytes:
    return msgspec.json.encode(Refusal(text))


def _adding(allowance: Allowance, send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *allowance.headers]
        await send(message)

    return send_with_headers
