from uuid import uuid4

import httpx
import pytest

from vinyl_contracts.events.catalog import AlbumState
from vinyl_search.service.searches import MOST_SEARCHES

BASE = "/api/v1/searches"


async def test_only_the_name_is_required(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    answer = await client.post(BASE, json={"name": "  soul under 30 "}, headers=ada)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"{BASE}/{made['id']}"
    times = {"created_at", "updated_at", "id"}
    assert {name: value for name, value in made.items() if name not in times} == {
        "name": "soul under 30",
        "query": None,
        "use_wants": False,
        "album_ids": [],
        "providers": ["discogs", "ebay", "community"],
        "max_price": None,
        "min_media_condition": None,
        "min_sleeve_condition": None,
        "ships_to": None,
        "seller_countries": [],
        "interval_minutes": 60,
        "active": True,
    }
    nulls = dict.fromkeys(set(made) - times - {"name"}) | {"name": "soul under 30"}
    same = (await client.post(BASE, json=nulls, headers=ada)).json()
    assert {name: same[name] for name in same if name not in times} == {
        name: made[name] for name in made if name not in times
    }


async def test_everything_comes_back_as_it_was_given(
    client: httpx.AsyncClient, people, albums: list[AlbumState]
) -> None:
    given = {
        "name": "jazz",
        "query": "harbour",
        "use_wants": True,
        "album_ids": [str(albums[0].album_id)],
        "providers": ["discogs"],
        "max_price": {"amount": "25.00", "currency": "EUR"},
        "min_media_condition": "VG+",
        "min_sleeve_condition": "VG",
        "ships_to": "DE",
        "seller_countries": ["DE", "GB"],
        "interval_minutes": 15,
        "active": False,
    }
    ada = people.headers("ada")
    made = (await client.post(BASE, json=given, headers=ada)).json()
    read = await client.get(f"{BASE}/{made['id']}", headers=ada)
    assert {name: read.json()[name] for name in given} == given
    listed = (await client.get(BASE, headers=ada)).json()
    assert listed == {"items": [read.json()], "next_cursor": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"name": "x", "query": "a\nb"}, "query"),
        ({"name": None}, "name"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "query": "q" * 201}, "query"),
        ({"name": "x", "use_wants": "yes"}, "use_wants"),
        ({"name": "x", "album_ids": ["nonsense"]}, "album_ids[0]"),
        ({"name": "x", "album_ids": [str(uuid4())] * 101}, "album_ids"),
        ({"name": "x", "providers": ["amazon"]}, "providers[0]"),
        ({"name": "x", "max_price": 12.5}, "max_price"),
        ({"name": "x", "max_price": {"amount": "12.505", "currency": "EUR"}}, "max_price"),
        ({"name": "x", "max_price": {"amount": "-1", "currency": "EUR"}}, "max_price"),
        ({"name": "x", "max_price": {"amount": "1", "currency": "euro"}}, "max_price"),
        ({"name": "x", "min_media_condition": "VG++"}, "min_media_condition"),
        ({"name": "x", "ships_to": "Germany"}, "ships_to"),
        ({"name": "x", "ships_to": "xx"}, "ships_to"),
        ({"name": "x", "seller_countries": ["DE", "ZZ"]}, "seller_countries"),
        ({"name": "x", "interval_minutes": 14}, "interval_minutes"),
        ({"name": "x", "interval_minutes": 15.5}, "interval_minutes"),
        ({"name": "x", "active": 1}, "active"),
    ],
)
async def test_bad_input_names_its_field(
    client: httpx.AsyncClient, people, steps, body: dict, field: str
) -> None:
    ada = people.headers("ada")
    answer = await client.post(BASE, json=body, headers=ada)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    if "name" in body and body["name"] == "x":
        made = await steps.save(client, ada)
        change = {name: value for name, value in body.items() if name != "name"}
        patched = await client.patch(f"{BASE}/{made['id']}", json=change, headers=ada)
        assert patched.status_code == 400, patched.text


async def test_an_unknown_album_is_not_found(client: httpx.AsyncClient, people, albums) -> None:
    body = {"name": "x", "album_ids": [str(albums[0].album_id), str(uuid4())]}
    answer = await client.post(BASE, json=body, headers=people.headers("ada"))
    assert (answer.status_code, answer.json()["code"]) == (404, "album_not_found")


