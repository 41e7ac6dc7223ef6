"""The hot path: every request of the public surface, in plain ASGI, from its head to its answer."""

import asyncio
import time
from typing import Any

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Send

from vinyl_chassis.identity import Listener
from vinyl_contracts.errors import Invalid, Refusal, Throttled
from vinyl_gateway.answers import send_empty
from vinyl_gateway.cache.sending import Wishes, send_answer
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.cors import Cors
from vinyl_gateway.deadlines import in_time, wished_seconds
from vinyl_gateway.forwarding.conclusion import conclude
from vinyl_gateway.forwarding.errands import Errand, own_lines
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.header_rules import RequestHeaders, lines_of, read_request_headers
from vinyl_gateway.identity import Identity
from vinyl_gateway.instant_answers import InstantAnswers
from vinyl_gateway.limits.addresses import limited_address
from vinyl_gateway.limits.rate_limits import Ledger, RateLimits
from vinyl_gateway.overload.shedding import Shedding
from vinyl_gateway.pages.gathering import Asking, Pages
from vinyl_gateway.public_routes import PublicRoute, RouteClass
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.refusals import (
    EncodedBody,
    GatewayOverloaded,
    MethodNotAllowed,
    RouteNotFound,
    TargetTooLong,
)
from vinyl_gateway.request_body import Incoming, RequestBody
from vinyl_gateway.request_target import LONGEST_TARGET_BYTES, in_order, normal_path, normal_query
from vinyl_gateway.route_tree import Listed, RouteTree
from vinyl_gateway.tracing import request_id_of, traced
from vinyl_gateway.upstream.canary import Asker

_SEEN_BY_PARTS = frozenset([b"authorization", b"accept-language", b"user-agent"])
_URGENT = frozenset([RouteClass.SIGN_IN, RouteClass.REFRESH])
_API_PREFIXES = (b"/api/", b"/.well-known/")
_KNOWN_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])


