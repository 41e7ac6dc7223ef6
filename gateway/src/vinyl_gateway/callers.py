"""Who asks, and what they may: found out once for who says the same again."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from vinyl_chassis.identity import Listener
from vinyl_gateway.cache.sending import Wishes
from vinyl_gateway.forwarding.batches import Batches
from vinyl_gateway.forwarding.passages import Passages
from vinyl_gateway.header_rules import RequestHeaders, lines_of, named_by_connection, read_request_headers
from vinyl_gateway.http1.request_head import RawFields, Said
from vinyl_gateway.identity import Identity, Recalled
from vinyl_gateway.limits.rate_limits import Allowances, Gate, RateLimits
from vinyl_gateway.public_routes import PublicRoute, Service
from vinyl_gateway.route_tree import RouteTree
from vinyl_gateway.upstream.instances import Instances

# Who says how long they wait is told that it was heard; who expects a version may be refused.
_NOT_PLAIN = frozenset([b"if-match", b"prefer"])
_MOST_STRANGERS = 1024


class Way(msgspec.Struct, frozen=True):
    """What never changes of a route, and takes time to look up. `gate` is None where limits are lifted,
    `instances` where nothing is passed on from here."""

    route: PublicRoute
    kind: str
    gate: Gate | None
    instances: Instances | None
    batches: Batches | None


class Access(msgspec.Struct):
    """Of somebody to a route, found out once. `is_alike`: the answer is the same for others; `allowances` are
    those of the address that asked last, None until it was counted here."""

    way: Way
    listener: Listener | None
    is_alike: bool
    allowances: Allowances | None = None


class Asked(msgspec.Struct, frozen=True):
    """What the headers say, and whether that is all; `lines` are those that a service sees."""

    headers: RequestHeaders
    wishes: Wishes
    lines: bytes
    is_plain: bool


class Caller(msgspec.Struct):
    """Somebody who says the same again, or all strangers who do. `recalled` is None for who is not signed in,
    `lines` are all that a service sees of what they say, `accesses` theirs by a route's path."""

    asked: Asked
    recalled: Recalled | None
    lines: bytes
    accesses: dict[str, Access] = {}


class Callers:
    """`passages` are None where nothing is passed on at once."""

    def __init__(
        self,
        *,
        routes: RouteTree,
        identity: Identity,
        limits: RateLimits | None,
        passages: Passages | None,
        batches: Mapping[Service, Batches],
    ) -> None:
        self._routes = routes
        self._identity = identity
        self._limits = limits
        self._passages = passages
        self._batches = batches
        self._ways: dict[str, Way] = {}
        self._strangers: dict[Said, Caller] = {}

    def recognise(self, said: Said) -> Caller | None:
        """Raises what the front door will raise again."""
        caller = self._strangers.get(said) if said.is_shared else said.made
        if isinstance(caller, Caller) and (
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
        caller = Caller(asked, recalled, lines)
        if said.is_shared:
            if len(self._strangers) >= _MOST_STRANGERS:
                del self._strangers[next(iter(self._strangers))]
            self._strangers[said] = caller
        else:
            said.made = caller
        return caller

    def find_access(self, path: bytes, caller: Caller) -> Access | None:
        """Raises as `recognise` does."""
        listed = self._routes.find(path)
        route = listed.routes.get("GET") if listed else None
        if route is None:
            return None
        return caller.accesses.get(route.path) or self._admit(caller, route)

    def _admit(self, caller: Caller, route: PublicRoute) -> Access:
        listener = caller.recalled.listener if caller.recalled else None
        self._identity.allow(route, listener)
        way = self._ways.get(route.path) or self._find_way(route)
        access = Access(way, listener, route.is_alike(signed_in=listener is not None))
        caller.accesses[route.path] = access
        return access

    def _find_way(self, route: PublicRoute) -> Way:
        passable = self._passages is not None and not route.is_page
        way = self._ways[route.path] = Way(
            route,
            "GET" + route.path,
            self._limits.gate(route.route_class) if self._limits else None,
            self._passages.instances_of(route.service) if self._passages and passable else None,
            self._batches.get(route.service) if passable and route.is_batched else None,
        )
        return way


def _read(fields: RawFields) -> Asked:
    headers = read_request_headers(fields)
    is_plain = not any(name in _NOT_PLAIN for name, _ in fields) and not named_by_connection(fields)
    return Asked(headers, Wishes.among(headers.forwarded), lines_of(headers.forwarded), is_plain)


_remembered = lru_cache(maxsize=1024)(_read)
