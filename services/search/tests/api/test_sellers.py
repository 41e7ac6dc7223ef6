import asyncio
import time
from uuid import uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState
from vinyl_search.app import create_worker
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers.budget import Budget
from vinyl_search.settings import Settings
from vinyl_search.store.unit_of_work import Store

BASE = "/api/v1/sellers"
SELLER = {"provider": "discogs", "username": "second-spin"}


async def test_a_seller_is_looked_up_and_followed(client: httpx.AsyncClient, people) -> None:
    ada = people.headers("ada")
    answer = await client.post(BASE, json=SELLER | {"username": "Second-Spin"}, headers=ada)
    assert answer.status_code == 201
    seller = answer.json()
    assert answer.headers["location"] == f"{BASE}/{seller['id']}"
    assert (seller["provider"], seller["username"], seller["state"]) == ("discogs", "second-spin", "active")
    assert (seller["country"], seller["rating"]) == ("DE", 99.8)
    assert seller["listing_count"] > 100
    again = await client.post(BASE, json=SELLER, headers=ada)
    assert (again.status_code, again.json()) == (200, seller)
    assert (await client.get(BASE, headers=ada)).json()["items"] == [seller]
    read = await client.get(f"{BASE}/{seller['id']}", headers=ada)
    assert read.json() == seller
    conditional = ada | {"If-None-Match": read.headers["etag"]}
    assert (await client.get(f"{BASE}/{seller['id']}", headers=conditional)).status_code == 304


async def test_an_unknown_seller_is_not_found(client: httpx.AsyncClient, people) -> None:
    ada = people.headers("ada")
    for _ in range(2):
        answer = await client.post(BASE, json=SELLER | {"username": "nobody-at-all"}, headers=ada)
        assert (answer.status_code, answer.json()["code"]) == (404, "seller_not_found")
    assert (await client.get(BASE, headers=ada)).json()["items"] == []


@pytest.mark.parametrize("mode", ["500", "garbage", "429", "slow"])
async def test_a_market_in_trouble_does_not_hold_up_following(
    client: httpx.AsyncClient, switches: httpx.AsyncClient, people, mode: str
) -> None:
    ada = people.headers("ada")
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": mode, "seconds": 30})
    started = time.monotonic()
    answer = await client.post(BASE, json=SELLER, headers=ada)
    assert time.monotonic() - started < 8
    assert (answer.status_code, answer.json()["state"]) == (201, "unverified")


async def test_a_slow_market_does_not_hold_the_budget(
    client: httpx.AsyncClient, switches: httpx.AsyncClient, people, store: Store
) -> None:
    """Not even where a key makes the whole request one transaction."""
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": "slow", "seconds": 30})
    keyed = people.headers("ada") | {"Idempotency-Key": "once"}
    following = asyncio.create_task(client.post(BASE, json=SELLER, headers=keyed))
    await asyncio.sleep(0.7)
    assert not following.done()
    budget = Budget(store, Provider.DISCOGS, Allowance(60, 60.0))
    async with asyncio.timeout(1.5):
        await budget.take_turn(Urgency.PERSON, patience_seconds=1.0)
    assert not following.done()
    assert (await following).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "discogs"}, "username"),
        ({"provider": "discogs", "username": ""}, "username"),
        ({"provider": "discogs", "username": "a b"}, "username"),
        ({"provider": "discogs", "username": "../admin"}, "username"),
        ({"provider": "discogs", "username": ".."}, "username"),
        ({"provider": "discogs", "username": "second-spin\n"}, "username"),
        ({"provider": "discogs", "username": "x" * 65}, "username"),
        ({"provider": "ebay", "username": "x"}, "provider"),
        ({"username": "x"}, "provider"),
        (SELLER | {"id": "1"}, "id"),
    ],
)
async def test_bad_input_names_its_field(client: httpx.AsyncClient, people, body: dict, field: str) -> None:
    answer = await client.post(BASE, json=body, headers=people.headers("ada"))
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_whom_i_follow_is_mine_alone(client: httpx.AsyncClient, people, steps) -> None:
    seller = await steps.follow(client, people.headers("ada"))
    eve = people.headers("eve")
    for method, tail in (("GET", ""), ("DELETE", ""), ("GET", "/matches")):
        path = f"{BASE}/{seller['id']}{tail}"
        theirs = await client.request(method, path, headers=eve)
        nobodys = await client.request(method, f"{BASE}/{uuid4()}{tail}", headers=eve)
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json()["code"] == nobodys.json()["code"] == "seller_not_found"
        assert (await client.request(method, path)).status_code == 401
    assert (await client.get(f"{BASE}/{seller['id']}", headers=people.headers("ada"))).status_code == 200


