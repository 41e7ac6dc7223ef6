"""What is kept of each request: rate, errors and duration per route, and a line in the access log."""

import logging
import time

from vinyl_chassis.durations import Durations
from vinyl_chassis.logs import write_line
from vinyl_gateway.public_routes import PublicRoute

_lines = logging.getLogger("access")
_QUIET = frozenset(["/health/live", "/health/ready", "/metrics"])
_durations = Durations(
    "vinyl_gateway_request",
    "From a request's head to its answer's end, by route.",
    ("route", "service", "method", "status"),
)
_of_canaries = Durations(
    "vinyl_gateway_canary",
    "The same, of the requests for which a service's canary was asked.",
    ("route", "service", "method", "status"),
)

_LINES = b"x-request-id: %b\r\nx-content-type-options: nosniff\r\nserver: vinylhound\r\n"
_LIMIT_LINES = b"ratelimit-policy: %b\r\nratelimit: %b\r\n"


class Visit:
    """One request on its way through the gateway. `more` are headers that every answer to it carries besides
    those that all answers carry. `canaries` are the services whose canary was asked."""

    __slots__ = (
        "_limit",
        "_remaining",
        "admitted_at",
        "began_at",
        "canaries",
        "method",
        "more",
        "path",
        "request_id",
        "route",
        "status",
    )

    def __init__(self, method: str, path: str, request_id: str) -> None:
        self.method = method
        self.path = path
        self.request_id = request_id
        self.route: PublicRoute | None = None
        self._remaining: int | None = None
        self._limit: tuple[bytes, bytes] | None = None
        self.status = 0
        self.canaries: set[str] = set()
        self.admitted_at = 0.0
        self.more: list[tuple[bytes, bytes]] = []
        self.began_at = time.perf_counter()

    def enter(self, route: PublicRoute) -> None:
        self.route = route
        if route.retirement is not None:
            self.more += route.retirement.headers

    def show_limit(self, remaining: int, policy: bytes, state: bytes) -> None:
        """The tightest of the limits is the one that the answer shows."""
        if self._remaining is None or remaining <= self._remaining:
            self._remaining, self._limit = remaining, (policy, state)

    @property
    def lines(self) -> bytes:
        """What every answer to it carries, as it is written."""
        lines = _LINES % self.request_id.encode()
        if self._limit is not None:
            lines += _LIMIT_LINES % self._limit
        if self.more:
            lines += b"".join([b"%b: %b\r\n" % header for header in self.more])
        return lines

    @property
    def added(self) -> list[tuple[bytes, bytes]]:
        """The same as headers."""
        lines = self.lines.split(b"\r\n")
        return [(name, value) for name, _, value in (line.partition(b": ") for line in lines[:-1])]


class Records:
    def __init__(self, *, access_log: bool) -> None:
        self._access_log = access_log
        self._facts: dict[tuple[str, str, int], tuple[str, ...]] = {}

    def keep(self, visit: Visit) -> None:
        seconds = time.perf_counter() - visit.began_at
        route = visit.route.path if visit.route else "none"
        said = (route, visit.method, visit.status)
        facts = self._facts.get(said) or self._name(said, visit)
        _durations.record(seconds, facts)
        for service in visit.canaries:
            _of_canaries.record(seconds, (route, service, visit.method, str(visit.status)))
        if self._access_log and visit.path not in _QUIET and _lines.isEnabledFor(logging.INFO):
            write_line(
                "access",
                "answered",
                method=visit.method,
                path=visit.path,
                status=visit.status,
                ms=round(seconds * 1000, 1),
                door_ms=round((visit.admitted_at - visit.began_at) * 1000, 1) if visit.admitted_at else None,
                upstream=facts[1],
                canary=",".join(sorted(visit.canaries)) or None,
                request_id=visit.request_id,
            )

    def _name(self, said: tuple[str, str, int], visit: Visit) -> tuple[str, ...]:
        route, method, status = said
        service = visit.route.service.value if visit.route else "gateway"
        self._facts[said] = facts = (route, service, method, str(status))
        return facts
