"""What can be done with a request the moment its head is here: a kept answer sent, a plain read passed on."""

import time
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from vinyl_chassis.identity import Listener
from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import form_of_refusal
from vinyl_gateway.cache.delivery import ForAll
from vinyl_gateway.cache.kept_answers import Kept
from vinyl_gateway.cache.sending import Wishes, composed
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.cors import Cors
from vinyl_gateway.forwarding.batches import Batches
from vinyl_gateway.forwarding.delivery import Delivery, ForOne
from vinyl_gateway.forwarding.errands import Errand, lines_of, own_lines
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.forwarding.passages import Client, Order, Passage, Passages
from vinyl_gateway.header_rules import RequestHeaders, named_by_connection, read_request_headers
from vinyl_gateway.http1.request_head import RawFields, RequestHead
from vinyl_gateway.http1.whole_answer import whole_answer
from vinyl_gateway.identity import Identity
from vinyl_gateway.limits.rate_limits import Gate, RateLimits
from vinyl_gateway.overload.shedding import Shedding
from vinyl_gateway.public_routes import Access, PublicRoute, Service
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.refusals import GatewayOverloaded
from vinyl_gateway.request_target import LONGEST_TARGET_BYTES, in_order, normal_path, normal_query
from vinyl_gateway.route_tree import RouteTree
from vinyl_gateway.tracing import request_id_of, trace_of
from vinyl_gateway.upstream.instances import Instances

# Who says how long they wait is told that it was heard; who expects a version may be refused.
_NOT_PLAIN = frozenset([b"if-match", b"prefer"])


class InstantAnswers:
    """Whatever needs a wait, or a refusal, is left to the front door, which answers alike."""

    def __init__(
        self,
        *,
        routes: RouteTree,
        identity: Identity,
        limits: RateLimits | None,
        cors: Cors,
        shared: SharedAnswers,
        forwarding: Forwarding,
        passages: Passages | None,
        batches: Mapping[Service, Batches],
        shedding: Shedding,
        records: Records,
    ) -> None:
        self._routes = routes
        self._identity = identity
        self._limits = limits
        self._cors = cors
        self._shared = shared
        self._passages = passages
        self._batches = batches
        self._shedding = shedding
        self._for_one = ForOne(forwarding)
        self._records = records
        self._ways: dict[str, _Way] = {}

    def answer(self, head: RequestHead, address: str, client: Client) -> bytes | Passage | None:
        """The whole answer as it goes over the wire, or what will bring it."""
        if head.method != "GET":
            return None
        target = head.path + b"?" + head.query if head.query else head.path
        kept = self._shared.at_hand(target)
        try:
            asked = _remembered(head.fields) if head.repeats else _read(head.fields)
            is_plain = asked.is_plain and (kept is not None or _is_normal(head))
            who = self._recognise(head, asked.headers) if is_plain else None
            if who is None:
                return None
            if kept is not None and who.is_alike:
                return self._send(kept, head, asked, who, address)
            if not self._shedding.admits(is_urgent=False):
                return self._refuse(GatewayOverloaded(), head, asked, who)
            return self._pass_on(head, target, asked, who, address, client)
        except Refusal:
            return None

    def _recognise(self, head: RequestHead, headers: RequestHeaders) -> "_Who | None":
        """Raises what the front door will raise again."""
        authorization = head.authorization or headers.read.get(b"authorization")
        listener = None if authorization is None else self._identity.recall(authorization)
        listed = self._routes.find(head.path)
        if listed is None or (authorization is not None and listener is None):
            return None
        route = listed.routes.get("GET")
        if route is None:
            return None
        way = self._ways.get(route.path) or self._find_way(route)
        if listener is None and way.is_public:
            return _Who(way, None, way.is_alike)
        self._identity.allow(route, listener)
        return _Who(way, listener, route.is_alike(signed_in=True))

    def _find_way(self, route: PublicRoute) -> "_Way":
        passable = self._passages is not None and not route.is_page
        way = self._ways[route.path] = _Way(
            route,
            "GET" + route.path,
            self._limits.gate(route.route_class) if self._limits else None,
            self._passages.instances_of(route.service) if self._passages and passable else None,
            route.access is Access.PUBLIC,
            route.is_alike(signed_in=False),
            self._batches.get(route.service) if passable and route.is_batched else None,
        )
        return way

    def _send(
        self, kept: Kept, head: RequestHead, asked: "_Asked", who: "_Who", address: str
    ) -> bytes | None:
        asked_at = time.monotonic()
        visit = self._enter(head, asked, who, address)
        if visit is None:
            return None
        visit.status, fields, body = composed(kept, asked.wishes, asked_at, visit.added)
        self._shared.sent()
        self._records.keep(visit)
        return whole_answer(visit.status, fields, body)

    def _refuse(self, refusal: Refusal, head: RequestHead, asked: "_Asked", who: "_Who") -> bytes:
        visit = self._visit(head, asked, who)
        visit.status, headers, body = form_of_refusal(refusal, visit.added, visit.path, visit.request_id)
        self._records.keep(visit)
        return whole_answer(visit.status, headers, body)

    def _pass_on(
        self, head: RequestHead, target: bytes, asked: "_Asked", who: "_Who", address: str, client: Client
    ) -> Passage | None:
        way = who.way
        if self._passages is None or way.instances is None:
            return None
        if who.is_alike and not (_is_in_order(head.query) and self._shared.is_new(target)):
            return None
        batches = self._batches_for(head, asked, way, client)
        place = way.instances.place_at_once() if batches is None else None
        if batches is None and place is None:
            return None
        visit = None
        try:
            visit = self._enter(head, asked, who, address)
        finally:
            if visit is None and place is not None:
                place.give_back()
        if visit is None:
            return None
        lines = own_lines(visit.request_id, address, trace_of(asked.headers.read.get(b"traceparent")))
        delivery: Delivery = self._for_one
        if who.is_alike:
            delivery = ForAll(self._shared, self._shared.open(target), asked.wishes)
        elif head.authorization is None:
            lines = asked.lines + lines
        else:
            lines = b"%bauthorization: %b\r\n%b" % (asked.lines, head.authorization, lines)
        errand = Errand(way.route.service, "GET", target, lines, None, kind=way.kind)
        passage = self._passages.begin(way.instances, Order(errand, delivery, visit, head), client)
        if place is not None:
            passage.ask(place)
        elif batches is not None:
            batches.add(passage, client.loop)
        return passage

    def _batches_for(self, head: RequestHead, asked: "_Asked", way: "_Way", client: Client) -> Batches | None:
        """None for what is asked for by itself. A trace would end at a batch."""
        batches = way.batches
        if batches is None or head.query or b"traceparent" in asked.headers.read:
            return None
        return batches if batches.takes(head.path, client.loop) else None

    def _enter(self, head: RequestHead, asked: "_Asked", who: "_Who", address: str) -> Visit | None:
        """None where somebody else has to say whether their limits let them in."""
        visit = self._visit(head, asked, who)
        if who.way.gate and not who.way.gate.pass_at_once(visit, address, who.listener):
            return None
        visit.admitted_at = time.perf_counter()
        return visit

    def _visit(self, head: RequestHead, asked: "_Asked", who: "_Who") -> Visit:
        read = asked.headers.read
        visit = Visit("GET", head.path.decode("ascii"), request_id_of(read.get(b"x-request-id")))
        visit.enter(who.way.route)
        visit.added += self._cors.answer_headers(read.get(b"origin"))
        return visit


