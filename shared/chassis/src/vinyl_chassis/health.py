"""Whether a process lives, whether it can serve, and what it measures."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
import structlog
from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select

from vinyl_chassis.database import Database
from vinyl_chassis.messaging.dead_letters import DeadLetters
from vinyl_chassis.outbox.tables import outbox

_log = structlog.get_logger("health")
CHECK_SECONDS = 2.0
# The framework names the charset by itself, and a parameter given twice is no media type.
EXPOSITION = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
Check = Callable[[], Awaitable[None]]


class Liveness(msgspec.Struct, frozen=True):
    status: str


class Readiness(msgspec.Struct, frozen=True):
    """`checks` says "ok" or what is wrong, by neighbour."""

    status: str
    checks: dict[str, str]


class QueueLag(msgspec.Struct, frozen=True):
    """Events not yet published, the age of the oldest in seconds, and events set aside."""

    outbox_waiting: int
    outbox_oldest_seconds: float
    dead_letters: int


class Health:
    """`checks` raise when their neighbour cannot be used; each has two seconds."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def readiness(self) -> Readiness:
        said = await asyncio.gather(*(self._say(name, check) for name, check in self._checks.items()))
        results = dict(zip(self._checks, said, strict=True))
        ready = all(result == "ok" for result in results.values())
        return Readiness("ready" if ready else "not ready", results)

    async def _say(self, name: str, check: Check) -> str:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check()
        except Exception as error:
            _log.warning("check_failed", check=name, error=repr(error))
            return "unavailable"
        return "ok"


async def queue_lag(database: Database) -> QueueLag:
    waiting = select(
        func.count(), func.coalesce(func.extract("epoch", func.now() - func.min(outbox.c.added_at)), 0)
    ).where(outbox.c.published_at.is_(None))
    async with database.transaction() as connection:
        count, oldest = (await connection.execute(waiting)).one()
    return QueueLag(count, round(float(oldest), 3), await DeadLetters(database).waiting())


@get("/health/live")
async def live() -> Liveness:
    return Liveness("alive")


@get("/health/ready")
async def ready(health: NamedDependency[Health]) -> Response[Readiness]:
    readiness = await health.readiness()
    return Response(readiness, status_code=200 if readiness.status == "ready" else 503)


@get("/metrics")
async def read_metrics() -> Response[bytes]:
    return Response(generate_latest(), media_type=EXPOSITION)


def health_routes(health: Health) -> Router:
    return Router(
        "/",
        route_handlers=[live, ready, read_metrics],
        dependencies={"health": Provide(lambda: health, sync_to_thread=False)},
        include_in_schema=False,
    )


def queue_routes(database: Database) -> Router:
    @get("/health/queues")
    async def queues() -> QueueLag:
        return await queue_lag(database)

    return Router("/", route_handlers=[queues], include_in_schema=False)
