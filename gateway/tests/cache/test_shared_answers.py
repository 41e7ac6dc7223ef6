"""Public answers through the gateway: kept, purged, asked for once, and never older than they may be."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.changes import CHANGES_SUBJECT
from vinyl_contracts.envelope import Event, wrap
from vinyl_contracts.events.catalog import (
    AlbumChanged,
    AlbumsImported,
    AlbumState,
    AlbumWithdrawn,
    AnswersOutdated,
)
from vinyl_contracts.ids import AlbumId
from vinyl_devstack.nats import Nats
from vinyl_gateway.cache.sending import takes_gzip
from vinyl_gateway.cache.trust import SETTLING_SECONDS

ALBUM_ID = "01900000-0000-7000-8000-000000000001"
ALBUM = f"/api/v1/albums/{ALBUM_ID}"
LISTS = "/api/v1/albums"


class Albums:
    """A catalogue of one album, whose answers say which version they were made from."""

    def __init__(self, reply: Callable[..., bytes], served_by: Any) -> None:
        self._reply = reply
        self.served_by = served_by
        self.version = 1
        self.asked: list[Any] = []
        self.seconds = 0.0
        self.keeping = "public, max-age=0, s-maxage=60"
        self.padding = ""
        self.status = "200 OK"

    async def answer(self, request: Any, writer: asyncio.StreamWriter) -> None:
        if request.method == "PATCH":
            self.version += 1
            headers = {"Surrogate-Purge": f"album-{ALBUM_ID} albums"}
            writer.write(self._reply("200 OK", headers, b"{}"))
            return
        self.asked.append(request)
        version = self.version
        await asyncio.sleep(self.seconds)
        body = msgspec.json.encode({"version": version, "padding": self.padding})
        name = "albums" if request.target.startswith(LISTS + "?") else f"album-{ALBUM_ID}"
        headers = {
            "Content-Type": "application/json",
            "Cache-Control": self.keeping,
            "Surrogate-Key": name,
            "ETag": f'"{version}-x"',
        }
        if request.header("if-none-match") == headers["ETag"]:
            writer.write(self._reply("304 Not Modified", headers))
        else:
            writer.write(self._reply(self.status, headers, body))


@pytest.fixture
def albums(catalog: Any, write_reply: Any) -> Albums:
    albums = Albums(write_reply, catalog)
    catalog.answer = albums.answer
    return albums


@pytest.fixture
async def near(gateways: Any, nats_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that hears of changes."""
    async with httpx.AsyncClient(base_url=await gateways(nats_url=nats_url)) as client:
        yield client