class _Way(msgspec.Struct, frozen=True):
    """What never changes of a route, and takes time to look up. `gate` is None where limits are lifted,
    `instances` where nothing is passed on from here; `is_alike` is for who is not signed in."""

    route: PublicRoute
    kind: str
    gate: Gate | None
    instances: Instances | None
    is_public: bool
    is_alike: bool
    batches: Batches | None


class _Who(msgspec.Struct, frozen=True, gc=False):
    """Asks for what. `is_alike`: the answer is the same for others."""

    way: _Way
    listener: Listener | None
    is_alike: bool


class _Asked(msgspec.Struct, frozen=True):
    """What the headers say, and whether that is all; `lines` are those that a service sees."""

    headers: RequestHeaders
    wishes: Wishes
    lines: bytes
    is_plain: bool


def _read(fields: RawFields) -> _Asked:
    headers = read_request_headers(fields)
    is_plain = not any(name in _NOT_PLAIN for name, _ in fields) and not named_by_connection(fields)
    return _Asked(headers, Wishes.among(headers.forwarded), lines_of(headers.forwarded), is_plain)


_remembered = lru_cache(maxsize=1024)(_read)


def _is_normal(head: RequestHead) -> bool:
    """Raises UnsafePath or UnsafeQuery."""
    if len(head.path) + len(head.query) > LONGEST_TARGET_BYTES:
        return False
    if head.query and normal_query(head.query) != head.query:
        return False
    return normal_path(head.path) == head.path


def _is_in_order(query: bytes) -> bool:
    return b"&" not in query or in_order(query) == query
