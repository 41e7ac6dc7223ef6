"""Reads past SQLAlchemy, while Postgres is away and when it is back."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from vinyl_catalog.service.albums import AlbumService
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_contracts.errors import Unavailable
from vinyl_contracts.ids import new_id
from vinyl_devstack.ports import free_ports

# Waits for each to be gone.
_END = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
_WAITING = """
select exists (
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
)
"""


@pytest.fixture
async def album_id(take_in, write_dump, records, connection: asyncpg.Connection) -> UUID:
    await take_in(write_dump("releases", [records.release(3, "Alone")]))
    return await connection.fetchval("select id from albums")


async def test_a_lost_connection_is_said_and_not_kept(settings: Settings, connection, album_id) -> None:
    database = Database(settings.database_url, pool_size=1)
    albums = AlbumService(Store(database))
    assert (await albums.read_album(album_id)).stored.id == album_id
    async with connection.transaction():
        await connection.execute("lock table albums")
        reading = asyncio.create_task(albums.read_album(album_id))
        async with asyncio.timeout(10):
            while not await connection.fetchval(_WAITING):
                await asyncio.sleep(0.01)
        await connection.execute(_END)
        with pytest.raises(Unavailable):
            await reading
    assert (await albums.read_album(album_id)).stored.id == album_id
    await database.close()


async def test_a_connection_that_ended_unused_is_not_used(settings: Settings, connection, album_id) -> None:
    database = Database(settings.database_url)
    albums = AlbumService(Store(database))
    assert (await albums.read_album(album_id)).stored.id == album_id
    await connection.execute(_END)
    await asyncio.sleep(0.1)  # the loop hears of the end
    assert (await albums.read_album(album_id)).stored.id == album_id
    await database.close()


async def test_postgres_away_is_said() -> None:
    albums = AlbumService(Store(Database(f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/nothing")))
    with pytest.raises(Unavailable):
        await albums.read_album(new_id())
