"""What becomes of records that a whole dump has no more."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import msgspec
import pytest

from vinyl_catalog.domain.imports import FileProgress, Import, ImportOrigin, Withdrawal
from vinyl_catalog.imports.importer import Importer
from vinyl_catalog.store import import_lock
from vinyl_chassis.clock import now
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AlbumWithdrawn, AnswersOutdated
from vinyl_contracts.ids import ImportId, new_id

COUNT = 200
TakeIn = Callable[[Path, Withdrawal], Awaitable[FileProgress]]


@pytest.fixture
def take_whole(store, settings) -> TakeIn:
    async def take(path: Path, withdraw: Withdrawal) -> FileProgress:
        import_ = Import.of(ImportId(new_id()), ImportOrigin.COMMAND, [str(path)], now(), withdraw)
        async with import_lock.taken(settings.database_url, lambda: None) as lock:
            importer = Importer(store, lock, lambda _import, _progress: None)
            return (await importer.carry_out(import_)).progress[0]

    return take


@pytest.fixture
def releases(records) -> list[str]:
    return [
        records.release(number, f"Record {number}", tracks=records.track("A", "Dawn"))
        for number in range(1, COUNT + 1)
    ]


async def withdrawn(connection: asyncpg.Connection) -> list[AlbumWithdrawn]:
    rows = await connection.fetch(
        "select envelope from outbox where subject = 'vinyl.catalog.album_withdrawn.v1' order by id"
    )
    envelopes = [msgspec.json.decode(row["envelope"], type=Envelope) for row in rows]
    return [msgspec.json.decode(envelope.data, type=AlbumWithdrawn) for envelope in envelopes]


async def test_few_that_are_gone_are_withdrawn_and_told(
    take_whole, take_in, write_dump, releases, connection
) -> None:
    await take_in(write_dump("releases", releases))
    gone = await connection.fetch("select id from albums where discogs_release_id <= 2 order by id")
    done = await take_whole(write_dump("releases", releases[2:]), Withdrawal.FEW)
    assert (done.withdrawn, done.spared, done.unchanged) == (2, 0, COUNT - 2)
    for table in ("albums", "releases"):
        assert await connection.fetchval(f"select count(*) from {table}") == COUNT - 2  # noqa: S608
    count = await connection.fetchval("select album_count from tag_counts where tag = 'genre:Jazz'")
    assert count == COUNT - 2
    told = await withdrawn(connection)
    assert sorted(event.album_id for event in told) == [row["id"] for row in gone]


async def test_many_stay_unless_it_is_said(take_whole, take_in, write_dump, releases, connection) -> None:
    await take_in(write_dump("releases", releases))
    half = write_dump("releases", releases[100:])
    spared = await take_whole(half, Withdrawal.FEW)
    assert (spared.withdrawn, spared.spared) == (0, 100)
    assert await connection.fetchval("select count(*) from releases") == COUNT
    done = await take_whole(half, Withdrawal.ALL)
    assert (done.withdrawn, done.spared) == (100, 0)
    assert await connection.fetchval("select count(*) from releases") == COUNT - 100


async def test_nothing_goes_for_a_part_or_a_cut_file(
    take_whole, take_in, write_dump, releases, connection
) -> None:
    await take_in(write_dump("releases", releases))
    part, single, cut = (write_dump("releases", releases[:1]) for _ in range(3))
    single.write_text(releases[0])
    cut.write_bytes(cut.read_bytes()[:-15])
    for path, withdraw in ((part, Withdrawal.NEVER), (single, Withdrawal.ALL), (cut, Withdrawal.ALL)):
        done = await take_whole(path, withdraw)
        assert (done.withdrawn, done.spared) == (0, 0)
    assert await connection.fetchval("select count(*) from releases") == COUNT


async def test_a_record_that_is_set_aside_is_not_gone(
    take_whole, take_in, write_dump, releases, connection
) -> None:
    await take_in(write_dump("releases", releases))
    broken = '<release id="1"><title></title></release>'
    done = await take_whole(write_dump("releases", [broken, *releases[1:]]), Withdrawal.ALL)
    assert (done.rejected, done.withdrawn) == (1, 0)
    assert await connection.fetchval("select count(*) from releases") == COUNT


async def test_a_pressing_leaves_its_album_and_an_artist_its_name(
    take_whole, take_in, write_dump, records, connection
) -> None:
    vera = records.credit(5, "Vera Lund")
    original = records.release(1, "Light", artists=vera, master=(8, True), tracks=records.track("A", "Dawn"))
    reissue = records.release(2, "Light", artists=vera, master=(8, False), released="1999", country="US")
    await take_in(
        write_dump("artists", [records.artist(5, "Vera Lund"), records.artist(6, "Ida")]),
        write_dump("masters", [records.master(8, "Light", 1, artists=vera)]),
        write_dump("releases", [original, reissue]),
    )
    await take_whole(write_dump("releases", [reissue]), Withdrawal.ALL)
    await take_whole(write_dump("artists", [records.artist(6, "Ida")]), Withdrawal.ALL)
    await take_whole(write_dump("masters", []), Withdrawal.ALL)
    [album] = await connection.fetch("select release_count, tags from albums")
    assert album["release_count"] == 1
    assert "country:UK" not in album["tags"]
    names = await connection.fetch("select name, document is null as is_bare from artists order by name")
    assert [tuple(row) for row in names] == [("Ida", False), ("Vera Lund", True)]
    assert await withdrawn(connection) == []
    await take_whole(write_dump("releases", []), Withdrawal.ALL)
    done = await take_whole(write_dump("masters", []), Withdrawal.ALL)
    assert done.withdrawn == 1
    assert len(await withdrawn(connection)) == 1
    assert await connection.fetchval("select count(*) from albums") == 0


async def test_a_label_that_is_gone_is_told_to_caches(
    take_whole, take_in, write_dump, records, connection
) -> None:
    await take_in(write_dump("labels", [records.label(7, "Moss"), records.label(8, "Fern")]))
    moss = await connection.fetchval("select id from labels where discogs_label_id = 7")
    done = await take_whole(write_dump("labels", [records.label(8, "Fern")]), Withdrawal.ALL)
    assert done.withdrawn == 1
    told = await connection.fetchval(
        "select envelope from outbox where subject = 'vinyl.catalog.answers_outdated.v1'"
    )
    data = msgspec.json.decode(told, type=Envelope).data
    assert msgspec.json.decode(data, type=AnswersOutdated).names == [f"label-{moss}", "albums"]
