"""Real records, read back through the API and compared with the file by other code than the importer's."""

import gzip
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from vinyl_catalog.store.documents import text_of

BASE = "/api/v1"
REAL = Path(__file__).parents[5] / "shared" / "real" / "discogs_dump"
EVERY = 10


@pytest.fixture
async def imported(real_dump: Path, take_in) -> Path:
    await take_in(*(slice_of(real_dump, kind) for kind in ("releases", "labels", "masters", "artists")))
    return real_dump


def slice_of(folder: Path, kind: str) -> Path:
    [path] = folder.glob(f"discogs_*_{kind}.xml.gz")
    return path


def every(folder: Path, kind: str) -> list[ET.Element]:
    return list(ET.fromstring(gzip.decompress(slice_of(folder, kind).read_bytes())))  # noqa: S314


def sampled(folder: Path, kind: str) -> list[ET.Element]:
    return every(folder, kind)[::EVERY]


@cache
def _own_names() -> dict[str | None, str | None]:
    return {text(each, "id"): text(each, "name") for each in every(REAL, "artists")}


def text(element: ET.Element, path: str) -> str | None:
    found = (element.findtext(path) or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return found or None


def texts(element: ET.Element, path: str) -> list[str]:
    return [each.text.strip() for each in element.iterfind(path) if each.text]


def attribute(element: ET.Element, name: str) -> str | None:
    return (element.get(name) or "").strip() or None


def credits_in(element: ET.Element, path: str) -> list[tuple[str | None, ...]]:
    """An artist that has a record goes by the name in it, which a few releases spell otherwise."""
    found = []
    for each in element.iterfind(path):
        name, anv = _own_names().get(text(each, "id"), text(each, "name")), text(each, "anv")
        variation = anv if anv != name else None
        found.append([name, variation, text(each, "join"), text(each, "role"), text(each, "tracks")])
    if found:
        found[-1][2] = None
    return [tuple(each) for each in found]


def shown_credits(credited: list[dict[str, Any]]) -> list[tuple[str | None, ...]]:
    return [
        tuple(each[key] for key in ("name", "credited_as", "join", "role", "tracks")) for each in credited
    ]


def seconds(written: str | None) -> int | None:
    parts = [int(part) for part in written.split(":")] if written else []
    return sum(part * 60**power for power, part in enumerate(reversed(parts))) if parts else None


def tracks_in(element: ET.Element | None) -> list[dict[str, Any]]:
    found = []
    for each in element if element is not None else ():
        inner = tracks_in(each.find("sub_tracks"))
        position, title, duration = text(each, "position"), text(each, "title"), text(each, "duration")
        credited = [credits_in(each, path) for path in ("artists/artist", "extraartists/artist")]
        if not (position or title or duration or inner or any(credited)):
            continue
        kind = "index" if inner else ("track" if position or duration else "heading")
        found.append(
            {
                "position": position,
                "title": title or "",
                "duration_seconds": seconds(duration),
                "kind": kind,
                "artists": credited[0],
                "credits": credited[1],
                "sub_tracks": inner,
            }
        )
    return found


def shown_tracks(tracks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        track
        | {
            "artists": shown_credits(track["artists"]),
            "credits": shown_credits(track["credits"]),
            "sub_tracks": shown_tracks(track["sub_tracks"]),
        }
        for track in tracks
    ]


def date_in(written: str | None) -> dict[str, Any]:
    parts = [int(part) or None for part in written.split("-")] if written else []
    year, month, day = (*parts, None, None, None)[:3]
    return {"text": written, "year": year, "month": month, "day": day}


def catalog_number(written: str | None) -> str | None:
    return None if written is None or written.lower() == "none" else written


async def read(client: AsyncTestClient, path: str) -> dict[str, Any]:
    answer = await client.get(BASE + path)
    assert answer.status_code == 200, answer.text
    [item] = answer.json()["items"]
    return item


async def test_releases_read_back_in_every_field(imported: Path, client: AsyncTestClient) -> None:
    for source in sampled(imported, "releases"):
        shown = await read(client, f"/releases?discogs_release_id={source.get('id')}")
        master = source.find("master_id")
        assert shown["discogs_release_id"] == int(source.get("id", ""))
        assert shown["title"] == text(source, "title")
        assert shown_credits(shown["artists"]) == credits_in(source, "artists/artist")
        assert shown_credits(shown["credits"]) == credits_in(source, "extraartists/artist")
        assert shown["country"] == text(source, "country")
        assert shown["released"] == date_in(text(source, "released"))
        assert shown["formats"] == [
            {
                "name": each.get("name"),
                "quantity": int(each.get("qty", "")),
                "text": attribute(each, "text"),
                "descriptions": texts(each, "descriptions/description"),
            }
            for each in source.iterfind("formats/format")
        ]
        assert [(each["name"], each["catalog_number"]) for each in shown["labels"]] == [
            (each.get("name", "").strip(), catalog_number(attribute(each, "catno")))
            for each in source.iterfind("labels/label")
        ]
        assert shown["identifiers"] == [
            {
                "type": each.get("type"),
                "value": each.get("value", "").strip(),
                "description": attribute(each, "description"),
            }
            for each in source.iterfind("identifiers/identifier")
        ]
        assert [(each["name"], each["role"], each["catalog_number"]) for each in shown["companies"]] == [
            (text(each, "name"), text(each, "entity_type_name"), catalog_number(text(each, "catno")))
            for each in source.iterfind("companies/company")
        ]
        assert shown_tracks(shown["tracks"]) == tracks_in(source.find("tracklist"))
        assert (shown["genres"], shown["styles"]) == (
            texts(source, "genres/genre"),
            texts(source, "styles/style"),
        )
        if "[" not in (text(source, "notes") or ""):
            assert shown["notes"] == text(source, "notes")
        assert shown["videos"] == [
            {
                "url": each.get("src"),
                "title": text(each, "title"),
                "duration_seconds": int(each.get("duration", "")),
            }
            for each in source.iterfind("videos/video")
        ]
        assert shown["is_main_release"] == (master is None or master.get("is_main_release") == "true")
        known = [each for each in (*shown["artists"], *shown["credits"]) if each["artist_id"]]
        credited = [each for each in source.iterfind("*/artist") if text(each, "id") != "0"]
        assert len(known) == len(credited)


async def test_masters_read_back_as_albums(imported: Path, client: AsyncTestClient) -> None:
    for source in sampled(imported, "masters"):
        shown = await read(client, f"/albums?discogs_master_id={source.get('id')}")
        assert shown["title"] == text(source, "title")
        assert shown["year"] == (int(text(source, "year") or 0) or None)
        assert shown_credits(shown["artists"]) == credits_in(source, "artists/artist")
        assert (shown["genres"], shown["styles"]) == (
            texts(source, "genres/genre"),
            texts(source, "styles/style"),
        )
        assert shown["identifiers"]["discogs_master_id"] == int(source.get("id", ""))
        assert shown["identifiers"]["discogs_main_release_id"] == int(text(source, "main_release") or 0)
        videos = [link["url"] for link in shown["links"] if link["kind"] == "video"]
        assert videos == [each.get("src") for each in source.iterfind("videos/video")]


async def test_artists_read_back_in_every_field(imported: Path, client: AsyncTestClient) -> None:
    for source in sampled(imported, "artists"):
        shown = await read(client, f"/artists?discogs_artist_id={text(source, 'id')}")
        assert (shown["name"], shown["real_name"]) == (text(source, "name"), text(source, "realname"))
        assert shown["name_variations"] == texts(source, "namevariations/name")
        for field in ("aliases", "members", "groups"):
            assert [each["name"] for each in shown[field]] == texts(source, f"{field}/name")
        assert [link["url"] for link in shown["links"]] == texts(source, "urls/url")
        if "[" not in (text(source, "profile") or ""):
            assert shown["profile"] == text(source, "profile")


async def test_labels_read_back_in_every_field(imported: Path, client: AsyncTestClient) -> None:
    labels = every(imported, "labels")
    for source in sampled(imported, "labels"):
        number = text(source, "id")
        shown = await read(client, f"/labels?discogs_label_id={number}")
        assert shown["name"] == text(source, "name")
        parent = source.find("parentLabel")
        assert (shown["parent"] or {}).get("name") == (parent.text if parent is not None else None)
        children = [
            text(each, "name")
            for each in labels
            if (p := each.find("parentLabel")) is not None and p.get("id") == number
        ]
        assert sorted(each["name"] for each in shown["sublabels"]) == sorted(children)
        assert [link["url"] for link in shown["links"]] == texts(source, "urls/url")


async def test_no_markup_is_left_in_any_text(imported: Path, connection, client: AsyncTestClient) -> None:
    markup = re.compile(r"\[/?(?:[alrm]=?[^\]]*|b|i|u|url(?:=[^\]]*)?)\]", re.IGNORECASE)
    genuine = re.compile(r"\[(?:actually|a|audio|live|remix|logo|misprint)[^\]=]*\]", re.IGNORECASE)
    queries = {
        "/artists": "select id, document from artists where document is not null",
        "/labels": "select id, document from labels where document is not null",
        "/releases": "select id, document from releases",
    }
    for path, query in queries.items():
        rows = await connection.fetch(query)
        bracketed = [row["id"] for row in rows if b"[" in text_of(row["document"])][:60]
        assert bracketed
        for id_ in bracketed:
            shown = (await client.get(f"{BASE}{path}/{id_}")).json()
            left = markup.findall(genuine.sub("", shown.get("profile") or shown.get("notes") or ""))
            assert left == [], shown
