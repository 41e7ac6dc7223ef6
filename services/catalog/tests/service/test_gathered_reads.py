"""Reads past SQLAlchemy, while Postgres is away and when it is back."""

from uuid import UUID

import asyncpg
import pytest

from vinyl_catalog.service.albums import AlbumService
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_contracts.errors import Unavailable

# Waits for each to be gone.
_END = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


@pytest.fixture
async def album_id(take_in, write_dump, records, connection: asyncpg.Connection) -> UUID:
    await take_in(write_dump("releases", [records.release(3, "Alone")]))
    return await connection.fetchval("select id from albums")


async def test_a_lost_connection_is_said_and_not_kept(settings: Settings, connection, album_id) -> None:
    database = Database(settings.database_url, pool_size=1)
    albums = AlbumService(Store(database))
    assert (await albums.read_album(album_id)).stored.id == album_id
    await connection.execute(_END)
    with pytest.raises(Unavailable):
        await albums.read_album(album_id)
    assert (await albums.read_album(album_id)).stored.id == album_id
    await database.close()
