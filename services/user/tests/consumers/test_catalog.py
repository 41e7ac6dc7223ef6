import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text

from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.envelope import wrap
from vinyl_contracts.events.catalog import AlbumsImported, AlbumState
from vinyl_contracts.ids import AlbumId, ReleaseId, new_id
from vinyl_user.app import create_worker

COLLECTION = "/api/v1/collection"
WANTS = "/api/v1/wants"
Client = httpx.AsyncClient
Tell = Callable[..., Awaitable[None]]


@pytest.fixture
async def tell(settings: Any, nats_url: str) -> AsyncIterator[Tell]:
    """Publishes as catalog does, while the service's work process listens."""
    heard = msgspec.structs.replace(settings, nats_url=nats_url)
    running = asyncio.create_task(create_worker(heard).run())
    broker = Broker(nats_url, "test")
    jetstream = await broker.jetstream()

    async def tell(*albums: AlbumState) -> None:
        envelope = wrap(AlbumsImported(list(albums)), aggregate_id=new_id(), version=1, at=datetime.now(UTC))
        await jetstream.publish(envelope.type, msgspec.json.encode(envelope))

    yield tell
    running.cancel()
    await asyncio.wait([running])
    await broker.close()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def add(client: Client, person: Any, path: str, **named: Any) -> Any:
    body = {name: str(value) for name, value in named.items()}
    answer = await client.post(path, json=body, headers=person.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def items(client: Client, person: Any, path: str) -> Any:
    return (await client.get(path, headers=person.headers)).json()["items"]


async def test_an_imported_album_can_be_wanted_and_others_hear_of_it(
    client: Client, ada: Any, tell: Tell, album_of: Any, nats_url: str
) -> None:
    album = album_of(title="Blue Train")
    await tell(album)

    async def wanted() -> bool:
        body = {"album_id": str(album.album_id)}
        return (await client.post(WANTS, json=body, headers=ada.headers)).status_code == 201

    await until(wanted)
    broker = Broker(nats_url, "listening")
    heard = await (await broker.jetstream()).subscribe("vinyl.user.>", stream="VINYL_USER")
    subjects = [(await heard.next_msg(timeout=5)).subject for _ in range(2)]
    assert subjects == ["vinyl.user.user_registered.v1", "vinyl.user.want_changed.v1"]
    await broker.close()


async def test_an_older_state_changes_nothing(client: Client, ada: Any, learn: Any) -> None:
    album = await learn(title="Blue Train", version=3)
    await learn(album.album_id, title="Blu Trian", version=2)
    await add(client, ada, WANTS, album_id=album.album_id)
    (want,) = await items(client, ada, WANTS)
    assert want["album"]["title"] == "Blue Train"
    tag = (await client.get(f"{WANTS}/{want['id']}", headers=ada.headers)).headers["etag"]
    await learn(album.album_id, title="Blue Train (Mono)", version=4)
    read = await client.get(f"{WANTS}/{want['id']}", headers=ada.headers | {"If-None-Match": tag})
    assert (read.status_code, read.json()["album"]["title"]) == (200, "Blue Train (Mono)")


async def test_copies_and_wants_follow_an_album_that_is_merged(
    client: Client, ada: Any, eve: Any, tell: Tell, learn: Any, album_of: Any, events: Any
) -> None:
    release_id = ReleaseId(new_id())
    replaced = await learn(title="Kind of Blue (single release)", releases=(release_id,))
    survivor = await learn(title="Kind of Blue")
    copy = await add(client, ada, COLLECTION, release_id=release_id)
    await add(client, eve, WANTS, album_id=replaced.album_id)
    await add(client, eve, COLLECTION, album_id=survivor.album_id)
    before = len(await events())
    merged = album_of(survivor.album_id, version=2, releases=(release_id,), replaces=(replaced.album_id,))
    for _ in range(3):
        await tell(merged)

    async def followed() -> bool:
        shown = await items(client, ada, COLLECTION) + await items(client, eve, WANTS)
        return {item["album_id"] for item in shown} == {str(survivor.album_id)}

    await until(followed)
    (item,) = await items(client, ada, COLLECTION)
    assert (item["id"], item["release_id"]) == (copy["id"], str(release_id))
    assert item["album"]["title"] == "Kind of Blue"
    await asyncio.sleep(0.3)
    told = [(name, envelope["aggregateversion"]) for name, envelope in (await events())[before:]]
    assert sorted(told) == [("collection_item_changed", 2), ("want_changed", 2)]
    late = await add(client, eve, COLLECTION, album_id=replaced.album_id)
    assert late["album_id"] == str(survivor.album_id)
    by_release = await add(client, eve, COLLECTION, release_id=release_id)
    assert by_release["album_id"] == str(survivor.album_id)


async def test_merges_follow_each_other_in_any_order(client: Client, ada: Any, learn: Any) -> None:
    first, second, third = [await learn(title=title) for title in ("one", "two", "three")]
    await add(client, ada, WANTS, album_id=first.album_id)
    await learn(third.album_id, title="three", version=2, replaces=(second.album_id,))
    await learn(second.album_id, title="two", version=2, replaces=(first.album_id,))
    (want,) = await items(client, ada, WANTS)
    assert want["album"]["title"] == "three"
    await learn(first.album_id, title="one again", version=9)
    assert (await add(client, ada, WANTS, album_id=first.album_id))["album"]["title"] == "three"
    await learn(first.album_id, title="one", version=10, replaces=(third.album_id,))
    assert (await add(client, ada, WANTS, album_id=first.album_id))["album"]["title"] == "three"


async def test_a_batch_may_hold_an_album_twice_and_replace_the_unknown(
    client: Client, ada: Any, tell: Tell, album_of: Any
) -> None:
    album_id, unknown = AlbumId(new_id()), AlbumId(new_id())
    newer = album_of(album_id, version=2, title="newer", replaces=(unknown,))
    await tell(newer, album_of(album_id, version=1, title="older"))

    async def known() -> bool:
        body = {"album_id": str(unknown)}
        return (await client.post(WANTS, json=body, headers=ada.headers)).status_code == 201

    await until(known)
    (want,) = await items(client, ada, WANTS)
    assert (want["album_id"], want["album"]["title"]) == (str(album_id), "newer")


async def test_releases_come_move_and_go(client: Client, ada: Any, learn: Any) -> None:
    first, second, third = (ReleaseId(new_id()) for _ in range(3))
    album = await learn(releases=(first, second))
    other = await learn(title="Blue Train", releases=(third,))
    await learn(album.album_id, version=2, releases=(first,))
    await learn(other.album_id, version=2, title="Blue Train", releases=(third, second))
    moved = await add(client, ada, COLLECTION, release_id=second)
    assert moved["album_id"] == str(other.album_id)
    await learn(other.album_id, version=3, title="Blue Train", releases=(third,))
    gone = await client.post(COLLECTION, json={"release_id": str(second)}, headers=ada.headers)
    assert gone.json()["code"] == "release_not_found"


async def test_an_album_with_more_releases_than_were_told_takes_others(
    client: Client, ada: Any, learn: Any
) -> None:
    told, untold = ReleaseId(new_id()), ReleaseId(new_id())
    album = await learn(releases=(told,), complete=False)
    taken = await add(client, ada, COLLECTION, album_id=album.album_id, release_id=untold)
    assert taken["release_id"] == str(untold)
    await learn(album.album_id, version=2, releases=(), complete=False)
    assert (await add(client, ada, COLLECTION, release_id=told))["album_id"] == str(album.album_id)


async def test_nothing_is_left_behind_when_a_merge_races_with_listeners(
    client: Client, ada: Any, learn: Any, database: Any
) -> None:
    albums = [await learn(title=f"album {number}") for number in range(6)]
    survivor = await learn(title="survivor")
    wants = [(await add(client, ada, WANTS, album_id=album.album_id))["id"] for album in albums]

    async def merge() -> None:
        for version, album in enumerate(albums, start=2):
            await learn(survivor.album_id, title="survivor", version=version, replaces=(album.album_id,))

    def racing(number: int) -> list[Any]:
        body = {"album_id": str(albums[number].album_id)}
        path = f"{WANTS}/{wants[number]}"
        return [
            client.post(COLLECTION, json=body, headers=ada.headers),
            client.post(WANTS, json=body, headers=ada.headers),
            client.patch(path, json={"notes": "racing"}, headers=ada.headers),
            client.post(f"{path}/acquire", headers=ada.headers),
        ]

    requests = [request for number in range(6) for request in racing(number)]
    answers = await asyncio.gather(merge(), *requests)
    assert {answer.status_code for answer in answers[1:]} <= {200, 201, 404}
    async with database.transaction() as connection:
        for table in ("wants", "collection_items"):
            left = await connection.execute(text(f"select distinct album_id from {table}"))  # noqa: S608
            assert {row.album_id for row in left} == {survivor.album_id}
