"""`python -m vinyl_catalog work`, two of the very processes, one of them killed."""

import asyncio
import itertools
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from vinyl_catalog.settings import Settings

COUNT = 6
SEARCH = "/musicbrainz/ws/2/release-group"


@pytest.fixture
async def start(stage, settings: Settings, nats_url: str, tmp_path: Path) -> AsyncIterator:
    """`await start()`: a work process that knows MusicBrainz alone, at its true rate."""
    prefix = "VINYL_CATALOG_"
    environment = {
        "PATH": os.environ["PATH"],
        "VINYL_HOME": str(tmp_path / "nowhere"),
        f"{prefix}DATABASE_URL": settings.database_url,
        f"{prefix}JWKS_URL": settings.jwks_url,
        f"{prefix}NATS_URL": nats_url,
        f"{prefix}INDEX_FOLDER": str(tmp_path / "index"),
        f"{prefix}MEDIA_FOLDER": str(tmp_path / "media"),
        f"{prefix}ENRICHMENT_CONTACT": "operator@vinylhound.test",
    }
    for name in ("MUSICBRAINZ", "COVER_ART_ARCHIVE", "WIKIPEDIA", "WIKIDATA"):
        environment[f"{prefix}{name}_URL"] = f"{stage.url}/{name.lower()}"
    running: list[asyncio.subprocess.Process] = []

    async def run() -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vinyl_catalog", "work"),
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.STDOUT,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_worker_loses_no_album_and_two_keep_one_rate(
    start, stage, take_in, write_dump, records, connection: asyncpg.Connection
) -> None:
    ida = records.credit(6, "Ida")
    albums = [records.release(n, f"Alone {n}", artists=ida) for n in range(1, COUNT + 1)]
    await take_in(write_dump("releases", albums))
    stage.play(SEARCH, {"release-groups": []}, after_seconds=0.2)
    one, _other = await start(), await start()
    async with asyncio.timeout(60):
        while len(stage.asked_of(SEARCH)) < 2:
            await asyncio.sleep(0.02)
        one.kill()
        await one.wait()
        while (
            await connection.fetchval(
                "select count(*) from enrichment_answers"
                " where source = 'musicbrainz' and kind = 'album' and state = 'absent'"
            )
            < COUNT
        ):
            # what the killed one held is free when its lease ends, which is now
            await connection.execute(
                "update enrichment_answers set leased_until = now() where leased_until > now()"
            )
            await asyncio.sleep(0.05)
    searches = stage.asked_of(SEARCH)
    times = Counter(each.query["query"] for each in searches)
    assert len(times) == COUNT
    assert sum(times.values()) <= COUNT + 1
    pauses = [latter.at - former.at for former, latter in itertools.pairwise(searches)]
    assert min(pauses) > 0.9
