"""Sources on a real socket that answer as a test tells them to, and a catalogue that knows one record."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Source
from vinyl_catalog.enrichment.connections import Addresses, Connection, Credentials, Sources, connect
from vinyl_catalog.enrichment.turns import Patience
from vinyl_catalog.enrichment.work import EnrichmentWork
from vinyl_catalog.store.unit_of_work import Store
from vinyl_devstack.cloned_databases import Fill

MBID = "a1b2c3d4-0000-4000-8000-00000000000a"
OTHER_MBID = "a1b2c3d4-0000-4000-8000-00000000000b"
ARTIST_MBID = "a1b2c3d4-0000-4000-8000-0000000000aa"


class Asked(msgspec.Struct, frozen=True):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float


class Said(msgspec.Struct, frozen=True):
    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = {}
    after_seconds: float = 0.0
    breaks_off: bool = False


Answering = Callable[[Asked], Said]


class Stage:
    """Plays every source, each below a path of its own. What a test does not script is a 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, Said | Answering] = {}
        self.url = ""

    def play(self, path: str, value: Any = None, *, raw: bytes | None = None, **more: Any) -> None:
        """From now on this is the answer: `value` as JSON, or `raw`."""
        self.scripts[path] = Said(msgspec.json.encode(value) if raw is None else raw, **more)

    @staticmethod
    def said(value: Any = None, **more: Any) -> Said:
        return Said(msgspec.json.encode(value), **more)

    def play_by(self, path: str, answer: Callable[[Asked], Any]) -> None:
        self.scripts[path] = lambda asked: Said(msgspec.json.encode(answer(asked)))

    def play_in_turn(self, path: str, *answers: Said) -> None:
        """One after the other, and the last for ever."""
        left = list(answers)
        self.scripts[path] = lambda _asked: left.pop(0) if len(left) > 1 else left[0]

    def asked_of(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path.startswith(path)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                asked = await self._read(head, reader)
                self.asked.append(asked)
                answer = self.scripts.get(asked.path, Said(b'{"error": "Not Found"}', 404))
                answer = answer if isinstance(answer, Said) else answer(asked)
                await asyncio.sleep(answer.after_seconds)
                length = len(answer.body) + (100 if answer.breaks_off else 0)
                headers = {"Content-Type": "application/json", "Content-Length": str(length)}
                lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | answer.headers).items())
                writer.write(f"HTTP/1.1 {answer.status} Said\r\n{lines}\r\n".encode() + answer.body)
                await writer.drain()
                if answer.breaks_off:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _read(self, head: bytes, reader: asyncio.StreamReader) -> Asked:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            name.lower(): value for name, value in (line.split(": ", 1) for line in lines if ": " in line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        clock = asyncio.get_running_loop().time()
        return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body, clock)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    server = await asyncio.start_server(stage.serve, "127.0.0.1", 0, limit=1024 * 1024)
    stage.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield stage
    server.close()


@pytest.fixture(scope="session")
def apple_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def sources(stage: Stage, apple_key: ec.EllipticCurvePrivateKey) -> Sources:
    """All of them on, and in no hurry to be spared."""
    pem = apple_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Sources(
        credentials=Credentials(
            contact="operator@vinylhound.test",
            apple_team_id="TEAM",
            apple_key_id="KEY",
            apple_key=pem.decode(),
            spotify_client_id="client",
            spotify_client_secret="secret",
            discogs_token="token",
        ),
        addresses=Addresses(
            **{name: f"{stage.url}/{name}" for name in Addresses.__struct_fields__},
        ),
        allowances=dict.fromkeys(Source, Allowance(90, 1.0)),
        patience=Patience(
            turn_seconds=2.0, answer_seconds=0.5, attempts=2, pause_seconds=0.01, breaker_seconds=0.3
        ),
    )


@pytest.fixture
async def connections(store: Store, sources: Sources) -> AsyncIterator[dict[Source, Connection]]:
    made = connect(store, sources)
    for connection in made.values():
        await connection.turns.enter()
    yield made
    for connection in made.values():
        for client in connection.clients:
            await client.aclose()


@pytest.fixture
async def work(store: Store, sources: Sources) -> AsyncIterator[EnrichmentWork]:
    work = EnrichmentWork(store, sources)
    async with store.begin() as unit:
        for source in Source:
            await unit.source_ledger.enter(source)
    yield work
    await work.close()


@pytest.fixture
def work_off(work: EnrichmentWork) -> Callable[[], Awaitable[None]]:
    """Walks on, and asks all that is due until nothing is."""

    async def run() -> None:
        await work.walk_on()
        busy = True
        while busy:
            busy = any([await work.do_next(source) for source in Source])

    return run


