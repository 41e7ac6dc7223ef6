from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.ids import AlbumId, new_id
from vinyl_devstack.asgi_client import client_of
from vinyl_rating.app import create_app
from vinyl_rating.service.known_albums import KnownAlbumService
from vinyl_rating.settings import Settings
from vinyl_rating.store.unit_of_work import Store

Headers = dict[str, str]


def album_state(album_id: AlbumId, version: int = 1, replaces: tuple[AlbumId, ...] = ()) -> AlbumState:
    return AlbumState(
        album_id=album_id,
        version=version,
        title="Kind of Blue",
        artist="Miles Davis",
        artist_ids=[],
        artist_names=["Miles Davis"],
        year=1959,
        genres=["Jazz"],
        styles=["Modal"],
        discogs_master_id=None,
        releases=[],
        releases_complete=True,
        replaces=list(replaces),
    )


@pytest.fixture
def settings(clone_database: Callable[[str], str], jwks_url: str, nats_url: str) -> Settings:
    return Settings(
        database_url=clone_database("rating"),
        jwks_url=jwks_url,
        nats_url=nats_url,
        cursor_secret="only for this test",
    )


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    database = Database(settings.database_url)
    yield Store(database)
    await database.close()


@pytest.fixture
def known_albums(store: Store) -> KnownAlbumService:
    return KnownAlbumService(store)


@pytest.fixture
async def album_id(known_albums: KnownAlbumService) -> UUID:
    album_id = AlbumId(new_id())
    await known_albums.learn_albums([album_state(album_id)])
    return album_id


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(settings)) as client:
        yield client


@pytest.fixture
def signed_in(token_for: Callable[..., str]) -> Callable[[str], Headers]:
    """The same name is the same person within a test run."""
    people: dict[str, UUID] = {}

    def headers(username: str) -> Headers:
        user_id = people.setdefault(username, new_id())
        return {"Authorization": f"Bearer {token_for(username, user_id=user_id)}"}

    return headers
