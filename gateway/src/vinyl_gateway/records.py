"""What is kept of each request: rate, errors and duration per route, and a line in the access log."""

import time

import structlog

from vinyl_chassis.telemetry import meter
from vinyl_gateway.public_routes import PublicRoute

_log = structlog.get_logger("access")
_QUIET = frozenset(["/health/live", "/health/ready", "/metrics"])
_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]


class Visit:
    """One request on its way through the gateway. `added` are the headers that every answer to it carries;
    `remaining` is how many more its tightest limit allows, None before any was looked at."""

    __slots__ = ("added", "began_at", "method", "path", "remaining", "request_id", "route", "status")

    def __init__(self, method: str, path: str, request_id: str) -> None:
        self.method = method
        self.path = path
        self.request_id = request_id
        self.route: PublicRoute | None = None
        self.remaining: int | None = None
        self.status = 0
        self.added: list[tuple[bytes, bytes]] = [
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"server", b"vinylhound"),
        ]
        self.began_at = time.perf_counter()


class Records:
    def __init__(self, *, access_log: bool) -> None:
        self._access_log = access_log
        self._seconds = meter.create_histogram(
            "vinyl_gateway_request",
            unit="s",
            description="From the request's head to the answer's end, by route.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )

    def keep(self, visit: Visit) -> None:
        seconds = time.perf_counter() - visit.began_at
        route = visit.route.path if visit.route else "none"
        service = visit.route.service.value if visit.route else "gateway"
        facts = {"route": route, "service": service, "method": visit.method, "status": str(visit.status)}
        self._seconds.record(seconds, facts)
        if self._access_log and visit.path not in _QUIET:
            _log.info(
                "answered",
                method=visit.method,
                path=visit.path,
                status=visit.status,
                ms=round(seconds * 1000, 1),
                service=service,
                request_id=visit.request_id,
            )
