"""A whole index is read by one process and written by another; either may be killed."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import asyncpg
import msgspec
import pytest

from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index import reading_process
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.indexer import Indexer
from vinyl_catalog.index.reading_process import LENGTH_BYTES
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store

LATEST_SECONDS = 20.0
# More than waits in a pipe.
MANY_ARTISTS = """
insert into artists (id, discogs_artist_id, name, sort_name, search_text, version, created_at, updated_at)
select gen_random_uuid(), number, 'Artist ' || number, '', 'artist', 1, now(), now()
from generate_series(1, 8000) number
"""


def titles(settings: Settings) -> list[str]:
    index = SearchIndex(Generations(settings.index_path))
    return [each.shown.title for each in index.answer(Asked(["amber"], (HitType.ALBUM,)), 0, 20).found]


def reading_processes() -> list[int]:
    """Those of ours."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(child) for child in children if reading_process.__name__ in command_line_of(child)]


def command_line_of(process: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text()
    return ""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the children of a process")
async def test_a_killed_reading_begins_again_and_the_old_index_serves_meanwhile(
    store: Store,
    settings: Settings,
    take_in,
    write_dump,
    records,
    catch_up,
    connection: asyncpg.Connection,
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    await catch_up()
    await connection.execute("update index_generation set name = 'of another index'")
    await take_in(write_dump("releases", [records.release(2, "Amber Two")]))
    indexer = Indexer(store, settings.database_url, Generations(settings.index_path))
    working = asyncio.create_task(indexer.run())
    async with asyncio.timeout(LATEST_SECONDS):
        while not (readers := reading_processes()):
            await asyncio.sleep(0.005)
        os.kill(readers[0], signal.SIGKILL)
        await asyncio.sleep(0.5)
        assert titles(settings) == ["Amber"]
        while titles(settings) != ["Amber", "Amber Two"]:
            await asyncio.sleep(0.05)
        while len(list(settings.index_path.glob("generation-*"))) > 1:
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.wait([working])


async def test_albums_of_few_and_of_many_pressings_are_all_indexed(
    settings: Settings, take_in, write_dump, records, catch_up, connection: asyncpg.Connection
) -> None:
    await take_in(write_dump("releases", [records.release(n, f"Amber {n}") for n in (2, 3, 122, 123)]))
    await connection.execute("update albums set release_count = 5 + discogs_release_id")
    assert sorted(row[0] for row in await connection.fetch("select release_count from albums")) == [
        7,
        8,
        127,
        128,
    ]
    await catch_up()
    assert sorted(titles(settings)) == ["Amber 122", "Amber 123", "Amber 2", "Amber 3"]


async def test_the_process_that_reads_ends_when_nobody_takes_what_it_made(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    await connection.execute(MANY_ARTISTS)
    async with connection.transaction(isolation="repeatable_read"):
        snapshot = await connection.fetchval("select pg_export_snapshot()")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", reading_process.__name__),
            stdin=asyncio.subprocess.PIPE,
            stdout=(ends := os.pipe())[1],
        )
        os.close(ends[1])
        assert process.stdin
        asked = reading_process.Asked(settings.database_url, snapshot)
        process.stdin.write(msgspec.json.encode(asked))
        process.stdin.close()
        length = await asyncio.to_thread(os.read, ends[0], LENGTH_BYTES)
        assert int.from_bytes(length)
        assert process.returncode is None
        os.close(ends[0])
        async with asyncio.timeout(LATEST_SECONDS):
            assert await process.wait() == 1
