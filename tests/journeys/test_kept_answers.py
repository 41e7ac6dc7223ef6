"""What the gateway keeps is never what somebody has just changed."""

import httpx
from journey import Journey

from vinyl_devstack.pytest_plugin import ADMIN

PASSWORD = "dead wax and run-outs"


async def curator(client: httpx.AsyncClient) -> dict[str, str]:
    account = {"username": ADMIN, "email": f"{ADMIN}@example.org", "password": PASSWORD}
    answer = await client.post("/auth/signup", json=account)
    if answer.status_code == 409:
        answer = await client.post("/auth/login", json={"login": ADMIN, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


async def test_a_curators_edit_is_read_at_once_by_everybody(journey: Journey) -> None:
    path = f"/albums/{journey.album_id}"
    headers = await curator(journey.client)
    title = (await journey.call("GET", path))["title"]
    for number in range(5):
        shown = await journey.client.get(path)
        changed = await journey.client.patch(
            path, json={"title": f"{title} {number}"}, headers=headers | {"If-Match": shown.headers["etag"]}
        )
        assert changed.status_code == 200, changed.text
        for who in ({}, journey.headers):
            assert (await journey.client.get(path, headers=who)).json()["title"] == f"{title} {number}"
        page = (await journey.client.get(f"/pages/album/{journey.album_id}")).json()
        assert page["album"]["title"] == f"{title} {number}"
        listed = await journey.client.get("/albums", params={"limit": 100, "sort": "newest"})
        assert f"{title} {number}" in [item["title"] for item in listed.json()["items"]]
    etag = (await journey.client.get(path)).headers["etag"]
    await journey.client.patch(path, json={"title": title}, headers=headers | {"If-Match": etag})


async def test_a_rating_is_in_the_summary_at_once_and_on_the_album_within_a_second(journey: Journey) -> None:
    path, query = f"/albums/{journey.album_id}", {"album_id": journey.album_id}
    for stars in (1, 5, 2, 4):
        await journey.client.get("/ratings/summary", params=query)
        await journey.client.get(path)
        await journey.call("POST", "/ratings", json=query | {"rating": stars})
        summary = (await journey.client.get("/ratings/summary", params=query)).json()
        assert summary["histogram"][str(stars)] >= 1

        async def is_on_the_album(average: float = summary["average"]) -> bool:
            return (await journey.client.get(path)).json()["rating"]["average"] == average

        await journey.until(is_on_the_album, seconds=5)


async def test_an_artists_new_name_is_on_the_album_at_once(journey: Journey) -> None:
    headers = await curator(journey.client)
    album = (await journey.client.get(f"/albums/{journey.album_id}")).json()
    path = f"/artists/{album['artists'][0]['artist_id']}"
    shown = await journey.client.get(path)
    name = shown.json()["name"]
    for new in (f"{name} (changed)", name):
        etag = (await journey.client.get(path)).headers["etag"]
        changed = await journey.client.patch(path, json={"name": new}, headers=headers | {"If-Match": etag})
        assert changed.status_code == 200, changed.text
        assert (await journey.client.get(path)).json()["name"] == new
        album = (await journey.client.get(f"/albums/{journey.album_id}")).json()
        assert album["artists"][0]["name"] == new
