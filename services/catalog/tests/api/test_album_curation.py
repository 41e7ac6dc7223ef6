"""What curators do with albums, and that it outlives imports."""

import json
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
async def light(client: httpx.AsyncClient) -> tuple[str, str]:
    """The path and the ETag of "First Light"."""
    [album] = (await client.get(f"{BASE}/albums?discogs_master_id=8")).json()["items"]
    path = f"{BASE}/albums/{album['id']}"
    return path, (await client.get(path)).headers["etag"]


async def change(client: httpx.AsyncClient, path: str, who: Headers, body: object) -> httpx.Response:
    tag = (await client.get(path)).headers["etag"]
    return await client.patch(path, json=body, headers=who | {"If-Match": tag})


async def test_a_curators_edit_is_shown_found_and_counted(client, get, curator, light) -> None:
    path, tag = light
    body = {"title": "First Light, Restored", "year": 1972, "genres": ["Folk"], "comment": "the sleeve"}
    answer = await client.patch(path, json=body, headers=curator | {"If-Match": tag})
    assert answer.status_code == 200, answer.text
    shown = await client.get(path)
    album = shown.json()
    assert (answer.json(), answer.headers["etag"]) == (album, shown.headers["etag"])
    assert (album["title"], album["year"], album["genres"]) == ("First Light, Restored", 1972, ["Folk"])
    assert [each["name"] for each in album["artists"]] == ["Vera Lund (2)", "Ida Hölm"]
    assert [each["title"] for each in (await get("/albums", genre="folk"))["items"]] == [album["title"]]
    assert [each["title"] for each in (await get("/albums", year_from=1972, year_to=1972))["items"]] == [
        album["title"]
    ]
    genres = {each["name"]: each["album_count"] for each in (await get("/genres"))["items"]}
    assert (genres["Folk"], genres["Jazz"]) == (1, 1)


async def test_an_edit_needs_the_version_that_it_edits(client, curator, light) -> None:
    path, tag = light
    body = {"title": "Changed"}
    assert (await client.patch(path, json=body, headers=curator)).status_code == 428
    assert (await client.delete(path, headers=curator)).status_code == 428
    first = await client.patch(path, json=body, headers=curator | {"If-Match": tag})
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    for request in ("PATCH", "PUT", "DELETE"):
        stale = await client.request(
            request, path, json={"title": "Late"}, headers=curator | {"If-Match": tag}
        )
        assert stale.status_code == 412, stale.text
    assert (await client.get(path)).json()["title"] == "Changed"


async def test_only_curators_and_admins_edit(client, token_for, as_admin, light) -> None:
    path, tag = light
    for method, where in (("PATCH", path), ("PUT", path), ("DELETE", path), ("POST", f"{BASE}/albums")):
        assert (await client.request(method, where, json={"title": "x"})).status_code == 401
        listener = {"Authorization": f"Bearer {token_for('leo')}", "If-Match": tag}
        refused = await client.request(method, where, json={"title": "x"}, headers=listener)
        assert refused.status_code == 403
    allowed = await client.patch(path, json={"title": "x"}, headers=as_admin | {"If-Match": tag})
    assert allowed.status_code == 200


async def test_an_edit_outlives_an_import_and_leaves_the_rest_to_it(
    client, get, curator, light, take_in, write_dump, records
) -> None:
    path, _ = light
    tracks = [
        {"title": "Dawn", "position": "A1", "duration_seconds": 191},
        {"title": "New", "position": "A2"},
    ]
    await change(client, path, curator, {"title": "Mine", "genres": ["Folk"], "tracks": tracks})
    vera = records.credit(5, "Vera Lund (2)")
    await take_in(
        write_dump("masters", [records.master(8, "Theirs", 1, artists=vera, year=1999, genre="Rock")]),
        write_dump(
            "releases",
            [
                records.release(
                    1, "Theirs", artists=vera, master=(8, True), tracks=records.track("B1", "Other", "1:00")
                )
            ],
        ),
    )
    album = (await client.get(path)).json()
    assert (album["title"], album["genres"], album["year"]) == ("Mine", ["Folk"], 1999)
    assert [each["title"] for each in album["tracks"]] == ["Dawn", "New"]
    assert [each["name"] for each in album["artists"]] == ["Vera Lund (2)"]
    assert [each["title"] for each in (await get("/albums", genre="folk"))["items"]] == ["Mine"]
    assert "Mine" not in [each["title"] for each in (await get("/albums", genre="Rock"))["items"]]
    songs = (await get("/songs", album_id=album["id"]))["items"]
    assert [song["title"] for song in songs] == ["Dawn", "New"]
    sources = (await get_as(client, f"{path}/sources", curator))["items"]
    assert [(each["source"], each["record"]) for each in sources] == [
        ("discogs", "master"),
        ("discogs", "release"),
        ("curator", "album"),
    ]
    assert (sources[0]["says"]["title"], sources[2]["says"]["title"]) == ("Theirs", "Mine")