class FrontDoor:
    """`site` answers what is no route of the API: health, the documentation, the web app.

    `limits` is None where they are lifted.
    """

    def __init__(
        self,
        *,
        routes: RouteTree,
        identity: Identity,
        limits: RateLimits | None,
        cors: Cors,
        forwarding: Forwarding,
        shared: SharedAnswers,
        instant: InstantAnswers,
        pages: Pages,
        shedding: Shedding,
        records: Records,
        site: ASGIApp,
        exporting_spans: bool,
    ) -> None:
        self._routes = routes
        self._identity = identity
        self._limits = limits
        self._cors = cors
        self._forwarding = forwarding
        self._shared = shared
        self._pages = pages
        self.at_once = instant.answer
        self._shedding = shedding
        self._records = records
        self._site = site
        self._exporting_spans = exporting_spans

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._receive_visit(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
        else:
            await self._site(scope, receive, send)

    async def _receive_visit(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        said = dict(scope["headers"])
        method = scope["method"] if scope["method"] in _KNOWN_METHODS else "OTHER"
        visit = Visit(
            method, scope["raw_path"].decode("ascii", "replace"), request_id_of(said.get(b"x-request-id"))
        )
        visit.more += self._cors.answer_headers(said.get(b"origin"))
        incoming = Incoming(receive)
        await conclude(
            visit, self._answer_or_drain(visit, scope, incoming, receive, send), send, self._records
        )

    async def _answer_or_drain(
        self, visit: Visit, scope: HTTPScope, incoming: Incoming, receive: Receive, send: Send
    ) -> int:
        try:
            return await self._answer(visit, scope, incoming, receive, send)
        except Refusal:
            await _drain_body(scope, incoming)
            raise

    async def _answer(
        self, visit: Visit, scope: HTTPScope, incoming: Incoming, receive: Receive, send: Send
    ) -> int:
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET_BYTES:
            raise TargetTooLong
        headers = read_request_headers(scope["headers"])
        path = normal_path(scope["raw_path"])
        listed = self._routes.find(path)
        if listed is None:
            if path.startswith(_API_PREFIXES):
                raise RouteNotFound
            return await _answer_by(self._site, visit, scope, receive, send)
        if scope["method"] == "OPTIONS":
            allowed = self._cors.preflight_headers(headers.read, listed.allow)
            if allowed is not None:
                return await send_empty(send, 204, visit.added + allowed)
        route = _route_for(listed, scope["method"])
        visit.enter(route)
        if not self._shedding.admits(is_urgent=route.route_class in _URGENT):
            raise GatewayOverloaded
        return await self._answer_by_service(visit, route, scope, headers, path, incoming, send)

    async def _answer_by_service(
        self,
        visit: Visit,
        route: PublicRoute,
        scope: HTTPScope,
        headers: RequestHeaders,
        path: bytes,
        incoming: Incoming,
        send: Send,
    ) -> int:
        until = self._end_of_patience(visit, headers)
        address = scope["client"][0] if scope["client"] else ""
        if self._limits:
            await _limit(visit, self._limits.addresses[route.route_class], limited_address(address))
        listener = await self._identity.admit(route, headers.read.get(b"authorization"))
        if self._limits and listener:
            await _limit(visit, self._limits.accounts[route.route_class], listener.id)
            await _limit(visit, self._limits.tokens[route.route_class], listener.session_id)
        body = await _open_body(route, headers, incoming)
        visit.admitted_at = time.perf_counter()
        query = normal_query(scope["query_string"])
        is_alike = route.is_alike(signed_in=listener is not None)
        if is_alike and b"&" in query:
            query = in_order(query)
        target = path + b"?" + query if query else path
        asked_at = time.monotonic()
        if is_alike and (kept := self._shared.at_hand(target)) is not None:
            self._shared.sent()
            return await send_answer(kept, Wishes.among(headers.forwarded), asked_at, send, visit.added)
        given_trace = headers.read.get(b"traceparent")
        with traced(given_trace, f"{route.method} {route.path}", exporting=self._exporting_spans) as trace:
            ours = own_lines(visit.request_id, address, trace)
            asker = _asker(visit, listener, address) if self._forwarding.canaries else None
            if route.is_page:
                asking = _asking(path, headers, ours, listener, until, asker)
                return await self._pages.answer(route, asking, send, visit.added)
            if is_alike:
                errand = Errand(route.service, "GET", target, ours, None, until, "GET" + route.path)
                answer = await in_time(self._shared.find(errand), until, route.service)
                return await send_answer(answer, Wishes.among(headers.forwarded), asked_at, send, visit.added)
            errand = Errand(
                route.service,
                visit.method,
                target,
                lines_of(headers.forwarded) + ours,
                body,
                until,
                kind=route.method + route.path,
                is_urgent=route.route_class in _URGENT,
                asker=asker,
            )
            return await self._forwarding.forward(errand, send, visit.added)

    def _end_of_patience(self, visit: Visit, headers: RequestHeaders) -> float | None:
        """On the loop's clock, where the client waits less long than we would."""
        prefer = headers.read.get(b"prefer")
        seconds = wished_seconds(prefer) if prefer else None
        if seconds is None or seconds >= self._forwarding.answer_seconds:
            return None
        visit.more.append((b"preference-applied", b"wait=%d" % seconds))
        return asyncio.get_running_loop().time() + seconds


async def _limit(visit: Visit, ledger: Ledger, who: object) -> None:
    decision = ledger.take(who) or await ledger.wait(who)
    visit.show_limit(decision.remaining, decision.policy_field, decision.state_field)
    if not decision.allowed:
        raise Throttled(f"Too many requests from this {ledger.policy.of}: slow down.", decision.retry_seconds)


def _route_for(listed: Listed, method: str) -> PublicRoute:
    route = listed.routes.get(method)
    if route is None:
        raise MethodNotAllowed(listed.allow)
    return route


def _asker(visit: Visit, listener: Listener | None, address: str) -> Asker:
    """The same at every request, without a cookie."""
    return Asker(str(listener.id if listener else limited_address(address)).encode(), visit.canaries)


def _asking(
    path: bytes,
    headers: RequestHeaders,
    ours: bytes,
    listener: Listener | None,
    until: float | None,
    asker: Asker | None,
) -> Asking:
    """A part is no answer to the conditions that the page was asked under."""
    seen = [header for header in headers.forwarded if header[0] in _SEEN_BY_PARTS]
    known_etags = b",".join(value for name, value in headers.forwarded if name == b"if-none-match")
    me = listener.username if listener else None
    return Asking(path, lines_of(seen) + ours, ours, me, known_etags, until, asker)


async def _open_body(route: PublicRoute, headers: RequestHeaders, incoming: Incoming) -> RequestBody | None:
    """The body as far as it has arrived, None where the request has none."""
    if not headers.has_body:
        return None
    if route.body_limit == 0:
        raise Invalid("This route takes no body.")
    if headers.read.get(b"content-encoding", b"identity") != b"identity":
        raise EncodedBody
    body = RequestBody(incoming, length=headers.body_length, limit=route.body_limit)
    await body.open()
    return body


async def _drain_body(scope: HTTPScope, incoming: Incoming) -> None:
    """A client that asked before sending (`Expect`) is told no before it sends."""
    names = {name for name, _ in scope["headers"]}
    if b"expect" not in names and not names.isdisjoint((b"content-length", b"transfer-encoding")):
        await incoming.drain()


async def _answer_by(site: ASGIApp, visit: Visit, scope: HTTPScope, receive: Receive, send: Send) -> int:
    status = 0

    async def send_named(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            message = {**message, "headers": [*message["headers"], *visit.added]}
        await send(message)

    scope["vinyl_request_id"] = visit.request_id  # type: ignore[typeddict-unknown-key]
    await site(scope, receive, send_named)
    return status
