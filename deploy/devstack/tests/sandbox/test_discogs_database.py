"""Releases, masters, artists and search on the sandbox's Discogs."""

import httpx
import pytest


async def test_a_release(discogs: httpx.AsyncClient) -> None:
    release = (await discogs.get("/releases/1001")).json()
    assert release["title"] == "Études No. 1"
    assert release["year"] == 1961
    assert release["released"] == "1961-03-00"
    assert release["released_formatted"] == "Mar 1961"
    assert release["master_id"] == 501
    assert release["artists"][0]["name"] == "Quiet Engine (2)"
    assert release["artists"][0]["anv"] == "Quiet Engine"
    assert release["labels"][0]["catno"] == "TIN 1001"
    assert release["formats"] == [{"name": "Vinyl", "qty": "2", "descriptions": ["LP", "Album"]}]
    assert release["tracklist"] == [
        {"position": "A1", "type_": "track", "title": "Opening", "duration": "4:05"}
    ]


async def test_a_release_without_a_master_says_nothing_of_one(discogs: httpx.AsyncClient) -> None:
    release = (await discogs.get("/releases/1005")).json()
    assert "master_id" not in release
    assert "master_url" not in release


async def test_a_master_and_its_versions(discogs: httpx.AsyncClient) -> None:
    master = (await discogs.get("/masters/502")).json()
    assert master["main_release"] == 1002
    versions = (await discogs.get(master["versions_url"])).json()
    assert [each["id"] for each in versions["versions"]] == [1002, 2002]
    assert versions["versions"][1]["major_formats"] == ["CD"]
    assert versions["pagination"]["items"] == 2


async def test_an_artist(discogs: httpx.AsyncClient) -> None:
    artist = (await discogs.get("/artists/2")).json()
    assert artist["name"] == "Quiet Engine (2)"
    assert artist["namevariations"] == ["Quiet Engine"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("q=etudes no. 44&type=release", {1044, 2044}),
        ("q=ÉTUDES QUIET 1007&type=release", {1007}),
        ("catno=tin1007&type=release", {1007}),
        ("barcode=073141007 2&type=release", {1007}),
        ("barcode=07314-1007-2", {507, 1007}),
        ("release_title=No. 7&type=master", {507}),
        ("catno=TIN 1007&format=CD&type=release", set()),
        ("q=études no. 45&type=master", set()),
        ("q=tin roof&type=label", {7}),
        ("q=nothing like this", set()),
    ],
)
async def test_search(discogs: httpx.AsyncClient, query: str, ids: set[int]) -> None:
    found = (await discogs.get(f"/database/search?{query}")).json()
    assert {each["id"] for each in found["results"]} == ids
    assert found["pagination"]["items"] == len(ids)


async def test_search_pages(discogs: httpx.AsyncClient) -> None:
    found = (await discogs.get("/database/search?q=quiet&type=release&per_page=10&page=2")).json()
    assert len(found["results"]) == 10
    assert found["pagination"]["items"] == 81
    assert "q=quiet" in found["pagination"]["urls"]["next"]


async def test_an_unknown_type_is_named(discogs: httpx.AsyncClient) -> None:
    assert (await discogs.get("/database/search?type=song")).status_code == 422
