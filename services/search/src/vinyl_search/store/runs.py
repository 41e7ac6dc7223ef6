"""Runs: a queue that several processes work off, and the record of what came of each."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, RowMapping, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import RunId, SearchId, UserId
from vinyl_search.domain.provider import Urgency
from vinyl_search.domain.run import ProviderRun, Run, RunState
from vinyl_search.store.tables import runs

_columns = runs.c
# Words, not parameters: the generic plan of a repeated statement could not infer the partial index.
_OPEN = text("state in ('queued', 'running')")


class Runs:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def queue(self, run: Run) -> Run:
        """The run, or the search's open one, which from now on is as urgent as the new one."""
        statement = insert(runs).values(msgspec.structs.asdict(run))
        joined = statement.on_conflict_do_update(
            index_elements=["search_id"],
            index_where=_OPEN,
            set_={
                "urgency": case(
                    (statement.excluded.urgency == Urgency.PERSON, "person"), else_=_columns.urgency
                )
            },
        )
        row = (await self._connection.execute(joined.returning(runs))).mappings().one()
        return _run(row)

    async def claim(self, now: datetime, leased_until: datetime) -> Run | None:
        """The next that waits, or whose worker has not been heard of; a person's first."""
        abandoned = (_columns.state == RunState.RUNNING) & (_columns.leased_until < now)
        waiting = (
            select(_columns.id)
            .where(or_(_columns.state == RunState.QUEUED, abandoned))
            .order_by(_columns.urgency == Urgency.SCHEDULE, _columns.queued_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        statement = (
            update(runs)
            .where(_columns.id == waiting)
            .values(
                state=RunState.RUNNING,
                attempt=_columns.attempt + 1,
                started_at=func.coalesce(_columns.started_at, now),
                leased_until=leased_until,
            )
            .returning(runs)
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _run(row)

    async def extend(self, run: Run, leased_until: datetime) -> bool:
        """Whether the run is still this worker's."""
        return await self._change(run, leased_until=leased_until)

    async def save_progress(self, run: Run) -> bool:
        return await self._change(run, providers=run.providers)

    async def finish(self, run: Run) -> bool:
        return await self._change(
            run, providers=run.providers, state=run.state, finished_at=run.finished_at, leased_until=None
        )

    async def find(self, run_id: RunId) -> Run | None:
        row = (
            (await self._connection.execute(select(runs).where(_columns.id == run_id)))
            .mappings()
            .one_or_none()
        )
        return None if row is None else _run(row)

    async def list_of_search(self, search_id: SearchId, before: RunId | None, limit: int) -> list[Run]:
        older = [] if before is None else [_columns.id < before]
        return await self._newest(limit, _columns.search_id == search_id, *older)

    async def find_last_of(self, listener_id: UserId) -> Run | None:
        finished = await self._newest(
            1, _columns.listener_id == listener_id, _columns.finished_at.is_not(None)
        )
        return finished[0] if finished else None

    async def count_open(self) -> int:
        return int(await self._connection.scalar(select(func.count()).select_from(runs).where(_OPEN)) or 0)

    async def drop_finished(self, before: datetime) -> int:
        return (await self._connection.execute(delete(runs).where(_columns.finished_at < before))).rowcount

    async def _newest(self, limit: int, *conditions: ColumnElement[bool]) -> list[Run]:
        statement = select(runs).where(*conditions).order_by(_columns.id.desc()).limit(limit)
        return [_run(row) for row in (await self._connection.execute(statement)).mappings()]

    async def _change(self, run: Run, **values: object) -> bool:
        statement = update(runs).where(
            _columns.id == run.id, _columns.state == RunState.RUNNING, _columns.attempt == run.attempt
        )
        return (await self._connection.execute(statement.values(values))).rowcount == 1


def _run(row: RowMapping) -> Run:
    fields = {name: row[name] for name in Run.__struct_fields__}
    fields["providers"] = msgspec.convert(row["providers"], tuple[ProviderRun, ...])
    fields["state"], fields["urgency"] = RunState(row["state"]), Urgency(row["urgency"])
    return Run(**fields)
