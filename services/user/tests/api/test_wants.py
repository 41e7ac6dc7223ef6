import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from vinyl_contracts.ids import ReleaseId, new_id

WANTS = "/api/v1/wants"
COLLECTION = "/api/v1/collection"
Client = httpx.AsyncClient


async def want(client: Client, person: Any, album: Any, **facts: Any) -> Any:
    body = {"album_id": str(album.album_id)} | facts
    answer = await client.post(WANTS, json=body, headers=person.headers)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_want_says_what_is_looked_for(client: Client, ada: Any, learn: Any, events: Any) -> None:
    album = await learn()
    facts = {
        "max_price": {"amount": "2500", "currency": "JPY"},
        "min_media_condition": "VG+",
        "formats": ["LP", '7"'],
        "notes": "first pressing",
    }
    created = await want(client, ada, album, **facts)
    assert {name: created.json()[name] for name in facts} == facts
    assert created.headers["location"] == f"{WANTS}/{created.json()['id']}"
    read = await client.get(created.headers["location"], headers=ada.headers)
    assert (read.json(), read.headers["etag"]) == (created.json(), created.headers["etag"])
    *_, (name, envelope) = await events()
    assert name == "want_changed"
    assert envelope["data"] == {
        "want_id": created.json()["id"],
        "user_id": ada.id,
        "album_id": str(album.album_id),
        "release_id": None,
        "max_price": {"amount": "2500", "currency": "JPY"},
        "min_media_condition": "VG+",
        "formats": ["LP", '7"'],
    }


async def test_wants_are_listed_newest_first(client: Client, ada: Any, eve: Any, learn: Any) -> None:
    first, second = await learn(title="Blue Train"), await learn(title="Giant Steps")
    await want(client, ada, first)
    await want(client, ada, second)
    await want(client, eve, first)
    page = (await client.get(WANTS, headers=ada.headers)).json()
    assert [item["album"]["title"] for item in page["items"]] == ["Giant Steps", "Blue Train"]
    narrowed = (await client.get(WANTS, params={"album_id": str(first.album_id)}, headers=ada.headers)).json()
    assert [item["album"]["title"] for item in narrowed["items"]] == ["Blue Train"]
    begun = (await client.get(WANTS, params={"limit": "1"}, headers=ada.headers)).json()
    rest = {"limit": "1", "cursor": begun["next_cursor"]}
    last = (await client.get(WANTS, params=rest, headers=ada.headers)).json()
    assert [item["album"]["title"] for item in last["items"]] == ["Blue Train"]
    assert last["next_cursor"] is None


async def test_what_the_catalogue_lacks_is_not_found(client: Client, ada: Any, learn: Any) -> None:
    created = await want(client, ada, await learn())
    for body, code in [
        ({"album_id": str(uuid4())}, "album_not_found"),
        ({"release_id": str(uuid4())}, "release_not_found"),
    ]:
        answers = [
            await client.post(WANTS, json=body, headers=ada.headers),
            await client.patch(created.headers["location"], json=body, headers=ada.headers),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, code)] * 2


BAD_FACTS: list[tuple[dict[str, Any], str]] = [
    ({"album_id": None}, "album_id"),
    ({"album_id": 7}, "album_id"),
    ({"max_price": {"amount": "1e3", "currency": "EUR"}}, "max_price"),
    ({"max_price": {"amount": "1.5", "currency": "JPY"}}, "max_price"),
    ({"max_price": "12 EUR"}, "max_price"),
    ({"min_media_condition": "mint"}, "min_media_condition"),
    ({"formats": "LP"}, "formats"),
    ({"formats": [" "]}, "formats"),
    ({"formats": ["LP"] * 21}, "formats"),
    ({"notes": "a\u0000b"}, "notes"),
    ({"owner": "eve"}, "owner"),
]


