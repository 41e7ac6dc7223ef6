"""What members offer here, in searches and offers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState, ProductChanged, ProductWithdrawn
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import ProductId, UserId, new_id
from vinyl_contracts.money import Money
from vinyl_search.service.community import CommunityService
from vinyl_search.service.retention import RetentionService
from vinyl_search.store.unit_of_work import Store

Offer = Callable[..., ProductChanged]


@pytest.fixture
def community(store: Store) -> CommunityService:
    return CommunityService(store)


def product(owner: UserId, album: AlbumState, **fields: object) -> ProductChanged:
    given = {
        "product_id": ProductId(new_id()),
        "owner_id": owner,
        "title": "From my shelf",
        "album_id": album.album_id,
        "release_id": album.releases[0].release_id,
        "category": None,
        "tags": [],
        "price": Money("20.00", "EUR"),
        "media_condition": Grade.VERY_GOOD_PLUS,
        "sleeve_condition": None,
        "published_at": datetime.now(UTC),
    }
    return ProductChanged(**given | fields)  # type: ignore[arg-type]


async def offers(client: httpx.AsyncClient, headers: dict[str, str], **asked: object) -> list[dict]:
    answer = await client.get("/api/v1/offers", params={**asked, "provider": "community"}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_member_s_copy_is_found_and_withdrawn(
    client: httpx.AsyncClient, worker, people, albums: list[AlbumState], steps, community: CommunityService
) -> None:
    ada, bob = people.headers("ada"), people.headers("bob")
    await people.live_in("ada", "DE", "EUR")
    await people.live_in("bob", "NO", "NOK")
    told = product(people.id_of("bob"), albums[0])
    await community.learn_product(told, 3)
    await community.learn_product(product(people.id_of("eve"), albums[1]), 1)
    await people.want("ada", albums[0], least=Grade.VERY_GOOD)
    search = await steps.save(client, ada, use_wants=True, providers=["community"])
    run = await steps.run(client, ada, search["id"])
    part = steps.provider_run(run, "community")
    assert (part["state"], part["listings_seen"], part["coverage"]) == ("done", 2, {"seen": 2, "total": 2})
    [found] = await steps.results(client, ada, search["id"])
    assert (found["provider"], found["title"], found["url"]) == (
        "community",
        "From my shelf",
        f"/products/{told.product_id}",
    )
    assert found["seller"] | {"rating": None} == {
        "id": str(people.id_of("bob")),
        "username": "bob",
        "rating": None,
        "country": "NO",
    }
    assert (found["price"], found["media_condition"]) == ({"amount": "20.00", "currency": "EUR"}, "VG+")
    assert (found["ships_from"], found["wanted"]) == ("NO", True)
    assert found["match"]["release_id"] == str(albums[0].releases[0].release_id)
    assert found["match"]["confidence"] == 1
    by_words = await steps.save(client, ada, query="velvet lantern 2", providers=["community"])
    await steps.run(client, ada, by_words["id"])
    assert len(await steps.results(client, ada, by_words["id"])) == 1
    own = await steps.save(client, bob, query="velvet lantern 1", providers=["community"])
    await steps.run(client, bob, own["id"])
    assert await steps.results(client, bob, own["id"]) == []

    await community.learn_product(product(told.owner_id, albums[0], product_id=told.product_id), 2)
    cheaper = product(told.owner_id, albums[0], product_id=told.product_id, price=Money("15.00", "EUR"))
    await community.learn_product(cheaper, 4)
    [found] = await steps.results(client, ada, search["id"])
    assert found["price"]["amount"] == "15.00"
    await community.forget_product(ProductWithdrawn(told.product_id, told.owner_id), 5)
    await community.learn_product(cheaper, 4)
    assert await steps.results(client, ada, search["id"]) == []


async def test_offers_name_it_for_its_album_and_its_pressing(
    client: httpx.AsyncClient, people, albums: list[AlbumState], community: CommunityService
) -> None:
    ada = people.headers("ada")
    of_pressing = product(people.id_of("bob"), albums[0])
    of_album = product(people.id_of("bob"), albums[0], release_id=None)
    for told in (of_pressing, of_album):
        await community.learn_product(told, 1)
    assert len(await offers(client, ada, album_id=albums[0].album_id)) == 2
    [found] = await offers(client, ada, release_id=albums[0].releases[0].release_id)
    assert found["url"].endswith(str(of_pressing.product_id))
    together = await client.get("/api/v1/offers", params={"album_id": albums[0].album_id}, headers=ada)
    assert {item["provider"] for item in together.json()["items"]} == {"community"}


@pytest.mark.parametrize("fields", [{"price": None}, {"album_id": None, "release_id": None}])
async def test_what_is_only_shown_is_not_for_sale(
    client: httpx.AsyncClient,
    people,
    albums: list[AlbumState],
    community: CommunityService,
    fields: dict[str, object],
) -> None:
    ada = people.headers("ada")
    told = product(people.id_of("bob"), albums[0])
    await community.learn_product(told, 1)
    assert len(await offers(client, ada, album_id=albums[0].album_id)) == 1
    shown = product(told.owner_id, albums[0], product_id=told.product_id, **fields)
    await community.learn_product(shown, 2)
    assert await offers(client, ada, album_id=albums[0].album_id) == []


async def test_our_own_data_has_no_hours_to_live(
    client: httpx.AsyncClient,
    people,
    albums: list[AlbumState],
    community: CommunityService,
    store: Store,
    database: Database,
) -> None:
    await community.learn_product(product(people.id_of("bob"), albums[0]), 1)
    async with database.transaction() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=90)
        await connection.execute(text("update listings set last_seen_at = :at"), {"at": long_ago})
    await RetentionService(store).forget_expired()
    assert len(await offers(client, people.headers("ada"), album_id=albums[0].album_id)) == 1
