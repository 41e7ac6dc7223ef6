"""Working off the queue of runs, and filling it when searches are due."""

import asyncio
import random
from datetime import datetime, timedelta

import structlog

from vinyl_chassis.clock import now
from vinyl_contracts.ids import RunId, new_id
from vinyl_search.domain.provider import Urgency
from vinyl_search.domain.run import ProviderRun, Run, RunState
from vinyl_search.domain.saved_search import SavedSearch
from vinyl_search.service.leases import LeaseLost, held, lease_end
from vinyl_search.service.run_execution import RunExecution
from vinyl_search.store.unit_of_work import Store

_log = structlog.get_logger("runs")
POLL_SECONDS = 0.25
MOST_AT_ONCE = 4
MOST_ATTEMPTS = 5
DUE_AT_ONCE = 50


class RunQueue:
    def __init__(self, store: Store, execution: RunExecution) -> None:
        self._store = store
        self._execution = execution
        self._under_way: set[asyncio.Task[None]] = set()

    async def work_off(self) -> None:
        """Until cancelled. A worker that dies leaves its runs to whoever asks when their leases lapse."""
        try:
            while True:
                if len(self._under_way) >= MOST_AT_ONCE or not await self._begin_one():
                    await asyncio.sleep(POLL_SECONDS)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def queue_due(self) -> None:
        """A little later or earlier each time, so that searches of one interval spread out."""
        async with self._store.begin() as unit:
            for search in await unit.searches.lock_due(now(), DUE_AT_ONCE):
                await unit.runs.queue(new_run(search, Urgency.SCHEDULE, now()))
                await unit.searches.postpone(search.id, next_run_of(search.interval_minutes))

    async def _begin_one(self) -> bool:
        try:
            async with self._store.begin() as unit:
                run = await unit.runs.claim(now(), lease_end())
        except Exception as error:
            _log.warning("queue_unreadable", error=repr(error))
            return False
        if run is None:
            return False
        task = asyncio.create_task(self._carry_out(run))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def _carry_out(self, run: Run) -> None:
        async def extend(until: datetime) -> bool:
            async with self._store.begin() as unit:
                return await unit.runs.extend(run, until)

        try:
            if run.attempt > MOST_ATTEMPTS:
                await self._execution.give_up(run, "worker_lost")
                return
            async with held(extend):
                await self._execution.execute(run)
        except LeaseLost:
            _log.warning("run_taken_over", run=str(run.id))
        except asyncio.CancelledError:
            await extend(now())
            raise
        except Exception as error:
            _log.error("run_interrupted", run=str(run.id), attempt=run.attempt, exc_info=error)


def new_run(search: SavedSearch, urgency: Urgency, at: datetime) -> Run:
    return Run(
        id=RunId(new_id()),
        search_id=search.id,
        listener_id=search.listener_id,
        state=RunState.QUEUED,
        urgency=urgency,
        attempt=0,
        providers=tuple(ProviderRun(provider) for provider in search.criteria.providers),
        queued_at=at,
    )


def next_run_of(interval_minutes: int) -> datetime:
    spread = random.uniform(0.97, 1.1)  # noqa: S311 - spreads the load
    return now() + timedelta(minutes=interval_minutes * spread)