async def get_as(client: httpx.AsyncClient, path: str, who: Headers) -> dict:
    answer = await client.get(path, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_edit_of_an_album_with_absurdly_many_releases_fits_an_event(
    client, curator, light, take_in, write_dump, records, connection
) -> None:
    path, _ = light
    written = [records.release(n, "T" * 5000, master=(8, n == 1)) for n in range(1, 2001)]
    await take_in(write_dump("releases", written, packed=True))
    await change(client, path, curator, {"title": "Mine"})
    told = await connection.fetchrow("select subject, envelope from outbox order by id desc limit 1")
    assert told["subject"] == "vinyl.catalog.album_changed.v1"
    assert 256 * 1024 < len(told["envelope"]) <= 512 * 1024


async def test_every_change_is_in_the_history_and_can_be_undone(client, curator, light) -> None:
    path, _ = light
    before = (await client.get(path)).json()
    await change(client, path, curator, {"title": "One", "comment": "because"})
    await change(client, path, curator, {"year": 1900})
    newest, oldest = (await get_as(client, f"{path}/revisions", curator))["items"]
    assert (oldest["action"], oldest["comment"], oldest["editor"]["username"]) == (
        "edited",
        "because",
        "clara",
    )
    assert (oldest["former"], oldest["latter"]) == ({}, {"title": "One"})
    assert newest["latter"] == {"year": 1900}
    undone = await client.post(f"{path}/revisions/1/undo", headers=curator)
    assert undone.status_code == 200, undone.text
    assert (undone.json()["title"], undone.json()["year"]) == (before["title"], 1900)
    again = await client.post(f"{path}/revisions/1/undo", headers=curator)
    assert (again.status_code, again.json()["code"]) == (409, "revision_overtaken")
    redone = await client.post(f"{path}/revisions/3/undo", headers=curator)
    assert redone.json()["title"] == "One"
    assert (await client.post(f"{path}/revisions/99/undo", headers=curator)).status_code == 404
    page = await get_as(client, f"{path}/revisions?limit=3", curator)
    rest = await get_as(client, f"{path}/revisions?limit=3&cursor={page['next_cursor']}", curator)
    assert [each["number"] for each in page["items"] + rest["items"]] == [4, 3, 2, 1]


async def test_what_changes_nothing_is_no_revision(client, curator, light) -> None:
    path, tag = light
    title = (await client.get(path)).json()["title"]
    answer = await client.patch(path, json={"title": title}, headers=curator | {"If-Match": tag})
    assert (answer.status_code, answer.headers["etag"]) == (200, tag)
    assert (await get_as(client, f"{path}/revisions", curator))["items"] == []


async def test_an_album_is_made_replaced_and_withdrawn(client, get, curator) -> None:
    [vera] = (await get("/artists", discogs_artist_id=5))["items"]
    [moss] = (await get("/labels", discogs_label_id=7))["items"]
    body = {
        "title": "Unheard",
        "artists": [{"artist_id": vera["id"], "credited_as": "Vera", "join": "&"}, {"name": "A Friend"}],
        "year": 1974,
        "genres": ["Jazz"],
        "labels": [{"id": moss["id"], "catalog_number": "MOSS 99"}],
        "tracks": [{"title": "Only", "position": "A", "duration_seconds": 245}],
        "text": {"content": "Found in an attic.\nNobody knew.", "licence": "CC0-1.0"},
        "links": [{"url": "https://vera.bandcamp.com/unheard"}],
    }
    made = await client.post(f"{BASE}/albums", json=body, headers=curator)
    assert made.status_code == 201, made.text
    assert made.json()["created_at"] <= made.json()["updated_at"]
    path = made.headers["location"]
    album = (await client.get(path)).json()
    assert album == made.json()
    assert [(each["name"], each["credited_as"]) for each in album["artists"]] == [
        ("Vera Lund (2)", "Vera"),
        ("A Friend", None),
    ]
    assert album["labels"][0] == {"id": moss["id"], "name": "Moss Records", "catalog_number": "MOSS 99"}
    assert (album["text"]["source"], album["links"][0]["kind"]) == ("curator", "bandcamp")
    assert (set(album["identifiers"].values()), album["release_count"]) == ({None}, 1)
    [release] = (await get("/releases", catalog_number="moss99"))["items"]
    assert (release["album_id"], release["discogs_release_id"]) == (album["id"], None)
    assert album["title"] in [each["title"] for each in (await get("/albums", artist_id=vera["id"]))["items"]]
    [song] = (await get("/songs", album_id=album["id"]))["items"]
    assert (song["title"], song["duration_seconds"]) == ("Only", 245)

    tag = made.headers["etag"]
    replaced = await client.put(path, json={"title": "Heard"}, headers=curator | {"If-Match": tag})
    assert replaced.status_code == 200, replaced.text
    assert (replaced.json()["title"], replaced.json()["artists"], replaced.json()["text"]) == (
        "Heard",
        [],
        None,
    )
    assert (await get("/songs", album_id=album["id"]))["items"] == []

    gone = await client.delete(path, headers=curator | {"If-Match": replaced.headers["etag"]})
    assert gone.status_code == 204
    assert (await client.get(path)).status_code == 404
    assert "Heard" not in [each["title"] for each in (await get("/albums", limit=100))["items"]]
    back = await client.post(f"{path}/revisions/3/undo", headers=curator)
    assert (back.status_code, back.json()["title"]) == (200, "Heard")
    assert (await client.get(path)).status_code == 200


async def test_a_withdrawn_album_stays_so_through_an_import(
    client, get, curator, light, take_in, write_dump, records
) -> None:
    path, tag = light
    assert (await client.delete(path, headers=curator | {"If-Match": tag})).status_code == 204
    await take_in(write_dump("masters", [records.master(8, "Second Light", 1, year=1999)]))
    assert (await client.get(path)).status_code == 404
    assert (await get("/albums", discogs_master_id=8))["items"] == []
    back = await client.post(f"{path}/revisions/1/undo", headers=curator)
    assert back.json()["title"] == "Second Light"


async def test_merged_albums_stay_merged_through_imports_until_they_are_parted(
    client, get, curator, light, take_in, write_dump, records
) -> None:
    path, _ = light
    [alone] = [each for each in (await get("/albums"))["items"] if each["title"] == "Alone"]
    other = f"{BASE}/albums/{alone['id']}"
    into = path.rpartition("/")[2]
    merged = await client.post(f"{other}/merge", json={"into": into}, headers=curator)
    assert merged.status_code == 200, merged.text
    assert (merged.json()["id"], merged.json()["release_count"]) == (into, 3)
    moved = await client.get(other, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, path)
    assert [each["discogs_release_id"] for each in (await get(f"/albums/{into}/releases"))["items"]] == [
        3,
        1,
        2,
    ]

    vera = records.credit(5, "Vera Lund (2)")
    await take_in(
        write_dump("releases", [records.release(3, "Alone, Again", artists=vera, master=(8, False))]),
        write_dump("releases", [records.release(3, "Alone At Last", artists=vera, master=(77, True))]),
        write_dump(
            "masters", [records.master(77, "Alone", 3), records.master(8, "First Light", 1, year=1970)]
        ),
    )
    album = (await client.get(path)).json()
    assert (album["title"], album["year"], album["release_count"]) == ("First Light", 1970, 3)
    assert (await client.get(other, follow_redirects=False)).status_code == 308

    [revision] = (await get_as(client, f"{path}/revisions", curator))["items"]
    assert revision["action"] == "merged"
    parted = await client.post(f"{path}/revisions/1/undo", headers=curator)
    assert (parted.status_code, parted.json()["release_count"]) == (200, 2)
    alone = await get(f"/albums/{alone['id']}")
    assert (alone["title"], alone["release_count"]) == ("Alone At Last", 1)
    again = await client.post(f"{path}/revisions/1/undo", headers=curator)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_undo")


HOSTILE = [
    {"title": ""},
    {"title": " "},
    {"title": "a\u0007b"},
    {"title": "a\nb"},
    {"title": "x" * 501},
    {"title": 5},
    {"title": None},
    {"title": "x", "unknown": 1},
    {"title": "x", "year": "1971"},
    {"title": "x", "year": 70_000},
    {"title": "x", "artists": [{}]},
    {"title": "x", "artists": [{"artist_id": str(uuid4())}]},
    {"title": "x", "labels": [{"id": str(uuid4())}]},
    {"title": "x", "genres": ["x"] * 51},
    {"title": "x", "links": [{"url": "javascript:alert(1)"}]},
    {"title": "x", "text": {"content": "a\u0000b"}},
    {"title": "x", "tracks": [{"position": "A1"}]},
    {"title": "x", "tracks": [{"sub_tracks": [{"sub_tracks": [{"sub_tracks": [{"title": "deep"}]}]}]}]},
    {"title": "x", "tracks": [{"title": "x", "duration_seconds": -1}]},
    {"title": "x", "musicbrainz_id": "none"},
]


@pytest.mark.parametrize("body", HOSTILE, ids=str)
async def test_what_is_not_an_album_is_refused(client, curator, body: object) -> None:
    answer = await client.post(f"{BASE}/albums", json=body, headers=curator)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), answer.text