async def test_a_change_touches_only_what_it_names(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    made = await steps.save(client, ada, query="soul", ships_to="DE", interval_minutes=30)
    path = f"{BASE}/{made['id']}"
    changed = (await client.patch(path, json={"query": None, "active": False}, headers=ada)).json()
    kept = made | {"query": None, "active": False, "updated_at": changed["updated_at"]}
    assert changed == kept
    again = (await client.patch(path, json={}, headers=ada)).json()
    assert again == kept | {"updated_at": again["updated_at"]}
    replaced = (await client.put(path, json={"name": "other"}, headers=ada)).json()
    assert (replaced["name"], replaced["ships_to"], replaced["active"]) == ("other", None, True)
    assert replaced["created_at"] == made["created_at"]


async def test_versions_guard_changes(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    made = await steps.save(client, ada)
    path = f"{BASE}/{made['id']}"
    tag = (await client.get(path, headers=ada)).headers["etag"]
    assert (await client.get(path, headers=ada | {"If-None-Match": tag})).status_code == 304
    guarded = ada | {"If-Match": tag}
    assert (await client.patch(path, json={"name": "b"}, headers=guarded)).status_code == 200
    assert (await client.patch(path, json={"name": "c"}, headers=guarded)).status_code == 412
    assert (await client.put(path, json={"name": "c"}, headers=guarded)).status_code == 412
    assert (await client.delete(path, headers=guarded)).status_code == 412
    assert (await client.get(path, headers=ada)).json()["name"] == "b"
    assert (await client.delete(path, headers=ada)).status_code == 204
    assert (await client.get(path, headers=ada)).json()["code"] == "search_not_found"


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "mine now"}),
        ("PUT", "", {"name": "mine now"}),
        ("DELETE", "", None),
        ("POST", "/run", None),
        ("GET", "/runs", None),
        ("GET", "/results", None),
    ],
)
async def test_another_listeners_search_does_not_exist(
    client: httpx.AsyncClient, people, steps, method: str, tail: str, body: dict | None
) -> None:
    made = await steps.save(client, people.headers("ada"))
    path = f"{BASE}/{made['id']}{tail}"
    theirs = await client.request(method, path, json=body, headers=people.headers("eve"))
    nobodys = await client.request(
        method, f"{BASE}/{uuid4()}{tail}", json=body, headers=people.headers("eve")
    )
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["code"] == nobodys.json()["code"] == "search_not_found"
    nameless = await client.request(method, path, json=body)
    assert nameless.status_code == 401
    assert nameless.headers["www-authenticate"].startswith("Bearer")
    assert (await client.get(f"{BASE}/{made['id']}", headers=people.headers("ada"))).json() == made
    assert (await client.get(BASE, headers=people.headers("eve"))).json()["items"] == []


async def test_pages_follow_each_other_and_cursors_fit_one_list(
    client: httpx.AsyncClient, people, steps
) -> None:
    ada, eve = people.headers("ada"), people.headers("eve")
    made = [(await steps.save(client, ada, name=f"n{number}"))["name"] for number in range(5)]
    seen: list[str] = []
    cursors: list[str] = []
    parameters = {"limit": "2"}
    while True:
        page = (await client.get(BASE, params=parameters, headers=ada)).json()
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursors.append(page["next_cursor"])
        parameters = {"limit": "2", "cursor": page["next_cursor"]}
    assert seen == made[::-1]
    for forged in (cursors[0][:-2] + "AA", "AAAA", "é"):
        assert (await client.get(BASE, params={"cursor": forged}, headers=ada)).status_code == 400
    assert (await client.get(BASE, params={"cursor": cursors[0]}, headers=eve)).status_code == 400
    other = await client.get("/api/v1/sellers", params={"cursor": cursors[0]}, headers=ada)
    assert other.status_code == 400


async def test_a_run_is_queued_and_listed(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    search = await steps.save(client, ada, providers=["discogs", "community"])
    queued = await client.post(f"{BASE}/{search['id']}/run", headers=ada)
    assert queued.status_code == 202
    page = (await client.get(f"{BASE}/{search['id']}/runs", headers=ada)).json()
    [run] = page["items"]
    assert queued.json() == {"run_id": run["id"]}
    assert run | {"queued_at": None} == {
        "id": run["id"],
        "search_id": search["id"],
        "state": "queued",
        "queued_at": None,
        "started_at": None,
        "finished_at": None,
        "providers": [
            {
                "provider": provider,
                "state": "queued",
                "listings_seen": 0,
                "coverage": {"seen": 0, "total": None},
                "quota_used": 0,
                "error": None,
            }
            for provider in ("discogs", "community")
        ],
    }


async def test_a_retried_post_makes_one_search(client: httpx.AsyncClient, people) -> None:
    keyed = people.headers("ada") | {"Idempotency-Key": "one"}
    first = await client.post(BASE, json={"name": "x"}, headers=keyed)
    again = await client.post(BASE, json={"name": "x"}, headers=keyed)
    assert first.json() == again.json()
    assert (await client.post(BASE, json={"name": "y"}, headers=keyed)).status_code == 422
    assert len((await client.get(BASE, headers=people.headers("ada"))).json()["items"]) == 1


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "provider=amazon", "provider=ebay&provider=discogs"]
)
async def test_bad_parameters_are_refused(client: httpx.AsyncClient, people, steps, query: str) -> None:
    ada = people.headers("ada")
    search = await steps.save(client, ada)
    answer = await client.get(f"{BASE}/{search['id']}/results?{query}", headers=ada)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"]


async def test_there_is_a_most(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    for _ in range(MOST_SEARCHES):
        await steps.save(client, ada)
    answer = await client.post(BASE, json={"name": "one more"}, headers=ada)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_searches")
    await steps.save(client, people.headers("bob"))
