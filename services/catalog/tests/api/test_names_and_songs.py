import httpx
import pytest

pytestmark = [pytest.mark.usefixtures("catalogue"), pytest.mark.only_reads]


async def test_an_artist_is_shown_whole(get) -> None:
    [vera] = (await get("/artists", discogs_artist_id=5))["items"]
    assert vera["name"] == "Vera Lund (2)"
    assert vera["real_name"] == "Vera Maria Lund"
    assert vera["profile"] == "Sings with Ida Hölm on Moss, see First Light."
    assert vera["name_variations"] == ["V. Lund"]
    assert [each["name"] for each in vera["aliases"]] == ["Vee"]
    assert [each["name"] for each in vera["groups"]] == ["The Lunds"]
    assert (vera["members"], vera["links"]) == (
        [],
        [{"kind": "bandcamp", "url": "https://vera.bandcamp.com"}],
    )
    assert vera["identifiers"] == {"discogs_artist_id": 5, "musicbrainz_id": None}
    assert await get(f"/artists/{vera['id']}") == vera
    [una] = (await get("/artists", discogs_artist_id=9))["items"]
    assert una["members"] == [{"id": vera["id"], "name": "Vera Lund (2)"}]


async def test_an_artist_without_a_record_has_name_and_number(get) -> None:
    [ida] = (await get("/artists", discogs_artist_id=6))["items"]
    assert (ida["name"], ida["profile"], ida["real_name"], ida["links"]) == ("Ida Hölm", None, None, [])
    assert ida["identifiers"]["discogs_artist_id"] == 6
    assert await get(f"/artists/{ida['id']}") == ida


async def test_lists_of_names_are_paged(get) -> None:
    for path in ("/artists", "/labels", "/songs", "/releases"):
        whole = (await get(path, limit=100))["items"]
        assert len(whole) > 1
        seen, cursor = [], {}
        while True:
            page = await get(path, limit=1, **cursor)
            seen += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen == whole


async def test_a_label_is_shown_whole(get) -> None:
    [moss] = (await get("/labels", discogs_label_id=7))["items"]
    [little] = (await get("/labels", discogs_label_id=71))["items"]
    assert (moss["name"], moss["profile"], moss["parent"]) == ("Moss Records", "Oslo", None)
    assert moss["sublabels"] == [{"id": little["id"], "name": "Little Moss"}]
    assert little["parent"] == {"id": moss["id"], "name": "Moss Records"}
    assert (moss["album_count"], little["album_count"]) == (4, 0)
    assert await get(f"/labels/{moss['id']}") == moss


async def test_songs_are_an_albums_playable_tracks(get) -> None:
    [album] = (await get("/albums", discogs_master_id=8))["items"]
    songs = (await get("/songs", album_id=album["id"]))["items"]
    assert [(song["title"], song["position"], song["duration_seconds"]) for song in songs] == [
        ("Dawn", "A1", 190),
        ("Inside", "A2.a", 245),
    ]
    assert {song["album_id"] for song in songs} == {album["id"]}
    assert [credit["name"] for credit in songs[0]["artists"]] == ["Vera Lund (2)", "Ida Hölm"]
    assert await get(f"/songs/{songs[1]['id']}") == songs[1]


async def test_genres_are_paged_through_by_name(client: httpx.AsyncClient, get) -> None:
    every = await get("/genres")
    assert every == {
        "items": [
            {"name": "Folk, World, & Country", "album_count": 1},
            {"name": "Jazz", "album_count": 2},
            {"name": "Rock", "album_count": 2},
        ],
        "next_cursor": None,
    }
    first = await get("/genres", limit=1)
    second = await get("/genres", limit=1, cursor=first["next_cursor"])
    third = await get("/genres", limit=1, cursor=second["next_cursor"])
    assert first["items"] + second["items"] + third["items"] == every["items"]
    assert third["next_cursor"] is None
    for wrong in (
        {"limit": 0},
        {"cursor": "abc"},
        {"cursor": (await get("/albums", limit=1))["next_cursor"]},
    ):
        assert (await client.get("/api/v1/genres", params=wrong)).status_code == 400