async def test_a_body_that_is_missing_is_named(client, curator) -> None:
    answer = await client.post(f"{BASE}/albums", headers=curator)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"] == [{"field": "body", "detail": "is required"}]


async def test_a_retried_creation_makes_one_album(client, get, curator) -> None:
    once = curator | {"Idempotency-Key": "one"}
    first, second = [
        await client.post(f"{BASE}/albums", json={"title": "Once"}, headers=once) for _ in range(2)
    ]
    assert (first.status_code, second.json()) == (201, first.json())
    assert len([each for each in (await get("/albums"))["items"] if each["title"] == "Once"]) == 1


async def test_an_unknown_album_is_not_found(client, curator) -> None:
    path = f"{BASE}/albums/{uuid4()}"
    tagged = curator | {"If-Match": '"1-x"'}
    assert (await client.patch(path, json={"title": "x"}, headers=tagged)).status_code == 404
    assert (await client.delete(path, headers=tagged)).status_code == 404
    assert (
        await client.post(f"{path}/merge", json={"into": str(uuid4())}, headers=curator)
    ).status_code == 404
    assert (await client.get(f"{path}/revisions", headers=curator)).status_code == 404
    assert (await client.get(f"{path}/sources", headers=curator)).status_code == 404


async def test_the_survivor_of_a_merger_goes_on_showing_itself(client, get, curator) -> None:
    earlier, later = [
        (await client.post(f"{BASE}/albums", json={"title": title, "year": year}, headers=curator)).json()
        for title, year in (("Earlier", 1960), ("Later", 1990))
    ]
    into = {"into": later["id"]}
    merged = await client.post(f"{BASE}/albums/{earlier['id']}/merge", json=into, headers=curator)
    assert (merged.json()["title"], merged.json()["release_count"]) == ("Later", 2)
    edited = await client.patch(
        f"{BASE}/albums/{later['id']}",
        json={"genres": ["Jazz"]},
        headers=curator | {"If-Match": merged.headers["etag"]},
    )
    assert (edited.json()["title"], edited.json()["year"]) == ("Later", 1990)
    await client.post(f"{BASE}/albums/{later['id']}/revisions/2/undo", headers=curator)
    assert (await get(f"/albums/{earlier['id']}"))["title"] == "Earlier"


