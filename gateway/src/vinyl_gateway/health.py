"""Whether all of it serves: the services' own answers, gathered at once and kept for half a second."""

import asyncio
import time
from collections.abc import Iterable

import httpx
import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client import generate_latest

from vinyl_chassis.health import EXPOSITION
from vinyl_gateway.event_lag import EventLag
from vinyl_gateway.public_routes import Service
from vinyl_gateway.service_reading import ServiceReading
from vinyl_gateway.upstream.canary import Canary, State

ASK_SECONDS = 2.0
LAG_SECONDS = 1.0
FRESH_SECONDS = 0.5


class Liveness(msgspec.Struct, frozen=True):
    status: str


class QueueLag(msgspec.Struct, frozen=True):
    """Events a service has not published yet, how old the oldest is, and events it has set aside."""

    outbox_waiting: int
    outbox_oldest_seconds: float
    dead_letters: int


class ServiceHealth(msgspec.Struct, frozen=True):
    """`queues` is null where the service did not say. `events_waiting` are those of others that it has not
    worked off yet, by who told them, null where the broker did not say."""

    status: str
    latency_ms: float
    queues: QueueLag | None
    events_waiting: dict[str, int] | None = None


class CanaryHealth(msgspec.Struct, frozen=True):
    """The share of people that it gets, whether it answers them now, and how often it did since the start, or
    was left out."""

    percent: float
    state: State
    requests: dict[State, int]


class Overview(msgspec.Struct, frozen=True):
    """`status` is "ready" when every service is; `canaries` are of the services of those names."""

    status: str
    services: dict[str, ServiceHealth]
    canaries: dict[str, CanaryHealth]


class SystemHealth:
    def __init__(self, services: ServiceReading, event_lag: EventLag, canaries: Iterable[Canary]) -> None:
        self._services = services
        self._event_lag = event_lag
        self._canaries = list(canaries)
        self._lock = asyncio.Lock()
        self._asked_at = float("-inf")
        self._overview = Overview("unknown", {}, {})

    async def overview(self) -> Overview:
        async with self._lock:
            if time.monotonic() - self._asked_at > FRESH_SECONDS:
                self._overview = await self._ask_all()
                self._asked_at = time.monotonic()
        return self._overview

    async def _ask_all(self) -> Overview:
        states, waiting = await asyncio.gather(
            asyncio.gather(*(self._ask(service) for service in Service)), self._event_lag.waiting(LAG_SECONDS)
        )
        services = {
            service.value: msgspec.structs.replace(
                state, events_waiting=None if waiting is None else waiting.get(service.value, {})
            )
            for service, state in zip(Service, states, strict=True)
        }
        ready = all(state.status == "ready" for state in states)
        canaries = {
            canary.name: CanaryHealth(canary.percent, canary.state, dict(canary.chosen))
            for canary in self._canaries
        }
        return Overview("ready" if ready else "not ready", services, canaries)

    async def _ask(self, service: Service) -> ServiceHealth:
        began_at = time.perf_counter()
        try:
            (readiness, latency_ms), queues = await asyncio.gather(
                self._ask_readiness(service, began_at), self._ask_queues(service)
            )
        except httpx.HTTPError:
            return ServiceHealth("unreachable", _milliseconds_since(began_at), None)
        return ServiceHealth("ready" if readiness == 200 else "not ready", latency_ms, queues)

    async def _ask_readiness(self, service: Service, began_at: float) -> tuple[int, float]:
        answer = await self._services.read(service, "/health/ready", ASK_SECONDS)
        return answer.status_code, _milliseconds_since(began_at)

    async def _ask_queues(self, service: Service) -> QueueLag | None:
        try:
            answer = await self._services.read(service, "/health/queues", ASK_SECONDS)
            return msgspec.json.decode(answer.content, type=QueueLag)
        except (httpx.HTTPError, msgspec.DecodeError):
            return None


def _milliseconds_since(began_at: float) -> float:
    return round((time.perf_counter() - began_at) * 1000, 2)


@get("/health/live")
async def live() -> Liveness:
    return Liveness("alive")


@get("/health/ready")
async def ready(health: NamedDependency[SystemHealth]) -> Response[Overview]:
    overview = await health.overview()
    return Response(overview, status_code=200 if overview.status == "ready" else 503)


@get("/health")
async def overview(health: NamedDependency[SystemHealth]) -> Overview:
    return await health.overview()


@get("/metrics")
async def read_metrics() -> Response[bytes]:
    return Response(generate_latest(), media_type=EXPOSITION)
