import asyncio
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.testing import AsyncTestClient

BASE = "/api/v1"
Headers = dict[str, str]
pytestmark = [pytest.mark.usefixtures("catalogue"), pytest.mark.only_reads]


async def titles(get, **parameters: object) -> list[str]:
    return [album["title"] for album in (await get("/albums", **parameters))["items"]]


async def test_an_album_is_shown_whole(get) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    vera, ida = album["artists"]
    assert (vera["name"], vera["credited_as"], vera["join"], vera["role"]) == (
        "Vera Lund (2)",
        "V. Lund",
        "&",
        None,
    )
    assert (ida["name"], ida["credited_as"], ida["join"]) == ("Ida Hölm", None, None)
    assert UUID(vera["artist_id"]) != UUID(ida["artist_id"])
    assert {key: album[key] for key in ("title", "year", "genres", "styles", "release_count", "images")} == {
        "title": "First Light",
        "year": 1971,
        "genres": ["Jazz"],
        "styles": [],
        "release_count": 2,
        "images": [],
    }
    assert [(label["name"], label["catalog_number"]) for label in album["labels"]] == [
        ("Moss Records", "MOSS 1")
    ]
    heading, dawn, medley = album["tracks"]
    assert (heading["kind"], heading["title"], heading["position"]) == ("heading", "Side One", None)
    assert (dawn["kind"], dawn["duration_seconds"], dawn["sub_tracks"]) == ("track", 190, [])
    assert (medley["kind"], medley["duration_seconds"]) == ("index", 540)
    assert [(track["title"], track["duration_seconds"]) for track in medley["sub_tracks"]] == [
        ("Inside", 245)
    ]
    assert album["text"] == {
        "content": "Made by Vera Lund (2).",
        "source": "discogs",
        "licence": "CC0-1.0",
        "url": "https://www.discogs.com/master/8",
    }
    assert album["identifiers"] == {
        "discogs_master_id": 8,
        "discogs_main_release_id": 1,
        "musicbrainz_id": None,
    }
    assert album["rating"] == {"count": 0, "average": None, "bayesian_average": None}
    assert album["created_at"].endswith("Z")
    assert await get(f"/albums/{album['id']}") == album


async def test_a_lone_release_is_an_album(get) -> None:
    [release] = (await get("/releases", discogs_release_id=4))["items"]
    album = await get(f"/albums/{release['album_id']}")
    assert (album["title"], album["year"], album["release_count"]) == ("Undated", None, 1)
    assert album["identifiers"]["discogs_master_id"] is None
    assert album["identifiers"]["discogs_main_release_id"] == 4


async def test_a_release_is_shown_whole(get) -> None:
    [release] = (await get("/releases", discogs_release_id=1))["items"]
    assert release["released"] == {"text": "1971-03-00", "year": 1971, "month": 3, "day": None}
    assert (release["country"], release["country_code"], release["is_main_release"]) == ("UK", "GB", True)
    assert release["formats"] == [{"name": "Vinyl", "quantity": 1, "text": None, "descriptions": ["LP"]}]
    assert release["identifiers"] == [{"type": "Barcode", "value": "0 74646 36282 2", "description": None}]
    [company] = release["companies"]
    assert (company["name"], company["role"], company["catalog_number"]) == ("Blue Room", "Recorded At", None)
    assert release["videos"] == [
        {"url": "https://videos.example/1", "title": "Dawn", "duration_seconds": 190}
    ]
    assert release["notes"] == "Cut at Little Moss."
    assert await get(f"/releases/{release['id']}") == release
    [other] = (await get("/releases", discogs_release_id=2))["items"]
    assert (other["country"], other["country_code"], other["is_main_release"]) == ("USSR", None, False)
    assert other["labels"][0]["catalog_number"] is None
    assert (other["artists"], other["notes"], other["companies"]) == ([], None, [])


async def test_the_releases_of_an_album_come_from_the_earliest(get) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    found = await get(f"/albums/{album['id']}/releases")
    assert [release["discogs_release_id"] for release in found["items"]] == [1, 2]
    page = await get(f"/albums/{album['id']}/releases", limit=1)
    rest = await get(f"/albums/{album['id']}/releases", limit=1, cursor=page["next_cursor"])
    assert (page["items"] + rest["items"], rest["next_cursor"]) == (found["items"], None)


@pytest.mark.parametrize("barcode", ["074646362822", "0074646362822", "0 74646 36282 2", "74646362822"])
async def test_a_release_is_found_by_its_barcode_in_any_spelling(get, barcode: str) -> None:
    assert [each["discogs_release_id"] for each in (await get("/releases", barcode=barcode))["items"]] == [1]


