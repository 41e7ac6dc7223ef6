"""What the work process does: a loop for each source, a walk over the catalogue, and the keeping of terms."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from vinyl_catalog.domain.answers import Task, Urgency
from vinyl_catalog.domain.sources import OFFERS, TERMS, WAITS_FOR, Source, SubjectKind
from vinyl_catalog.enrichment.connections import Connection, Sources, connect
from vinyl_catalog.enrichment.enricher import LEASE_SECONDS, Enricher
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.absence import AWAY
from vinyl_chassis.clock import now

_log = structlog.get_logger("enrichment")
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 5.0
_WALK_SECONDS = 2.0
_RETENTION_SECONDS = 20.0
_STEP = 200
# The walk goes on when the source that has least to do has less than this to do.
_ENOUGH_WAITING = 100
_WALK_RESTS_SECONDS = 24 * 3600.0
_MOST_EXPIRED = 1000


class EnrichmentWork:
    """Several processes may run it at once: answers are leased, and each source's budget is one for all."""

    def __init__(self, store: Store, sources: Sources) -> None:
        self._store = store
        self._on = sources.on
        self._connections = connect(store, sources)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for source, connection in self._connections.items():
                    group.create_task(self._serve(source, connection))
                group.create_task(_again_and_again(self.keep_terms, _RETENTION_SECONDS))
                if self._on:
                    group.create_task(_again_and_again(self.walk_on, _WALK_SECONDS))
        finally:
            await self.close()

    async def close(self) -> None:
        for connection in self._connections.values():
            for client in connection.clients:
                await client.aclose()

    async def do_next(self, source: Source) -> bool:
        """Asks the source the next question that is due; False where none is."""
        connection = self._connections[source]
        async with self._store.begin() as unit:
            task = await unit.answers.lease(source, LEASE_SECONDS)
        if task is None:
            return False
        await self._carry_out(Enricher(self._store, source, connection.reader), task)
        return True

    async def walk_on(self) -> None:
        """Goes on through the albums, and then through the artists, while a source has little to do."""
        for kind in SubjectKind:
            if not await self._is_idle(kind):
                return
            async with self._store.begin() as unit:
                passed = await unit.enrichment_walks.step(kind, self._asked(kind), _STEP, _WALK_RESTS_SECONDS)
            if passed:
                return

    async def keep_terms(self) -> None:
        """Deletes what may no longer be kept; it was not shown any more before."""
        async with self._store.begin() as unit:
            gone = await unit.sourced_fields.remove_expired(_MOST_EXPIRED)
            if gone:
                await unit.sourced_fields.touch(gone)
                _log.info("fields_expired", subjects=len(gone))
            for source, terms in TERMS.items():
                if terms.restricted:
                    await unit.answers.forget_candidates(source, now() - terms.shelf_life)

    async def _serve(self, source: Source, connection: Connection) -> None:
        await _again_and_again(connection.turns.enter, 0.0, once=True)

        async def work_off() -> None:
            wait = await connection.turns.seconds_to_wait()
            if wait > _POLL_SECONDS:
                await asyncio.sleep(min(wait, _RETRY_SECONDS))
                return
            if not await self.do_next(source):
                await asyncio.sleep(_POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311

        await _again_and_again(work_off, 0.0)

    async def _carry_out(self, enricher: Enricher, task: Task) -> None:
        try:
            await enricher.carry_out(task)
        except AWAY:
            raise
        except Exception:
            _log.exception("enrichment_failed", subject=str(task.subject_id), source=task.answer.source)
            await enricher.give_up(task)

    async def _is_idle(self, kind: SubjectKind) -> bool:
        async with self._store.begin() as unit:
            for source, at_once in self._asked(kind):
                if at_once and await unit.answers.count_due(source, Urgency.WALK) < _ENOUGH_WAITING:
                    return True
        return False

    def _asked(self, kind: SubjectKind) -> list[tuple[Source, bool]]:
        """The sources that are on, and whether each is asked at once or waits for another's answer."""
        offered = [source for source in self._on if source in OFFERS[kind]]
        return [(source, WAITS_FOR.get(source) not in offered) for source in offered]


async def _again_and_again(do: Callable[[], Awaitable[None]], pause: float, *, once: bool = False) -> None:
    """Waits for Postgres where it is away."""
    while True:
        try:
            await do()
            if once:
                return
        except AWAY as error:
            _log.warning("enrichment_interrupted", error=repr(error))
            await asyncio.sleep(_RETRY_SECONDS)
        await asyncio.sleep(pause)
