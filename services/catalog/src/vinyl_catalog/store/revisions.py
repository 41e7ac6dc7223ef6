"""The history of albums and artists."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.revisions import Action, Editor, Revision, Subject
from vinyl_catalog.store.curation_tables import revisions

_LARGEST_NUMBER = (1 << 31) - 1


class Revisions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, subject: Subject, subject_id: UUID, revision: Revision) -> Revision:
        """With the next number. Call it with the subject locked."""
        last = select(func.coalesce(func.max(revisions.c.number), 0)).where(*_of(subject, subject_id))
        number = (await self._connection.scalar(last) or 0) + 1
        row = {
            "subject": subject.value,
            "subject_id": subject_id,
            "number": number,
            "action": revision.action.value,
            "editor_id": revision.editor.id,
            "editor_name": revision.editor.username,
            "comment": revision.comment,
            "former": msgspec.json.encode(revision.former),
            "latter": msgspec.json.encode(revision.latter),
            "undoes": revision.undoes,
            "made_at": revision.made_at,
        }
        await self._connection.execute(insert(revisions).values(row))
        return msgspec.structs.replace(revision, number=number)

    async def find(self, subject: Subject, subject_id: UUID, number: int) -> Revision | None:
        if number > _LARGEST_NUMBER:
            return None
        statement = select(revisions).where(*_of(subject, subject_id), revisions.c.number == number)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _revision(row)

    async def list_newest(
        self, subject: Subject, subject_id: UUID, before: int | None, limit: int
    ) -> list[Revision]:
        statement = select(revisions).where(*_of(subject, subject_id))
        if before is not None:
            statement = statement.where(revisions.c.number < before)
        rows = await self._connection.execute(statement.order_by(revisions.c.number.desc()).limit(limit))
        return [_revision(row) for row in rows]


def _of(subject: Subject, subject_id: UUID) -> tuple[Any, ...]:
    return (revisions.c.subject == subject.value, revisions.c.subject_id == subject_id)


def _revision(row: Any) -> Revision:
    return Revision(
        number=row.number,
        action=Action(row.action),
        editor=Editor(row.editor_id, row.editor_name),
        comment=row.comment,
        former=msgspec.json.decode(row.former),
        latter=msgspec.json.decode(row.latter),
        undoes=row.undoes,
        made_at=row.made_at,
    )
