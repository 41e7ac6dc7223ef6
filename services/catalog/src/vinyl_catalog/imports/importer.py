"""Taking in dump files: a process of its own reads and understands while Postgres merges the batch before.

A batch commits together with how far it brought the import, so that one that was killed goes on where it was.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from vinyl_catalog.domain.imports import FileProgress, Import
from vinyl_catalog.imports.addresses import is_address
from vinyl_catalog.imports.edited_records import derive_touched
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.parsing import ParsedFile, parsing
from vinyl_catalog.imports.preparing import Prepared
from vinyl_catalog.imports.staged_rows import mention_rows
from vinyl_catalog.imports.telling import tell_of_albums, tell_of_names, tell_of_some
from vinyl_catalog.imports.withdrawal import withdraw_gone
from vinyl_catalog.store.import_lock import ImportLock
from vinyl_catalog.store.staged import Loaded
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now

# Told of some after each batch, not of many now and then: the parsing process would wait meanwhile.
_MOST_UNTOLD = 5_000
OnProgress = Callable[[Import, FileProgress], None]
Result = TypeVar("Result")


class LockLost(Exception):
    """The connection that holds the lock broke: another import may begin, so this one has to stop."""

    def __init__(self) -> None:
        super().__init__("the connection that kept other imports out is lost")


class Importer:
    """Carries out one import at a time, whose `lock` is held. Web addresses have to be at `allowed_hosts`, or
    anywhere for None."""

    def __init__(
        self,
        store: Store,
        lock: ImportLock,
        on_progress: OnProgress,
        allowed_hosts: Sequence[str] | None = None,
    ) -> None:
        self._store = store
        self._lock = lock
        self._on_progress = on_progress
        self._allowed_hosts = allowed_hosts
        self._too_many_untold = 0

    async def carry_out(self, import_: Import) -> Import:
        """To its end, from where it was."""
        import_ = _measured(import_.started(import_.started_at or now()))
        await self._save(import_)
        async with parsing() as file:
            for progress in import_.progress:
                if not progress.is_finished:
                    import_ = await self._take_in(import_, progress, file)
        import_ = import_.finished(now())
        await self._save(import_)
        return import_

    async def _take_in(self, import_: Import, progress: FileProgress, file: ParsedFile) -> Import:
        try:
            await file.open(progress.file, self._allowed_hosts)
        except UnreadableFile as error:
            return await self._finish(import_, msgspec.structs.replace(progress, error=error.reason))
        if progress.mark != file.mark:
            progress = FileProgress(progress.file, file.kind, file.mark)
        import_ = import_.with_progress(
            msgspec.structs.replace(progress, bytes_read=0, bytes_total=file.length)
        )
        import_ = await self._load_batches(import_, progress.file, file)
        progress = import_.progress_of(progress.file)
        if reason := await file.broken():
            return await self._finish(import_, msgspec.structs.replace(progress, error=reason))
        progress = await withdraw_gone(self._store, file, progress, import_.withdraw)
        return await self._finish(import_, progress)

    async def _load_batches(self, import_: Import, name: str, file: ParsedFile) -> Import:
        loading: asyncio.Task[Import] | None = None
        batches = file.batches(import_.progress_of(name).read, self._find_known)
        try:
            async with aclosing(batches):
                async for batch, prepared in batches:
                    if loading is not None:
                        import_ = await loading
                    progress = msgspec.structs.replace(import_.progress_of(name), bytes_read=batch.position)
                    loading = asyncio.create_task(self._load(import_, progress, prepared))
            return await loading if loading is not None else import_
        finally:
            if loading is not None and not loading.done():
                loading.cancel()
                with suppress(asyncio.CancelledError):
                    await loading

    async def _find_known(self, kind: RecordKind, ids: Sequence[int]) -> dict[int, bytes | None]:
        async with self._store.begin() as unit:
            return await unit.loading.find_known(kind, ids)

    async def _load(self, import_: Import, progress: FileProgress, prepared: Prepared) -> Import:
        """Albums that the batches before left untold are told of meanwhile: each waits for Postgres half of
        its time."""
        if not self._lock.is_held:
            raise LockLost
        saving = self._load_alone(import_, progress, prepared)
        return await _meanwhile(saving, tell_of_some(self._store, self._too_many_untold))

    async def _load_alone(self, import_: Import, progress: FileProgress, prepared: Prepared) -> Import:
        async with self._store.begin() as unit:
            imported, unchanged = await self._merge(unit, prepared)
            progress = progress.with_more(
                imported=imported, unchanged=unchanged + prepared.unchanged, rejected=len(prepared.rejects)
            )
            import_ = import_.with_progress(progress)
            await unit.imports.set_aside(import_.id, prepared.rejects)
            await unit.imports.save(import_)
            untold = await unit.untold_albums.count() if imported else 0
        self._on_progress(import_, progress)
        self._too_many_untold = max(0, untold - _MOST_UNTOLD)
        return import_

    async def _merge(self, unit: UnitOfWork, prepared: Prepared) -> Loaded:
        if not prepared.rows and not prepared.fresh:
            return Loaded(0, 0)
        settled = await unit.loading.find_settled(prepared.mentioned)
        mentions = mention_rows(each for each in prepared.mentioned if each not in settled)
        if prepared.kind is RecordKind.RELEASE:
            loaded = await unit.loading.load_releases(prepared.rows, prepared.fresh, mentions)
        else:
            loaded = await unit.loading.load(prepared.kind, prepared.rows, mentions)
            await tell_of_names(unit, prepared.kind, [row.discogs_id for row in prepared.rows])
        await derive_touched(unit)
        return loaded

    async def _finish(self, import_: Import, progress: FileProgress) -> Import:
        """Postgres counts while we tell."""
        progress = msgspec.structs.replace(progress, is_finished=True)
        import_ = import_.with_progress(progress)
        saving = self._save(import_, has_news=progress.imported > 0)
        await _meanwhile(saving, tell_of_albums(self._store))
        self._on_progress(import_, progress)
        return import_

    async def _save(self, import_: Import, *, has_news: bool = False) -> None:
        async with self._store.begin() as unit:
            await unit.imports.save(import_)
            if has_news:
                await unit.loading.refresh_statistics()


async def _meanwhile(first: Coroutine[Any, Any, Result], other: Coroutine[Any, Any, object]) -> Result:
    """What the first gives, once both have ended."""
    result, otherwise = await asyncio.gather(first, other, return_exceptions=True)
    for outcome in (result, otherwise):
        if isinstance(outcome, BaseException):
            raise outcome
    return cast("Result", result)


def _measured(import_: Import) -> Import:
    """With the lengths of files on disk; those of others are known when they are opened."""
    for progress in import_.progress:
        if not is_address(progress.file) and not progress.is_finished:
            with suppress(OSError):
                length = Path(progress.file).stat().st_size
                import_ = import_.with_progress(msgspec.structs.replace(progress, bytes_total=length))
    return import_