@pytest.mark.parametrize("number", [0, 2, 1 << 31, 10**30])
async def test_a_revision_that_never_was_is_not_undone(client, curator, light, number) -> None:
    path, _ = light
    answer = await client.post(f"{path}/revisions/{number}/undo", headers=curator)
    assert (answer.status_code, answer.json()["code"]) == (404, "revision_not_found")


async def test_the_other_services_hear_of_every_act(client, curator, light, connection) -> None:
    path, tag = light
    changed = await client.patch(path, json={"title": "Told"}, headers=curator | {"If-Match": tag})
    version = int(changed.headers["etag"].strip('"').partition("-")[0])
    await client.delete(path, headers=curator | {"If-Match": changed.headers["etag"]})
    await client.post(f"{path}/revisions/2/undo", headers=curator)
    told = await connection.fetch("select subject, envelope from outbox order by id desc limit 3")
    assert [row["subject"] for row in reversed(told)] == [
        "vinyl.catalog.album_changed.v1",
        "vinyl.catalog.album_withdrawn.v1",
        "vinyl.catalog.album_changed.v1",
    ]
    envelopes = [json.loads(row["envelope"]) for row in reversed(told)]
    assert [each["aggregateversion"] for each in envelopes] == [version, version + 1, version + 2]
    assert envelopes[0]["data"]["album"]["title"] == "Told"


async def test_a_new_pressing_of_a_merged_master_comes_to_the_survivor(
    client, get, curator, light, take_in, write_dump, records
) -> None:
    path, _ = light
    [zebra] = (await get("/albums", discogs_master_id=11))["items"]
    into = {"into": path.rpartition("/")[2]}
    assert (await client.post(f"{BASE}/albums/{zebra['id']}/merge", json=into, headers=curator)).is_success
    await take_in(write_dump("releases", [records.release(500, "Zebra Again", master=(11, False))]))
    [release] = (await get("/releases", discogs_release_id=500))["items"]
    assert release["album_id"] == into["into"]
    assert (await client.get(path)).json()["release_count"] == 4
