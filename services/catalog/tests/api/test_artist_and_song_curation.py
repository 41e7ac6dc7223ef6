"""What curators do with artists and with songs."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

BASE = "/api/v1"
Headers = dict[str, str]
pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def curator(token_for: Callable[..., str]) -> Headers:
    return {"Authorization": f"Bearer {token_for('clara', roles=('listener', 'curator'))}"}


@pytest.fixture
def ask(client: httpx.AsyncClient, curator: Headers):
    """`await ask("PATCH", "/artists/…", body)`: with the ETag that the resource has now."""

    async def ask(method: str, path: str, body: object = None) -> httpx.Response:
        seen = await client.get(BASE + path)
        tag = {"If-Match": seen.headers["etag"]} if "etag" in seen.headers else {}
        return await client.request(method, BASE + path, json=body, headers=curator | tag)

    return ask


async def id_of(get, discogs_artist_id: int) -> str:
    [artist] = (await get("/artists", discogs_artist_id=discogs_artist_id))["items"]
    return str(artist["id"])


async def test_an_artists_new_name_is_on_every_album_and_outlives_an_import(
    get, ask, take_in, write_dump, records, connection, catch_up
) -> None:
    vera = await id_of(get, 5)
    changed = await ask("PATCH", f"/artists/{vera}", {"name": "Vera Lund", "profile": "Sings.\nStill."})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["real_name"]) == ("Vera Lund", "Vera Maria Lund")
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    assert {f"artist-{vera}", f"album-{album['id']}"} <= set(changed.headers["surrogate-purge"].split())
    assert album["artists"][0]["name"] == "Vera Lund"
    told = await connection.fetchval("select envelope from outbox order by id desc limit 1")
    assert b'"artist_names":["Vera Lund","Ida' in told
    await take_in(write_dump("artists", [records.artist(5, "Vera Lund (3)", more="<realname>V.</realname>")]))
    artist = await get(f"/artists/{vera}")
    assert (artist["name"], artist["profile"], artist["real_name"]) == ("Vera Lund", "Sings.\nStill.", "V.")
    await catch_up()
    assert vera in [each["id"] for each in (await get("/artists", q="vera lund"))["items"]]


async def test_an_artist_is_made_credited_merged_and_parted(client, get, ask, curator) -> None:
    ida = await id_of(get, 6)
    body = {"name": "Ida H.", "members": [{"id": ida}], "links": [{"url": "https://ida.example"}]}
    made = await client.post(f"{BASE}/artists", json=body, headers=curator)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix(BASE)
    assert made.json()["identifiers"] == {"discogs_artist_id": None, "musicbrainz_id": None}
    assert made.json()["members"] == [{"id": ida, "name": "Ida Hölm"}]
    new = made.json()["id"]
    album = await client.post(
        f"{BASE}/albums", json={"title": "Hers", "artists": [{"artist_id": new}]}, headers=curator
    )
    assert album.json()["artists"][0]["artist_id"] == new
    assert [each["title"] for each in (await get(f"/artists/{new}/albums"))["items"]] == ["Hers"]

    merged = await client.post(f"{BASE}{path}/merge", json={"into": ida}, headers=curator)
    assert (merged.status_code, merged.json()["id"]) == (200, ida)
    moved = await client.get(BASE + path, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"{BASE}/artists/{ida}")
    [credit] = (await get(f"/albums/{album.json()['id']}"))["artists"]
    assert (credit["artist_id"], credit["name"]) == (ida, "Ida Hölm")
    assert "Hers" in [each["title"] for each in (await get("/albums", artist_id=ida))["items"]]
    assert "Hers" in [each["title"] for each in (await get(f"/artists/{new}/albums"))["items"]]

    history = (await client.get(f"{BASE}/artists/{ida}/revisions", headers=curator)).json()["items"]
    assert [each["action"] for each in history] == ["merged"]
    parted = await client.post(f"{BASE}/artists/{ida}/revisions/1/undo", headers=curator)
    assert parted.status_code == 200, parted.text
    assert (await get(path))["name"] == "Ida H."
    [credit] = (await get(f"/albums/{album.json()['id']}"))["artists"]
    assert credit["name"] == "Ida H."


async def test_a_withdrawn_artist_is_a_bare_name_until_restored(client, get, ask, curator) -> None:
    vera = await id_of(get, 5)
    assert (await ask("DELETE", f"/artists/{vera}")).status_code == 204
    assert (await client.get(f"{BASE}/artists/{vera}")).status_code == 404
    assert (await get("/artists", discogs_artist_id=5))["items"] == []
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    assert (album["artists"][0]["artist_id"], album["artists"][0]["name"]) == (None, "Vera Lund (2)")
    back = await client.post(f"{BASE}/artists/{vera}/revisions/1/undo", headers=curator)
    assert back.json()["name"] == "Vera Lund (2)"
    sources = (await client.get(f"{BASE}/artists/{vera}/sources", headers=curator)).json()["items"]
    assert [(each["source"], each["says"]["name"]) for each in sources] == [("discogs", "Vera Lund (2)")]


async def test_curated_artists_need_versions_and_roles(client, get, token_for, curator) -> None:
    path = f"{BASE}/artists/{await id_of(get, 5)}"
    assert (await client.patch(path, json={"name": "x"}, headers=curator)).status_code == 428
    stale = await client.patch(path, json={"name": "x"}, headers=curator | {"If-Match": '"0-x"'})
    assert stale.status_code == 412
    listener = {"Authorization": f"Bearer {token_for('leo')}"}
    assert (await client.post(f"{BASE}/artists", json={"name": "x"}, headers=listener)).status_code == 403
    assert (await client.post(f"{BASE}/songs", json={"title": "x"}, headers=listener)).status_code == 403
    for body in ({"name": "a\u0000"}, {"name": "x", "members": [{"id": str(uuid4())}]}, {"name": "x" * 501}):
        assert (await client.post(f"{BASE}/artists", json=body, headers=curator)).status_code == 400


async def songs_of(get, album: str) -> list[tuple[str, str, int | None]]:
    found = (await get("/songs", album_id=album))["items"]
    return [(song["title"], song["position"], song["duration_seconds"]) for song in found]


async def test_songs_are_added_changed_and_removed_in_their_album(
    client, get, ask, curator, catch_up
) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    assert await songs_of(get, album["id"]) == [("Dawn", "A1", 190), ("Inside", "A2.a", 245)]
    [dawn, inside] = (await get("/songs", album_id=album["id"]))["items"]
    body = {"album_id": album["id"], "title": "Dusk", "position": "B1", "duration_seconds": 61}
    made = await client.post(f"{BASE}/songs", json=body, headers=curator)
    assert made.status_code == 201, made.text
    dusk = made.json()
    assert (await client.get(made.headers["location"])).json() == dusk
    changed = await ask("PATCH", f"/songs/{inside['id']}", {"title": "Within", "duration_seconds": None})
    assert (changed.json()["title"], changed.json()["duration_seconds"]) == ("Within", None)
    replaced = await ask("PUT", f"/songs/{dusk['id']}", {"title": "Dusk", "artists": [{"name": "A Guest"}]})
    assert (replaced.json()["position"], replaced.json()["artists"][0]["name"]) == (None, "A Guest")
    assert (await ask("DELETE", f"/songs/{dawn['id']}")).status_code == 204
    assert (await client.get(f"{BASE}/songs/{dawn['id']}")).status_code == 404
    assert await songs_of(get, album["id"]) == [("Within", "A2.a", None), ("Dusk", None, None)]
    shown = await get(f"/albums/{album['id']}")
    assert [(each["title"], each["kind"]) for each in shown["tracks"]] == [
        ("Side One", "heading"),
        ("Medley", "index"),
        ("Dusk", "track"),
    ]
    await catch_up()
    assert [each["id"] for each in (await get("/songs", q="within"))["items"]] == [inside["id"]]
    undone = await client.post(f"{BASE}/albums/{album['id']}/revisions/4/undo", headers=curator)
    assert undone.status_code == 200, undone.text
    assert (await get(f"/songs/{dawn['id']}"))["title"] == "Dawn"


async def test_songs_keep_their_ids_where_tracks_are_edited(get, ask) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    former = {song["title"]: song["id"] for song in (await get("/songs", album_id=album["id"]))["items"]}
    tracks = [
        {"title": "First Of All", "position": "A1", "duration_seconds": 60},
        {"title": "Dawn", "position": "A2", "duration_seconds": 190},
        {"title": "Inside Out", "position": "A2.a"},
    ]
    assert (await ask("PATCH", f"/albums/{album['id']}", {"tracks": tracks})).status_code == 200
    songs = (await get("/songs", album_id=album["id"]))["items"]
    assert [song["title"] for song in songs] == ["First Of All", "Dawn", "Inside Out"]
    assert (songs[1]["id"], songs[2]["id"]) == (former["Dawn"], former["Inside"])
    assert songs[0]["id"] not in former.values()
    page = await get("/songs", album_id=album["id"], limit=1)
    rest = await get("/songs", album_id=album["id"], limit=2, cursor=page["next_cursor"])
    assert page["items"] + rest["items"] == songs


async def test_songs_are_refused_where_they_cannot_be(client, get, ask, curator) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    [song, _] = (await get("/songs", album_id=album["id"]))["items"]
    for body, status in (
        ({"title": "x"}, 400),
        ({"title": "x", "album_id": str(uuid4())}, 404),
        ({"title": "", "album_id": album["id"]}, 400),
    ):
        assert (await client.post(f"{BASE}/songs", json=body, headers=curator)).status_code == status
    assert (
        await ask("PUT", f"/songs/{song['id']}", {"title": "x", "album_id": str(uuid4())})
    ).status_code == 400
    unchanged = await ask("PATCH", f"/songs/{song['id']}", {"title": song["title"]})
    assert (unchanged.status_code, unchanged.json()) == (200, song)
    history = await client.get(f"{BASE}/albums/{album['id']}/revisions", headers=curator)
    assert history.json()["items"] == []
    assert (await ask("DELETE", f"/songs/{uuid4()}")).status_code in (404, 428)
