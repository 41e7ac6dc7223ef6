"""What other services tell, through a real broker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx
import msgspec
import pytest

from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.envelope import Event, wrap
from vinyl_contracts.events.catalog import AlbumsImported, AlbumState
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
    WantChanged,
    WantRemoved,
)
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, ReleaseId, UserId, WantId, new_id
from vinyl_contracts.money import Money
from vinyl_search.domain.known import AlbumText, KnownListener
from vinyl_search.domain.money import Amount
from vinyl_search.domain.wishes import Want, Wishes
from vinyl_search.service.known import KnownService
from vinyl_search.settings import Settings
from vinyl_search.store.unit_of_work import Store

Tell = Callable[..., Awaitable[None]]


@pytest.fixture
async def tell(worker_settings: Settings, worker: asyncio.Task[None]) -> AsyncIterator[Tell]:
    broker = Broker(worker_settings.nats_url, "test")
    jetstream = await broker.jetstream()

    async def tell(event: Event, aggregate_id: UUID, version: int = 1) -> None:
        envelope = wrap(event, aggregate_id=aggregate_id, version=version, at=datetime.now(UTC))
        await jetstream.publish(envelope.type, msgspec.json.encode(envelope))

    yield tell
    await broker.close()


def want_changed(want_id: WantId, user_id: UserId, album_id: AlbumId, **fields: object) -> WantChanged:
    given = {"release_id": None, "max_price": None, "min_media_condition": None, "formats": []} | fields
    return WantChanged(want_id=want_id, user_id=user_id, album_id=album_id, **given)  # type: ignore[arg-type]


async def wishes_of(store: Store, user_id: UserId) -> Wishes:
    async with store.begin() as unit:
        return await unit.wishes.read_wishes(user_id)


async def test_everything_told_is_known(store: Store, tell: Tell, steps) -> None:
    user, album, release = UserId(new_id()), AlbumId(new_id()), ReleaseId(new_id())
    want, item = WantId(new_id()), CollectionItemId(new_id())
    state = steps.album_state(1, album, release_id=release)
    await tell(UserRegistered(user, "ada", datetime.now(UTC)), user, 1)
    await tell(ProfileChanged(user, "ada", None, "DE", "EUR", is_public=True), user, 2)
    await tell(AlbumsImported([state]), new_id())
    told = want_changed(
        want,
        user,
        album,
        max_price=Money("20.00", "EUR"),
        min_media_condition=Grade.VERY_GOOD,
        formats=["LP"],
    )
    await tell(told, want)
    await tell(CollectionItemChanged(item, user, album, release, None, None, None), item)

    async def known() -> bool:
        async with store.begin() as unit:
            listener = await unit.wishes.find_listener(user)
            texts = await unit.albums.list_texts([album])
            numbers = await unit.albums.discogs_ids_of([album])
        wishes = await wishes_of(store, user)
        return (
            listener == KnownListener(user, 2, "ada", "DE", "EUR")
            and texts == [AlbumText(album, state.artist, state.title, 1971, ("TIN 1",))]
            and numbers == [steps.release_number(1)]
            and wishes.wants == (Want(want, album, None, Amount(2000, "EUR"), Grade.VERY_GOOD, ("LP",)),)
            and wishes.owns(steps.match(release, album))
        )

    await steps.until(known)
    await tell(WantRemoved(want, user), want, 2)
    await tell(CollectionItemRemoved(item, user), item, 2)

    async def forgotten() -> bool:
        wishes = await wishes_of(store, user)
        return not wishes.wants and not wishes.owns(steps.match(release, album))

    await steps.until(forgotten)


async def test_late_and_repeated_news_change_nothing(store: Store, known: KnownService) -> None:
    user, album, other = UserId(new_id()), AlbumId(new_id()), AlbumId(new_id())
    want = WantId(new_id())
    await known.forget_want(WantRemoved(want, user), 3)
    for version in (1, 2, 3):
        await known.learn_want(want_changed(want, user, album), version)
    assert (await wishes_of(store, user)).wants == ()
    await known.learn_want(want_changed(want, user, other), 4)
    await known.forget_want(WantRemoved(want, user), 3)
    assert [each.album_id for each in (await wishes_of(store, user)).wants] == [other]
    await known.learn_profile(ProfileChanged(user, "ada", None, "DE", "EUR", is_public=True), 5)
    await known.learn_profile(ProfileChanged(user, "old", None, "FR", "USD", is_public=True), 4)
    await known.learn_listener(UserRegistered(user, "ada", datetime.now(UTC)), 1)
    async with store.begin() as unit:
        assert await unit.wishes.find_listener(user) == KnownListener(user, 5, "ada", "DE", "EUR")


async def numbers_of(store: Store, album_id: AlbumId) -> list[int]:
    async with store.begin() as unit:
        return sorted(await unit.albums.discogs_ids_of([album_id]))


def with_releases(
    state: AlbumState, *releases: AlbumState, version: int, complete: bool = True
) -> AlbumState:
    each = [release for album in releases for release in album.releases]
    return msgspec.structs.replace(state, releases=each, version=version, releases_complete=complete)


async def test_pressings_follow_their_albums_newest_state(store: Store, known: KnownService, steps) -> None:
    one, two, three = (steps.album_state(number) for number in (1, 2, 3))
    album = one.album_id
    n = steps.release_number
    await known.learn_albums([with_releases(one, one, two, version=1)])
    assert await numbers_of(store, album) == [n(1), n(2)]
    await known.learn_albums([with_releases(one, two, version=3)])
    assert await numbers_of(store, album) == [n(2)]
    await known.learn_albums([with_releases(one, one, two, three, version=2)])
    assert await numbers_of(store, album) == [n(2)], "an older state changes nothing"
    for part in (one, three):
        await known.learn_albums([with_releases(one, part, version=4, complete=False)])
    assert await numbers_of(store, album) == [n(1), n(2), n(3)], "parts of a big album add up"


async def test_a_merged_album_takes_everything_with_it(
    client: httpx.AsyncClient, store: Store, known: KnownService, people, steps
) -> None:
    ada = people.headers("ada")
    old, survivor = steps.album_state(1), steps.album_state(2)
    await known.learn_albums([old])
    await people.want("ada", old)
    await people.own("ada", old)
    search = await steps.save(client, ada, album_ids=[str(old.album_id)])
    merged = msgspec.structs.replace(
        survivor, releases=[*survivor.releases, *old.releases], replaces=[old.album_id]
    )
    for _ in range(2):
        await known.learn_albums([merged])
    wishes = await wishes_of(store, people.id_of("ada"))
    assert [want.album_id for want in wishes.wants] == [survivor.album_id]
    assert wishes.owns(steps.match(None, survivor.album_id))
    read = (await client.get(f"/api/v1/searches/{search['id']}", headers=ada)).json()
    assert read["album_ids"] == [str(survivor.album_id)]
    both = [steps.release_number(1), steps.release_number(2)]
    assert await numbers_of(store, survivor.album_id) == both
    await known.learn_albums([msgspec.structs.replace(old, version=9)])
    assert await numbers_of(store, survivor.album_id) == both, "the merged one stays merged"
    await people.want("ada", old)
    late = await steps.save(client, ada, album_ids=[str(old.album_id)])
    assert late["album_ids"] == [str(survivor.album_id)]
    assert {want.album_id for want in (await wishes_of(store, people.id_of("ada"))).wants} == {
        survivor.album_id
    }


async def test_a_copy_is_matched_by_name_until_its_pressing_is_known(
    client: httpx.AsyncClient, worker, known: KnownService, people, steps
) -> None:
    ada = people.headers("ada")
    state = steps.album_state(4)
    bare = msgspec.structs.replace(state, releases=[])
    await known.learn_albums([bare])
    await people.want("ada", bare)
    await steps.follow(client, ada)
    search = await steps.save(client, ada, use_wants=True, providers=["discogs"])
    await steps.run(client, ada, search["id"])
    found = await steps.results(client, ada, search["id"])
    assert found
    assert {(item["match"]["album_id"], item["match"]["release_id"]) for item in found} == {
        (str(state.album_id), None)
    }
    assert all(item["match"]["confidence"] < 1 and item["wanted"] for item in found)
    await known.learn_albums([msgspec.structs.replace(state, version=2)])
    exact = await steps.results(client, ada, search["id"])
    assert {item["id"] for item in exact} == {item["id"] for item in found}
    assert all(item["match"]["release_id"] == str(state.releases[0].release_id) for item in exact)
    assert all(item["match"]["confidence"] == 1 for item in exact)