@pytest.mark.parametrize("number", ["MOSS 1", "moss-1", "moss1"])
async def test_releases_are_found_by_catalogue_number(get, number: str) -> None:
    found = await get("/releases", catalog_number=number)
    assert {each["discogs_release_id"] for each in found["items"]} == {1, 3, 4, 12}
    assert (await get("/releases", catalog_number="MOSS 2"))["items"] == []
    assert (await get("/releases", catalog_number=number, barcode="123456789012"))["items"] == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["Alone", "First Light", "Östersjön", "Undated", "Zebra"]),
        ("year", ["Alone", "First Light", "Zebra", "Östersjön", "Undated"]),
        ("-year", ["Zebra", "First Light", "Alone", "Östersjön", "Undated"]),
        ("newest", ["Undated", "Alone", "Zebra", "Östersjön", "First Light"]),
        ("top", ["Undated", "Alone", "Zebra", "Östersjön", "First Light"]),
    ],
)
async def test_every_order_is_paged_through_without_gap_or_repeat(get, sort: str, order: list[str]) -> None:
    for limit in (1, 2, 3, 100):
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = await get("/albums", sort=sort, limit=limit, **cursor)
            seen += [album["title"] for album in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen == order, limit


FILTERED = [
    ({"genre": "jazz"}, ["First Light", "Undated"]),
    ({"genre": "Folk, World, & Country"}, ["Östersjön"]),
    ({"genre": "polka"}, []),
    ({"style": "bebop"}, []),
    ({"format": "lp", "genre": "Rock"}, ["Alone", "Zebra"]),
    ({"country": "DE"}, ["Alone"]),
    ({"country": "germany"}, ["Alone"]),
    ({"country": "UK & Europe"}, ["Undated"]),
    ({"country": "USSR"}, ["First Light"]),
    ({"label": "melodi"}, ["First Light"]),
    ({"year_from": 1971}, ["First Light", "Zebra"]),
    ({"year_from": 1965, "year_to": 1971}, ["Alone", "First Light"]),
    ({"discogs_master_id": 404}, []),
    ({"artist_id": str(uuid4())}, []),
    ({"unknown_parameter": "x", "genre": "Rock"}, ["Alone", "Zebra"]),
]


async def test_albums_are_filtered(get) -> None:
    for filters, found in FILTERED:
        assert await titles(get, **filters) == found, filters


async def test_albums_are_filtered_by_artist_and_label(get) -> None:
    [artist] = (await get("/artists", discogs_artist_id=6))["items"]
    assert await titles(get, artist_id=artist["id"]) == [
        "Alone",
        "First Light",
        "Östersjön",
        "Undated",
        "Zebra",
    ]
    of_artist = await get(f"/artists/{artist['id']}/albums")
    assert [album["title"] for album in of_artist["items"]] == [
        "Alone",
        "First Light",
        "Zebra",
        "Östersjön",
        "Undated",
    ]
    [vera] = (await get("/artists", discogs_artist_id=5))["items"]
    assert [album["title"] for album in (await get(f"/artists/{vera['id']}/albums"))["items"]] == [
        "First Light"
    ]
    [label] = (await get("/labels", discogs_label_id=73))["items"]
    assert await titles(get, label=label["id"]) == ["First Light"]


async def test_a_merged_album_redirects_to_its_survivor(
    client: AsyncTestClient, get, take_in, write_dump, records
) -> None:
    [release] = (await get("/releases", discogs_release_id=3))["items"]
    await take_in(
        write_dump("releases", [records.release(3, "Alone", master=(33, True))]),
        write_dump("masters", [records.master(33, "Alone", 3)]),
    )
    old = release["album_id"]
    answer = await client.get(f"{BASE}/albums/{old}", follow_redirects=False)
    assert answer.status_code == 308
    [survivor] = (await get("/albums", discogs_master_id=33))["items"]
    assert answer.headers["location"] == f"{BASE}/albums/{survivor['id']}"
    assert answer.headers["surrogate-key"] == f"album-{old} album-{survivor['id']}"
    assert (await get(f"/albums/{old}/releases"))["items"][0]["id"] == release["id"]


async def test_an_etag_spares_the_second_reading(client: AsyncTestClient, get) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    [release] = (await get("/releases", discogs_release_id=1))["items"]
    for path in (
        f"/albums/{album['id']}",
        f"/releases/{release['id']}",
        f"/artists/{album['artists'][0]['artist_id']}",
    ):
        first = await client.get(BASE + path)
        tag = first.headers["etag"]
        assert not tag.startswith("W/")
        second = await client.get(BASE + path, headers={"If-None-Match": tag})
        assert (second.status_code, second.content, second.headers["etag"]) == (304, b"", tag)
        assert (await client.get(BASE + path, headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        "/albums?sort=year&limit=1",
        "/albums?limit=1&genre=Jazz",
        "/artists?limit=1",
        "/search?q=light&limit=1",
    ],
)
async def test_a_cursor_fits_only_its_own_list(client: AsyncTestClient, get, other: str) -> None:
    cursor = (await get("/albums", limit=1))["next_cursor"]
    assert (await client.get(f"{BASE}{other}&cursor={cursor}")).status_code == 400
    forged = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    assert (await client.get(f"{BASE}/albums?limit=1&cursor={forged}")).status_code == 400
    assert (await client.get(f"{BASE}/albums?limit=2&cursor={cursor}")).status_code == 200


async def test_public_answers_may_be_kept_under_names_that_events_tell(client: AsyncTestClient, get) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    [release] = (await get("/releases", discogs_release_id=1))["items"]
    [vera] = (await get("/artists", discogs_artist_id=5))["items"]
    named = [vera["id"], vera["aliases"][0]["id"], vera["groups"][0]["id"]]
    kept = {
        f"/albums/{album['id']}": f"album-{album['id']}",
        f"/releases/{release['id']}": f"release-{release['id']} album-{album['id']}",
        f"/artists/{vera['id']}": " ".join(f"artist-{each}" for each in named),
        "/albums": "albums album-ratings",
        "/genres": "albums",
        "/artists": "artists",
    }
    for path, names in kept.items():
        headers = (await client.get(BASE + path)).headers
        assert (headers["surrogate-key"], headers["cache-control"]) == (
            names,
            "public, max-age=0, s-maxage=60",
        )
    missing = await client.get(f"{BASE}/albums/{uuid4()}")
    assert "surrogate-key" not in missing.headers


async def test_albums_that_are_asked_for_at_once_are_each_themselves(client: AsyncTestClient, get) -> None:
    albums = {album["id"]: album for album in (await get("/albums"))["items"]}
    asked = [*albums, str(uuid4()), *albums]
    answers = await asyncio.gather(*(client.get(f"{BASE}/albums/{each}") for each in asked))
    for each, answer in zip(asked, answers, strict=True):
        if each in albums:
            assert answer.json() == albums[each]
        else:
            assert (answer.status_code, answer.json()["code"]) == (404, "album_not_found")


async def test_a_quick_read_is_the_routes_answer(client: AsyncTestClient, get, as_admin) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    for path in (
        f"/albums/{album['id']}",
        f"/artists/{album['artists'][0]['artist_id']}",
        f"/labels/{album['labels'][0]['id']}",
        f"/releases/{(await get('/releases', discogs_release_id=1))['items'][0]['id']}",
        f"/songs/{(await get('/songs', album_id=album['id']))['items'][0]['id']}",
    ):
        # a query is what the framework alone reads
        ways: tuple[tuple[str, Headers], ...] = (("", {}), ("", as_admin), ("?x=1", {}), ("?x=1", as_admin))
        answers = [await client.get(BASE + path + query, headers=who) for query, who in ways]
        assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}, path
        assert all(shown_headers(each) == shown_headers(answers[0]) for each in answers), path
        asked = {"If-None-Match": f'"x", W/{answers[0].headers["etag"]}'}
        spared = [await client.get(BASE + path + query, headers=asked | who) for query, who in ways]
        assert {(each.status_code, each.content) for each in spared} == {(304, b"")}, path
        assert all(shown_headers(each) == shown_headers(spared[0]) for each in spared), path
        refused = await client.get(BASE + path, headers={"Authorization": "Bearer forged"})
        assert refused.status_code == 401, path
        missing = [
            await client.get(path_of_none(path)),
            await client.get(path_of_none(path), headers=as_admin),
        ]
        assert [each.status_code for each in missing] == [404, 404], path
        assert missing[0].json()["code"] == missing[1].json()["code"] != "route_not_found", path


