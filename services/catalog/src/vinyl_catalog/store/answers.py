"""The answers of other sources, and the queue that they are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, case, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.answers import Answer, Task, Urgency
from vinyl_catalog.domain.sources import TERMS, Field, Source, SubjectKind
from vinyl_catalog.store.enrichment_tables import enrichment_answers, enrichment_fields
from vinyl_chassis.clock import now
from vinyl_contracts.ids import new_id

_answers = enrichment_answers.c
_LEASE = text("""
with next as (
    select subject_id, source from enrichment_answers answers
    where source = :source and due_at <= clock_timestamp()
        and coalesce(leased_until, '-infinity') <= clock_timestamp()
        and not exists (select from enrichment_subjects subjects
            where subjects.subject_id = answers.subject_id and skipped_at is not null)
    order by urgency, due_at
    limit 1
    for update skip locked
)
update enrichment_answers answers
set lease = :lease, leased_until = clock_timestamp() + make_interval(secs => :seconds)
from next
where answers.subject_id = next.subject_id and answers.source = next.source
returning answers.*
""")
MOST_COUNTED = 10_000


class Answers:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lease(self, source: Source, seconds: float) -> Task | None:
        """The next that is due. Nobody else gets it before the lease ends, however its holder ends."""
        rows = await self._connection.execute(
            _LEASE, {"source": source, "lease": new_id(), "seconds": seconds}
        )
        row = rows.mappings().one_or_none()
        return None if row is None else _task(row)

    async def settle(self, task: Task, answer: Answer, urgency: Urgency) -> bool:
        """Keeps the answer and ends the lease; False where it had ended before, and somebody else has it.

        What a curator asked for meanwhile stays asked for.
        """
        held = update(enrichment_answers).where(
            _answers.subject_id == task.subject_id,
            _answers.source == task.answer.source,
            _answers.lease == task.lease,
        )
        values = _values(answer)
        settled = held.values(**values, urgency=urgency, wanted_fields=None, lease=None, leased_until=None)
        return (await self._connection.execute(settled)).rowcount == 1

    async def release(self, task: Task) -> None:
        """Gives the task back undone."""
        held = update(enrichment_answers).where(
            _answers.subject_id == task.subject_id, _answers.source == task.answer.source
        )
        await self._connection.execute(
            held.where(_answers.lease == task.lease).values(lease=None, leased_until=None)
        )

    async def enqueue(
        self,
        subject_id: UUID,
        kind: SubjectKind,
        due: dict[Source, datetime | None],
        urgency: Urgency,
        fields: Iterable[Field] | None = None,
    ) -> None:
        """Makes the answers due, those under way again: whoever holds them finds the lease gone."""
        for source, due_at in due.items():
            wanted = None if fields is None else sorted(fields)
            times = {"due_at": due_at, "urgency": urgency, "wanted_fields": wanted}
            new = upsert(enrichment_answers).values(
                subject_id=subject_id,
                source=source,
                kind=kind,
                state="waiting",
                candidates=[],
                rejected_ids=[],
                failures=0,
                **times,
            )
            again = {**times, "lease": None, "leased_until": None}
            await self._connection.execute(
                new.on_conflict_do_update(index_elements=["subject_id", "source"], set_=again)
            )

    async def wake(self, subject_id: UUID, sources: Sequence[Source], *, answered_too: bool) -> None:
        """Makes those due that waited for another's answer, and on wish those that have answered too."""
        waiting = update(enrichment_answers).where(
            _answers.subject_id == subject_id, _answers.source.in_(sources)
        )
        if not answered_too:
            waiting = waiting.where(_answers.state == "waiting", _answers.due_at.is_(None))
        await self._connection.execute(
            waiting.values(
                due_at=func.clock_timestamp(),
                urgency=case(
                    (_answers.urgency < Urgency.WALK, _answers.urgency), else_=literal(Urgency.WALK)
                ),
            )
        )

    async def prefer(self, subject_id: UUID) -> None:
        """Somebody cares: what may not be kept is asked for soon, the rest before others' when it is due."""
        restricted = [source for source, terms in TERMS.items() if terms.restricted]
        soon = and_(_answers.source.in_(restricted), _answers.due_at.is_not(None), _answers.state != "absent")
        one = update(enrichment_answers).where(
            _answers.subject_id == subject_id, _answers.urgency > Urgency.RATED
        )
        due_at = case((soon, func.least(_answers.due_at, func.clock_timestamp())), else_=_answers.due_at)
        await self._connection.execute(one.values(urgency=Urgency.RATED, due_at=due_at))

    async def list_of(self, subject_id: UUID, *, lock: bool = False) -> dict[Source, Answer]:
        statement = select(enrichment_answers).where(_answers.subject_id == subject_id)
        rows = await self._connection.execute(statement.with_for_update() if lock else statement)
        return {Source(row["source"]): _answer(row) for row in rows.mappings()}

    async def save(self, subject_id: UUID, answer: Answer) -> None:
        """What a curator decided. Whoever is asking meanwhile finds the lease gone."""
        one = update(enrichment_answers).where(
            _answers.subject_id == subject_id, _answers.source == answer.source
        )
        values = {**_values(answer), "urgency": Urgency.PERSON, "lease": None, "leased_until": None}
        await self._connection.execute(one.values(**values, wanted_fields=None))

    async def list_doubtful(
        self, after: tuple[UUID, str] | None, limit: int
    ) -> list[tuple[UUID, SubjectKind, Answer]]:
        statement = select(enrichment_answers).where(_answers.state == "doubtful")
        if after is not None:
            statement = statement.where(
                (_answers.subject_id > after[0])
                | ((_answers.subject_id == after[0]) & (_answers.source > after[1]))
            )
        ordered = statement.order_by(_answers.subject_id, _answers.source).limit(limit)
        rows = (await self._connection.execute(ordered)).mappings()
        return [(row["subject_id"], SubjectKind(row["kind"]), _answer(row)) for row in rows]

    async def forget_candidates(self, source: Source, asked_before: datetime) -> int:
        old = update(enrichment_answers).where(
            _answers.source == source,
            _answers.state == "doubtful",
            _answers.asked_at <= asked_before,
            func.jsonb_array_length(_answers.candidates) > 0,
        )
        return (await self._connection.execute(old.values(candidates=[]))).rowcount

    async def count_due(self, source: Source, urgency: Urgency | None = None) -> int:
        """MOST_COUNTED at most; of one urgency or of all."""
        due = select(literal(1)).where(_answers.source == source, _answers.due_at <= func.clock_timestamp())
        if urgency is not None:
            due = due.where(_answers.urgency == urgency)
        counted = due.limit(MOST_COUNTED).subquery()
        return await self._connection.scalar(select(func.count()).select_from(counted)) or 0

    async def count_by_state(self) -> dict[tuple[Source, str], int]:
        statement = select(_answers.source, _answers.state, func.count()).group_by(
            _answers.source, _answers.state
        )
        rows = await self._connection.execute(statement)
        return {(Source(row[0]), row[1]): row[2] for row in rows}

    async def remove_all_of(self, subject_id: UUID) -> None:
        """All that was said of an album or artist that nobody sees any more."""
        for table in (enrichment_answers, enrichment_fields):
            await self._connection.execute(delete(table).where(table.c.subject_id == subject_id))


def _values(answer: Answer) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.structs.asdict(answer)
    del values["source"]
    values["candidates"] = msgspec.to_builtins(answer.candidates)
    values["rejected_ids"] = list(answer.rejected_ids)
    return values


def _answer(row: Any) -> Answer:
    """Candidates are what a source said, too: those of restricted ones end like its fields."""
    known = {name: row[name] for name in Answer.__struct_fields__}
    terms = TERMS[Source(row["source"])]
    if terms.restricted and row["asked_at"] is not None and row["asked_at"] + terms.shelf_life <= now():
        known["candidates"] = []
    return msgspec.convert(known, Answer)


def _task(row: Any) -> Task:
    wanted = row["wanted_fields"]
    return Task(
        row["subject_id"],
        SubjectKind(row["kind"]),
        row["lease"],
        Urgency(row["urgency"]),
        None if wanted is None else frozenset(Field(name) for name in wanted),
        _answer(row),
    )
