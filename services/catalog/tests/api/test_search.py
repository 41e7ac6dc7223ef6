import pytest
from litestar.testing import AsyncTestClient

pytestmark = [pytest.mark.usefixtures("indexed"), pytest.mark.only_reads]
BASE = "/api/v1"


@pytest.fixture
async def indexed(catalogue, catch_up) -> None:
    await catch_up()


async def found(get, q: str, **parameters: object) -> list[tuple[str, str]]:
    return [(hit["type"], hit["title"]) for hit in (await get("/search", q=q, **parameters))["items"]]


async def test_a_hit_says_what_it_is(get) -> None:
    page = await get("/search", q="first light", type="album")
    [hit] = page["items"]
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    assert (hit["type"], hit["id"], hit["title"]) == ("album", album["id"], "First Light")
    assert (hit["subtitle"], hit["year"], hit["release_id"]) == ("V. Lund & Ida Hölm", 1971, None)
    assert hit["highlights"] == [
        {"field": "title", "start": 0, "end": 5},
        {"field": "title", "start": 6, "end": 11},
    ]
    assert (page["total"], page["next_cursor"]) == (1, None)
    assert page["took_ms"] >= 0
    assert page["facets"]["country"] == [{"value": "UK", "count": 1}, {"value": "USSR", "count": 1}]
    assert page["facets"]["decade"] == [{"value": "1970s", "count": 1}]
    assert {"value": "Moss Records", "count": 1} in page["facets"]["label"]
    assert page["facets"]["type"] == [{"value": "album", "count": 1}]


FIRST = [
    ("östersjön", ("album", "Östersjön")),
    ("OSTERSJON", ("album", "Östersjön")),
    ("ostersj", ("album", "Östersjön")),
    ("lund first", ("album", "First Light")),
    ("vera", ("artist", "Vera Lund (2)")),
    ("dawn", ("song", "Dawn")),
    ("dawn lund", ("song", "Dawn")),
    ("melodi", ("label", "Melodi")),
    ("zebra", ("album", "Zebra")),
]


async def test_case_accents_order_and_the_end_of_the_last_word_do_not_matter(get) -> None:
    for q, first in FIRST:
        assert (await found(get, q))[0] == first, q


async def test_nothing_is_found_for_words_that_are_nowhere(get) -> None:
    for q in ("light nowhere", "'; drop table albums; --", "\\", "%", "|!", "'"):
        page = await get("/search", q=q)
        assert (page["items"], page["total"]) == ([], 0)


async def test_typos_are_forgiven_and_shown(get) -> None:
    for q in ("frist light", "first ligth", "firts lihgt", "fist ligh", "first lights"):
        [hit, *_] = (await get("/search", q=q, type="album"))["items"]
        assert hit["title"] == "First Light", q
        assert [(each["field"], each["start"], each["end"]) for each in hit["highlights"]] == [
            ("title", 0, 5),
            ("title", 6, 11),
        ], q


async def test_types_and_filters_narrow(get) -> None:
    assert await found(get, "moss", type="label") == [("label", "Moss Records"), ("label", "Little Moss")]
    assert {type_ for type_, _ in await found(get, "light", type="album,song")} == {"album"}
    assert await found(get, "light", genre="rock") == []
    assert await found(get, "light", genre="jazz", year_from=1970, year_to=1980, country="GB") == [
        ("album", "First Light")
    ]
    assert await found(get, "light", year_from=1980) == []
    assert await found(get, "light", type="product") == []


async def test_a_song_carries_its_album(get) -> None:
    [hit] = (await get("/search", q="inside", type="song"))["items"]
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    assert (hit["album_id"], hit["subtitle"]) == (album["id"], "V. Lund & Ida Hölm – First Light")
    assert (await get(f"/songs/{hit['id']}"))["title"] == "Inside"


@pytest.mark.parametrize("q", ["074646362822", "0074646362822", "0 74646 36282 2"])
async def test_a_barcode_answers_with_the_album_and_the_pressing(get, q: str) -> None:
    page = await get("/search", q=q)
    [hit] = page["items"]
    [release] = (await get("/releases", discogs_release_id=1))["items"]
    assert (hit["type"], hit["id"], hit["release_id"]) == ("album", release["album_id"], release["id"])
    assert page["total"] == 1


@pytest.mark.parametrize("q", ["Kestrel KL 77-B", "kl77b", "KL-77 B", "records kl 77 b"])
async def test_a_catalogue_number_answers_with_the_album_and_the_pressing(
    get, q: str, take_in, write_dump, records, catch_up
) -> None:
    pressing = records.release(20, "Another", label=(80, "Kestrel Records", "KL 77-B"))
    other = records.release(21, "Same number", label=(81, "Heron", "KL 77-C"))
    await take_in(write_dump("releases", [pressing, other]))
    await catch_up()
    hit = (await get("/search", q=q))["items"][0]
    [release] = (await get("/releases", discogs_release_id=20))["items"]
    assert (hit["type"], hit["title"], hit["release_id"]) == ("album", "Another", release["id"])
    assert (await get("/search", q="heron kl 77 b"))["items"] == []


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_results_are_paged_without_gap_or_repeat(
    get, limit: int, take_in, write_dump, records, catch_up
) -> None:
    written = [records.release(n, f"Light {n}", label=(80, "K", "light 7")) for n in range(100, 112)]
    await take_in(write_dump("releases", written))
    await catch_up()
    whole = await get("/search", q="light", limit=100)
    assert whole["total"] == len(whole["items"]) == 13
    seen, cursor = [], {}
    while True:
        page = await get("/search", q="light", limit=limit, **cursor)
        assert page["total"] == 13
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == whole["items"]
    numbered = await get("/search", q="light 7", limit=100)
    assert len({hit["id"] for hit in numbered["items"]}) == numbered["total"] == len(numbered["items"])


async def test_suggestions_come_as_one_types(get) -> None:
    assert {"Vera Lund (2)", "The Lunds"} <= {
        hit["title"] for hit in (await get("/search/suggest", q="lu"))["items"]
    }
    [zebra] = (await get("/search/suggest", q="zeb"))["items"]
    assert set(zebra) >= {"type", "id", "title", "subtitle"}
    assert len((await get("/search/suggest", q="i", limit=2))["items"]) == 2


async def test_a_question_is_needed(client: AsyncTestClient) -> None:
    for path in ("/search", "/search?q=", "/search/suggest", f"/search?q={'x' * 201}"):
        answer = await client.get(BASE + path)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
        assert [error["field"] for error in answer.json()["errors"]] == ["q"]
