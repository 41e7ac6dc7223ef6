"""`python -m vinyl_catalog import`, the very process, killed and called again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest

from vinyl_catalog.settings import Settings

COUNT = 12_000


@pytest.fixture
def environment(settings: Settings, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "VINYL_HOME": str(tmp_path / "nowhere"),
        "VINYL_CATALOG_DATABASE_URL": settings.database_url,
        "VINYL_CATALOG_JWKS_URL": settings.jwks_url,
    }


async def start(environment: dict[str, str], *paths: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vinyl_catalog", "import", *map(str, paths)),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_alive(pid: str) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists()


@pytest.fixture
async def published(settings: Settings) -> AsyncIterator[None]:
    """Stands where the work process stands: nothing waits to be told for long."""

    async def publish() -> None:
        connection = await asyncpg.connect(settings.database_url)
        try:
            while True:
                await connection.execute("update outbox set published_at = now() where published_at is null")
                await asyncio.sleep(0.05)
        finally:
            await connection.close()

    task = asyncio.create_task(publish())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def wait_for(connection: asyncpg.Connection, query: str, is_there: Callable[[object], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_there(await connection.fetchval(query)):
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("published")
async def test_a_killed_import_goes_on_and_loses_nothing(
    environment, write_dump, records, connection: asyncpg.Connection
) -> None:
    written = [
        records.release(
            n,
            f"Record {n}",
            artists=records.credit(n % 500 + 1, f"Artist {n % 500}"),
            tracks=records.track("A", f"Song {n}"),
        )
        for n in range(1, COUNT + 1)
    ]
    written[COUNT // 2] = '<release id="6001"><title></title></release>'
    path = write_dump("releases", written, packed=True)
    first = await start(environment, path)
    await wait_for(connection, "select count(*) from releases", lambda count: count > 0)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    kept = await connection.fetchval("select count(*) from releases")
    assert 0 < kept < COUNT - 1
    second = await start(environment, path)
    output = (await second.communicate())[0].decode()
    assert second.returncode == 0, output
    assert f"interrupted after {kept}" in output
    assert f"{COUNT - 1} imported, 0 unchanged, 1 rejected" in output
    assert await connection.fetchval("select count(*) from releases") == COUNT - 1
    assert (
        await connection.fetchval("select sum(album_count) from tag_counts where tag = 'genre:Jazz'")
        == COUNT - 1
    )
    assert await connection.fetchval("select count(*) from untold_albums") == 0
    [row] = await connection.fetch("select state, origin from imports")
    assert tuple(row) == ("done", "command")
    rejects = await connection.fetch("select discogs_id, reason from import_rejects")
    assert [tuple(reject) for reject in rejects] == [(6001, "the title is missing")]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for the children of a process")
async def test_the_process_that_parses_ends_with_the_one_that_was_killed(
    environment, write_dump, records, connection: asyncpg.Connection
) -> None:
    path = write_dump("releases", [records.release(n, f"Record {n}") for n in range(1, COUNT + 1)])
    importing = await start(environment, path)
    await wait_for(connection, "select count(*) from releases", lambda count: count > 0)
    children = children_of(importing.pid)
    importing.send_signal(signal.SIGKILL)
    output = (await importing.communicate())[0].decode()
    assert children
    async with asyncio.timeout(20):
        while any(map(is_alive, children)):
            await asyncio.sleep(0.05)
    assert "Traceback" not in output


@pytest.mark.usefixtures("published")
async def test_a_file_that_is_no_dump_is_said_and_ends_with_1(environment, tmp_path: Path) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<html></html>")
    process = await start(environment, page, tmp_path / "nowhere.xml")
    output = (await process.communicate())[0].decode()
    assert process.returncode == 1
    assert "page.xml: 0 imported, 0 unchanged, 0 rejected - failed: the file is not a Discogs dump" in output
    assert "nowhere.xml: 0 imported, 0 unchanged, 0 rejected - failed: the file cannot be read" in output


async def test_without_a_database_it_says_so_and_ends_with_1(environment, write_dump) -> None:
    environment["VINYL_CATALOG_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    process = await start(environment, write_dump("artists", []))
    output = (await process.communicate())[0].decode()
    assert process.returncode == 1
    assert "database cannot be reached" in output
    assert "Traceback" not in output


async def test_without_settings_it_names_the_one_that_is_missing(environment, write_dump) -> None:
    del environment["VINYL_CATALOG_DATABASE_URL"]
    process = await start(environment, write_dump("artists", []))
    output = (await process.communicate())[0].decode()
    assert process.returncode == 2
    assert "VINYL_CATALOG_DATABASE_URL" in output


@pytest.mark.usefixtures("published")
async def test_two_imports_take_turns(environment, write_dump, records, connection) -> None:
    lock = "select pg_advisory_lock(hashtextextended('vinyl_imports_' || current_schema(), 0))"
    await connection.execute(lock)
    process = await start(environment, write_dump("artists", [records.artist(5, "Vera")]))
    async with asyncio.timeout(20):
        assert b"Another import is under way" in await process.stdout.readline()
    assert await connection.fetchval("select count(*) from artists") == 0
    await connection.execute("select pg_advisory_unlock_all()")
    await process.communicate()
    assert process.returncode == 0
    assert await connection.fetchval("select count(*) from artists") == 1
