from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState, ReleaseState
from vinyl_contracts.ids import AlbumId, ReleaseId, new_id
from vinyl_devstack.asgi_client import client_of
from vinyl_user.app import create_app
from vinyl_user.service.known_albums import KnownAlbumService
from vinyl_user.settings import Settings
from vinyl_user.store.unit_of_work import Store

PASSWORD = "seven turning tables"
Client = httpx.AsyncClient


class Person(msgspec.Struct, frozen=True):
    """Somebody who signed up: what they send to be known, and what they hold."""

    username: str
    password: str
    headers: dict[str, str]
    tokens: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.tokens["user"]["id"])


SignUp = Callable[..., Awaitable[Person]]
Learn = Callable[..., Awaitable[AlbumState]]
Events = Callable[[], Awaitable[list[tuple[str, dict[str, Any]]]]]


def album_state(
    album_id: AlbumId | None = None,
    *,
    version: int = 1,
    title: str = "Kind of Blue",
    artist: str = "Miles Davis",
    year: int | None = 1959,
    genres: tuple[str, ...] = ("Jazz",),
    releases: tuple[ReleaseId, ...] = (),
    complete: bool = True,
    replaces: tuple[AlbumId, ...] = (),
) -> AlbumState:
    return AlbumState(
        album_id=album_id or AlbumId(new_id()),
        version=version,
        title=title,
        artist=artist,
        artist_ids=[],
        artist_names=[artist],
        year=year,
        genres=list(genres),
        styles=[],
        discogs_master_id=None,
        releases=[release_state(release_id, title) for release_id in releases],
        releases_complete=complete,
        replaces=list(replaces),
    )


def release_state(release_id: ReleaseId, title: str) -> ReleaseState:
    return ReleaseState(
        release_id=release_id,
        title=title,
        year=None,
        country=None,
        formats=["Vinyl"],
        catalog_numbers=[],
        barcodes=[],
        discogs_release_id=None,
    )


@pytest.fixture
def settings(clone_database: Callable[[str], str], tmp_path: Path) -> Settings:
    return Settings(
        database_url=clone_database("user"),
        cursor_secret="only for this test",
        signing_keys=str(tmp_path / "signing-keys"),
        signing_key_announced_seconds=0.0,
        admin="boss",
        argon2_memory_kib=64,
        argon2_passes=1,
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
def album_of() -> Callable[..., AlbumState]:
    return album_state


@pytest.fixture
def learn(database: Database) -> Learn:
    """Tells the service of an album as catalog would: `await learn(title="Blue Train")`."""
    known_albums = KnownAlbumService(Store(database))

    async def learned(album_id: AlbumId | None = None, **facts: Any) -> AlbumState:
        state = album_state(album_id, **facts)
        await known_albums.learn_albums([state])
        return state

    return learned


@pytest.fixture
def events(database: Database) -> Events:
    """What the others would be told, oldest first: the event's name, and its envelope."""

    async def told() -> list[tuple[str, dict[str, Any]]]:
        async with database.transaction() as connection:
            rows = await connection.execute(text("select subject, envelope from outbox order by id"))
            return [(row.subject.split(".")[2], msgspec.json.decode(row.envelope)) for row in rows]

    return told


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with client_of(create_app(settings)) as client:
        yield client


@pytest.fixture
def sign_up(client: Client) -> SignUp:
    async def signed_up(username: str = "ada", **headers: str) -> Person:
        body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
        answer = await client.post("/api/v1/auth/signup", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        tokens = answer.json()
        return Person(username, PASSWORD, {"Authorization": f"Bearer {tokens['access_token']}"}, tokens)

    return signed_up


@pytest.fixture
async def ada(sign_up: SignUp) -> Person:
    return await sign_up("ada")


@pytest.fixture
async def eve(sign_up: SignUp) -> Person:
    return await sign_up("eve")
