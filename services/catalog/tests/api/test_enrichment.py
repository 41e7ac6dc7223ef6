"""What curators see and decide. The sources' answers are written as the work process keeps them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_catalog.app import create_app
from vinyl_catalog.settings import Settings
from vinyl_devstack.asgi_client import client_of

BASE = "/api/v1"
RIGHT, WRONG = "a1b2c3d4-0000-4000-8000-00000000000a", "a1b2c3d4-0000-4000-8000-00000000000b"
Say = Callable[..., Awaitable[None]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """MusicBrainz, the Cover Art Archive and Wikipedia are on; nobody asks them here."""
    return msgspec.structs.replace(settings, enrichment_contact="operator@vinylhound.test")


@pytest.fixture
async def client(settings: Settings, token_for: Callable[..., str]):
    """A curator's."""
    async with client_of(create_app(settings)) as client:
        client.headers["Authorization"] = f"Bearer {token_for('cora', roles=('listener', 'curator'))}"
        yield client


@pytest.fixture
async def album_id(take_in, write_dump, records, connection) -> UUID:
    await take_in(write_dump("releases", [records.release(3, "Alone", artists=records.credit(6, "Ida"))]))
    return await connection.fetchval("select id from albums")


@pytest.fixture
def say(connection: asyncpg.Connection, album_id: UUID) -> Say:
    """`await say("wikipedia", "matched", text="…")`: a source's answer about the album."""

    async def write(source: str, state: str, foreign_id: str | None = None, **fields: Any) -> None:
        candidates = [
            {"foreign_id": each, "name": "Alone", "confidence": 0.8}
            for each in ([RIGHT, WRONG] if state == "doubtful" else [])
        ]
        await connection.execute(
            "insert into enrichment_answers (subject_id, source, kind, state, foreign_id, urgency, asked_at,"
            " candidates) values ($1, $2, 'album', $3, $4, 2, now(), $5)",
            album_id,
            source,
            state,
            foreign_id,
            msgspec.json.encode(candidates).decode(),
        )
        for field, value in fields.items():
            await connection.execute(
                "insert into enrichment_fields values ($1, $2, $3, $4, 'terms', null, now(),"
                " now() + interval '1 day', $2 = 'apple_music')",
                album_id,
                source,
                field,
                msgspec.json.encode(value).decode(),
            )

    return write


