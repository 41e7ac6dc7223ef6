"""Keeping the index fresh: what changed in the tables goes into it, and where that is most of it, it is built
anew."""

import asyncio
import time
from collections.abc import Collection

import structlog

from vinyl_catalog.index.album_entries import find_artists_of
from vinyl_catalog.index.building import build
from vinyl_catalog.index.entries import Entry
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.kinds import KINDS
from vinyl_catalog.index.reading import ReadingEnded
from vinyl_catalog.index.writing import GenerationWriter
from vinyl_catalog.store import index_lock
from vinyl_catalog.store.index_lock import IndexLock, IndexLockLost
from vinyl_catalog.store.unindexed import Changed
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.absence import AWAY

_log = structlog.get_logger("index")
_RETRY_SECONDS = 2.0
# Looked for, not told: a NOTIFY in a writer's transaction would have all commits wait for one another.
_POLL_SECONDS = 0.25
_BATCH = 1_000
_FEWEST_TO_BUILD_ANEW = 20_000
# While an import runs, what it changed is taken in only now and then: the processor is the import's.
_SHARE_OF_IMPORTS = 9
_LEAST_PAUSE_SECONDS = 10.0


class Indexer:
    """Runs in the work process; the only writer, for a second one waits. The index is a cache: what is not
    there, not of this format or not of this database is built."""

    def __init__(self, store: Store, database_url: str, generations: Generations) -> None:
        self._store = store
        self._database_url = database_url
        self._generations = generations
        self._bulk_not_before = 0.0

    async def run(self) -> None:
        """Until cancelled; outlives absences of Postgres."""
        while True:
            try:
                async with index_lock.taken(self._database_url) as lock:
                    await self._keep_fresh(lock)
            except (*AWAY, IndexLockLost, ReadingEnded) as error:
                _log.warning("index_interrupted", error=repr(error))
                await asyncio.sleep(_RETRY_SECONDS)

    async def catch_up(self) -> None:
        """Takes in everything that is queued now."""
        async with index_lock.taken(self._database_url):
            writer = await self._open()
            while await self._take_in(writer, is_bulk=False) or await self._take_in(writer, is_bulk=True):
                pass
            writer.finish()

    async def _keep_fresh(self, lock: IndexLock) -> None:
        writer = await self._open()
        while True:
            lock.check()
            if await self._take_in(writer, is_bulk=False):
                continue
            if not await self._may_take_bulk():
                await asyncio.sleep(_POLL_SECONDS)
            elif await self._is_most_of(writer):
                writer.finish()
                await build(self._store, self._database_url, self._generations)
                writer = await self._open()
            elif not await self._take_bulk(writer):
                await asyncio.sleep(_POLL_SECONDS)

    async def _open(self) -> GenerationWriter:
        name = self._generations.current()
        async with self._store.begin() as unit:
            if name != await unit.unindexed.find_generation():
                name = None
        if name is not None:
            try:
                return await asyncio.to_thread(GenerationWriter, self._generations.folder_of(name))
            except (ValueError, OSError) as error:
                _log.warning("index_unreadable", generation=name, error=str(error))
        name = await build(self._store, self._database_url, self._generations)
        return await asyncio.to_thread(GenerationWriter, self._generations.folder_of(name))

    async def _may_take_bulk(self) -> bool:
        if time.monotonic() >= self._bulk_not_before:
            return True
        async with self._store.begin() as unit:
            return not await unit.unindexed.is_import_running()

    async def _is_most_of(self, writer: GenerationWriter) -> bool:
        most = max(_FEWEST_TO_BUILD_ANEW, writer.documents)
        async with self._store.begin() as unit:
            return await unit.unindexed.count(most) >= most and not await unit.unindexed.is_import_running()

    async def _take_bulk(self, writer: GenerationWriter) -> bool:
        began = time.monotonic()
        taken = await self._take_in(writer, is_bulk=True)
        ended = time.monotonic()
        self._bulk_not_before = ended + max(_LEAST_PAUSE_SECONDS, _SHARE_OF_IMPORTS * (ended - began))
        return taken

    async def _take_in(self, writer: GenerationWriter, *, is_bulk: bool) -> bool:
        """Whether there was anything. The queue forgets it after the index has it; twice does no harm."""
        async with self._store.begin() as unit:
            changed = await unit.unindexed.take(_BATCH, is_bulk=is_bulk)
            if not changed:
                return False
            entries = await _read(unit, changed)
            await asyncio.to_thread(_write, writer, changed, entries)
            self._generations.publish_again()
        return True


async def _read(unit: UnitOfWork, changed: set[Changed]) -> list[Entry]:
    ids = {kind: {each.id for each in changed if each.kind == kind} for kind in KINDS}
    if ids["album"]:
        famous = await find_artists_of(unit, ids["album"])
        changed |= {Changed("artist", artist_id) for artist_id in famous}
        ids["artist"] |= famous
    return [entry for kind, read in KINDS.items() if ids[kind] for entry in await read(unit, ids[kind])]


def _write(writer: GenerationWriter, changed: Collection[Changed], entries: list[Entry]) -> None:
    writer.replace([each.id for each in changed], entries)
    writer.commit()
