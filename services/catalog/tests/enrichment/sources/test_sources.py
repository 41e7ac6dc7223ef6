"""Each source against a server that plays its wire format."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.matching import Subject
from vinyl_catalog.domain.sourced import FoundImage
from vinyl_catalog.domain.sources import Field, Source, SubjectKind
from vinyl_catalog.enrichment.connections import Connection
from vinyl_catalog.enrichment.faults import BadAnswer, NoSuchThing, Refused, SourceFault
from vinyl_catalog.enrichment.reading import Known
from vinyl_contracts.ids import new_id

MBID = "a1b2c3d4-0000-4000-8000-00000000000a"
ALBUM = Subject(new_id(), SubjectKind.ALBUM, "First Light", "Vera Lund (2)", 1971, 2, 8, 1)
ALONE = Subject(new_id(), SubjectKind.ALBUM, 'Say "Hey"', "Ida & Una", discogs_release_id=3)
ARTIST = Subject(new_id(), SubjectKind.ARTIST, "Vera Lund (2)", discogs_artist_id=5)
KNOWN = Known(MBID, (Link("wikidata", "https://www.wikidata.org/wiki/Q77"),))
Connections = dict[Source, Connection]
SEARCHES = {
    Source.MUSICBRAINZ: "/musicbrainz/ws/2/release-group",
    Source.WIKIPEDIA: "/wikipedia/w/api.php",
    Source.APPLE_MUSIC: "/apple_music/v1/catalog/us/search",
    Source.SPOTIFY: "/spotify/v1/search",
}
READS = {
    Source.MUSICBRAINZ: (f"/musicbrainz/ws/2/release-group/{MBID}", MBID),
    Source.COVER_ART_ARCHIVE: (f"/cover_art_archive/release-group/{MBID}", MBID),
    Source.WIKIPEDIA: ("/wikipedia/api/rest_v1/page/summary/First_Light", "First Light"),
    Source.APPLE_MUSIC: ("/apple_music/v1/catalog/us/albums/77", "77"),
    Source.SPOTIFY: ("/spotify/v1/albums/5pot", "5pot"),
    Source.DISCOGS: ("/discogs/masters/8", "master/8"),
}


@pytest.fixture(autouse=True)
def token(stage) -> None:
    stage.play("/spotify_accounts/api/token", {"access_token": "spot", "expires_in": 3600})


async def test_musicbrainz_finds_by_discogs_own_address(full_house, connections: Connections) -> None:
    reader = connections[Source.MUSICBRAINZ].reader
    [found] = await reader.find(ALBUM, Known())
    assert (found.foreign_id, found.linked) == (MBID, True)
    [asked] = full_house.asked
    assert asked.query["resource"] == "https://www.discogs.com/master/8"
    said = await reader.read(ALBUM, MBID)
    assert said.values[Field.LINKS] == [
        Link("musicbrainz", f"https://musicbrainz.org/release-group/{MBID}"),
        Link("wikidata", "https://www.wikidata.org/wiki/Q77"),
    ]


async def test_musicbrainz_finds_by_words(stage, connections: Connections) -> None:
    group = {
        "id": MBID,
        "title": "Say Hey",
        "first-release-date": "1965-04",
        "artist-credit": [{"name": "Ida", "joinphrase": " & "}, {"artist": {"name": "Una"}}],
    }
    stage.play(SEARCHES[Source.MUSICBRAINZ], {"release-groups": [group, {"id": "no uuid"}, None, 7]})
    [found] = await connections[Source.MUSICBRAINZ].reader.find(ALONE, Known())
    assert (found.name, found.artist, found.year) == ("Say Hey", "Ida & Una", 1965)
    assert stage.asked[0].query["query"] == 'releasegroup:"Say  Hey " AND artist:"Ida & Una"'


async def test_cover_art_follows_to_the_internet_archive_and_sorts(stage, connections: Connections) -> None:
    moved, _ = READS[Source.COVER_ART_ARCHIVE]
    stage.play(moved, status=307, headers={"Location": "/cover_art_archive/index.json"})
    place = "http://coverartarchive.org/release/1"
    stage.play(
        "/cover_art_archive/index.json",
        {
            "images": [
                {"image": f"{place}/3.jpg", "back": True, "thumbnails": {}},
                {"image": f"{place}/4.jpg", "front": True, "approved": False},
                {"image": "https://evil.example/x.jpg", "front": True},
                {"image": f"{place}/2.jpg", "front": True, "thumbnails": {"large": f"{place}/2-500.jpg"}},
                {"image": None, "thumbnails": None, "front": None},
            ]
        },
    )
    said = await connections[Source.COVER_ART_ARCHIVE].reader.read(ALBUM, MBID)
    safe = place.replace("http:", "https:")
    assert said.values[Field.IMAGES] == [
        FoundImage(f"{safe}/2-500.jpg", "front"),
        FoundImage(f"{safe}/3.jpg", "back"),
    ]


async def test_cover_art_needs_musicbrainz(stage, connections: Connections) -> None:
    assert await connections[Source.COVER_ART_ARCHIVE].reader.find(ALBUM, Known()) == []
    assert stage.asked == []


async def test_wikipedia_takes_the_page_that_wikidata_names(full_house, connections: Connections) -> None:
    reader = connections[Source.WIKIPEDIA].reader
    [found] = await reader.find(ALBUM, KNOWN)
    assert (found.foreign_id, found.linked) == ("First Light (Vera Lund album)", True)
    said = await reader.read(ALBUM, found.foreign_id)
    assert said.values[Field.TEXT].startswith("First Light is")


async def test_wikipedia_without_an_item_is_searched(stage, connections: Connections) -> None:
    stage.play("/wikidata/w/api.php", {"error": {"code": "no-such-entity"}})
    pages = [
        {"title": "First Light (disambiguation)", "terms": {"description": ["topics referred to"]}},
        {"title": "First Light (film)", "terms": {"description": ["1971 film by Vera Lund"]}},
        {"title": "First Light (album)", "terms": {"description": ["1971 studio album by Vera Lund"]}},
        {"title": "First Light (Ida EP)"},
    ]
    stage.play(SEARCHES[Source.WIKIPEDIA], {"query": {"pages": pages}})
    found = await connections[Source.WIKIPEDIA].reader.find(ALBUM, KNOWN)
    assert [(each.name, each.artist, each.year) for each in found] == [
        ("First Light", "Vera Lund", 1971),
        ("First Light", "Ida", None),
    ]


async def test_wikipedia_knows_musicians_by_their_description(stage, connections: Connections) -> None:
    pages = [
        {"title": "Vera Lund", "terms": {"description": ["Norwegian singer"]}},
        {"title": "Vera Lund (politician)", "terms": {"description": ["Norwegian politician"]}},
    ]
    stage.play(SEARCHES[Source.WIKIPEDIA], {"query": {"pages": pages}})
    [found] = await connections[Source.WIKIPEDIA].reader.find(ARTIST, Known())
    assert found.foreign_id == "Vera Lund"


async def test_a_page_of_many_meanings_is_no_text(stage, connections: Connections) -> None:
    path, foreign_id = READS[Source.WIKIPEDIA]
    stage.play(path, {"type": "disambiguation", "extract": "First Light may refer to:"})
    with pytest.raises(NoSuchThing):
        await connections[Source.WIKIPEDIA].reader.read(ALBUM, foreign_id)


async def test_apple_music_is_asked_with_a_token_of_ours(
    full_house, connections: Connections, apple_key: ec.EllipticCurvePrivateKey
) -> None:
    reader = connections[Source.APPLE_MUSIC].reader
    [found] = await reader.find(ALBUM, Known())
    assert (found.name, found.track_count) == ("First Light (Remastered)", 2)
    said = await reader.read(ALBUM, "77")
    assert said.values[Field.IMAGES] == [
        FoundImage("https://is1-ssl.mzstatic.com/i/1200x1200bb.jpg", "front", 1200, 1200)
    ]
    assert said.values[Field.TEXT] == "Quiet & clear."
    tokens = {each.headers["authorization"].removeprefix("Bearer ") for each in full_house.asked}
    [token] = tokens
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": "KEY", "typ": "JWT"}
    claims = jwt.decode(token, apple_key.public_key(), algorithms=["ES256"])
    assert (claims["iss"], claims["exp"] - claims["iat"]) == ("TEAM", 12 * 3600)


async def test_spotify_mints_one_token_and_another_when_that_is_ended(
    full_house, connections: Connections
) -> None:
    reader = connections[Source.SPOTIFY].reader
    [found] = await reader.find(ALBUM, Known())
    await reader.read(ALBUM, found.foreign_id)
    [minted] = full_house.asked_of("/spotify_accounts")
    assert minted.body == b"grant_type=client_credentials"
    assert minted.headers["authorization"].startswith("Basic ")
    search = SEARCHES[Source.SPOTIFY]
    full_house.play_in_turn(search, full_house.said(status=401), full_house.said({"albums": None}))
    assert await reader.find(ALBUM, Known()) == []
    assert len(full_house.asked_of("/spotify_accounts")) == 2


async def test_spotify_says_that_a_secret_is_wrong(stage, connections: Connections) -> None:
    stage.play("/spotify_accounts/api/token", {"error": "invalid_client"}, status=400)
    with pytest.raises(Refused):
        await connections[Source.SPOTIFY].reader.find(ALBUM, Known())


async def test_discogs_gives_pictures_and_leaves_the_rest_of_the_budget(
    full_house, connections: Connections
) -> None:
    path, _ = READS[Source.DISCOGS]
    left = {"X-Discogs-Ratelimit": "60", "X-Discogs-Ratelimit-Remaining": "20"}
    picture = {"type": "primary", "uri": "https://i.discogs.com/x.jpg", "width": 600, "height": 590}
    full_house.play(path, {"images": [picture]}, headers=left)
    connection = connections[Source.DISCOGS]
    [found] = await connection.reader.find(ALBUM, Known())
    said = await connection.reader.read(ALBUM, found.foreign_id)
    assert said.values[Field.IMAGES] == [FoundImage("https://i.discogs.com/x.jpg", "front", 600, 590)]
    assert full_house.asked[0].headers["authorization"] == "Discogs token=token"
    assert 10 < await connection.turns.seconds_to_wait() <= 15


async def test_discogs_knows_an_album_of_one_release(stage, connections: Connections) -> None:
    stage.play("/discogs/releases/3", {"images": None})
    reader = connections[Source.DISCOGS].reader
    [found] = await reader.find(ALONE, Known())
    assert (await reader.read(ALONE, found.foreign_id)).values == {Field.IMAGES: []}


@pytest.mark.parametrize("source", SEARCHES)
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"release-groups": [], "query": {}, "results": {}, "albums": {"items": []}},
        {"release-groups": None, "query": None, "results": None, "albums": None},
        {
            "release-groups": [{"id": None, "title": None, "artist-credit": [{"name": None}]}],
            "query": {"pages": [{"title": None, "terms": None}, None, 3, []]},
            "results": {"albums": {"data": [{"id": None, "attributes": None}, {"id": "7"}, "x"]}},
            "albums": {"items": [{"id": None, "artists": [{}]}, None, "x", {"id": "../x"}]},
        },
    ],
    ids=["missing", "empty", "null", "null-filled"],
)
async def test_nothing_is_found_in_an_empty_answer(
    stage, connections: Connections, source: Source, answer: dict[str, Any]
) -> None:
    stage.play(SEARCHES[source], answer)
    assert await connections[source].reader.find(ALONE, Known()) == []


@pytest.mark.parametrize("source", READS)
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": None, "images": None, "data": None, "type": None, "extract": None, "relations": None},
        {
            "id": None,
            "images": [None, {}, {"uri": None, "image": None, "thumbnails": {"1200": None}}],
            "data": [{"id": "77", "attributes": {"artwork": {"url": None}, "editorialNotes": None}}],
            "external_urls": {"spotify": "javascript:alert(1)"},
        },
    ],
    ids=["missing", "null", "null-filled"],
)
async def test_nothing_is_said_by_an_empty_answer(
    stage, connections: Connections, source: Source, answer: dict[str, Any]
) -> None:
    path, foreign_id = READS[source]
    stage.play(path, answer)
    try:
        said = await connections[source].reader.read(ALBUM, foreign_id)
    except NoSuchThing:
        return
    assert not any(said.values.values())


@pytest.mark.parametrize("source", READS)
@pytest.mark.parametrize(
    "garbage", [b"<html>", b'{"images": 7, "id": 7, "data": 7, "type": [], "external_urls": 1}']
)
async def test_garbage_is_refused(stage, connections: Connections, source: Source, garbage: bytes) -> None:
    path, foreign_id = READS[source]
    stage.play(path, raw=garbage)
    with pytest.raises(BadAnswer):
        await connections[source].reader.read(ALBUM, foreign_id)


@pytest.mark.parametrize("source", READS)
async def test_every_source_that_breaks_is_a_fault(stage, connections: Connections, source: Source) -> None:
    path, foreign_id = READS[source]
    stage.play(path, raw=b"", status=500)
    with pytest.raises(SourceFault):
        await connections[source].reader.read(ALBUM, foreign_id)
