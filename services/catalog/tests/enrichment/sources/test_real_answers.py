"""Recorded answers of the true services, played to each source."""

import json
from pathlib import Path
from typing import Any

import pytest

from vinyl_catalog.domain.matching import Subject, Verdict, match
from vinyl_catalog.domain.sources import Field, Source, SubjectKind
from vinyl_catalog.enrichment.connections import Connection
from vinyl_catalog.enrichment.faults import NoSuchThing
from vinyl_catalog.enrichment.reading import Known
from vinyl_contracts.ids import new_id

REAL = Path(__file__).parents[6] / "shared" / "real"
MBID = "f5093c06-23e3-404f-aeaa-40f72885ee3a"
Connections = dict[Source, Connection]


@pytest.fixture(autouse=True)
def token(stage) -> None:
    if not REAL.is_dir():
        pytest.skip(f"the recorded answers are not here ({REAL})")
    stage.play("/spotify_accounts/api/token", {"access_token": "spot", "expires_in": 3600})


def recorded(path: str) -> Any:
    return json.loads((REAL / path).read_text())


def album(name: str, artist: str, **more: Any) -> Subject:
    return Subject(new_id(), SubjectKind.ALBUM, name, artist, **more)


async def test_a_release_group_of_musicbrainz(stage, connections: Connections) -> None:
    group = recorded("musicbrainz/release_group.json")
    stage.play(f"/musicbrainz/ws/2/release-group/{MBID}", group)
    subject = album("The Dark Side of the Moon", "Pink Floyd", year=1973)
    said = await connections[Source.MUSICBRAINZ].reader.read(subject, MBID)
    assert said.values[Field.MUSICBRAINZ_ID] == MBID
    release = recorded("musicbrainz/release.json")
    null = recorded("musicbrainz/release_group_null.json")
    stage.play("/musicbrainz/ws/2/release-group", {"release-groups": [null, release["release-group"]]})
    found = match(subject, await connections[Source.MUSICBRAINZ].reader.find(subject, Known()))
    assert (found.verdict, found.best.foreign_id, found.best.year) == (Verdict.CERTAIN, MBID, 1973)


async def test_a_null_filled_release_group_of_musicbrainz(stage, connections: Connections) -> None:
    stage.play(f"/musicbrainz/ws/2/release-group/{MBID}", recorded("musicbrainz/release_group_null.json"))
    with pytest.raises(NoSuchThing):
        await connections[Source.MUSICBRAINZ].reader.read(album("x", "y"), MBID)


@pytest.mark.parametrize("name", ["artist", "artist_null", "artist_arabic", "artist_ended"])
async def test_artists_of_musicbrainz(stage, connections: Connections, name: str) -> None:
    said = recorded(f"musicbrainz/{name}.json")
    stage.play("/musicbrainz/ws/2/artist", {"artists": [said]})
    subject = Subject(new_id(), SubjectKind.ARTIST, said["name"] or "Nobody")
    found = match(subject, await connections[Source.MUSICBRAINZ].reader.find(subject, Known()))
    assert found.verdict is (Verdict.CERTAIN if said["id"] else Verdict.NONE)


async def test_a_summary_of_wikipedia(stage, connections: Connections) -> None:
    summary = recorded("wikipedia/rb_page_summary_valid.json")
    stage.play("/wikipedia/api/rest_v1/page/summary/Fermat%27s_Last_Theorem", summary)
    reader = connections[Source.WIKIPEDIA].reader
    said = await reader.read(album("x", "y"), "Fermat's Last Theorem")
    assert said.values[Field.TEXT] == summary["extract"]
    assert said.url == summary["content_urls"]["desktop"]["page"]


@pytest.mark.parametrize(
    "name",
    ["full_text_search_results", "full_text_search_results_empty", "prefix_search_results", "api_error"],
)
async def test_searches_of_wikipedia_that_find_no_album(stage, connections: Connections, name: str) -> None:
    stage.play("/wikipedia/w/api.php", recorded(f"wikipedia/{name}.json"))
    assert await connections[Source.WIKIPEDIA].reader.find(album("Queens", "Nobody"), Known()) == []


async def test_an_album_of_apple_music(stage, connections: Connections) -> None:
    stage.play("/apple_music/v1/catalog/us/search", {"results": recorded("apple_music/SearchResponse.json")})
    one = recorded("apple_music/AlbumResponse.json")
    stage.play(f"/apple_music/v1/catalog/us/albums/{one['id']}", {"data": [one]})
    reader = connections[Source.APPLE_MUSIC].reader
    subject = album("This Land", "Gary Clark Jr.", year=2019, track_count=17)
    found = match(subject, await reader.find(subject, Known()))
    assert (found.verdict, found.best.foreign_id) == (Verdict.CERTAIN, one["id"])
    said = await reader.read(subject, one["id"])
    [image] = said.values[Field.IMAGES]
    assert (image.width, image.height) == (1200, 1200)
    assert "1200x1200" in image.url
    assert said.values[Field.TEXT].startswith("We’re calling it")


async def test_albums_of_spotify(stage, connections: Connections) -> None:
    albums = recorded("spotify/find_albums.json")["albums"]
    for each in albums:  # as search shows them: without tracks, with their number
        each["total_tracks"] = each.pop("tracks")["total"]
    stage.play("/spotify/v1/search", {"albums": {"items": albums}})
    reader = connections[Source.SPOTIFY].reader
    subject = album("The Best Of Keane", "Keane", year=2013)
    found = match(subject, await reader.find(subject, Known()))
    assert found.best.name == "The Best Of Keane (Deluxe Edition)"
    assert found.verdict is Verdict.CERTAIN
    stage.play(f"/spotify/v1/albums/{found.best.foreign_id}", albums[0])
    said = await reader.read(subject, found.best.foreign_id)
    assert said.url == "https://open.spotify.com/album/41MnTivkwTO3UUJ8DrqEJJ"


async def test_an_artist_of_spotify(stage, connections: Connections) -> None:
    stage.play("/spotify/v1/search", recorded("spotify/search_artist.json"))
    subject = Subject(new_id(), SubjectKind.ARTIST, "Tania Bowra")
    found = match(subject, await connections[Source.SPOTIFY].reader.find(subject, Known()))
    assert found.verdict is Verdict.CERTAIN


@pytest.mark.parametrize(
    ("name", "count"),
    [("discogs_recorded/get_master", 4), ("discogs_docshapes/database__MasterRelease", 0)],
)
async def test_masters_of_discogs(stage, connections: Connections, name: str, count: int) -> None:
    """In the documentation's shape the addresses are empty: it is what one sees without a token."""
    stage.play("/discogs/masters/8", recorded(f"{name}.json"))
    said = await connections[Source.DISCOGS].reader.read(album("x", "y"), "master/8")
    assert len(said.values[Field.IMAGES]) == count
