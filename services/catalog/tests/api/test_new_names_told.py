"""That every album of an artist with a new name is told of, however many they are."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_catalog.imports.telling import keep_telling_of_artists, tell_of_artists
from vinyl_catalog.store.unit_of_work import Store
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AlbumsImported, AlbumState

COUNT = 2300
BASE = "/api/v1"
_UNTOLD = "select exists (select from untold_artists) or exists (select from untold_albums)"
Rename = Callable[[str], Awaitable[None]]


@pytest.fixture
async def many(take_in, write_dump, records, connection: asyncpg.Connection) -> None:
    """Vera's albums, of which nothing is told any more."""
    vera = records.credit(5, "Vera")
    await take_in(
        write_dump("artists", [records.artist(5, "Vera")]),
        write_dump(
            "releases", [records.release(number, f"No. {number}", artists=vera) for number in range(1, COUNT)]
        ),
        write_dump("releases", [records.release(COUNT, "Ida's", artists=records.credit(6, "Ida"))]),
    )
    await connection.execute("delete from outbox")


@pytest.fixture
def rename(client: httpx.AsyncClient, token_for: Callable[..., str]) -> Rename:
    headers = {"Authorization": f"Bearer {token_for('clara', roles=('listener', 'curator'))}"}

    async def rename(name: str) -> None:
        [artist] = (await client.get(f"{BASE}/artists", params={"discogs_artist_id": 5})).json()["items"]
        path = f"{BASE}/artists/{artist['id']}"
        tag = (await client.get(path)).headers["etag"]
        answer = await client.patch(path, json={"name": name}, headers=headers | {"If-Match": tag})
        assert answer.status_code == 200, answer.text

    return rename


async def told(connection: asyncpg.Connection) -> list[AlbumState]:
    rows = await connection.fetch(
        "select envelope from outbox where subject = 'vinyl.catalog.albums_imported.v1' order by id"
    )
    envelopes = [msgspec.json.decode(row["envelope"], type=Envelope) for row in rows]
    return [
        album
        for envelope in envelopes
        for album in msgspec.json.decode(envelope.data, type=AlbumsImported).albums
    ]


@asynccontextmanager
async def working(store: Store) -> AsyncIterator[None]:
    job = asyncio.create_task(keep_telling_of_artists(store))
    yield
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job


async def until_settled(connection: asyncpg.Connection) -> None:
    async with asyncio.timeout(20):
        while await connection.fetchval(_UNTOLD):
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("many")
async def test_a_new_name_is_told_for_all_albums_though_nobody_works_at_first(
    rename, store, connection
) -> None:
    await rename("Vera Lund")
    first = await told(connection)
    assert len(first) == 1000
    assert await tell_of_artists(store) == 1000
    async with working(store):
        await until_settled(connection)
    every = await told(connection)
    assert len(every) == len({album.album_id for album in every}) == COUNT - 1
    assert {(album.artist, album.version) for album in every} == {("Vera Lund", 2)}
    versions = await connection.fetch(
        "select version, count(*) from albums group by version order by version"
    )
    assert [tuple(row) for row in versions] == [(1, 1), (2, COUNT - 1)]


@pytest.mark.usefixtures("many")
async def test_the_last_of_two_new_names_is_told_last_for_every_album(rename, store, connection) -> None:
    await rename("Vera Lund")
    await rename("Vera L.")
    async with working(store):
        await until_settled(connection)
    last = {album.album_id: album for album in sorted(await told(connection), key=lambda each: each.version)}
    assert Counter(album.artist for album in last.values()) == {"Vera L.": COUNT - 1}


@pytest.mark.usefixtures("many")
async def test_albums_in_somebodys_hands_are_told_of_when_they_are_free(
    rename, settings, store, connection
) -> None:
    holder = await asyncpg.connect(settings.database_url)
    async with holder.transaction():
        held = await holder.fetchval("select id from albums order by id offset 700 limit 1 for update")
        async with asyncio.timeout(5):
            await rename("Vera Lund")
            assert await tell_of_artists(store) > 0
        assert held not in [album.album_id for album in await told(connection)]
    await holder.close()
    async with working(store):
        await until_settled(connection)
    named = {album.album_id: album.artist for album in await told(connection)}
    assert Counter(named.values()) == {"Vera Lund": COUNT - 1}
