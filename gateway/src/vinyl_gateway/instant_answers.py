"""Kept answers straight from a request's head, in one go: nothing waits, and no task is made for it."""

import time
from functools import lru_cache
from typing import NamedTuple

from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import Added
from vinyl_gateway.cache.sending import Wishes, composed
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.cors import Cors
from vinyl_gateway.header_rules import RequestHeaders, read_request_headers
from vinyl_gateway.http1.date_header import date_line
from vinyl_gateway.http1.exchange import STATUS_LINES
from vinyl_gateway.http1.request_head import RawFields, RequestHead
from vinyl_gateway.identity import Identity
from vinyl_gateway.limits.rate_limits import RateLimits
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.route_tree import RouteTree
from vinyl_gateway.tracing import request_id_of

# A client that says how long it waits is told that it was heard.
_NOT_PLAIN = frozenset([b"prefer"])


class InstantAnswers:
    """What is not at hand to the last detail is left to the front door, which answers alike."""

    def __init__(
        self,
        *,
        routes: RouteTree,
        identity: Identity,
        limits: RateLimits | None,
        cors: Cors,
        shared: SharedAnswers,
        records: Records,
    ) -> None:
        self._routes = routes
        self._identity = identity
        self._limits = limits
        self._cors = cors
        self._shared = shared
        self._records = records

    def answer(self, head: RequestHead, address: str) -> bytes | None:
        """The whole answer as it goes over the wire."""
        target = head.path + b"?" + head.query if head.query else head.path
        kept = self._shared.at_hand(target) if head.method == "GET" else None
        if kept is None:
            return None
        asked_at = time.monotonic()
        try:
            asked = _remembered(head.fields) if head.repeats else _read(head.fields)
            visit = self._admit(head, asked.headers, address) if asked.is_plain else None
        except Refusal:
            return None
        if visit is None:
            return None
        added = visit.added + self._cors.answer_headers(asked.headers.read.get(b"origin"))
        visit.status, fields, body = composed(kept, asked.wishes, asked_at, added)
        self._shared.sent()
        self._records.keep(visit)
        return _wire(visit.status, fields, body)

    def _admit(self, head: RequestHead, headers: RequestHeaders, address: str) -> Visit | None:
        """Raises what the front door will raise again."""
        authorization = headers.read.get(b"authorization")
        listener = None if authorization is None else self._identity.recall(authorization)
        listed = self._routes.find(head.path)
        if listed is None or (authorization is not None and listener is None):
            return None
        route = listed.routes["GET"]
        if listener is not None:
            listener.require(route.scope)
        visit = Visit("GET", head.path.decode("ascii"), request_id_of(headers.read.get(b"x-request-id")))
        visit.enter(route)
        if not route.is_alike(signed_in=listener is not None):
            return None
        if self._limits and not self._limits.pass_at_once(visit, route.route_class, address, listener):
            return None
        return visit


class _Asked(NamedTuple):
    """What the headers say, and whether that is all about which kept answer to send."""

    headers: RequestHeaders
    wishes: Wishes
    is_plain: bool


def _read(fields: RawFields) -> _Asked:
    headers = read_request_headers(fields)
    is_plain = not any(name in _NOT_PLAIN for name, _ in fields)
    return _Asked(headers, Wishes.among(headers.forwarded), is_plain)


_remembered = lru_cache(maxsize=1024)(_read)


def _wire(status: int, fields: Added, body: bytes) -> bytes:
    parts = [STATUS_LINES[status]]
    for name, value in fields:
        parts += (name, b": ", value, b"\r\n")
    parts += (date_line(), body)
    return b"".join(parts)
