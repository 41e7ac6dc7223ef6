"""Imports, and the records that they set aside."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import RowMapping, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.imports import FileProgress, Import, ImportOrigin, ImportState, Reject, Withdrawal
from vinyl_catalog.store.tables import import_rejects, imports
from vinyl_contracts.ids import ImportId

MOST_SHOWN_REJECTS = 1000
MOST_LISTED_REJECTS = 100
_UNFINISHED = (ImportState.QUEUED, ImportState.RUNNING)


class Imports:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, import_id: ImportId) -> Import | None:
        rows = await self._list(select(imports).where(imports.c.id == import_id))
        return rows[0] if rows else None

    async def find_interrupted(self, files: Sequence[str]) -> Import | None:
        """The newest import by command, if it was of these files and did not come to its end."""
        newest = select(imports).where(imports.c.origin == ImportOrigin.COMMAND).order_by(imports.c.id.desc())
        rows = await self._list(newest.limit(1))
        if not rows or rows[0].files != list(files):
            return None
        return rows[0] if any(not progress.is_finished for progress in rows[0].progress) else None

    async def list_unfinished(self, origin: ImportOrigin) -> list[Import]:
        """Oldest first."""
        unfinished = imports.c.state.in_(_UNFINISHED) & (imports.c.origin == origin)
        return await self._list(select(imports).where(unfinished).order_by(imports.c.id))

    async def list_newest(self, before: ImportId | None, limit: int) -> list[Import]:
        statement = select(imports).order_by(imports.c.id.desc()).limit(limit)
        return await self._list(statement if before is None else statement.where(imports.c.id < before))

    async def save(self, import_: Import) -> None:
        values: dict[str, Any] = msgspec.structs.asdict(import_)
        values["progress"] = msgspec.to_builtins(import_.progress)
        statement = upsert(imports).values(values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    async def set_aside(self, import_id: ImportId, rejects: Sequence[Reject]) -> None:
        if rejects:
            rows = [{"import_id": import_id, **msgspec.structs.asdict(reject)} for reject in rejects]
            await self._connection.execute(insert(import_rejects), rows)

    async def list_rejects(self, import_ids: Sequence[ImportId], limit: int) -> dict[ImportId, list[Reject]]:
        """The first of each."""
        found: dict[ImportId, list[Reject]] = {}
        for import_id in import_ids:
            statement = (
                select(
                    import_rejects.c.kind,
                    import_rejects.c.discogs_id,
                    import_rejects.c.reason,
                    import_rejects.c.raw,
                )
                .where(import_rejects.c.import_id == import_id)
                .order_by(import_rejects.c.id)
                .limit(limit)
            )
            found[import_id] = [Reject(*row) for row in await self._connection.execute(statement)]
        return found

    async def _list(self, statement: Any) -> list[Import]:
        return [_import(row) for row in (await self._connection.execute(statement)).mappings()]


def _import(row: RowMapping) -> Import:
    values = dict(row)
    values["progress"] = msgspec.convert(values["progress"], list[FileProgress])
    values["origin"] = ImportOrigin(values["origin"])
    values["state"] = ImportState(values["state"])
    values["withdraw"] = Withdrawal(values["withdraw"])
    return Import(**values)
