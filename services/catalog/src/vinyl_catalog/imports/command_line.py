"""`python -m vinyl_catalog import FILE…`"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from vinyl_catalog.domain.imports import Import, ImportOrigin, ImportState
from vinyl_catalog.imports.importer import Importer
from vinyl_catalog.imports.progress_display import ProgressDisplay
from vinyl_catalog.imports.queue import close_interrupted
from vinyl_catalog.store import import_lock
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_contracts.ids import ImportId, new_id

_MOST_WAIT_SECONDS = 120.0
_LEAST_PROGRESS_SECONDS = 15.0
_POLL_SECONDS = 0.2


async def import_files(store: Store, database_url: str, files: Sequence[str], console: Console) -> int:
    """The exit status: 1 where a file could not be read to its end. The same files again, after an interruption,
    go on where they were."""
    paths = list(dict.fromkeys(str(Path(file).resolve()) for file in files))
    with ProgressDisplay(console) as display:
        waiting = "Another import is under way: this one waits for its end."
        async with import_lock.taken(database_url, lambda: display.say(waiting)) as lock:
            await close_interrupted(store)
            import_ = await _begin(store, paths, display)
            import_ = await Importer(store, lock, display.show).carry_out(import_)
        rejected = import_.total("rejected")
        if rejected:
            display.say(f"{rejected} rejected records are listed with their reasons in import {import_.id}.")
        await _wait_until_told(store, display)
    return 0 if import_.state is ImportState.DONE else 1


async def _begin(store: Store, paths: list[str], display: ProgressDisplay) -> Import:
    async with store.begin() as unit:
        interrupted = await unit.imports.find_interrupted(paths)
        if interrupted is not None:
            display.say(
                f"Going on with an interrupted import, of which {interrupted.total('read')} records were read."
            )
            return interrupted
        import_ = Import.of(ImportId(new_id()), ImportOrigin.COMMAND, paths, now())
        await unit.imports.save(import_)
        return import_


async def _wait_until_told(store: Store, display: ProgressDisplay) -> None:
    """The other services hear of the albums from the work process, which may not be running."""
    loop = asyncio.get_running_loop()
    started_at = moved_at = loop.time()
    fewest, announced = 1 << 62, False
    while True:
        async with store.begin() as unit:
            waiting = await unit.event_queue.count_waiting()
        if waiting == 0:
            return
        if waiting < fewest:
            fewest, moved_at = waiting, loop.time()
        if loop.time() - started_at > _MOST_WAIT_SECONDS or loop.time() - moved_at > _LEAST_PROGRESS_SECONDS:
            display.say(
                f"{waiting} events still wait to be published: other services know the albums once the catalog's"
                " work process has told them."
            )
            return
        if not announced and loop.time() - started_at > 1:
            announced = True
            display.say("Telling the other services …")
        await asyncio.sleep(_POLL_SECONDS)
