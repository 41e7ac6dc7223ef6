"""The work process of a service: its relay, its consumers and its jobs, until SIGTERM or SIGINT."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence

import structlog
import uvloop

from vinyl_chassis import idempotency, logs, telemetry
from vinyl_chassis.absence import AWAY
from vinyl_chassis.change_telling import ChangeTelling
from vinyl_chassis.database import Database
from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.messaging.consumer import Consumer
from vinyl_chassis.messaging.dead_letters import DeadLetters
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_chassis.outbox.relay import Relay
from vinyl_chassis.settings import ServiceSettings

_log = structlog.get_logger("working")
Job = Callable[[], Awaitable[None]]
_RETRY_SECONDS = 1.0


class Worker:
    """`hears` are subscriptions by publisher; `jobs` run until they are cancelled."""

    def __init__(
        self,
        service: str,
        settings: ServiceSettings,
        database: Database,
        *,
        hears: dict[str, Sequence[Subscription]],
        jobs: Sequence[Job] = (),
    ) -> None:
        self._database = database
        self._broker = Broker(settings.nats_url, f"vinyl-{service}")
        self._changes = ChangeTelling(service, self._broker)
        self._dead_letters = DeadLetters(database)
        self._relay = Relay(settings.database_url, self._broker)
        self._consumers = [
            Consumer(service, publisher, subscriptions, self._broker, self._dead_letters)
            for publisher, subscriptions in hears.items()
        ]
        self._jobs = jobs

    async def run(self) -> None:
        """Until cancelled. A job whose neighbour is away begins again; one that fails otherwise ends them
        all, for whoever supervises to start afresh."""
        self._changes.begin()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._changes.run())
                group.create_task(self._relay.run())
                for consumer in self._consumers:
                    group.create_task(consumer.run())
                for job in (*self._jobs, self._forget_answers):
                    group.create_task(_until_cancelled(job))
        finally:
            await self._broker.close()
            await self._database.close()

    async def replay(self) -> None:
        """Hands every event that was set aside to its consumer once more."""
        for consumer in self._consumers:
            result = await self._dead_letters.replay(consumer.name, consumer.subscriptions)
            _log.info("replayed", consumer=consumer.name, healed=result.healed, failing=result.still_failing)
        await self._database.close()

    async def _forget_answers(self) -> None:
        while True:
            await idempotency.prune(self._database)
            await asyncio.sleep(600.0)


def work(build: Callable[[], Worker], settings: ServiceSettings, service: str) -> None:
    logs.configure(settings.log_format, settings.log_level, service)
    telemetry.configure(service, settings.otlp_endpoint)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        worker = build()
        gc.freeze()  # as in serving
        runner.run(_until_signalled(worker))


def replay(build: Callable[[], Worker], settings: ServiceSettings, service: str) -> None:
    logs.configure(settings.log_format, settings.log_level, service)
    asyncio.run(build().replay())


async def _until_signalled(worker: Worker) -> None:
    running = asyncio.create_task(worker.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    _log.info("working")
    try:
        await running
    except asyncio.CancelledError:
        _log.info("stopped")


async def _until_cancelled(job: Job) -> None:
    while True:
        try:
            await job()
            return
        except AWAY as error:
            _log.warning("job_waits", job=getattr(job, "__qualname__", repr(job)), error=repr(error))
            await asyncio.sleep(_RETRY_SECONDS)
