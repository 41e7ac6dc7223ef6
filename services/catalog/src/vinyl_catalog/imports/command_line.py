"""`python -m vinyl_catalog import FILE…`"""

import asyncio
from collections.abc import Sequence

import msgspec
from rich.console import Console

from vinyl_catalog.domain.imports import Import, ImportOrigin, ImportState, Withdrawal
from vinyl_catalog.imports.importer import Importer
from vinyl_catalog.imports.progress_display import ProgressDisplay
from vinyl_catalog.imports.queue import close_interrupted
from vinyl_catalog.store import import_lock
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_contracts.ids import ImportId, new_id

PATIENCE_SECONDS = 15.0
_MOST_WAIT_SECONDS = 120.0
_QUIET_SECONDS = 1.0
_POLL_SECONDS = 0.05


async def import_files(
    store: Store,
    database_url: str,
    paths: Sequence[str],
    console: Console,
    patience_seconds: float = PATIENCE_SECONDS,
    withdraw: Withdrawal = Withdrawal.NEVER,
) -> int:
    """The exit status: 1 where a file could not be read to its end.

    After an interruption the same `paths` go on where they were. At the end it waits until the events about
    the albums are published, as long as that gets on within `patience_seconds`.
    """
    with ProgressDisplay(console) as display:
        waiting = "Another import is under way: this one waits for its end."
        async with import_lock.taken(database_url, lambda: display.say(waiting)) as lock:
            await close_interrupted(store)
            import_ = await _begin(store, list(dict.fromkeys(paths)), withdraw, display)
            importer = Importer(store, lock, display.show)
            import_ = await importer.carry_out(import_)
        rejected = import_.total("rejected")
        if rejected:
            display.say(f"{rejected} rejected records are listed with their reasons in import {import_.id}.")
        await _wait_until_told(store, display, patience_seconds)
    return 0 if import_.state is ImportState.DONE else 1


async def _begin(store: Store, paths: list[str], withdraw: Withdrawal, display: ProgressDisplay) -> Import:
    async with store.begin() as unit:
        interrupted = await unit.imports.find_interrupted(paths)
        if interrupted is not None:
            read = interrupted.total("read")
            display.say(f"Going on with an import that was interrupted after {read} records.")
            return msgspec.structs.replace(interrupted, withdraw=withdraw)
        import_ = Import.of(ImportId(new_id()), ImportOrigin.COMMAND, paths, now(), withdraw)
        await unit.imports.save(import_)
        return import_


async def _wait_until_told(store: Store, display: ProgressDisplay, patience_seconds: float) -> None:
    """The work process publishes, and it may not be running."""
    clock = asyncio.get_running_loop().time
    started_at = moved_at = clock()
    fewest: int | None = None
    is_announced = False
    while waiting := await _count_waiting(store):
        if fewest is None or waiting < fewest:
            fewest, moved_at = waiting, clock()
        if clock() - moved_at > patience_seconds or clock() - started_at > _MOST_WAIT_SECONDS:
            display.say(
                f"{waiting} events are not published yet: the other services hear of the albums from the"
                " catalog's work process as soon as it runs."
            )
            return
        if not is_announced and clock() - started_at > _QUIET_SECONDS:
            is_announced = True
            display.say("Telling the other services …")
        await asyncio.sleep(_POLL_SECONDS)


async def _count_waiting(store: Store) -> int:
    async with store.begin() as unit:
        return await unit.event_queue.count_waiting()
