"""Taking in dump files: one thread reads and understands while Postgres merges the batch before.

A batch commits together with how far it brought the import, so that one that was killed goes on where it was.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.imports import FileProgress, Import
from vinyl_catalog.imports.batches import BatchReader
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.preparing import HashedRecord, Prepared, Preparer
from vinyl_catalog.imports.staged_rows import mention_rows, song_rows
from vinyl_catalog.imports.telling import tell_of_albums
from vinyl_catalog.store.import_lock import ImportLock
from vinyl_catalog.store.staging import Mentioned, StagedName
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now

_MOST_UNTOLD = 20_000
_MOST_REMEMBERED_NAMES = 200_000
_decode_release = msgspec.json.Decoder(ReleaseFacts).decode
OnProgress = Callable[[Import, FileProgress], None]


class LockLost(Exception):
    """The connection that holds the lock broke: another import may begin, so this one has to stop."""

    def __init__(self) -> None:
        super().__init__("the connection that kept other imports out is lost")


class Importer:
    """Carries out one import at a time, whose `lock` is held."""

    def __init__(self, store: Store, lock: ImportLock, on_progress: OnProgress) -> None:
        self._store = store
        self._lock = lock
        self._on_progress = on_progress
        self._mentioned: set[Mentioned] = set()

    async def carry_out(self, import_: Import) -> Import:
        """To its end, from where it was."""
        import_ = import_.started(import_.started_at or now())
        await self._save(import_)
        for progress in import_.progress:
            if not progress.is_finished:
                import_ = await self._take_in(import_, progress)
        import_ = import_.finished(now())
        await self._save(import_)
        return import_

    async def _take_in(self, import_: Import, progress: FileProgress) -> Import:
        try:
            mark = await asyncio.to_thread(_mark_of, Path(progress.file))
            reader = await asyncio.to_thread(BatchReader, Path(progress.file))
        except UnreadableFile as error:
            return await self._finish(import_, msgspec.structs.replace(progress, error=error.reason))
        if progress.mark != mark:
            progress = FileProgress(progress.file, reader.kind, mark)
        preparer = Preparer(reader.kind)
        loading: asyncio.Task[Import] | None = None
        to_pass = progress.read
        try:
            while records := await asyncio.to_thread(reader.read):
                passed, records = records[:to_pass], records[to_pass:]
                to_pass -= len(passed)
                preparer.pass_over(passed)
                prepared = await self._prepare(preparer, reader.kind, records)
                mentions = await self._mentions(prepared)
                if loading is not None:
                    import_ = await loading
                    progress = _progress_of(import_, progress.file)
                loading = asyncio.create_task(self._load(import_, progress, prepared, mentions))
            if loading is not None:
                import_ = await loading
                progress = _progress_of(import_, progress.file)
        finally:
            if loading is not None and not loading.done():
                loading.cancel()
                with suppress(asyncio.CancelledError):
                    await loading
        reason = reader.broken.reason if reader.broken else None
        return await self._finish(import_, msgspec.structs.replace(progress, error=reason))

    async def _prepare(
        self, preparer: Preparer, kind: RecordKind, records: Sequence[HashedRecord]
    ) -> Prepared:
        ids = [record.raw.quick_id for record in records if record.raw.quick_id is not None]
        async with self._store.begin() as unit:
            known_hashes = await unit.loading.find_hashes(kind, ids)
        return await asyncio.to_thread(preparer.prepare, records, known_hashes)

    async def _mentions(self, prepared: Prepared) -> list[StagedName]:
        """Rows for the names that the catalogue does not have yet, or in another spelling."""
        unsure = [each for each in prepared.mentioned() if each not in self._mentioned]
        async with self._store.begin() as unit:
            settled = await unit.loading.find_settled(unsure)
        return await asyncio.to_thread(mention_rows, [each for each in unsure if each not in settled])

    async def _load(
        self, import_: Import, progress: FileProgress, prepared: Prepared, mentions: Sequence[StagedName]
    ) -> Import:
        if not self._lock.is_held:
            raise LockLost
        async with self._store.begin() as unit:
            imported, unchanged = await self._merge(unit, prepared, mentions)
            progress = progress.with_more(
                imported=imported, unchanged=unchanged + prepared.unchanged, rejected=len(prepared.rejects)
            )
            import_ = import_.with_progress(progress)
            await unit.imports.set_aside(import_.id, prepared.rejects)
            await unit.imports.save(import_)
            untold = await unit.untold_albums.count() if imported else 0
        self._remember(prepared)
        self._on_progress(import_, progress)
        if untold > _MOST_UNTOLD:
            await tell_of_albums(self._store)
        return import_

    async def _merge(
        self, unit: UnitOfWork, prepared: Prepared, mentions: Sequence[StagedName]
    ) -> tuple[int, int]:
        if not prepared.rows:
            return 0, 0
        loaded = await unit.loading.load(prepared.kind, prepared.rows, prepared.songs, mentions)
        if prepared.kind in (RecordKind.MASTER, RecordKind.RELEASE):
            leads = await unit.loading.leads_without_songs(prepared.songs)
            await unit.loading.add_songs({lead: song_rows(_decode_release(text)) for lead, text in leads})
        return loaded.imported, loaded.unchanged

    def _remember(self, prepared: Prepared) -> None:
        """Names that need not be mentioned again, now that the batch is committed."""
        if len(self._mentioned) > _MOST_REMEMBERED_NAMES:
            self._mentioned.clear()
        self._mentioned.update(prepared.mentioned())

    async def _finish(self, import_: Import, progress: FileProgress) -> Import:
        progress = msgspec.structs.replace(progress, is_finished=True)
        import_ = import_.with_progress(progress)
        async with self._store.begin() as unit:
            await unit.imports.save(import_)
            if progress.imported:
                await unit.loading.refresh_statistics()
        await tell_of_albums(self._store)
        self._on_progress(import_, progress)
        return import_

    async def _save(self, import_: Import) -> None:
        async with self._store.begin() as unit:
            await unit.imports.save(import_)


def _progress_of(import_: Import, file: str) -> FileProgress:
    return next(progress for progress in import_.progress if progress.file == file)


def _mark_of(path: Path) -> str:
    """Tells a file from another one of the same name."""
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableFile(f"the file cannot be read: {error.strerror or error}") from None
    return f"{status.st_size}:{status.st_mtime_ns}"