async def test_letting_a_seller_go(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    seller = await steps.follow(client, ada)
    path = f"{BASE}/{seller['id']}"
    stale = await client.delete(path, headers=ada | {"If-Match": '"0"'})
    assert stale.status_code == 412
    assert (await client.delete(path, headers=ada)).status_code == 204
    assert (await client.delete(path, headers=ada)).status_code == 404
    back = await client.post(BASE, json=SELLER, headers=ada)
    assert back.status_code == 201


async def test_pages_of_sellers(client: httpx.AsyncClient, people, steps) -> None:
    ada = people.headers("ada")
    names = ["second-spin", "needle-drop", "crate-digger"]
    for name in names:
        await steps.follow(client, ada, name)
    first = (await client.get(BASE, params={"limit": "2"}, headers=ada)).json()
    rest = (await client.get(BASE, params={"cursor": first["next_cursor"]}, headers=ada)).json()
    listed = [item["username"] for item in first["items"] + rest["items"]]
    assert listed == names[::-1]
    assert rest["next_cursor"] is None


async def test_matches_and_offers_after_a_run(
    client: httpx.AsyncClient, worker, people, albums: list[AlbumState], steps
) -> None:
    ada = people.headers("ada")
    await people.live_in("ada", "GB", "GBP")
    await people.want("ada", albums[5])
    await people.want("ada", albums[9], release_id=albums[9].releases[0].release_id)
    seller = await steps.follow(client, ada)
    search = await steps.save(client, ada, providers=["discogs"])
    await steps.run(client, ada, search["id"])
    matches = (await client.get(f"{BASE}/{seller['id']}/matches", headers=ada)).json()["items"]
    wanted = {str(albums[5].album_id), str(albums[9].album_id)}
    assert {item["match"]["album_id"] for item in matches} == wanted
    assert all(item["wanted"] and item["landed_price"]["currency"] == "GBP" for item in matches)
    by_album = await client.get("/api/v1/offers", params={"album_id": str(albums[5].album_id)}, headers=ada)
    of_album = by_album.json()["items"]
    assert {item["match"]["album_id"] for item in of_album} == {str(albums[5].album_id)}
    release = str(albums[5].releases[0].release_id)
    by_release = await client.get("/api/v1/offers", params={"release_id": release}, headers=ada)
    assert by_release.json()["items"] == of_album
    eve = people.headers("eve")
    others = await client.get("/api/v1/offers", params={"release_id": release}, headers=eve)
    assert {(item["wanted"], item["owned"]) for item in others.json()["items"]} == {(False, False)}
    pages, parameters = [], {"album_id": str(albums[5].album_id), "limit": "1"}
    while True:
        page = (await client.get("/api/v1/offers", params=parameters, headers=ada)).json()
        pages += page["items"]
        if page["next_cursor"] is None:
            break
        parameters = parameters | {"cursor": page["next_cursor"]}
    assert pages == of_album


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "invalid_input"),
        (f"album_id={uuid4()}&release_id={uuid4()}", 400, "invalid_input"),
        ("album_id=x", 400, "invalid_input"),
        (f"album_id={uuid4()}", 404, "album_not_found"),
        (f"release_id={uuid4()}", 404, "release_not_found"),
        (f"album_id={uuid4()}&provider=shop", 400, "invalid_input"),
    ],
)
async def test_offers_of_what_is_not_there(
    client: httpx.AsyncClient, people, query: str, status: int, code: str
) -> None:
    answer = await client.get(f"/api/v1/offers?{query}", headers=people.headers("ada"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(f"/api/v1/offers?{query}")).status_code in (400, 401)


async def test_how_the_markets_are_doing(
    client: httpx.AsyncClient, people, steps, database: Database
) -> None:
    ada = people.headers("ada")
    before = (await client.get("/api/v1/providers", headers=ada)).json()
    assert [each["provider"] for each in before["items"]] == ["discogs", "ebay", "community"]
    assert before["exchange_rates"]["as_of"] == "2024-12-31"
    assert "European Central Bank" in before["exchange_rates"]["source"]
    discogs, ebay, community = before["items"]
    assert (discogs["enabled"], discogs["reachable"], discogs["credential"]) == (
        True,
        None,
        {"state": "unchecked"},
    )
    assert discogs["quota"] == {"limit": 60, "remaining": 60, "window_seconds": 60.0, "blocked_until": None}
    assert (ebay["enabled"], ebay["quota"]["limit"]) == (True, 5000)
    assert (community["enabled"], community["reachable"], community["quota"]) == (True, True, None)
    assert community["credential"] == {"state": "not_needed"}
    await steps.follow(client, ada)
    search = await steps.save(client, ada, providers=["discogs"])
    await client.post(f"/api/v1/searches/{search['id']}/run", headers=ada)
    discogs = (await client.get("/api/v1/providers", headers=ada)).json()["items"][0]
    assert (discogs["reachable"], discogs["credential"]) == (True, {"state": "accepted"})
    assert (discogs["quota"]["limit"], discogs["quota"]["remaining"]) == (10_000, 9_999)
    assert discogs["queue"] == 1
    assert (await client.get("/api/v1/providers")).status_code == 401
    async with database.transaction() as connection:
        kept = (await connection.execute(text("select * from provider_budgets"))).mappings().all()
    assert "sandbox" not in str(kept), "no credential is kept"


async def test_a_wrong_token_is_told(
    worker_settings: Settings, client: httpx.AsyncClient, people, steps, sandbox: str
) -> None:
    wrong = msgspec.structs.replace(worker_settings, discogs_token="not one of theirs")
    running = asyncio.create_task(create_worker(wrong).run())

    async def told() -> bool:
        page = await client.get("/api/v1/providers", headers=people.headers("ada"))
        discogs = page.json()["items"][0]
        return (discogs["credential"], discogs["error"]) == ({"state": "refused"}, "credentials_refused")

    await steps.until(told)
    running.cancel()
    await asyncio.wait([running])
