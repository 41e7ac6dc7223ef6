"""Wants and collections on the sandbox's Discogs."""

from collections.abc import Callable

import httpx

from vinyl_devstack.sandbox.discogs.accounts import COLLECTOR, TOKEN

Connect = Callable[..., httpx.AsyncClient]

WANTS = f"/users/{COLLECTOR}/wants"
COLLECTION = f"/users/{COLLECTOR}/collection"


async def test_wanting_twice_is_wanting_once(discogs: httpx.AsyncClient) -> None:
    first = await discogs.put(f"{WANTS}/1001", json={"notes": "first pressing", "rating": 4})
    again = await discogs.put(f"{WANTS}/1001")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    listed = (await discogs.get(WANTS)).json()
    assert listed["pagination"]["items"] == 1
    assert listed["wants"][0]["notes"] == "first pressing"
    assert listed["wants"][0]["basic_information"]["title"] == "Études No. 1"


async def test_a_want_is_changed_and_taken_back(discogs: httpx.AsyncClient) -> None:
    await discogs.put(f"{WANTS}/1001?notes=old")
    changed = await discogs.post(f"{WANTS}/1001", json={"notes": "new"})
    assert (changed.status_code, changed.json()["notes"]) == (200, "new")
    assert (await discogs.delete(f"{WANTS}/1001")).status_code == 204
    assert (await discogs.delete(f"{WANTS}/1001")).status_code == 404
    assert (await discogs.get(WANTS)).json()["wants"] == []


async def test_listings_know_what_i_want_and_own(
    discogs: httpx.AsyncClient, sandbox: str, connect: Connect
) -> None:
    inventory = "/users/second-spin/inventory?per_page=1"
    release_id = (await discogs.get(inventory)).json()["listings"][0]["release"]["id"]
    await discogs.put(f"{WANTS}/{release_id}")
    await discogs.post(f"{COLLECTION}/folders/1/releases/{release_id}")
    [row] = (await discogs.get(inventory)).json()["listings"]
    assert row["release"]["stats"]["user"] == {"in_wantlist": 1, "in_collection": 1}
    [seen_by_stranger] = (await connect(f"{sandbox}/discogs").get(inventory)).json()["listings"]
    assert "user" not in seen_by_stranger["release"]["stats"]
    assert "in_cart" not in seen_by_stranger


async def test_adding_to_a_folder_twice_owns_two(discogs: httpx.AsyncClient) -> None:
    path = f"{COLLECTION}/folders/1/releases/1001"
    first, second = await discogs.post(path), await discogs.post(path)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["instance_id"] != second.json()["instance_id"]
    owned = (await discogs.get(f"{COLLECTION}/releases/1001")).json()["releases"]
    assert {each["instance_id"] for each in owned} == {
        first.json()["instance_id"],
        second.json()["instance_id"],
    }


async def test_one_instance_is_removed(discogs: httpx.AsyncClient) -> None:
    added = (await discogs.post(f"{COLLECTION}/folders/1/releases/1001")).json()
    kept = (await discogs.post(f"{COLLECTION}/folders/1/releases/1002")).json()
    path = added["resource_url"]
    assert (await discogs.delete(path)).status_code == 204
    assert (await discogs.delete(path)).status_code == 404
    rows = (await discogs.get(f"{COLLECTION}/folders/0/releases")).json()["releases"]
    assert [row["instance_id"] for row in rows] == [kept["instance_id"]]


async def test_folders(discogs: httpx.AsyncClient) -> None:
    made = await discogs.post(f"{COLLECTION}/folders", json={"name": "Upstairs"})
    assert made.status_code == 201
    folder = made.json()["id"]
    await discogs.post(f"{COLLECTION}/folders/{folder}/releases/1003")
    counts = {
        each["name"]: each["count"] for each in (await discogs.get(f"{COLLECTION}/folders")).json()["folders"]
    }
    assert counts == {"All": 1, "Uncategorized": 0, "Upstairs": 1}
    assert (await discogs.post(f"{COLLECTION}/folders/0/releases/1003")).status_code == 403
    assert (await discogs.post(f"{COLLECTION}/folders/77/releases/1003")).status_code == 404
    assert (await discogs.get(f"{COLLECTION}/folders/77/releases")).status_code == 404


async def test_other_peoples_things_are_theirs(
    discogs: httpx.AsyncClient, sandbox: str, connect: Connect
) -> None:
    await discogs.post(f"{COLLECTION}/folders/1/releases/1001")
    ada = connect(f"{sandbox}/discogs", signed_in=True, token=f"{TOKEN}:ada")
    assert (await ada.put(f"{WANTS}/1001")).status_code == 403
    assert (await ada.post(f"{COLLECTION}/folders/1/releases/1001")).status_code == 403
    assert (await ada.get(f"{COLLECTION}/folders/1/releases")).status_code == 403
    assert len((await ada.get(f"{COLLECTION}/folders/0/releases")).json()["releases"]) == 1
    stranger = connect(f"{sandbox}/discogs")
    assert (await stranger.put(f"{WANTS}/1001")).status_code == 401


async def test_a_bad_want_is_refused(discogs: httpx.AsyncClient) -> None:
    assert (await discogs.put(f"{WANTS}/1001", json={"rating": "five"})).status_code == 422
    assert (await discogs.put(f"{WANTS}/1001", content=b"{")).status_code == 422
    assert (await discogs.put(f"{WANTS}/1", json={})).status_code == 404
    assert (await discogs.post(f"{COLLECTION}/folders", content=b"[]")).status_code == 422
