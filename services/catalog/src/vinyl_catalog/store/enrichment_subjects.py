"""What curators decided about an album or artist: which source is shown, and who is to be skipped."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.enrichment import Skip
from vinyl_catalog.domain.sources import Field, Source, SubjectKind
from vinyl_catalog.store.enrichment_tables import enrichment_subjects

_subjects = enrichment_subjects.c


class EnrichmentSubjects:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, subject_id: UUID, kind: SubjectKind) -> tuple[dict[Field, Source], Skip | None]:
        """Its choices and whether it is skipped. Others who decide wait for this transaction's end."""
        new = upsert(enrichment_subjects).values(subject_id=subject_id, kind=kind, choices={})
        await self._connection.execute(new.on_conflict_do_nothing())
        statement = select(enrichment_subjects).where(_subjects.subject_id == subject_id).with_for_update()
        return _decided((await self._connection.execute(statement)).mappings().one())

    async def find(self, subject_id: UUID) -> tuple[dict[Field, Source], Skip | None]:
        statement = select(enrichment_subjects).where(_subjects.subject_id == subject_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return _decided(row) if row else ({}, None)

    async def choose(self, subject_id: UUID, choices: dict[Field, Source]) -> None:
        one = update(enrichment_subjects).where(_subjects.subject_id == subject_id)
        await self._connection.execute(one.values(choices=dict(choices)))

    async def skip(self, skip: Skip) -> None:
        values = {"skip_reason": skip.reason, "skipped_at": skip.skipped_at, "skipped_by": skip.skipped_by}
        one = update(enrichment_subjects).where(_subjects.subject_id == skip.subject_id)
        await self._connection.execute(one.values(values))

    async def unskip(self, subject_id: UUID) -> None:
        one = update(enrichment_subjects).where(_subjects.subject_id == subject_id)
        await self._connection.execute(one.values(skip_reason=None, skipped_at=None, skipped_by=None))

    async def list_skips(self, after: UUID | None, limit: int) -> Sequence[Skip]:
        statement = select(enrichment_subjects).where(_subjects.skipped_at.is_not(None))
        if after is not None:
            statement = statement.where(_subjects.subject_id > after)
        rows = await self._connection.execute(statement.order_by(_subjects.subject_id).limit(limit))
        return [skip for row in rows.mappings() if (skip := _skip(row)) is not None]


def _decided(row: Any) -> tuple[dict[Field, Source], Skip | None]:
    return msgspec.convert(row["choices"], dict[Field, Source]), _skip(row)


def _skip(row: Any) -> Skip | None:
    if row["skipped_at"] is None:
        return None
    kind = SubjectKind(row["kind"])
    return Skip(row["subject_id"], kind, row["skip_reason"], row["skipped_at"], row["skipped_by"])