async def read(client: httpx.AsyncClient, album_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    answer = await client.get(f"{BASE}/albums/{album_id}/enrichment")
    assert answer.status_code == 200, answer.text
    return answer.json(), {"If-Match": answer.headers["etag"]}


def of(view: dict[str, Any], source: str) -> dict[str, Any]:
    return next(each for each in view["sources"] if each["source"] == source)


async def test_what_each_source_said_and_whose_words_are_shown(client, album_id, say: Say) -> None:
    await say("wikipedia", "matched", "Alone (album)", text="A long article. " * 20)
    await say("apple_music", "matched", "77", text="Notes.", images=[{"url": "https://a.test/1.jpg"}])
    view, _ = await read(client, album_id)
    assert view["shown"] == {"images": "apple_music", "text": "wikipedia", "musicbrainz_id": None}
    assert (of(view, "wikipedia")["is_on"], of(view, "apple_music")["is_on"]) == (True, False)
    [text] = of(view, "wikipedia")["fields"]
    assert (text["field"], text["licence"], text["restricted"]) == ("text", "terms", False)
    assert text["fetched_at"] < text["expires_at"]
    assert of(view, "spotify")["state"] == "waiting"


async def test_a_chosen_source_is_shown(client, album_id, say: Say, connection) -> None:
    await say("wikipedia", "matched", "Alone (album)", text="A long article. " * 20)
    await say("apple_music", "matched", "77", text="Notes.")
    _, version = await read(client, album_id)
    url = f"{BASE}/albums/{album_id}/enrichment"
    answer = await client.put(url, json={"choices": {"text": "apple_music"}}, headers=version)
    assert answer.status_code == 200, answer.text
    assert answer.json()["shown"]["text"] == "apple_music"
    album = (await client.get(f"{BASE}/albums/{album_id}")).json()
    assert album["text"]["content"] == "Notes."
    assert await connection.fetchval("select version from albums") == 2
    stale = await client.put(url, json={}, headers=version)
    assert stale.status_code == 412
    assert (await client.put(url, json={})).status_code == 428
    back = await client.put(url, json={}, headers={"If-Match": answer.headers["etag"]})
    assert back.json()["shown"]["text"] == "wikipedia"


async def test_a_doubtful_match_is_decided(client, album_id, say: Say, connection) -> None:
    await say("musicbrainz", "doubtful")
    await say("cover_art_archive", "absent")
    [doubt] = (await client.get(f"{BASE}/admin/enrichment/doubts")).json()["items"]
    assert doubt["subject_id"] == str(album_id)
    assert [each["foreign_id"] for each in doubt["candidates"]] == [RIGHT, WRONG]
    _, version = await read(client, album_id)
    decisions = {"confirmed": {"musicbrainz": RIGHT}, "rejected": {"musicbrainz": [WRONG]}}
    url = f"{BASE}/albums/{album_id}/enrichment"
    view = (await client.put(url, json=decisions, headers=version)).json()
    assert view["decisions"] == {"choices": {}, **decisions}
    assert of(view, "musicbrainz")["state"] == "waiting"
    assert of(view, "musicbrainz")["due_at"] is not None
    assert of(view, "cover_art_archive")["state"] == "waiting"
    assert of(view, "cover_art_archive")["due_at"] is None
    assert (await client.get(f"{BASE}/admin/enrichment/doubts")).json()["items"] == []
    assert await connection.fetchval("select min(urgency) from enrichment_answers") == 0


async def test_a_rejected_match_is_not_shown_any_more(client, album_id, say: Say) -> None:
    await say("musicbrainz", "matched", WRONG, musicbrainz_id=WRONG)
    await say("cover_art_archive", "matched", WRONG, images=[{"url": "https://archive.org/1.jpg"}])
    before = (await client.get(f"{BASE}/albums/{album_id}")).json()
    assert before["identifiers"]["musicbrainz_id"] == WRONG
    _, version = await read(client, album_id)
    decisions = {"rejected": {"musicbrainz": [WRONG]}}
    await client.put(f"{BASE}/albums/{album_id}/enrichment", json=decisions, headers=version)
    after = (await client.get(f"{BASE}/albums/{album_id}")).json()
    assert after["identifiers"]["musicbrainz_id"] is None
    assert after["images"] == []


async def test_what_cannot_be_decided(client, album_id) -> None:
    url = f"{BASE}/albums/{album_id}/enrichment"
    for decisions in (
        {"choices": {"links": "wikipedia"}},
        {"choices": {"text": "spotify"}},
        {"choices": {"text": "nobody"}},
        {"choices": {"title": "wikipedia"}},
        {"confirmed": {"musicbrainz": "../../x"}},
        {"confirmed": {"apple_music": ""}},
        {"rejected": {"discogs": ["x" * 300]}},
        {"confirmed": {"musicbrainz": RIGHT}, "rejected": {"musicbrainz": [RIGHT]}},
        {"more": 1},
    ):
        answer = await client.put(url, json=decisions, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), decisions


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({}, {"musicbrainz", "cover_art_archive", "wikipedia"}),
        ({"fields": ["text"]}, {"wikipedia"}),
        ({"fields": ["links"], "sources": ["musicbrainz"]}, {"musicbrainz"}),
    ],
)
async def test_a_refresh_asks_first(
    client, album_id, connection, body: dict[str, Any], asked: set[str]
) -> None:
    answer = await client.post(f"{BASE}/albums/{album_id}/enrichment/refresh", json=body)
    assert answer.status_code == 202, answer.text
    rows = await connection.fetch("select * from enrichment_answers where due_at <= now() and urgency = 0")
    assert {row["source"] for row in rows} == asked
    assert all(row["wanted_fields"] == body.get("fields") for row in rows)


