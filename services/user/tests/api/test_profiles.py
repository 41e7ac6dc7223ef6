import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

USERS = "/api/v1/users"
Client = httpx.AsyncClient


async def edit(client: Client, person: Any, change: dict[str, Any], **headers: str) -> Any:
    return await client.patch(f"{USERS}/profile", json=change, headers=person.headers | headers)


async def test_a_profile_is_edited_in_part(client: Client, ada: Any, events: Any) -> None:
    avatar = str(uuid4())
    change = {
        "display_name": " Ada ",
        "bio": "Jazz.\nMostly.",
        "country": "GB",
        "currency": "GBP",
        "avatar_media_id": avatar,
    }
    edited = await edit(client, ada, change)
    assert edited.status_code == 200
    expected = ada.tokens["user"] | change | {"display_name": "Ada"}
    assert edited.json() == expected | {"updated_at": edited.json()["updated_at"]}
    emptied = (await edit(client, ada, {"bio": None})).json()
    assert (emptied["bio"], emptied["display_name"]) == (None, "Ada")
    *_, (name, envelope) = await events()
    assert (name, envelope["aggregateversion"]) == ("profile_changed", 3)
    assert envelope["data"] == {
        "user_id": ada.id,
        "username": "ada",
        "display_name": "Ada",
        "country": "GB",
        "currency": "GBP",
        "is_public": True,
        "avatar_media_id": avatar,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "Germany"}, "country"),
        ({"country": "XX"}, "country"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": None}, "currency"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": "a\u0007b"}, "display_name"),
        ({"bio": "x" * 2001}, "bio"),
        ({"bio": "a\u0000b"}, "bio"),
        ({"avatar_media_id": "cat.jpg"}, "avatar_media_id"),
        ({"is_public": "yes"}, "is_public"),
        ({"username": "eve"}, "username"),
        ({"email": "eve@example.org"}, "email"),
        ({"roles": ["admin"]}, "roles"),
    ],
)
async def test_bad_edits_name_the_field(client: Client, ada: Any, change: dict[str, Any], field: str) -> None:
    answer = await edit(client, ada, change)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await client.get(f"{USERS}/profile", headers=ada.headers)).json() == ada.tokens["user"]


async def test_of_edits_on_one_version_one_wins(client: Client, ada: Any) -> None:
    tag = (await client.get(f"{USERS}/profile", headers=ada.headers)).headers["etag"]
    edits = [edit(client, ada, {"display_name": f"Ada {n}"}, **{"If-Match": tag}) for n in range(10)]
    answers = await asyncio.gather(*edits)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 412} == {"stale_version"}
    known = await client.get(f"{USERS}/profile", headers=ada.headers | {"If-None-Match": tag})
    assert known.status_code == 200
    tag = known.headers["etag"]
    known = await client.get(f"{USERS}/profile", headers=ada.headers | {"If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")


async def test_a_public_profile_has_counts_and_no_address(client: Client, ada: Any, learn: Any) -> None:
    album = await learn()
    before = await client.get(f"{USERS}/ada")
    assert before.json()["counts"] == {"collection": 0, "wants": 0}
    for path in ("collection", "wants", "wants"):
        body = {"album_id": str(album.album_id)}
        assert (await client.post(f"/api/v1/{path}", json=body, headers=ada.headers)).status_code == 201
    known = {"If-None-Match": before.headers["etag"]}
    after = await client.get(f"{USERS}/ADA", headers=known)
    assert (after.status_code, after.json()["counts"]) == (200, {"collection": 1, "wants": 2})
    assert after.json()["username"] == "ada"
    assert "example.org" not in after.text


async def test_a_private_profile_is_nobody_elses(client: Client, ada: Any, eve: Any) -> None:
    await edit(client, ada, {"is_public": False})
    private, missing = await client.get(f"{USERS}/ada"), await client.get(f"{USERS}/nobody-here")
    assert private.status_code == missing.status_code == 404
    assert private.json()["detail"] == missing.json()["detail"]
    assert (await client.get(f"{USERS}/ada", headers=eve.headers)).json()["code"] == "user_not_found"
    assert (await client.get(f"{USERS}/ada", headers=ada.headers)).status_code == 200


@pytest.mark.parametrize("name", ["a%20b", "%C3%A4", "x" * 5000, "%F0%9F%92%BF", "..%2f", "null", "%27--"])
async def test_no_name_breaks_it(client: Client, name: str) -> None:
    assert (await client.get(f"{USERS}/{name}")).status_code == 404


async def test_the_own_list_is_replaced_whole(client: Client, ada: Any, eve: Any) -> None:
    empty = await client.get(f"{USERS}/content", headers=ada.headers)
    assert empty.json() == {"items": [], "next_cursor": None}
    first = await client.put(f"{USERS}/content", json={"entries": ["b", " a ", "b"]}, headers=ada.headers)
    assert first.status_code == 200
    assert first.json()["items"] == [
        {"position": 0, "entry": "b"},
        {"position": 1, "entry": "a"},
        {"position": 2, "entry": "b"},
    ]
    second = await client.put(f"{USERS}/content", json={"entries": ["c"]}, headers=ada.headers)
    read = await client.get(f"{USERS}/content", headers=ada.headers)
    assert read.json() == second.json() == {"items": [{"position": 0, "entry": "c"}], "next_cursor": None}
    assert read.headers["etag"] == second.headers["etag"] != first.headers["etag"]
    assert (await client.get(f"{USERS}/content", headers=eve.headers)).json()["items"] == []


async def test_of_racing_lists_one_wins(client: Client, ada: Any) -> None:
    tag = (await client.get(f"{USERS}/content", headers=ada.headers)).headers["etag"]
    headers = ada.headers | {"If-Match": tag}
    puts = [client.put(f"{USERS}/content", json={"entries": [str(n)]}, headers=headers) for n in range(8)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*puts))
    assert statuses == [200] + [412] * 7


BAD_LISTS: list[dict[str, Any]] = [
    {},
    {"entries": None},
    {"entries": "a"},
    {"entries": ["a", 1]},
    {"entries": ["a", ""]},
    {"entries": ["a", "  "]},
    {"entries": ["a\u0001b"]},
    {"entries": ["x" * 501]},
    {"entries": ["a"] * 501},
]


@pytest.mark.parametrize("body", BAD_LISTS)
async def test_bad_lists_name_the_field(client: Client, ada: Any, body: dict[str, Any]) -> None:
    answer = await client.put(f"{USERS}/content", json=body, headers=ada.headers)
    assert answer.status_code == 400
    assert [error["field"].startswith("entries") for error in answer.json()["errors"]] == [True]
    assert (await client.get(f"{USERS}/content", headers=ada.headers)).json()["items"] == []
