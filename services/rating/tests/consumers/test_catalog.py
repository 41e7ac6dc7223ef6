import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.envelope import wrap
from vinyl_contracts.events.catalog import AlbumChanged, AlbumsImported, AlbumState, AlbumWithdrawn
from vinyl_contracts.events.rating import AlbumRatingChanged
from vinyl_contracts.ids import AlbumId, new_id
from vinyl_rating.app import create_worker
from vinyl_rating.settings import Settings

BASE = "/api/v1/ratings"
Tell = Callable[..., Awaitable[None]]


def state(album_id: AlbumId, version: int = 1, replaces: tuple[AlbumId, ...] = ()) -> AlbumState:
    return AlbumState(
        album_id=album_id,
        version=version,
        title="Blue Train",
        artist="John Coltrane",
        artist_ids=[],
        artist_names=["John Coltrane"],
        year=1957,
        genres=["Jazz"],
        styles=[],
        discogs_master_id=None,
        releases=[],
        releases_complete=True,
        replaces=list(replaces),
    )


@pytest.fixture
async def worker(settings: Settings):
    running = asyncio.create_task(create_worker(settings).run())
    yield running
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture
async def tell(settings: Settings, worker: asyncio.Task[None]):
    broker = Broker(settings.nats_url, "test")
    jetstream = await broker.jetstream()

    async def tell(*albums: AlbumState) -> None:
        envelope = wrap(AlbumsImported(list(albums)), aggregate_id=new_id(), version=1, at=datetime.now(UTC))
        await jetstream.publish(envelope.type, msgspec.json.encode(envelope))

    yield tell
    await broker.close()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_an_imported_album_can_be_rated_and_its_summary_is_told(
    client: httpx.AsyncClient, signed_in, tell: Tell, settings: Settings
) -> None:
    album_id = AlbumId(new_id())
    body = {"album_id": str(album_id), "rating": 5}
    traced = signed_in("ada") | {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    await tell(state(album_id))

    async def rated() -> bool:
        return (await client.post(BASE, json=body, headers=traced)).status_code in (200, 201)

    await until(rated)
    broker = Broker(settings.nats_url, "listening")
    heard = await (await broker.jetstream()).subscribe("vinyl.rating.>", stream="VINYL_RATING")
    message = await heard.next_msg(timeout=5)
    envelope = msgspec.json.decode(message.data)
    told = msgspec.convert(envelope["data"], AlbumRatingChanged)
    assert message.subject == "vinyl.rating.album_rating_changed.v1"
    assert message.headers["Nats-Msg-Id"] == envelope["id"]
    assert (told.album_id, told.count, told.average, told.histogram.stars_5) == (album_id, 1, 5.0, 1)
    assert envelope["traceparent"].startswith(f"00-{'a' * 32}-")
    assert (envelope["aggregateid"], envelope["aggregateversion"]) == (str(album_id), 1)
    await broker.close()


async def test_ratings_follow_an_album_that_is_merged(
    client: httpx.AsyncClient, signed_in, tell: Tell
) -> None:
    survivor, replaced = AlbumId(new_id()), AlbumId(new_id())
    await tell(state(survivor), state(replaced))

    async def rate(name: str, album_id: AlbumId, stars: int) -> bool:
        body = {"album_id": str(album_id), "rating": stars}
        return (await client.post(BASE, json=body, headers=signed_in(name))).status_code in (200, 201)

    await until(lambda: rate("ada", replaced, 1))
    assert await rate("ada", survivor, 4)
    assert await rate("eve", survivor, 2)
    assert await rate("eve", replaced, 5)
    assert await rate("ian", replaced, 3)

    async def merged() -> bool:
        summary = (await client.get(f"{BASE}/summary", params={"album_id": str(replaced)})).json()
        return summary["album_id"] == str(survivor) and summary["count"] == 3

    for _ in range(3):
        await tell(state(survivor, 2, (replaced,)))
    await until(merged)
    listed = (await client.get(BASE, params={"album_id": str(survivor)})).json()["items"]
    assert {item["user"]["username"]: item["rating"] for item in listed} == {"ada": 4, "eve": 5, "ian": 3}
    assert await rate("zoe", replaced, 5)


@pytest.fixture
async def tell_change(settings: Settings, worker: asyncio.Task[None]):
    broker = Broker(settings.nats_url, "curator")

    async def tell_change(album: AlbumState, *, is_parted: bool = False) -> None:
        envelope = wrap(
            AlbumChanged(album, is_parted),
            aggregate_id=album.album_id,
            version=album.version,
            at=datetime.now(UTC),
        )
        await (await broker.jetstream()).publish(envelope.type, msgspec.json.encode(envelope))

    yield tell_change
    await broker.close()


async def test_an_album_that_was_merged_by_mistake_is_itself_again(
    client: httpx.AsyncClient, signed_in, tell_change: Tell
) -> None:
    album_id, other = AlbumId(new_id()), AlbumId(new_id())

    async def rated_as(wanted: AlbumId) -> bool:
        body = {"album_id": str(album_id), "rating": 4}
        answer = await client.post(BASE, json=body, headers=signed_in("ada"))
        return answer.is_success and answer.json()["album_id"] == str(wanted)

    await tell_change(state(album_id))
    await until(lambda: rated_as(album_id))
    await tell_change(state(other, 2, (album_id,)))
    await until(lambda: rated_as(other))
    await tell_change(state(album_id, 3), is_parted=True)
    await until(lambda: rated_as(album_id))


async def test_the_summary_of_an_album_that_was_merged_twice_and_parted_never_repeats_a_tag(
    client: httpx.AsyncClient, signed_in, tell_change: Tell, settings: Settings
) -> None:
    first, second, third = (AlbumId(new_id()) for _ in range(3))
    seen: dict[str, bytes] = {}

    async def summary() -> tuple[str, int]:
        answer = await client.get(f"{BASE}/summary", params={"album_id": str(first)})
        if not answer.is_success:
            return "", 0
        assert seen.setdefault(answer.headers["etag"], answer.content) == answer.content
        return answer.json()["album_id"], answer.json()["count"]

    async def rate(name: str, album_id: AlbumId, stars: int) -> None:
        body = {"album_id": str(album_id), "rating": stars}
        assert (await client.post(BASE, json=body, headers=signed_in(name))).is_success

    async def until_summary(album_id: AlbumId, count: int) -> None:
        async def is_there() -> bool:
            return await summary() == (str(album_id), count)

        await until(is_there)

    for album_id in (first, second, third):
        await tell_change(state(album_id))
    await until_summary(first, 0)
    await rate("ada", first, 1)
    await until_summary(first, 1)
    await tell_change(state(second, 2, (first,)))
    await until_summary(second, 1)
    await rate("ada", third, 2)  # the later one stays when they are merged, so that nothing moves
    await tell_change(state(third, 2, (first, second)))
    await until_summary(third, 1)
    await tell_change(state(second, 3, (first,)), is_parted=True)
    await until_summary(second, 0)
    await rate("eve", first, 5)
    await until_summary(second, 1)

    broker = Broker(settings.nats_url, "listening")
    heard = await (await broker.jetstream()).subscribe(
        "vinyl.rating.album_rating_changed.v1", stream="VINYL_RATING"
    )
    told: list[tuple[int, int]] = []
    while not told or told[-1] != (1, 5):
        envelope = msgspec.json.decode((await heard.next_msg(timeout=5)).data)
        if envelope["aggregateid"] == str(second):
            data = msgspec.convert(envelope["data"], AlbumRatingChanged)
            told.append((data.count, int(data.average or 0)))
            assert envelope["aggregateversion"] == len(told)
    assert told == [(1, 1), (0, 0), (1, 5)]
    await broker.close()


async def test_a_withdrawn_album_is_not_rated_until_it_is_back(
    client: httpx.AsyncClient, signed_in, tell: Tell, settings: Settings
) -> None:
    album_id = AlbumId(new_id())
    broker = Broker(settings.nats_url, "curator")

    async def answers(status: int) -> bool:
        body = {"album_id": str(album_id), "rating": 4}
        return (await client.post(BASE, json=body, headers=signed_in("ada"))).status_code == status

    await tell(state(album_id, 2))
    await until(lambda: answers(200))
    envelope = wrap(AlbumWithdrawn(album_id), aggregate_id=album_id, version=3, at=datetime.now(UTC))
    await (await broker.jetstream()).publish(envelope.type, msgspec.json.encode(envelope))
    await until(lambda: answers(404))
    await tell(state(album_id, 4))
    await until(lambda: answers(200))
    await broker.close()