@pytest.mark.parametrize(("facts", "field"), BAD_FACTS)
async def test_bad_facts_name_the_field(
    client: Client, ada: Any, learn: Any, facts: dict[str, Any], field: str
) -> None:
    album = await learn()
    body = {"album_id": str(album.album_id)} | facts
    answer = await client.post(WANTS, json=body, headers=ada.headers)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    created = await want(client, ada, album)
    patched = await client.patch(created.headers["location"], json=facts, headers=ada.headers)
    assert patched.status_code == 400


async def test_a_want_is_edited_and_removed(client: Client, ada: Any, learn: Any, events: Any) -> None:
    created = await want(client, ada, await learn(), formats=["LP"], notes="soon")
    path = created.headers["location"]
    edited = await client.patch(
        path, json={"formats": None, "min_media_condition": "NM"}, headers=ada.headers
    )
    assert (edited.json()["formats"], edited.json()["notes"]) == ([], "soon")
    stale = ada.headers | {"If-Match": created.headers["etag"]}
    assert (await client.patch(path, json={"notes": "late"}, headers=stale)).status_code == 412
    assert (await client.delete(path, headers=stale)).status_code == 412
    assert (await client.delete(path, headers=ada.headers)).status_code == 204
    assert (await client.get(path, headers=ada.headers)).json()["code"] == "want_not_found"
    told = [(name, envelope["aggregateversion"]) for name, envelope in await events()][1:]
    assert told == [("want_changed", 1), ("want_changed", 2), ("want_removed", 3)]


async def test_of_edits_on_one_version_one_wins(client: Client, ada: Any, learn: Any) -> None:
    created = await want(client, ada, await learn())
    headers = ada.headers | {"If-Match": created.headers["etag"]}
    edits = [
        client.patch(created.headers["location"], json={"notes": str(n)}, headers=headers) for n in range(10)
    ]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*edits))
    assert statuses == [200] + [412] * 9


async def test_acquiring_moves_a_want_to_the_collection(
    client: Client, ada: Any, learn: Any, events: Any
) -> None:
    release_id = ReleaseId(new_id())
    album = await learn(releases=(release_id,))
    wanted = await want(client, ada, album, release_id=str(release_id), notes="first pressing")
    copy = {"media_condition": "VG+", "purchase_price": {"amount": "30.00", "currency": "EUR"}}
    path = f"{wanted.headers['location']}/acquire"
    acquired = await client.post(path, json=copy, headers=ada.headers)
    assert acquired.status_code == 201
    item = acquired.json()
    assert acquired.headers["location"] == f"{COLLECTION}/{item['id']}"
    assert {name: item[name] for name in copy} == copy
    assert (item["album_id"], item["release_id"]) == (str(album.album_id), str(release_id))
    assert item["notes"] == "first pressing"
    assert (await client.get(wanted.headers["location"], headers=ada.headers)).status_code == 404
    assert (await client.get(acquired.headers["location"], headers=ada.headers)).json() == item
    assert [name for name, _ in await events()][-2:] == ["want_removed", "collection_item_changed"]


async def test_acquiring_needs_no_body_and_happens_once(client: Client, ada: Any, learn: Any) -> None:
    wanted = await want(client, ada, await learn())
    path = f"{wanted.headers['location']}/acquire"
    answers = await asyncio.gather(*(client.post(path, headers=ada.headers) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 404, 404, 404, 404, 404]
    items = (await client.get(COLLECTION, headers=ada.headers)).json()["items"]
    assert len(items) == 1


async def test_a_bad_description_acquires_nothing(client: Client, ada: Any, learn: Any) -> None:
    wanted = await want(client, ada, await learn())
    path = f"{wanted.headers['location']}/acquire"
    for body in ({"media_condition": "new"}, {"acquired_on": "2999-01-01"}, {"album_id": str(uuid4())}):
        assert (await client.post(path, json=body, headers=ada.headers)).status_code == 400
    assert (await client.get(wanted.headers["location"], headers=ada.headers)).status_code == 200
