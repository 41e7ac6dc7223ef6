import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from vinyl_contracts.ids import ReleaseId, new_id

COLLECTION = "/api/v1/collection"
Client = httpx.AsyncClient


async def add(client: Client, person: Any, album: Any, **facts: Any) -> Any:
    body = {"album_id": str(album.album_id)} | facts
    answer = await client.post(COLLECTION, json=body, headers=person.headers)
    assert answer.status_code == 201, answer.text
    return answer


async def listed(client: Client, person: Any, **query: str) -> list[str]:
    answer = await client.get(COLLECTION, params=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return [item["album"]["title"] for item in answer.json()["items"]]


async def test_a_copy_is_added_with_all_that_is_known_of_it(
    client: Client, ada: Any, learn: Any, events: Any
) -> None:
    release_id = ReleaseId(new_id())
    album = await learn(releases=(release_id,))
    facts = {
        "release_id": str(release_id),
        "media_condition": "VG+",
        "sleeve_condition": "G",
        "notes": "A gift.\nSide B skips.",
        "purchase_price": {"amount": "12.50", "currency": "EUR"},
        "acquired_on": "2020-02-29",
        "storage_place": "shelf 3",
    }
    created = await add(client, ada, album, **facts)
    item = created.json()
    assert {name: item[name] for name in facts} == facts
    assert item["album"] == {
        "id": str(album.album_id),
        "title": "Kind of Blue",
        "artist": "Miles Davis",
        "year": 1959,
        "genres": ["Jazz"],
    }
    assert created.headers["location"] == f"{COLLECTION}/{item['id']}"
    read = await client.get(created.headers["location"], headers=ada.headers)
    assert (read.json(), read.headers["etag"]) == (item, created.headers["etag"])
    *_, (name, envelope) = await events()
    assert (name, envelope["aggregateid"], envelope["aggregateversion"]) == (
        "collection_item_changed",
        item["id"],
        1,
    )
    assert envelope["data"] == {
        "item_id": item["id"],
        "user_id": ada.id,
        "album_id": str(album.album_id),
        "release_id": str(release_id),
        "media_condition": "VG+",
        "sleeve_condition": "G",
        "acquired_on": "2020-02-29",
    }


async def test_a_release_brings_its_album(client: Client, ada: Any, learn: Any) -> None:
    release_id, stray = ReleaseId(new_id()), ReleaseId(new_id())
    album, other = await learn(releases=(release_id,)), await learn(title="Blue Train", releases=(stray,))
    alone = await client.post(COLLECTION, json={"release_id": str(release_id)}, headers=ada.headers)
    assert (alone.status_code, alone.json()["album_id"]) == (201, str(album.album_id))
    contradiction = {"album_id": str(other.album_id), "release_id": str(release_id)}
    refused = await client.post(COLLECTION, json=contradiction, headers=ada.headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "release_id")
    path = f"{COLLECTION}/{alone.json()['id']}"
    moved = await client.patch(path, json={"release_id": str(stray)}, headers=ada.headers)
    assert (moved.status_code, moved.json()["album_id"]) == (200, str(other.album_id))
    torn = await client.patch(path, json={"album_id": str(album.album_id)}, headers=ada.headers)
    assert (torn.status_code, torn.json()["errors"][0]["field"]) == (400, "release_id")
    freed = await client.patch(path, json={"release_id": None}, headers=ada.headers)
    assert (freed.json()["album_id"], freed.json()["release_id"]) == (str(other.album_id), None)


async def test_what_the_catalogue_lacks_is_not_found(client: Client, ada: Any, learn: Any) -> None:
    album = await learn()
    for body, code in [
        ({"album_id": str(uuid4())}, "album_not_found"),
        ({"release_id": str(uuid4())}, "release_not_found"),
        ({"album_id": str(album.album_id), "release_id": str(uuid4())}, "release_not_found"),
        ({"album_id": str(uuid4()), "release_id": str(uuid4())}, "album_not_found"),
    ]:
        answer = await client.post(COLLECTION, json=body, headers=ada.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


BAD_FACTS: list[tuple[dict[str, Any], str]] = [
    ({"album_id": None}, "album_id"),
    ({"album_id": "no uuid"}, "album_id"),
    ({"media_condition": "NM-"}, "media_condition"),
    ({"sleeve_condition": 5}, "sleeve_condition"),
    ({"notes": "x" * 4001}, "notes"),
    ({"notes": "a\u0001b"}, "notes"),
    ({"purchase_price": {"amount": 12.5, "currency": "EUR"}}, "purchase_price.amount"),
    ({"purchase_price": {"amount": "12.505", "currency": "EUR"}}, "purchase_price"),
    ({"purchase_price": {"amount": "-1", "currency": "EUR"}}, "purchase_price"),
    ({"purchase_price": {"amount": "1", "currency": "XXX"}}, "purchase_price"),
    ({"purchase_price": {"amount": "1"}}, "purchase_price.currency"),
    ({"acquired_on": "2020-02-30"}, "acquired_on"),
    ({"acquired_on": "2999-01-01"}, "acquired_on"),
    ({"acquired_on": "1500-01-01"}, "acquired_on"),
    ({"storage_place": "a\nb"}, "storage_place"),
    ({"user_id": "somebody"}, "user_id"),
    ({"id": "x"}, "id"),
]


@pytest.mark.parametrize(("facts", "field"), BAD_FACTS)
async def test_bad_facts_name_the_field(
    client: Client, ada: Any, learn: Any, facts: dict[str, Any], field: str
) -> None:
    album = await learn()
    body = {"album_id": str(album.album_id)} | facts
    answer = await client.post(COLLECTION, json=body, headers=ada.headers)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    item = (await add(client, ada, album)).json()
    patched = await client.patch(f"{COLLECTION}/{item['id']}", json=facts, headers=ada.headers)
    assert patched.status_code == 400
    assert (await client.get(f"{COLLECTION}/{item['id']}", headers=ada.headers)).json() == item


async def test_a_copy_is_edited_and_removed(client: Client, ada: Any, learn: Any, events: Any) -> None:
    album = await learn()
    created = await add(client, ada, album, media_condition="NM", notes="mine")
    path = created.headers["location"]
    edited = await client.patch(path, json={"media_condition": "VG", "notes": None}, headers=ada.headers)
    assert (edited.json()["media_condition"], edited.json()["notes"]) == ("VG", None)
    assert edited.headers["etag"] != created.headers["etag"]
    stale = await client.delete(path, headers=ada.headers | {"If-Match": created.headers["etag"]})
    assert stale.status_code == 412
    gone = await client.delete(path, headers=ada.headers | {"If-Match": edited.headers["etag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(path, headers=ada.headers)).json()["code"] == "collection_item_not_found"
    assert (await client.delete(path, headers=ada.headers)).status_code == 404
    told = [(name, envelope["aggregateversion"]) for name, envelope in await events()][1:]
    assert told == [
        ("collection_item_changed", 1),
        ("collection_item_changed", 2),
        ("collection_item_removed", 3),
    ]


async def test_of_edits_on_one_version_one_wins(client: Client, ada: Any, learn: Any) -> None:
    created = await add(client, ada, await learn())
    headers = ada.headers | {"If-Match": created.headers["etag"]}
    edits = [
        client.patch(created.headers["location"], json={"notes": f"note {n}"}, headers=headers)
        for n in range(20)
    ]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*edits))
    assert statuses == [200] + [412] * 19


async def test_unconditional_edits_are_all_kept(client: Client, ada: Any, learn: Any, events: Any) -> None:
    created = await add(client, ada, await learn())
    path = created.headers["location"]
    fields = ("notes", "storage_place")
    edits = [client.patch(path, json={fields[n % 2]: f"words {n}"}, headers=ada.headers) for n in range(10)]
    assert {answer.status_code for answer in await asyncio.gather(*edits)} == {200}
    item = (await client.get(path, headers=ada.headers)).json()
    assert item["notes"].startswith("words")
    assert item["storage_place"].startswith("words")
    assert [envelope["aggregateversion"] for _, envelope in await events()][1:] == list(range(1, 12))


async def test_filters_narrow_the_list(client: Client, ada: Any, learn: Any) -> None:
    blue = await learn(title="Kind of Blue", artist="Miles Davis", year=1959, genres=("Jazz",))
    train = await learn(title="Blue Train", artist="John Coltrane", year=1957, genres=("Jazz", "Blues"))
    odd = await learn(title="100%_pure", artist="A\\B", year=None, genres=("Electronic",))
    await add(client, ada, blue, media_condition="VG+", notes="A gift from Grace")
    await add(client, ada, train, media_condition="M", storage_place="Shelf 3")
    await add(client, ada, odd)
    assert await listed(client, ada) == ["100%_pure", "Blue Train", "Kind of Blue"]
    assert await listed(client, ada, artist="coltrane") == ["Blue Train"]
    assert await listed(client, ada, genre="jazz") == ["Blue Train", "Kind of Blue"]
    assert await listed(client, ada, genre="blue") == []
    assert await listed(client, ada, year="1959") == ["Kind of Blue"]
    assert await listed(client, ada, condition="VG+") == ["Kind of Blue"]
    assert await listed(client, ada, text="blue shelf") == ["Blue Train"]
    assert await listed(client, ada, text="GIFT") == ["Kind of Blue"]
    assert await listed(client, ada, text="%_") == ["100%_pure"]
    assert await listed(client, ada, text="0_p") == []
    assert await listed(client, ada, artist="\\") == ["100%_pure"]
    assert await listed(client, ada, genre="Jazz", year="1957", text="train") == ["Blue Train"]
    assert await listed(client, ada, album_id=str(blue.album_id)) == ["Kind of Blue"]


@pytest.mark.parametrize(
    "query",
    [
        "year=0",
        "year=x",
        "year=99999999999999999999",
        "condition=VG%20plus",
        "genre=",
        "limit=0",
        "limit=101",
        "cursor=x",
        "album_id=1",
        f"text={'x' * 201}",
        "genre=a&genre=b",
    ],
)
async def test_bad_filters_are_refused(client: Client, ada: Any, query: str) -> None:
    answer = await client.get(f"{COLLECTION}?{query}", headers=ada.headers)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"]


async def test_cursors_fit_one_list_of_one_person(client: Client, ada: Any, eve: Any, learn: Any) -> None:
    album = await learn()
    added = [(await add(client, ada, album)).json()["id"] for _ in range(5)]
    await add(client, eve, album)
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = (await client.get(COLLECTION, params=query, headers=ada.headers)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == added[::-1]
    assert (await client.get(COLLECTION, params=query, headers=eve.headers)).status_code == 400
    filtered = await client.get(COLLECTION, params=query | {"genre": "Jazz"}, headers=ada.headers)
    assert filtered.status_code == 400
    elsewhere = await client.get("/api/v1/wants", params=query, headers=ada.headers)
    assert elsewhere.status_code == 400


async def test_a_retry_with_its_key_adds_one_copy(client: Client, ada: Any, learn: Any, events: Any) -> None:
    body = {"album_id": str((await learn()).album_id)}
    headers = ada.headers | {"Idempotency-Key": "once"}
    first = await client.post(COLLECTION, json=body, headers=headers)
    again = await client.post(COLLECTION, json=body, headers=headers)
    assert first.json() == again.json()
    assert len(await listed(client, ada)) == 1
    assert len(await events()) == 2
