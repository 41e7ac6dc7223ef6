"""Keeping, replacing and deleting the fields of other sources."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, delete, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.sourced import Enrichment, SourcedField
from vinyl_catalog.domain.sources import Field, Source
from vinyl_catalog.store.enrichment_tables import enrichment_fields
from vinyl_catalog.store.sourced_fields import enrichment_columns, enrichment_of
from vinyl_chassis import changes

_fields = enrichment_fields.c
# The version is what events and the search index follow.
_TOUCH_ALBUMS = text("""
with touched as (
    update albums set version = version + 1, updated_at = now() where id = any(:ids) returning id
)
insert into untold_albums (album_id) select id from touched order by id on conflict do nothing
""")
_TOUCH_ARTISTS = text("update artists set version = version + 1, updated_at = now() where id = any(:ids)")


class SourcedFields:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, subject_id: UUID) -> Enrichment:
        """What may be shown now."""
        statement = select(*enrichment_columns(literal(subject_id, Uuid)))
        row = (await self._connection.execute(statement)).one()
        return enrichment_of(row.sourced, row.choices)

    async def replace(
        self, subject_id: UUID, source: Source, replaced: Iterable[Field], fields: Sequence[SourcedField]
    ) -> None:
        """All that the source said in the `replaced` fields goes, whether or not there is something new."""
        await self._connection.execute(
            delete(enrichment_fields).where(
                _fields.subject_id == subject_id,
                _fields.source == source,
                _fields.field.in_(sorted(replaced)),
            )
        )
        if fields:
            rows = [_row(subject_id, field) for field in fields]
            await self._connection.execute(insert(enrichment_fields), rows)

    async def remove_expired(self, limit: int) -> list[UUID]:
        """Deletes restricted fields that may no longer be kept; gives the albums and artists they were of."""
        chosen = (
            select(_fields.subject_id, _fields.source, _fields.field)
            .where(_fields.restricted, _fields.expires_at <= func.now())
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("chosen")
        )
        gone = (
            delete(enrichment_fields)
            .where(
                _fields.subject_id == chosen.c.subject_id,
                _fields.source == chosen.c.source,
                _fields.field == chosen.c.field,
            )
            .returning(_fields.subject_id)
        )
        return sorted({row.subject_id for row in await self._connection.execute(gone)})

    async def touch(self, subject_ids: Sequence[UUID]) -> None:
        """What is shown of these albums and artists changed."""
        for statement in (_TOUCH_ALBUMS, _TOUCH_ARTISTS):
            await self._connection.execute(statement, {"ids": sorted(subject_ids)})
        names = (f"{kind}-{subject_id}" for kind in ("album", "artist") for subject_id in subject_ids)
        changes.note(self._connection, ["albums", "artists", *names])


def _row(subject_id: UUID, field: SourcedField) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.structs.asdict(field)
    return {**values, "subject_id": subject_id, "value": msgspec.json.decode(field.value)}
