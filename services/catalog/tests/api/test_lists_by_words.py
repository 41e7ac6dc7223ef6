"""Lists with `q`: the index says what fits, the tables what it is."""

import asyncpg
import pytest

pytestmark = [pytest.mark.usefixtures("indexed"), pytest.mark.only_reads]


@pytest.fixture
async def indexed(catalogue, catch_up) -> None:
    await catch_up()


async def names(get, path: str, **parameters: object) -> list[str]:
    return [each.get("name") or each["title"] for each in (await get(path, **parameters))["items"]]


@pytest.mark.parametrize(
    ("path", "q", "found"),
    [
        ("/artists", "vera", ["Vera Lund (2)"]),
        ("/artists", "holm", ["Ida Hölm"]),
        ("/artists", "LUND", ["Vera Lund (2)", "The Lunds"]),
        ("/artists", "maria", ["Vera Lund (2)"]),
        ("/artists", "lnud vera", ["Vera Lund (2)"]),
        ("/artists", "nobody", []),
        ("/artists", "???", []),
        ("/artists", " ", []),
        ("/artists", "moss", []),
        ("/labels", "moss", ["Moss Records", "Little Moss"]),
        ("/labels", "records", ["Moss Records"]),
        ("/labels", "vera", []),
        ("/songs", "insi", ["Inside"]),
        ("/songs", "dawn lund", ["Dawn"]),
    ],
)
async def test_the_best_fit_comes_first(get, path: str, q: str, found: list[str]) -> None:
    assert await names(get, path, q=q) == found


async def test_the_whole_is_shown_as_in_every_list(get) -> None:
    [label] = (await get("/labels", q="melodi"))["items"]
    assert label == await get(f"/labels/{label['id']}")
    [song] = (await get("/songs", q="inside"))["items"]
    assert song == await get(f"/songs/{song['id']}")


async def test_other_filters_hold_too(get) -> None:
    [light] = (await get("/albums", discogs_master_id=8))["items"]
    [zebra] = (await get("/albums", discogs_master_id=11))["items"]
    assert await names(get, "/songs", q="dawn", album_id=light["id"]) == ["Dawn"]
    assert await names(get, "/songs", q="dawn", album_id=zebra["id"]) == []
    assert await names(get, "/artists", q="vera", discogs_artist_id=5) == ["Vera Lund (2)"]
    assert await names(get, "/artists", q="vera", discogs_artist_id=6) == []
    assert await names(get, "/artists", q="vera", discogs_artist_id=999) == []
    assert await names(get, "/labels", q="moss", discogs_label_id=71) == ["Little Moss"]


async def test_pages_have_no_gap_where_the_tables_are_ahead(
    get, take_in, write_dump, records, catch_up, connection: asyncpg.Connection
) -> None:
    await take_in(write_dump("artists", [records.artist(n, f"Heron {n}") for n in range(100, 112)]))
    await catch_up()
    whole = (await get("/artists", q="heron", limit=100))["items"]
    assert len(whole) == 12
    gone = whole[3]["id"]
    await connection.execute("delete from artists where id = $1", gone)
    seen, cursor = [], {}
    while True:
        page = await get("/artists", q="heron", limit=3, **cursor)
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [artist for artist in whole if artist["id"] != gone]


async def test_a_cursor_fits_only_its_own_list(client, get) -> None:
    page = await get("/songs", q="light", limit=1)
    for other in ({}, {"q": "dawn"}):
        answer = await client.get("/api/v1/songs", params={"cursor": page["next_cursor"], **other})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize("path", ["/artists", "/labels", "/songs"])
async def test_what_the_index_found_is_not_kept_because_it_lags(client, path: str) -> None:
    headers = (await client.get(f"/api/v1{path}?q=a")).headers
    assert (headers["surrogate-key"], headers["cache-control"]) == ("", "no-cache")
