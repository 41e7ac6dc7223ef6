"""A whole index from the tables, beside the one that is read meanwhile."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.kinds import KINDS, Read
from vinyl_catalog.index.writing import GenerationWriter
from vinyl_catalog.store.index_rows import Page
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork

_log = structlog.get_logger("index")
_PAGE = 1_000


async def build(store: Store, generations: Generations) -> str:
    """The name of the new generation, which is current then.

    All of it is one look at the tables, and the queue is cleared of what that look has seen: what is changed
    meanwhile is still queued. Should this break off, nothing has changed.
    """
    name = generations.make()
    with _uncollected():
        await _build(store, generations, name)
    generations.remove_others(name)
    _log.info("index_built", generation=name)
    return name


async def _build(store: Store, generations: Generations, name: str) -> None:
    async with store.begin() as unit:
        await unit.unindexed.hold_still()
        writer = await asyncio.to_thread(GenerationWriter, generations.folder_of(name), is_new=True)
        for read in KINDS.values():
            await _add_all(unit, read, writer)
        await asyncio.to_thread(writer.commit)
        await asyncio.to_thread(writer.add_spellings)
        await asyncio.to_thread(writer.commit)
        await asyncio.to_thread(writer.finish)
        generations.publish(name)
        await unit.unindexed.clear()
        await unit.unindexed.save_generation(name)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing of millions of rows refers to itself, and to look for what does takes half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _add_all(unit: UnitOfWork, read: Read, writer: GenerationWriter) -> None:
    """A page is written while Postgres looks for the next; not by a thread, which would wait for this one."""
    entries = await read(unit, Page(most=_PAGE))
    while entries:
        reading = asyncio.ensure_future(read(unit, Page(after=entries[-1].owner, most=_PAGE)))
        await asyncio.sleep(0)  # for it to ask
        writer.add(entries)
        entries = await reading
