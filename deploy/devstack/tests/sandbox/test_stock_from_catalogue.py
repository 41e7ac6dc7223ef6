"""The sandbox stocked from the catalogue's database, as it is now."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_catalog.domain.facts import ReleaseFacts, SourceCredit, SourceFormat
from vinyl_devstack.pytest_plugin import CloneDatabase
from vinyl_devstack.sandbox.market.source import MOST_PRESSINGS
from vinyl_devstack.sandbox.stock_source import CatalogueDatabase, stride_for

Connect = Callable[..., httpx.AsyncClient]
Start = Callable[..., Awaitable[str]]
Database: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

INSERT = """
    insert into releases (
        id, discogs_release_id, discogs_master_id, album_id, title, released_order, formats, catalog_numbers,
        barcodes, codes, tags, document, version, created_at, updated_at
    ) values ($1, $2, $3, $4, $5, 0, '{}', '{}', '{}', '{}', '{}', $6, 1, now(), now())"""
INSERT_MANY = """
    insert into releases (
        id, discogs_release_id, album_id, title, released_order, formats, catalog_numbers,
        barcodes, codes, tags, document, version, created_at, updated_at
    )
    select gen_random_uuid(), number, gen_random_uuid(), title, 0, '{}', '{}', '{}', '{}', '{}',
        convert_to(json_build_object('discogs_release_id', number, 'title', title)::text, 'UTF8'),
        1, now(), now()
    from (select number, 'Record ' || number as title
          from generate_series($1::bigint, $2::bigint) as number)"""


@pytest.fixture
def catalogue_url(clone_database: CloneDatabase) -> str:
    return clone_database("catalog")


@pytest.fixture
async def catalogue(catalogue_url: str) -> AsyncIterator[Database]:
    connection = await asyncpg.connect(catalogue_url)
    yield connection
    await connection.close()


async def add(
    catalogue: Database,
    release_id: int,
    album: UUID,
    master_id: int | None = None,
) -> None:
    facts = ReleaseFacts(
        discogs_release_id=release_id,
        title=f"Record {release_id}",
        discogs_master_id=master_id,
        artists=(SourceCredit("Quiet Engine", 5),),
        formats=(SourceFormat("Vinyl", 1, None, ("LP",)),),
    )
    document = msgspec.json.encode(facts)
    await catalogue.execute(INSERT, uuid4(), release_id, master_id, album, facts.title, document)


async def titles(client: httpx.AsyncClient) -> set[str]:
    found: set[str] = set()
    url: str | None = "/discogs/users/second-spin/inventory?per_page=100"
    while url:
        page = (await client.get(url)).raise_for_status().json()
        found |= {row["release"]["title"] for row in page["listings"]}
        url = page["pagination"]["urls"].get("next")
    return found


async def test_every_album_of_the_catalogue_is_in_stock(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    shared = uuid4()
    await add(catalogue, 1, shared, 77)
    await add(catalogue, 2, shared, 77)
    for release_id in (3, 4):  # their master is not in the catalogue: each is an album by itself
        await add(catalogue, release_id, uuid4(), 88)
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    found = await titles(client)
    assert {"Record 3", "Record 4"} <= found
    assert found & {"Record 1", "Record 2"}
    assert (await client.get("/sandbox")).json()["catalogue"] == {"pressings": 4, "albums": 3}
    assert (await client.get("/discogs/masters/88/versions")).json()["pagination"]["items"] == 2


async def test_it_follows_the_catalogue(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    await add(catalogue, 1, uuid4())
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    assert await titles(client) == {"Record 1"}
    await add(catalogue, 2, uuid4())
    deadline = time.monotonic() + 8
    while await titles(client) != {"Record 1", "Record 2"}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


async def test_an_unknown_release_is_looked_up_at_once(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    assert (await client.get("/discogs/releases/9")).status_code == 404
    await add(catalogue, 9, uuid4())
    assert (await client.get("/discogs/releases/9")).json()["title"] == "Record 9"
    assert await titles(client) == {"Record 9"}


async def test_a_merge_of_albums_is_seen(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    one, two = uuid4(), uuid4()
    await add(catalogue, 1, one, 77)
    await add(catalogue, 2, two, 77)
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    assert (await client.get("/sandbox")).json()["catalogue"]["albums"] == 2
    await catalogue.execute("update releases set album_id = $1", one)
    assert (await client.post("/sandbox/refresh")).json()["catalogue"]["albums"] == 1


async def test_a_large_catalogue_is_sampled(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    most = 3 * MOST_PRESSINGS
    await catalogue.execute(INSERT_MANY, 1, most)
    one, two = CatalogueDatabase(catalogue_url), CatalogueDatabase(catalogue_url)
    sample = await one.pressings()
    assert MOST_PRESSINGS // 3 < len(sample) <= MOST_PRESSINGS
    assert {each.id for each in sample} == {each.id for each in await two.pressings()}
    before = await one.fingerprint()
    assert before == await one.fingerprint()
    await one.close()
    await two.close()
    left_out = next(number for number in range(1, most) if number not in {each.id for each in sample})
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    assert (await client.get(f"/discogs/releases/{left_out}")).status_code == 200
    first = (await client.get("/discogs/users/second-spin/inventory?per_page=100&sort=price")).json()
    assert 5_000 < first["pagination"]["items"] <= 10_000


@pytest.mark.parametrize("highest", [1, 9_999, 10_000, 10_001, 35_000_000])
def test_strides_leave_no_more_points_than_pressings(highest: int) -> None:
    assert len(range(0, highest + 1, stride_for(highest))) <= MOST_PRESSINGS + 1


async def test_a_database_that_is_away_is_an_empty_market_until_it_comes(
    start: Start, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(await start(database_url="postgresql://nobody:x@127.0.0.1:1/none"), signed_in=True)
    assert await titles(client) == set()
    assert "cannot be read" in caplog.text
    assert (await client.get("/discogs/releases/9")).status_code == 404


async def test_a_lost_connection_comes_back(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect
) -> None:
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    await catalogue.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    await add(catalogue, 1, uuid4())
    deadline = time.monotonic() + 8
    while await titles(client) != {"Record 1"}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


async def test_a_record_that_does_not_read_changes_nothing(
    catalogue: Database, catalogue_url: str, start: Start, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    await add(catalogue, 1, uuid4())
    client = connect(await start(database_url=catalogue_url), signed_in=True)
    await add(catalogue, 2, uuid4())
    await catalogue.execute("update releases set document = 'x' where discogs_release_id = 2")
    await client.post("/sandbox/refresh")
    assert await titles(client) == {"Record 1"}
    assert "does not read" in caplog.text


async def test_a_pressing_says_what_the_record_says(catalogue: Database, catalogue_url: str) -> None:
    await add(catalogue, 1, uuid4())
    source = CatalogueDatabase(catalogue_url)
    [pressing] = await source.pressings()
    assert (pressing.title, pressing.artist, pressing.format) == ("Record 1", "Quiet Engine", "LP")
    assert await source.find(1) == pressing
    assert await source.find(2) is None
    assert await source.find(10**30) is None
    await source.close()
