"""The summaries that the rating service tells, as albums show them."""

from uuid import UUID

import asyncpg
import msgspec
from litestar.testing import AsyncTestClient

from vinyl_catalog.consumers.rating import subscriptions
from vinyl_catalog.service.album_ratings import AlbumRatingService
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.messaging.subscription import dispatch
from vinyl_contracts.envelope import wrap
from vinyl_contracts.events.rating import AlbumRatingChanged, Histogram
from vinyl_contracts.ids import AlbumId, new_id

BASE = "/api/v1"


async def tell(store: Store, album_id: UUID, version: int, count: int, average: float | None) -> None:
    event = AlbumRatingChanged(AlbumId(album_id), count, average, average, Histogram())
    envelope = wrap(event, aggregate_id=album_id, version=version, at=now())
    await dispatch(msgspec.json.encode(envelope), subscriptions(AlbumRatingService(store)))


async def test_an_album_shows_the_newest_summary(
    store, take_in, write_dump, records, client: AsyncTestClient
) -> None:
    await take_in(
        write_dump(
            "releases",
            [records.release(1, "Rated"), records.release(2, "Better"), records.release(3, "Unrated")],
        )
    )
    albums = {album["title"]: album for album in (await client.get(f"{BASE}/albums")).json()["items"]}
    rated = UUID(albums["Rated"]["id"])
    await tell(store, rated, 2, 3, 4.0)
    await tell(store, rated, 1, 1, 1.0)
    await tell(store, UUID(albums["Better"]["id"]), 1, 1, 4.5)
    shown = (await client.get(f"{BASE}/albums/{rated}")).json()
    assert shown["rating"] == {"count": 3, "average": 4.0, "bayesian_average": 4.0}
    top = (await client.get(f"{BASE}/albums", params={"sort": "top"})).json()["items"]
    assert [album["title"] for album in top] == ["Better", "Rated", "Unrated"]
    tag = (await client.get(f"{BASE}/albums/{rated}")).headers["etag"]
    await tell(store, rated, 3, 0, None)
    after = await client.get(f"{BASE}/albums/{rated}")
    assert after.json()["rating"] == {"count": 0, "average": None, "bayesian_average": None}
    assert after.headers["etag"] != tag


async def test_a_summary_survives_another_import(
    store, take_in, write_dump, records, client: AsyncTestClient
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Rated")]))
    [album] = (await client.get(f"{BASE}/albums")).json()["items"]
    await tell(store, UUID(album["id"]), 1, 3, 4.0)
    await take_in(write_dump("releases", [records.release(1, "Rated again"), records.release(2, "Another")]))
    top = (await client.get(f"{BASE}/albums", params={"sort": "top"})).json()["items"]
    assert [(each["title"], each["rating"]["count"]) for each in top] == [("Rated again", 3), ("Another", 0)]


async def test_a_summary_of_an_unknown_album_is_kept(store: Store, connection: asyncpg.Connection) -> None:
    album_id = new_id()
    await tell(store, album_id, 1, 2, 3.0)
    assert await connection.fetchval("select count from album_ratings where album_id = $1", album_id) == 2
