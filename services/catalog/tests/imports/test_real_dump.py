"""The real slices of a Discogs dump, where they are at hand."""

import gzip
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from vinyl_catalog.domain.imports import ImportState

KINDS = ("artists", "labels", "masters", "releases")


def slice_of(folder: Path, kind: str) -> Path:
    [path] = folder.glob(f"discogs_*_{kind}.xml.gz")
    return path


def records_in(path: Path) -> int:
    return len(ET.parse(gzip.open(path)).getroot())  # noqa: S314


@pytest.mark.parametrize("order", [KINDS, KINDS[::-1]], ids=["forward", "backward"])
async def test_every_record_comes_in_and_a_second_time_changes_nothing(
    real_dump, take_in, connection, order
) -> None:
    paths = [slice_of(real_dump, kind) for kind in order]
    first = await take_in(*paths)
    assert first.state is ImportState.DONE
    for progress in first.progress:
        assert progress.read == records_in(Path(progress.file))
        assert progress.read == progress.imported + progress.unchanged + progress.rejected
    assert first.total("rejected") == 0
    events = await connection.fetchval("select count(*) from outbox")
    again = await take_in(*paths)
    assert (again.total("imported"), again.total("unchanged")) == (0, first.total("read"))
    assert await connection.fetchval("select count(*) from outbox") == events
    records = {progress.kind: progress.read for progress in first.progress}
    assert (
        await connection.fetchval("select count(*) from artists where document is not null")
        == records["artist"]
    )
    assert (
        await connection.fetchval("select count(*) from labels where document is not null")
        == records["label"]
    )
    assert await connection.fetchval("select count(*) from releases") == records["release"]
    assert (
        await connection.fetchval("select count(*) from albums where discogs_master_id is not null")
        == records["master"]
    )


async def test_the_small_files_come_in_too(real_dump, take_in) -> None:
    small = sorted([*real_dump.glob("single_*"), *real_dump.glob("tiny_*")])
    assert len(small) == 8
    done = await take_in(*small)
    assert done.state is ImportState.DONE
    assert done.total("read") == 4 + 3 + 2 + 3 + 3
    assert done.total("rejected") == 0


async def test_a_credited_name_without_a_record_is_an_artist(real_dump, take_in, connection) -> None:
    await take_in(slice_of(real_dump, "releases"))
    assert await connection.fetchval("select name from artists where discogs_artist_id = 194") == "Various"
    assert await connection.fetchval("select count(*) from artists where discogs_artist_id = 0") == 0
    assert await connection.fetchval("select count(*) from artists where name ~ '\\(\\d+\\)$'") > 0