@pytest.fixture
async def far(gateways: Any, nats_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Another one."""
    async with httpx.AsyncClient(base_url=await gateways(nats_url=nats_url)) as client:
        yield client


async def settle(client: httpx.AsyncClient, albums: Albums) -> None:
    """Until the gateway answers from memory what is older than it would keep without trust."""
    async with asyncio.timeout(5):
        while True:
            asked = len(albums.asked)
            await client.get(ALBUM)
            await asyncio.sleep(0.25)
            await client.get(ALBUM)
            if len(albums.asked) <= asked + 1 and len(albums.asked) > 0:
                return


async def until_version(client: httpx.AsyncClient, version: int, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while (await client.get(ALBUM)).json()["version"] != version:
            await asyncio.sleep(0.005)


async def test_an_answer_is_kept_and_says_so(near: httpx.AsyncClient, albums: Albums) -> None:
    await settle(near, albums)
    asked = len(albums.asked)
    said = [await near.get(ALBUM) for _ in range(5)]
    assert len(albums.asked) == asked
    assert {each.json()["version"] for each in said} == {1}
    assert {each.headers["cache-status"] for each in said} == {"vinylhound; hit"}
    assert {each.headers["cache-control"] for each in said} == {"public, max-age=0, must-revalidate"}
    assert len({each.headers["x-request-id"] for each in said}) == 5
    assert "surrogate-key" not in said[0].headers
    unchanged = await near.get(ALBUM, headers={"If-None-Match": 'W/"0", "1-x"'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", '"1-x"')
    assert (await near.head(ALBUM)).headers["content-length"] == said[0].headers["content-length"]
    assert len(albums.asked) == asked


async def test_parameters_in_another_order_are_the_same_question(
    near: httpx.AsyncClient, albums: Albums
) -> None:
    await settle(near, albums)
    albums.asked.clear()
    await near.get(f"{LISTS}?sort=top&limit=2")
    await near.get(f"{LISTS}?limit=2&sort=top")
    assert [request.target for request in albums.asked] == [f"{LISTS}?limit=2&sort=top"]
    await near.get(f"{LISTS}?limit=3&sort=top")
    assert len(albums.asked) == 2


async def test_who_asks_is_not_told_to_the_service_and_lists_are_their_own(
    near: httpx.AsyncClient, albums: Albums, token_for: Any
) -> None:
    await settle(near, albums)
    albums.asked.clear()
    mine = {"Authorization": f"Bearer {token_for('ada')}"}
    assert (await near.get(ALBUM, headers=mine)).headers["cache-status"] == "vinylhound; hit"
    for _ in range(2):
        assert "cache-status" not in (await near.get(f"{LISTS}?limit=1", headers=mine)).headers
    assert [request.header("authorization") for request in albums.asked] == [mine["Authorization"]] * 2
    assert (await near.get(ALBUM, headers={"Authorization": "Bearer x"})).status_code == 401
    await near.get(f"{LISTS}?limit=1", headers={"Cookie": "a=b", "Accept-Language": "de"})
    names = {name.lower() for name, _ in albums.asked[-1].headers}
    assert names == {"host", "x-request-id", "x-vinyl-client-address", "x-vinyl-deadline", "traceparent"}


async def test_a_list_of_who_is_signed_in_is_for_nobody_else_on_its_way(
    near: httpx.AsyncClient, albums: Albums, token_for: Any
) -> None:
    mine = {"Authorization": f"Bearer {token_for('ada')}"}
    assert (await near.get(f"{LISTS}?limit=2", headers=mine)).headers["cache-control"] == "private, no-cache"


async def test_a_write_that_passes_through_is_seen_by_the_next_read(
    near: httpx.AsyncClient, far: httpx.AsyncClient, albums: Albums, token_for: Any
) -> None:
    await settle(near, albums)
    await settle(far, albums)
    curator = {"Authorization": f"Bearer {token_for('cleo', roles=('curator',))}", "If-Match": '"1"'}
    for version in range(2, 12):
        said = await near.patch(ALBUM, json={}, headers=curator)
        assert "surrogate-purge" not in said.headers
        assert (await near.get(ALBUM)).json()["version"] == version
        await until_version(far, version, seconds=0.15)


def album(album_id: AlbumId, *replaces: AlbumId) -> AlbumState:
    return AlbumState(
        album_id=album_id,
        version=2,
        title="Blue Train",
        artist="John Coltrane",
        artist_ids=[],
        artist_names=["John Coltrane"],
        year=1957,
        genres=[],
        styles=[],
        discogs_master_id=None,
        releases=[],
        releases_complete=True,
        replaces=list(replaces),
    )


async def tell(nats_url: str, event: Event) -> None:
    broker = Broker(nats_url, "relay")
    envelope = wrap(event, aggregate_id=uuid4(), version=2, at=datetime.now(UTC))
    await (await broker.jetstream()).publish(envelope.type, msgspec.json.encode(envelope))
    await broker.close()


OUTDATED = AnswersOutdated(["artists", f"album-{ALBUM_ID}"])


@pytest.mark.parametrize(
    "event",
    [
        AlbumWithdrawn(AlbumId(UUID(ALBUM_ID))),
        AlbumChanged(album(AlbumId(UUID(ALBUM_ID)))),
        AlbumsImported([album(AlbumId(uuid4())), album(AlbumId(uuid4()), AlbumId(UUID(ALBUM_ID)))]),
        OUTDATED,
        None,
    ],
)
async def test_a_change_that_no_request_made_is_heard_of(
    near: httpx.AsyncClient, albums: Albums, nats_url: str, event: Event | None
) -> None:
    await settle(near, albums)
    albums.version = 2
    assert (await near.get(ALBUM)).json()["version"] == 1
    if event is not None:
        await tell(nats_url, event)
    else:
        broker = Broker(nats_url, "work")
        await (await broker.client()).publish(f"{CHANGES_SUBJECT}.work", f"album-{ALBUM_ID} more".encode())
        await broker.close()
    await until_version(near, 2, seconds=2)


class Wire:
    """Between a gateway and its broker; it can be cut, and joined again."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def join(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def cut(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, far_writer]
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


@pytest.fixture
async def wire(nats_url: str) -> AsyncIterator[Wire]:
    wire = Wire(int(nats_url.rpartition(":")[2]))
    await wire.join()
    yield wire
    await wire.cut()


async def test_what_was_told_to_others_while_the_gateway_was_cut_off_is_not_shown_later(
    wire: Wire, gateways: Any, albums: Albums, nats_url: str
) -> None:
    """The wire outlives the gateway, which is joined to it for as long as it lives."""
    address = await gateways(nats_url=f"{nats_url.rpartition(':')[0]}:{wire.port}")
    async with httpx.AsyncClient(base_url=address) as client:
        await settle(client, albums)
        await wire.cut()
        albums.version = 2
        await tell(nats_url, OUTDATED)
        await wire.join()
        await asyncio.sleep(SETTLING_SECONDS + 2)  # by then it trusts its broker again
        assert (await client.get(ALBUM)).json()["version"] == 2
        await settle(client, albums)


async def test_those_who_ask_at_once_ask_once(near: httpx.AsyncClient, albums: Albums) -> None:
    await settle(near, albums)
    asked = len(albums.asked)
    albums.seconds = 0.2
    another = ALBUM[:-1] + "2"
    said = await asyncio.gather(*(near.get(another) for _ in range(50)))
    assert {each.json()["version"] for each in said} == {1}
    assert len({each.headers["x-request-id"] for each in said}) == 50
    assert len(albums.asked) == asked + 1


async def test_nobody_waits_for_long_with_who_asked_before(near: httpx.AsyncClient, albums: Albums) -> None:
    albums.seconds = 5.0
    first = asyncio.create_task(near.get(ALBUM))
    await asyncio.sleep(1.2)
    albums.seconds = 0.0
    async with asyncio.timeout(2):
        assert (await near.get(ALBUM)).status_code == 200
    first.cancel()


async def test_nobody_is_cut_off_by_anothers_haste(near: httpx.AsyncClient, albums: Albums) -> None:
    albums.seconds = 1.5
    hasty = asyncio.create_task(near.get(ALBUM, headers={"Prefer": "wait=1"}))
    await asyncio.sleep(0.1)
    patient = await near.get(ALBUM)
    assert (patient.status_code, (await hasty).status_code) == (200, 504)


async def test_a_question_from_before_a_change_answers_nobody_after_it(
    near: httpx.AsyncClient, albums: Albums, token_for: Any
) -> None:
    curator = {"Authorization": f"Bearer {token_for('cleo', roles=('curator',))}"}
    await near.patch(ALBUM, json={}, headers=curator)
    albums.seconds = 0.3
    early = asyncio.create_task(near.get(ALBUM))
    await asyncio.sleep(0.1)
    await near.patch(ALBUM, json={}, headers=curator)
    late = await near.get(ALBUM)
    assert ((await early).json()["version"], late.json()["version"]) == (2, 3)
    assert (await near.get(ALBUM)).json()["version"] == 3


async def test_what_may_not_be_kept_is_everybodys_own(near: httpx.AsyncClient, albums: Albums) -> None:
    albums.status, albums.seconds = "404 Not Found", 0.1
    said = await asyncio.gather(*(near.get(ALBUM) for _ in range(3)))
    assert {each.status_code for each in said} == {404}
    albums.status, albums.keeping = "200 OK", "no-store"
    albums.asked.clear()
    said = await asyncio.gather(*(near.get(ALBUM) for _ in range(3)))
    assert len(albums.asked) == 3
    assert {each.headers["cache-control"] for each in said} == {"no-store"}


async def test_a_kept_answer_is_compressed_once_and_its_tag_is_known(
    near: httpx.AsyncClient, albums: Albums, token_for: Any
) -> None:
    albums.padding = "vinyl " * 1000
    await settle(near, albums)
    plain = await near.get(ALBUM, headers={"Accept-Encoding": "gzip;q=0, br"})
    assert ("content-encoding" in plain.headers, plain.headers["etag"]) == (False, '"1-x"')
    packed = await near.get(ALBUM, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert (packed.headers["content-encoding"], packed.headers["etag"]) == ("gzip", '"1-x-gzip"')
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 10
    assert {plain.headers["vary"], packed.headers["vary"]} == {"accept-encoding"}
    for tag in ('"1-x"', '"1-x-gzip"'):
        assert (await near.get(ALBUM, headers={"If-None-Match": tag})).status_code == 304
    seen: list[str | None] = []

    async def answer(request: Any, writer: asyncio.StreamWriter) -> None:
        seen.append(request.header("if-match"))
        await albums.answer(request, writer)

    albums.served_by.answer = answer
    curator = {"Authorization": f"Bearer {token_for('cleo', roles=('curator',))}", "If-Match": '"1-x-gzip"'}
    assert (await near.patch(ALBUM, json={}, headers=curator)).status_code == 200
    assert seen == ['"1-x"']


async def test_an_expected_version_is_sent_or_refused(near: httpx.AsyncClient, albums: Albums) -> None:
    """Fetched, kept, and asked for by HEAD."""
    await settle(near, albums)
    for method, target in (("GET", ALBUM), ("HEAD", ALBUM), ("GET", f"{LISTS}?limit=1")):
        for tag, status in (
            ('"1-x"', 200),
            ('"0-x", "1-x-gzip"', 200),
            ("*", 200),
            ('"0-x"', 412),
            ('W/"1-x"', 412),
        ):
            said = await near.request(method, target, headers={"If-Match": tag})
            assert said.status_code == status, (method, target, tag)
            if status == 412 and method == "GET":
                assert (said.json()["code"], said.json()["instance"]) == (
                    "stale_version",
                    target.partition("?")[0],
                )


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        (b"gzip", True),
        (b"GZIP ; q=0.001", True),
        (b"br, gzip;q=0.5", True),
        (b"*", True),
        (b"*;q=0.1, br", True),
        (b"gzip;q=0, *", False),
        (b"*, gzip;q=0.0", False),
        (b"*;q=0", False),
        (b"*;q=0, gzip", True),
        (b"identity, br", False),
        (b"gzip;q=much", False),
        (b"xgzip, gzipped", False),
        (b"", False),
    ],
)
def test_gzip_is_for_whoever_takes_it(accepted: bytes, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


async def until_stale(client: httpx.AsyncClient, albums: Albums) -> httpx.Response:
    """The first answer that is older than its service wanted. A busy machine can make the gateway lose trust,
    and then there is none."""
    albums.keeping = "s-maxage=1"
    async with asyncio.timeout(30):
        while True:
            await settle(client, albums)
            await asyncio.sleep(1.1)
            albums.asked.clear()
            said = await client.get(ALBUM)
            if said.headers.get("age", "0") != "0":
                return said


async def test_an_old_answer_is_asked_for_again_by_its_tag(near: httpx.AsyncClient, albums: Albums) -> None:
    assert (await until_stale(near, albums)).status_code == 200
    await asyncio.sleep(0.1)
    assert [request.header("if-none-match") for request in albums.asked] == ['"1-x"']
    assert (await near.get(ALBUM)).headers["age"] == "0"


async def test_an_old_answer_stands_in_for_a_service_that_is_away(
    near: httpx.AsyncClient, albums: Albums
) -> None:
    async with asyncio.timeout(30):
        stood_in = False
        while not stood_in:
            await until_stale(near, albums)
            await albums.served_by.stop()
            await asyncio.sleep(6)  # longer than an old answer is sent for its own sake
            said = await near.get(ALBUM)
            stood_in = said.status_code == 200 and said.headers["age"] >= "6"
            assert (await near.get(f"{LISTS}?limit=1")).status_code == 503
            await albums.served_by.start()
    assert said.json()["version"] == 1


async def test_nothing_is_kept_where_nothing_may_be(gateways: Any, albums: Albums, nats_url: str) -> None:
    async with httpx.AsyncClient(base_url=await gateways(nats_url=nats_url, cache_bytes=0)) as client:
        for _ in range(3):
            assert (await client.get(ALBUM)).headers["cache-status"] == "vinylhound; fwd=miss"
    assert len(albums.asked) == 3


@pytest.fixture
def broker_of_its_own(
    process_group: Any, test_folder: Path
) -> Iterator[tuple[Nats, subprocess.Popen[bytes]]]:
    nats = Nats(test_folder / f"nats-{uuid4().hex}", process_group, password="only-here", sync_interval="2m")
    process = nats.start(subprocess.DEVNULL)
    nats.wait_until_ready(process)
    yield nats, process
    process.kill()
    process.wait()


async def test_without_a_broker_nothing_is_kept_for_long(
    gateways: Any, albums: Albums, broker_of_its_own: tuple[Nats, subprocess.Popen[bytes]]
) -> None:
    nats, process = broker_of_its_own
    async with httpx.AsyncClient(base_url=await gateways(nats_url=nats.url)) as client:
        await settle(client, albums)
        process.send_signal(signal.SIGSTOP)
        albums.version = 2
        await until_version(client, 2, seconds=0.35)
        albums.asked.clear()
        for _ in range(10):
            await client.get(ALBUM)
        assert len(albums.asked) <= 1
        process.send_signal(signal.SIGCONT)
        await settle(client, albums)
        process.kill()
        process.wait()
        albums.version = 3
        await until_version(client, 3, seconds=0.35)
        again = nats.start(subprocess.DEVNULL)
        nats.wait_until_ready(again)
        await settle(client, albums)
        again.kill()
        again.wait()