@pytest.fixture(scope="session")
def first_light(imported: Callable[..., Fill], records) -> Fill:
    vera = records.credit(5, "Vera Lund (2)")
    tracks = records.track("A1", "Dawn", "3:10") + records.track("B1", "Dusk", "4:05")
    return imported(
        artists=[records.artist(5, "Vera Lund (2)")],
        masters=[records.master(8, "First Light", 1, artists=vera)],
        releases=[records.release(1, "First Light", artists=vera, master=(8, True), tracks=tracks)],
    )


@pytest.fixture
def filled_by(request: pytest.FixtureRequest) -> Fill | None:
    return request.getfixturevalue("first_light") if "album_id" in request.fixturenames else None


@pytest.fixture
async def album_id(connection) -> UUID:
    """ "First Light" of 1971 by Vera Lund (2): a master with one release of two tracks, and no text."""
    return await connection.fetchval("select id from albums")


@pytest.fixture
def full_house(stage: Stage) -> Stage:
    """Every source knows the record."""
    stage.play_by(
        "/musicbrainz/ws/2/url",
        lambda asked: (
            {"relations": [{"type": "discogs", "release_group": {"id": MBID, "title": "First Light"}}]}
            if asked.query["resource"].endswith("/master/8")
            else {"relations": [{"type": "discogs", "artist": {"id": ARTIST_MBID, "name": "Vera Lund"}}]}
        ),
    )
    wikidata = {"type": "wikidata", "url": {"resource": "https://www.wikidata.org/wiki/Q77"}}
    gone = {"type": "purchase", "ended": True, "url": {"resource": "https://gone.example/1"}}
    relations = [wikidata, gone, {"type": "lyrics", "url": {"resource": "javascript:alert(1)"}}]
    stage.play(
        f"/musicbrainz/ws/2/release-group/{MBID}",
        {"id": MBID, "title": "First Light", "relations": relations},
    )
    stage.play(
        f"/musicbrainz/ws/2/artist/{ARTIST_MBID}",
        {"id": ARTIST_MBID, "name": "Vera Lund", "relations": [wikidata]},
    )
    cover = {
        "image": "http://coverartarchive.org/release/1/2.jpg",
        "front": True,
        "thumbnails": {"1200": "http://coverartarchive.org/release/1/2-1200.jpg"},
    }
    stage.play(f"/cover_art_archive/release-group/{MBID}", {"images": [cover]})
    stage.play(
        "/wikidata/w/api.php",
        {"entities": {"Q77": {"sitelinks": {"enwiki": {"title": "First Light (Vera Lund album)"}}}}},
    )
    page = "https://en.wikipedia.org/wiki/First_Light_(Vera_Lund_album)"
    stage.play(
        "/wikipedia/api/rest_v1/page/summary/First_Light_%28Vera_Lund_album%29",
        {
            "type": "standard",
            "extract": "First Light is the first album by Vera Lund. " * 6,
            "content_urls": {"desktop": {"page": page}},
        },
    )
    apple = {
        "id": "77",
        "attributes": {
            "name": "First Light (Remastered)",
            "artistName": "Vera Lund",
            "releaseDate": "1971-03-01",
            "trackCount": 2,
            "url": "https://music.apple.com/us/album/first-light/77",
            "artwork": {"url": "https://is1-ssl.mzstatic.com/i/{w}x{h}bb.jpg", "width": 3000, "height": 3000},
            "editorialNotes": {"standard": "<b>Quiet</b> &amp; <i>clear</i>."},
        },
    }
    stage.play("/apple_music/v1/catalog/us/search", {"results": {"albums": {"data": [apple]}}})
    stage.play("/apple_music/v1/catalog/us/albums/77", {"data": [apple]})
    stage.play("/spotify_accounts/api/token", {"access_token": "spot", "expires_in": 3600})
    spotify = {
        "id": "5pot",
        "name": "First Light",
        "artists": [{"name": "Vera Lund"}],
        "release_date": "1971",
        "total_tracks": 2,
        "external_urls": {"spotify": "https://open.spotify.com/album/5pot"},
    }
    stage.play("/spotify/v1/search", {"albums": {"items": [None, spotify]}})
    stage.play("/spotify/v1/albums/5pot", spotify)
    picture = {"type": "primary", "uri": "https://i.discogs.com/x.jpg", "width": 600, "height": 590}
    stage.play("/discogs/masters/8", {"images": [{"type": "secondary", "uri": ""}, picture]})
    return stage
