"""Carrying out what was asked for by the API, one import after the other."""

import asyncio
from collections.abc import Sequence

import structlog

from vinyl_catalog.domain.imports import FileProgress, Import, ImportOrigin, ImportState
from vinyl_catalog.imports.importer import Importer, LockLost
from vinyl_catalog.imports.telling import tell_of_albums
from vinyl_catalog.store import import_lock
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.absence import AWAY
from vinyl_chassis.clock import now

_log = structlog.get_logger("imports")
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 5.0
INTERRUPTED = "The command was interrupted; the same command goes on from there."


class ImportQueue:
    """Runs in the work process. An import that was under way when it died goes on when it is back."""

    def __init__(self, store: Store, database_url: str, allowed_hosts: Sequence[str] = ()) -> None:
        self._store = store
        self._database_url = database_url
        self._allowed_hosts = allowed_hosts

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._work_off()
            except (*AWAY, LockLost) as error:
                _log.warning("import_interrupted", error=repr(error))
                await asyncio.sleep(_RETRY_SECONDS)
            await asyncio.sleep(_POLL_SECONDS)

    async def _work_off(self) -> None:
        if not await self._is_needed():
            return
        async with import_lock.taken(self._database_url, _log_wait) as lock:
            await close_interrupted(self._store)
            await tell_of_albums(self._store)
            importer = Importer(self._store, lock, _log_progress, self._allowed_hosts)
            for import_ in await self._list(ImportOrigin.API):
                await self._carry_out(importer, import_)

    async def _is_needed(self) -> bool:
        async with self._store.begin() as unit:
            asked = await unit.imports.list_unfinished(ImportOrigin.API)
            return bool(asked) or await unit.untold_albums.count() > 0

    async def _carry_out(self, importer: Importer, import_: Import) -> None:
        try:
            done = await importer.carry_out(import_)
            _log.info(
                "import_finished", import_id=str(done.id), state=done.state, imported=done.total("imported")
            )
        except (*AWAY, LockLost):
            raise
        except Exception:
            _log.exception("import_failed", import_id=str(import_.id))
            async with self._store.begin() as unit:
                current = await unit.imports.find(import_.id) or import_
                await unit.imports.save(current.broken_off("It broke off, and why was logged.", now()))

    async def _list(self, origin: ImportOrigin) -> list[Import]:
        async with self._store.begin() as unit:
            return await unit.imports.list_unfinished(origin)


async def close_interrupted(store: Store) -> None:
    """Commands that say they run while nobody holds the lock but the caller were killed."""
    async with store.begin() as unit:
        for import_ in await unit.imports.list_unfinished(ImportOrigin.COMMAND):
            if import_.state is ImportState.RUNNING:
                await unit.imports.save(import_.broken_off(INTERRUPTED, now()))


def _log_wait() -> None:
    _log.info("import_waits_for_another")


def _log_progress(_import: Import, progress: FileProgress) -> None:
    _log.info("import_progress", file=progress.file, read=progress.read, imported=progress.imported)
