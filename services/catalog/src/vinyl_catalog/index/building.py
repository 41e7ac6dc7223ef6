"""A whole index from the tables, beside the one that is read meanwhile."""

import asyncio
from contextlib import aclosing

import structlog

from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.reading import documents_seen_by
from vinyl_catalog.index.writing import GenerationWriter
from vinyl_catalog.store.unit_of_work import Store

_log = structlog.get_logger("index")


async def build(store: Store, database_url: str, generations: Generations) -> str:
    """The name of the new generation, which is current then. Raises ReadingEnded.

    All of it is one look at the tables, and the queue is cleared of what that look has seen: what is changed
    meanwhile is still queued. Should this break off, nothing has changed.
    """
    name = generations.make()
    async with store.begin() as unit:
        snapshot = await unit.unindexed.hold_still()
        writer = await asyncio.to_thread(GenerationWriter, generations.folder_of(name), is_new=True)
        async with aclosing(documents_seen_by(snapshot, database_url)) as some:
            async for documents in some:
                writer.add(documents)
        await asyncio.to_thread(writer.commit)
        await asyncio.to_thread(writer.add_spellings)
        await asyncio.to_thread(writer.commit)
        await asyncio.to_thread(writer.finish)
        generations.publish(name)
        await unit.unindexed.clear()
        await unit.unindexed.save_generation(name)
    generations.remove_others(name)
    _log.info("index_built", generation=name)
    return name
