"""A search service on a real database, with the sandbox marketplaces at its other end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState, ReleaseState
from vinyl_contracts.events.user import CollectionItemChanged, ProfileChanged, WantChanged
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, ReleaseId, UserId, WantId, new_id
from vinyl_contracts.money import Money
from vinyl_devstack.sandbox.options import Options
from vinyl_devstack.sandbox.serving import serving
from vinyl_search.app import create_app, create_worker
from vinyl_search.domain.listing import Match
from vinyl_search.service.known import KnownService
from vinyl_search.settings import Settings
from vinyl_search.store.unit_of_work import Store

Headers = dict[str, str]
Json = dict
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALBUMS = 40
FIRST_RELEASE = 5000
RELEASE = """<release id="{id}" status="Accepted">
<artists><artist><id>{number}</id><name>Velvet Lantern {number}</name></artist></artists>
<title>Harbour Songs Volume {number}</title>
<labels><label name="Tin Roof" catno="TIN {number}" id="7"/></labels>
<formats><format name="Vinyl" qty="1" text=""><descriptions><description>LP</description>
<description>Album</description></descriptions></format></formats>
<genres><genre>Jazz</genre></genres><country>Sweden</country><released>1971</released>
<tracklist><track><position>A1</position><title>Opening</title><duration>4:05</duration></track></tracklist>
</release>"""


def release_number(album: int) -> int:
    return FIRST_RELEASE + album


def album_state(
    number: int,
    album_id: AlbumId | None = None,
    *,
    version: int = 1,
    replaces: tuple[AlbumId, ...] = (),
    release_id: ReleaseId | None = None,
) -> AlbumState:
    """Album `number` as catalog tells it, with the one pressing that the sandbox sells."""
    return AlbumState(
        album_id=album_id or AlbumId(new_id()),
        version=version,
        title=f"Harbour Songs Volume {number}",
        artist=f"Velvet Lantern {number}",
        artist_ids=[],
        artist_names=[f"Velvet Lantern {number}"],
        year=1971,
        genres=["Jazz"],
        styles=[],
        discogs_master_id=None,
        releases=[
            ReleaseState(
                release_id=release_id or ReleaseId(new_id()),
                title=f"Harbour Songs Volume {number}",
                year=1971,
                country="Sweden",
                formats=["Vinyl", "LP", "Album"],
                catalog_numbers=[f"TIN {number}"],
                barcodes=[],
                discogs_release_id=release_number(number),
            )
        ],
        releases_complete=True,
        replaces=list(replaces),
    )


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = "".join(RELEASE.format(id=release_number(n), number=n) for n in range(1, ALBUMS + 1))
    file = tmp_path_factory.mktemp("search-dump") / "releases.xml"
    file.write_text(f"<releases>{records}</releases>", encoding="utf-8")
    return file


@pytest.fixture
async def sandbox(dump: Path) -> AsyncIterator[str]:
    """Its clock stands at noon, and it grants far more requests than a test sends."""
    async with serving(Options(dumps=(dump,), stands_at=NOON, limit=10_000)) as address:
        yield address


@pytest.fixture
async def switches(sandbox: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sandbox, timeout=20) as client:
        yield client


@pytest.fixture
def database_url(clone_database: Callable[[str], str]) -> str:
    return clone_database("search")


@pytest.fixture
def settings(database_url: str, jwks_url: str, sandbox: str) -> Settings:
    """Of a process that only serves: workers get a NATS of their own."""
    return Settings(
        database_url=database_url,
        jwks_url=jwks_url,
        nats_url="nats://127.0.0.1:9",
        cursor_secret="only for this test",
        discogs_url=f"{sandbox}/discogs",
        discogs_token="sandbox",
        ebay_url=f"{sandbox}/ebay",
        ebay_key="sandbox",
        ebay_secret="sandbox",
        inventory_reuse_seconds=0.0,
        ebay_reuse_seconds=0.0,
    )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def known(store: Store) -> KnownService:
    return KnownService(store)


@pytest.fixture
async def albums(known: KnownService) -> list[AlbumState]:
    """Albums 1 to 40, at places 0 to 39."""
    states = [album_state(number) for number in range(1, ALBUMS + 1)]
    await known.learn_albums(states)
    return states


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """On the test's own event loop, where the sandbox answers too; Litestar's client would block it."""
    app = create_app(settings)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set()
            await ended.wait()

    living = asyncio.create_task(live())
    await begun.wait()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://search") as client:
        yield client
    ended.set()
    await living


@pytest.fixture
def worker_settings(settings: Settings, nats_url: str) -> Settings:
    return msgspec.structs.replace(settings, nats_url=nats_url)


@pytest.fixture
async def worker(worker_settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    running = asyncio.create_task(create_worker(worker_settings).run())
    yield running
    running.cancel()
    await asyncio.wait([running])


class People:
    """Listeners by name: the same name is the same person within a test."""

    def __init__(self, token_for: Callable[..., str], known: KnownService) -> None:
        self._token_for = token_for
        self._known = known
        self._ids: dict[str, UserId] = {}

    def id_of(self, name: str) -> UserId:
        return self._ids.setdefault(name, UserId(new_id()))

    def headers(self, name: str) -> Headers:
        return {"Authorization": f"Bearer {self._token_for(name, user_id=self.id_of(name))}"}

    async def live_in(self, name: str, country: str | None, currency: str) -> None:
        told = ProfileChanged(self.id_of(name), name, None, country, currency, is_public=True)
        await self._known.learn_profile(told, 2)

    async def want(
        self,
        name: str,
        album: AlbumState,
        *,
        release_id: ReleaseId | None = None,
        max_price: Money | None = None,
        least: Grade | None = None,
    ) -> WantId:
        told = WantChanged(
            want_id=WantId(new_id()),
            user_id=self.id_of(name),
            album_id=album.album_id,
            release_id=release_id,
            max_price=max_price,
            min_media_condition=least,
            formats=[],
        )
        await self._known.learn_want(told, 1)
        return told.want_id

    async def own(self, name: str, album: AlbumState) -> None:
        told = CollectionItemChanged(
            CollectionItemId(new_id()), self.id_of(name), album.album_id, None, None, None, None
        )
        await self._known.learn_owned(told, 1)


@pytest.fixture
def people(token_for: Callable[..., str], known: KnownService) -> People:
    return People(token_for, known)


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


async def follow(client: httpx.AsyncClient, headers: Headers, username: str = "second-spin") -> Json:
    body = {"provider": "discogs", "username": username}
    answer = await client.post("/api/v1/sellers", json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def save(client: httpx.AsyncClient, headers: Headers, **fields: object) -> Json:
    answer = await client.post("/api/v1/searches", json={"name": "mine", **fields}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def run(
    client: httpx.AsyncClient, headers: Headers, search_id: str | UUID, seconds: float = 30.0
) -> Json:
    """Queues a run and waits for its end; needs a worker."""
    queued = await client.post(f"/api/v1/searches/{search_id}/run", headers=headers)
    assert queued.status_code == 202, queued.text
    run_id, found = queued.json()["run_id"], {}

    async def finished() -> bool:
        nonlocal found
        runs = (await client.get(f"/api/v1/searches/{search_id}/runs", headers=headers)).json()["items"]
        found = next(each for each in runs if each["id"] == run_id)
        return found["state"] in ("done", "failed")

    await until(finished, seconds)
    return found


async def results(
    client: httpx.AsyncClient, headers: Headers, search_id: str | UUID, **query: str
) -> list[Json]:
    items: list[Json] = []
    cursor: str | None = None
    while True:
        parameters = {"limit": "100", **query} | ({"cursor": cursor} if cursor else {})
        answer = await client.get(f"/api/v1/searches/{search_id}/results", params=parameters, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if (cursor := page["next_cursor"]) is None:
            return items


def provider_run(run: Json, provider: str) -> Json:
    return next(each for each in run["providers"] if each["provider"] == provider)


def match(release_id: ReleaseId | None, album_id: AlbumId) -> Match:
    return Match(release_id, album_id)


class Steps:
    """What most tests do first; fixtures, because tests of one folder cannot import each other."""

    follow = staticmethod(follow)
    save = staticmethod(save)
    run = staticmethod(run)
    results = staticmethod(results)
    until = staticmethod(until)
    provider_run = staticmethod(provider_run)
    album_state = staticmethod(album_state)
    release_number = staticmethod(release_number)
    match = staticmethod(match)


@pytest.fixture
def steps() -> Steps:
    return Steps()
