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
from vinyl_gateway.forwarding.errands import Errand, own_lines
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.forwarding.passages import Client, Order, Passage, Passages
from vinyl_gateway.header_rules import RequestHeaders, lines_of, named_by_connection, read_request_headers
from vinyl_gateway.http1.request_head import RawFields, RequestHead, Said
from vinyl_gateway.http1.whole_answer import whole_answer
from vinyl_gateway.identity import Identity, Recalled
from vinyl_gateway.limits.rate_limits import Allowances, Gate, RateLimits
from vinyl_gateway.overload.shedding import Shedding
from vinyl_gateway.public_routes import PublicRoute, Service
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.refusals import GatewayOverloaded
from vinyl_gateway.request_target import LONGEST_TARGET_BYTES, in_order, normal_path, normal_query
from vinyl_gateway.route_tree import RouteTree
from vinyl_gateway.tracing import request_id_of, trace_of
from vinyl_gateway.upstream.instances import Instances

# Who says how long they wait is told that it was heard; who expects a version may be refused.
_NOT_PLAIN = frozenset([b"if-match", b"prefer"])
_MOST_STRANGERS = 1024


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
        self._strangers: dict[Said, _Caller] = {}

    def answer(self, head: RequestHead, address: str, client: Client) -> bytes | Passage | None:
        """The whole answer as it goes over the wire, or what will bring it."""
        try:
            caller = self._recognise(head.said) if head.method == "GET" else None
            access = self._find_access(head.path, caller) if caller else None
            if caller is None or access is None:
                return None
            target = head.path + b"?" + head.query if head.query else head.path
            if access.is_alike and (kept := self._shared.at_hand(target)) is not None:
                return self._send(kept, head, caller, access, address)
            if not _is_normal(head):
                return None
            if not self._shedding.admits(is_urgent=False):
                return self._refuse(GatewayOverloaded(), head, caller, access)
            return self._pass_on(head, target, caller, access, address, client)
        except Refusal:
            return None

    def _recognise(self, said: Said) -> "_Caller | None":
        """Raises what the front door will raise again."""
        caller = self._strangers.get(said) if said.is_shared else said.made
        if isinstance(caller, _Caller) and (
            caller.recalled is None or self._identity.still_holds(caller.recalled)
        ):
            return caller
        asked = _remembered(said.fields) if said.repeats else _read(said.fields)
        authorization = said.authorization or asked.headers.read.get(b"authorization")
        recalled = None if authorization is None else self._identity.recall(authorization)
        if not asked.is_plain or (authorization is not None and recalled is None):
            return None
        lines = asked.lines
        if said.authorization is not None:
            lines = b"%bauthorization: %b\r\n" % (lines, said.authorization)
        caller = _Caller(asked, recalled, lines)
        if said.is_shared:
            if len(self._strangers) >= _MOST_STRANGERS:
                del self._strangers[next(iter(self._strangers))]
            self._strangers[said] = caller
        else:
            said.made = caller
        return caller

    def _find_access(self, path: bytes, caller: "_Caller") -> "_Access | None":
        """Raises as `_recognise` does."""
        listed = self._routes.find(path)
        route = listed.routes.get("GET") if listed else None
        if route is None:
            return None
        return caller.accesses.get(route.path) or self._admit(caller, route)

    def _admit(self, caller: "_Caller", route: PublicRoute) -> "_Access":
        listener = caller.recalled.listener if caller.recalled else None
        self._identity.allow(route, listener)
        way = self._ways.get(route.path) or self._find_way(route)
        access = _Access(way, listener, route.is_alike(signed_in=listener is not None))
        caller.accesses[route.path] = access
        return access

    def _find_way(self, route: PublicRoute) -> "_Way":
        passable = self._passages is not None and not route.is_page
        way = self._ways[route.path] = _Way(
            route,
            "GET" + route.path,
            self._limits.gate(route.route_class) if self._limits else None,
            self._passages.instances_of(route.service) if self._passages and passable else None,
            self._batches.get(route.service) if passable and route.is_batched else None,
        )
        return way

    def _send(
        self, kept: Kept, head: RequestHead, caller: "_Caller", access: "_Access", address: str
    ) -> bytes | None:
        asked_at = time.monotonic()
        visit = self._enter(head, caller, access, address)
        if visit is None:
            return None
        visit.status, fields, body = composed(kept, caller.asked.wishes, asked_at, [])
        self._shared.sent()
        self._records.keep(visit)
        return whole_answer(visit.status, lines_of(fields) + visit.lines, body)

    def _refuse(self, refusal: Refusal, head: RequestHead, caller: "_Caller", access: "_Access") -> bytes:
        visit = self._visit(head, caller, access)
        visit.status, headers, body = form_of_refusal(refusal, [], visit.path, visit.request_id)
        self._records.keep(visit)
        return whole_answer(visit.status, lines_of(headers) + visit.lines, body)

    def _pass_on(
        self,
        head: RequestHead,
        target: bytes,
        caller: "_Caller",
        access: "_Access",
        address: str,
        client: Client,
    ) -> Passage | None:
        way, read = access.way, caller.asked.headers.read
        if self._passages is None or way.instances is None:
            return None
        if access.is_alike and not (_is_in_order(head.query) and self._shared.is_new(target)):
            return None
        batches = self._batches_for(head, read, way, client)
        place = way.instances.place_at_once() if batches is None else None
        if batches is None and place is None:
            return None
        visit = None
        try:
            visit = self._enter(head, caller, access, address)
        finally:
            if visit is None and place is not None:
                place.give_back()
        if visit is None:
            return None
        lines = own_lines(visit.request_id, address, trace_of(read.get(b"traceparent")))
        delivery: Delivery = self._for_one
        if access.is_alike:
            delivery = ForAll(self._shared, self._shared.open(target), caller.asked.wishes)
        else:
            lines = caller.lines + lines
        errand = Errand(way.route.service, "GET", target, lines, None, kind=way.kind)
        passage = self._passages.begin(way.instances, Order(errand, delivery, visit, head), client)
        if place is not None:
            passage.ask(place)
        elif batches is not None:
            batches.add(passage, client.loop)
        return passage

    def _batches_for(
        self, head: RequestHead, read: Mapping[bytes, bytes], way: "_Way", client: Client
    ) -> Batches | None:
        """None for what is asked for by itself. A trace would end at a batch."""
        batches = way.batches
        if batches is None or head.query or b"traceparent" in read:
            return None
        return batches if batches.takes(head.path, client.loop) else None

    def _enter(self, head: RequestHead, caller: "_Caller", access: "_Access", address: str) -> Visit | None:
        """None where somebody else has to say whether their limits let them in."""
        visit = self._visit(head, caller, access)
        if access.way.gate is not None:
            allowances = access.allowances
            if allowances is None or allowances.address != address:
                allowances = access.way.gate.find(address, access.listener)
            if allowances is None or not allowances.pass_at_once(visit):
                access.allowances = None
                return None
            access.allowances = allowances
        visit.admitted_at = time.perf_counter()
        return visit

    def _visit(self, head: RequestHead, caller: "_Caller", access: "_Access") -> Visit:
        read = caller.asked.headers.read
        visit = Visit("GET", head.path.decode("ascii"), request_id_of(read.get(b"x-request-id")))
        visit.enter(access.way.route)
        visit.more += self._cors.answer_headers(read.get(b"origin"))
        return visit


class _Way(msgspec.Struct, frozen=True):
    """What never changes of a route, and takes time to look up. `gate` is None where limits are lifted,
    `instances` where nothing is passed on from here."""

    route: PublicRoute
    kind: str
    gate: Gate | None
    instances: Instances | None
    batches: Batches | None


class _Access(msgspec.Struct):
    """Of somebody to a route, found out once. `is_alike`: the answer is the same for others; `allowances` are
    those of the address that asked last, None until it was counted here."""

    way: _Way
    listener: Listener | None
    is_alike: bool
    allowances: Allowances | None = None


class _Asked(msgspec.Struct, frozen=True):
    """What the headers say, and whether that is all; `lines` are those that a service sees."""

    headers: RequestHeaders
    wishes: Wishes
    lines: bytes
    is_plain: bool


class _Caller(msgspec.Struct):
    """Somebody who says the same again, or all strangers who do. `recalled` is None for who is not signed in,
    `lines` are all that a service sees of what they say, `accesses` theirs by a route's path."""

    asked: _Asked
    recalled: Recalled | None
    lines: bytes
    accesses: dict[str, _Access] = {}


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