def shown_headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def path_of_none(path: str) -> str:
    return f"{BASE}{path.rpartition('/')[0]}/{uuid4()}"


async def test_a_tag_is_another_whenever_the_album_is_shown_otherwise(
    client: AsyncTestClient, get, take_in, write_dump, records, connection
) -> None:
    """Through imports, ratings, other names and other sources' fields; and not where nothing is."""
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    path = f"{BASE}/albums/{album['id']}"
    seen = {(await client.get(path)).headers["etag"]: album}

    async def changed() -> None:
        answer = await client.get(path)
        assert answer.headers["etag"] not in seen
        assert answer.json() not in seen.values()
        seen[answer.headers["etag"]] = answer.json()

    await take_in(write_dump("artists", [records.artist(6, "Ida Holm")]))
    await changed()
    await take_in(write_dump("labels", [records.label(7, "Moss")]))
    await changed()
    await connection.execute(
        "insert into album_ratings (album_id, version, count, average, bayesian_average) "
        "values ($1, 1, 1, 5, 4)",
        UUID(album["id"]),
    )
    await changed()
    await connection.execute("update album_ratings set version = 2, count = 2")
    await changed()
    await connection.execute(
        "insert into enrichment_fields (subject_id, source, field, value, licence, fetched_at, expires_at, "
        "restricted) values ($1, 'musicbrainz', 'musicbrainz_id', '\"m\"', 'CC0-1.0', now(), "
        "now() + interval '1 hour', true)",
        UUID(album["id"]),
    )
    await changed()
    await connection.execute("update enrichment_fields set expires_at = now()")
    tag = (await client.get(path)).headers["etag"]
    assert (await client.get(path)).json()["identifiers"]["musicbrainz_id"] is None
    assert seen[tag]["identifiers"]["musicbrainz_id"] is None
    await take_in(write_dump("releases", [records.release(1, "First Light", master=(8, True))]))
    await changed()
    last = (await client.get(path)).headers["etag"]
    await take_in(write_dump("releases", [records.release(4, "Undated once more")]))
    assert (await client.get(path)).headers["etag"] == last