async def test_a_source_that_is_off_cannot_be_asked(client, album_id) -> None:
    url = f"{BASE}/albums/{album_id}/enrichment/refresh"
    answer = await client.post(url, json={"sources": ["spotify"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "sources[0]")


async def test_candidates_of_restricted_sources_end_like_their_fields(
    client, album_id, say: Say, connection
) -> None:
    await say("apple_music", "doubtful")
    await say("musicbrainz", "doubtful")
    await connection.execute("update enrichment_answers set asked_at = now() - interval '25 hours'")
    doubts = (await client.get(f"{BASE}/admin/enrichment/doubts")).json()["items"]
    assert {each["source"]: len(each["candidates"]) for each in doubts} == {
        "apple_music": 0,
        "musicbrainz": 2,
    }


async def test_a_reason_is_a_line_of_text(client, album_id) -> None:
    skip = await client.put(f"{BASE}/albums/{album_id}/enrichment/skip", json={"reason": "a\u0000b"})
    assert (skip.status_code, skip.json()["errors"][0]["field"]) == (400, "reason")


async def test_the_skip_list(client, album_id) -> None:
    url = f"{BASE}/albums/{album_id}/enrichment"
    skip = await client.put(f"{url}/skip", json={"reason": "A bootleg; every match is wrong."})
    assert skip.status_code == 200, skip.text
    assert (await client.get(f"{BASE}/admin/enrichment/skips")).json()["items"] == [skip.json()]
    assert (await read(client, album_id))[0]["skipped"]["reason"].startswith("A bootleg")
    refused = await client.post(f"{url}/refresh", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "on_skip_list")
    assert (await client.delete(f"{url}/skip")).status_code == 204
    assert (await client.post(f"{url}/refresh")).status_code == 202
    assert (await client.get(f"{BASE}/admin/enrichment/skips")).json()["items"] == []


async def test_how_the_sources_stand(client, album_id, say: Say, connection) -> None:
    await say("musicbrainz", "matched", RIGHT)
    await connection.execute(
        "insert into enrichment_sources (source, sent, failures, open_until, last_error)"
        " values ('musicbrainz', array[now()], 5, now() + interval '1 minute', 'source_unreachable: x')"
    )
    await connection.execute("insert into enrichment_walks values ('album', $1, null)", album_id)
    state = (await client.get(f"{BASE}/admin/enrichment")).json()
    assert state["walks"] == [{"kind": "album", "after_id": str(album_id), "rests_until": None}]
    states = {each["source"]: each for each in state["sources"]}
    assert len(states) == 6
    shown = states["musicbrainz"]
    assert (shown["is_on"], shown["breaker"], shown["budget"], shown["budget_left"]) == (True, "open", 1, 0)
    assert shown["answers"]["matched"] == 1
    assert shown["last_error"].startswith("source_unreachable")
    assert states["discogs"]["is_on"] is False
    assert states["discogs"]["budget"] == 6


async def test_artists_have_the_same(client, album_id, connection) -> None:
    artist_id = await connection.fetchval("select id from artists where discogs_artist_id = 6")
    url = f"{BASE}/artists/{artist_id}/enrichment"
    view = (await client.get(url)).json()
    assert {each["source"] for each in view["sources"]} == {
        "musicbrainz",
        "wikipedia",
        "apple_music",
        "spotify",
    }
    assert (await client.post(f"{url}/refresh", json={"fields": ["text"]})).status_code == 202
    unknown = await client.put(url, json={"choices": {"images": "apple_music"}}, headers={"If-Match": "*"})
    assert unknown.status_code == 400


async def test_who_is_no_curator_sees_nothing(settings: Settings, album_id, token_for) -> None:
    async with client_of(create_app(settings)) as stranger:
        assert (await stranger.get(f"{BASE}/admin/enrichment")).status_code == 401
        stranger.headers["Authorization"] = f"Bearer {token_for('lena')}"
        assert (await stranger.get(f"{BASE}/albums/{album_id}/enrichment")).status_code == 403


async def test_what_is_unknown_is_not_found(client) -> None:
    url = f"{BASE}/albums/01890000-0000-7000-8000-000000000000/enrichment"
    assert (await client.get(url)).json()["code"] == "album_not_found"
    artist = url.replace("albums", "artists")
    assert (await client.put(f"{artist}/skip", json={"reason": "x"})).json()["code"] == "artist_not_found"
