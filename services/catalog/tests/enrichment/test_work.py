"""From the walk over the catalogue to what a reader sees."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_catalog.domain.albums import RatingSummary
from vinyl_catalog.domain.answers import Urgency
from vinyl_catalog.domain.sources import Field, Source, SubjectKind
from vinyl_catalog.enrichment.connections import Credentials, Sources
from vinyl_catalog.enrichment.work import EnrichmentWork
from vinyl_catalog.service.album_ratings import AlbumRatingService
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now

MBID = "a1b2c3d4-0000-4000-8000-00000000000a"
WorkOff = Callable[[], Awaitable[None]]
BASE = "/api/v1"


@pytest.fixture
def as_curator(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('cora', roles=('listener', 'curator'))}"}


async def test_a_reader_sees_what_every_source_knows(
    album_id: UUID, full_house: Any, work_off: WorkOff, client: httpx.AsyncClient
) -> None:
    before = await client.get(f"{BASE}/albums/{album_id}")
    assert before.json()["images"] == []
    await work_off()
    after = await client.get(f"{BASE}/albums/{album_id}")
    album = after.json()
    assert album["identifiers"]["musicbrainz_id"] == MBID
    assert album["images"] == [
        {
            "url": "https://coverartarchive.org/release/1/2-1200.jpg",
            "width": None,
            "height": None,
            "kind": "front",
            "source": "cover_art_archive",
            "licence": "cover-art-archive-terms",
        }
    ]
    assert album["text"]["content"].startswith("First Light is the first album")
    assert album["text"]["source"] == "wikipedia"
    assert album["text"]["licence"] == "CC-BY-SA-4.0"
    assert album["text"]["url"] == "https://en.wikipedia.org/wiki/First_Light_(Vera_Lund_album)"
    assert [link["kind"] for link in album["links"]] == [
        "discogs",
        "musicbrainz",
        "wikidata",
        "wikipedia",
        "apple_music",
        "spotify",
    ]
    assert after.headers["etag"] != before.headers["etag"]
    assert album["updated_at"] > before.json()["updated_at"]
    # a cover was found, so Discogs' budget is left to others
    assert full_house.asked_of("/discogs") == []


async def test_every_request_says_who_asks(album_id: UUID, full_house: Any, work_off: WorkOff) -> None:
    await work_off()
    agents = {each.headers["user-agent"] for each in full_house.asked}
    assert agents == {"Vinylhound/1 (operator@vinylhound.test)"}


async def test_covers_fall_back_to_discogs_and_then_to_apple(
    album_id: UUID, full_house: Any, work_off: WorkOff, client: httpx.AsyncClient
) -> None:
    full_house.play(f"/cover_art_archive/release-group/{MBID}", status=404)
    await work_off()
    [image] = (await client.get(f"{BASE}/albums/{album_id}")).json()["images"]
    assert (image["source"], image["url"], image["height"]) == (
        "discogs",
        "https://i.discogs.com/x.jpg",
        590,
    )


@pytest.mark.parametrize(
    ("links", "record"),
    [
        (["https://ida.example", "https://www.discogs.com/master/8-Ida-Sedna"], "masters/8"),
        (["https://www.discogs.com/de/release/81-Ida-Sedna"], "releases/81"),
        (["https://www.discogs.com/artist/8-Ida", "https://discogs.example/master/8"], None),
        ([], None),
    ],
)
async def test_a_curators_album_has_discogs_pictures_where_it_links_there(
    stage: Any, work_off: WorkOff, client: httpx.AsyncClient, as_curator: dict[str, str], links, record
) -> None:
    stage.play(f"/discogs/{record}", {"images": [{"type": "primary", "uri": "https://i.discogs.com/y.jpg"}]})
    body = {"title": "Sedna", "artists": [{"name": "Ida"}], "links": [{"url": url} for url in links]}
    made = await client.post(f"{BASE}/albums", json=body, headers=as_curator)
    assert made.status_code == 201, made.text
    await work_off()
    album = (await client.get(made.headers["location"])).json()
    assert [image["source"] for image in album["images"]] == (["discogs"] if record else [])
    assert [each.path for each in stage.asked_of("/discogs")] == ([f"/discogs/{record}"] if record else [])
    assert album["identifiers"]["discogs_master_id"] is None


async def test_a_curators_album_has_discogs_pictures_where_musicbrainz_links_there(
    stage: Any, work_off: WorkOff, client: httpx.AsyncClient, as_curator: dict[str, str]
) -> None:
    relation = {"type": "discogs", "url": {"resource": "https://www.discogs.com/master/8"}}
    said = {"id": MBID, "title": "Sedna", "relations": [relation]}
    stage.play(f"/musicbrainz/ws/2/release-group/{MBID}", said)
    stage.play("/discogs/masters/8", {"images": [{"type": "primary", "uri": "https://i.discogs.com/y.jpg"}]})
    body = {"title": "Sedna", "artists": [{"name": "Ida"}], "musicbrainz_id": MBID}
    made = await client.post(f"{BASE}/albums", json=body, headers=as_curator)
    await work_off()
    album = (await client.get(made.headers["location"])).json()
    assert [image["url"] for image in album["images"]] == ["https://i.discogs.com/y.jpg"]


async def test_without_musicbrainz_the_others_go_on(
    album_id: UUID, full_house: Any, work_off: WorkOff, client: httpx.AsyncClient
) -> None:
    full_house.play("/musicbrainz/ws/2/url", status=500)
    full_house.play(
        "/wikipedia/w/api.php",
        {
            "query": {
                "pages": [
                    {
                        "title": "First Light (Vera Lund album)",
                        "terms": {"description": ["1971 studio album by Vera Lund"]},
                    },
                    {"title": "First light", "terms": {"description": ["time of day"]}},
                ]
            }
        },
    )
    await work_off()
    album = (await client.get(f"{BASE}/albums/{album_id}")).json()
    assert album["text"]["source"] == "wikipedia"
    assert album["images"][0]["source"] == "discogs"
    assert album["identifiers"]["musicbrainz_id"] is None


async def test_nothing_is_asked_unless_it_is_set_who_asks(
    album_id: UUID, full_house: Any, store: Store, sources: Sources
) -> None:
    work = EnrichmentWork(store, msgspec.structs.replace(sources, credentials=Credentials()))
    running = asyncio.create_task(work.run())
    await asyncio.sleep(0.5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert full_house.asked == []


async def test_several_workers_ask_nothing_twice(
    take_in, write_dump, records, stage: Any, store: Store, sources: Sources, connection: asyncpg.Connection
) -> None:
    """Each of 30 albums is looked for once, by four processes' worth of workers."""
    ida = records.credit(6, "Ida")
    await take_in(
        write_dump("masters", [records.master(8, "Known", 1, artists=ida)]),
        write_dump("releases", [records.release(n, f"Alone {n}", artists=ida) for n in range(1, 31)]),
    )
    stage.play("/musicbrainz/ws/2/release-group", {"release-groups": []})
    only = msgspec.structs.replace(sources, credentials=Credentials(contact="a@b.test"))
    workers = [EnrichmentWork(store, only) for _ in range(4)]
    async with store.begin() as unit:
        for source in Source:
            await unit.source_ledger.enter(source)
    await workers[0].walk_on()

    async def run(worker: EnrichmentWork) -> None:
        while await worker.do_next(Source.MUSICBRAINZ):
            pass

    await asyncio.gather(*(run(worker) for worker in workers))
    await asyncio.gather(*(worker.close() for worker in workers))
    searches = Counter(each.query["query"] for each in stage.asked_of("/musicbrainz/ws/2/release-group"))
    assert len(searches) == 31
    assert set(searches.values()) == {1}
    states = await connection.fetch("select state from enrichment_answers where source = 'musicbrainz'")
    assert {row["state"] for row in states} == {"absent"}


async def test_what_a_killed_worker_held_is_done_when_its_lease_ends(
    album_id: UUID, full_house: Any, store: Store, work_off: WorkOff, work: EnrichmentWork
) -> None:
    await work.walk_on()
    async with store.begin() as unit:
        held = await unit.answers.lease(Source.MUSICBRAINZ, 0.3)
    assert held is not None
    assert not await work.do_next(Source.MUSICBRAINZ)
    await asyncio.sleep(0.4)
    await work_off()
    assert full_house.asked_of(f"/musicbrainz/ws/2/release-group/{MBID}")
    async with store.begin() as unit:
        assert not await unit.answers.settle(held, held.answer, held.urgency)


async def test_what_is_not_there_is_not_asked_for_again(
    album_id: UUID, stage: Any, work_off: WorkOff, connection: asyncpg.Connection
) -> None:
    stage.play("/spotify_accounts/api/token", {"access_token": "spot", "expires_in": 3600})
    stage.play("/musicbrainz/ws/2/release-group", {"release-groups": []})
    stage.play("/wikipedia/w/api.php", {"batchcomplete": True})
    stage.play("/apple_music/v1/catalog/us/search", {"results": {}})
    stage.play("/spotify/v1/search", {"albums": {"items": []}})
    await work_off()
    count = len(stage.asked)
    await connection.execute("update enrichment_walks set after_id = null, rests_until = null")
    await work_off()
    assert len(stage.asked) == count
    rows = await connection.fetch(
        "select source, state, due_at > now() + interval '20 days' as later from enrichment_answers"
    )
    assert {row["source"] for row in rows if row["state"] == "absent" and row["later"]} == set(Source)


async def test_what_was_known_stays_while_a_source_fails(
    album_id: UUID, full_house: Any, work_off: WorkOff, client, connection: asyncpg.Connection
) -> None:
    await work_off()
    full_house.play("/apple_music/v1/catalog/us/albums/77", raw=b"<html>busy</html>")
    await connection.execute("update enrichment_answers set due_at = now() where source = 'apple_music'")
    await work_off()
    row = await connection.fetchrow(
        "select * from enrichment_answers where source = 'apple_music' and kind = 'album'"
    )
    assert (row["state"], row["failures"]) == ("matched", 1)
    assert row["error"].startswith("bad_answer")
    assert row["due_at"] > row["asked_at"]
    album = (await client.get(f"{BASE}/albums/{album_id}")).json()
    assert "apple_music" in {link["kind"] for link in album["links"]}


async def test_expired_restricted_fields_are_neither_shown_nor_kept(
    album_id: UUID,
    full_house: Any,
    work: EnrichmentWork,
    work_off: WorkOff,
    client: httpx.AsyncClient,
    connection: asyncpg.Connection,
) -> None:
    await work_off()
    # what a shared cache could show too long is not shown either
    await connection.execute("update enrichment_fields set expires_at = now() + interval '50 seconds'")
    links = (await client.get(f"{BASE}/albums/{album_id}")).json()["links"]
    assert {link["kind"] for link in links}.isdisjoint({"apple_music", "spotify"})
    assert {"musicbrainz", "wikipedia"} <= {link["kind"] for link in links}
    version = await connection.fetchval("select version from albums where id = $1", album_id)
    await connection.execute("update enrichment_fields set expires_at = now()")
    await work.keep_terms()
    kept = await connection.fetch("select distinct source from enrichment_fields")
    assert {row["source"] for row in kept} == {"musicbrainz", "cover_art_archive", "wikipedia"}
    assert await connection.fetchval("select version from albums where id = $1", album_id) == version + 1


async def test_candidates_of_restricted_sources_are_deleted_too(
    album_id: UUID, work: EnrichmentWork, connection: asyncpg.Connection
) -> None:
    for source in ("apple_music", "musicbrainz"):
        await connection.execute(
            "insert into enrichment_answers (subject_id, source, kind, state, urgency, candidates, asked_at)"
            ' values ($1, $2, \'album\', \'doubtful\', 2, \'[{"foreign_id": "7", "name": "x"}]\','
            " now() - interval '25 hours')",
            album_id,
            source,
        )
    await work.keep_terms()
    rows = await connection.fetch(
        "select source, jsonb_array_length(candidates) as n from enrichment_answers"
    )
    assert {row["source"]: row["n"] for row in rows} == {"apple_music": 0, "musicbrainz": 1}


async def test_every_restricted_source_has_a_short_life(
    album_id: UUID, full_house: Any, work_off: WorkOff, connection: asyncpg.Connection
) -> None:
    full_house.play(f"/cover_art_archive/release-group/{MBID}", status=404)
    await work_off()
    rows = await connection.fetch(
        "select source, restricted, max(expires_at - fetched_at) as life from enrichment_fields group by 1, 2"
    )
    lives = {row["source"]: row["life"].total_seconds() / 3600 for row in rows if row["restricted"]}
    assert lives == {"apple_music": 24, "spotify": 24, "discogs": pytest.approx(6 - 5 / 60)}


async def test_one_field_of_one_source_is_refreshed(
    album_id: UUID, full_house: Any, store: Store, work_off: WorkOff, connection: asyncpg.Connection
) -> None:
    await work_off()
    attributes = {"url": "https://music.apple.com/us/album/new/77", "editorialNotes": {"short": "Anew."}}
    full_house.play(
        "/apple_music/v1/catalog/us/albums/77", {"data": [{"id": "77", "attributes": attributes}]}
    )
    async with store.begin() as unit:
        due = {Source.APPLE_MUSIC: now()}
        await unit.answers.enqueue(album_id, SubjectKind.ALBUM, due, Urgency.PERSON, [Field.TEXT])
    await work_off()
    rows = await connection.fetch(
        "select field, value from enrichment_fields where source = 'apple_music' and subject_id = $1",
        album_id,
    )
    fields = {row["field"]: row["value"] for row in rows}
    assert fields["text"] == '"Anew."'
    assert "first-light" in fields["links"]
    assert set(fields) == {"text", "links", "images"}


async def test_a_rating_brings_back_what_may_not_be_kept(
    album_id: UUID, full_house: Any, store: Store, work_off: WorkOff, connection: asyncpg.Connection
) -> None:
    await work_off()
    due = "select source from enrichment_answers where subject_id = $1 and due_at <= now()"
    assert await connection.fetch(due, album_id) == []
    await AlbumRatingService(store).learn_summary(album_id, 1, RatingSummary(1, 5.0, 5.0))
    assert {row["source"] for row in await connection.fetch(due, album_id)} == {"apple_music", "spotify"}
    await work_off()
    soon = "select max(due_at) < now() + interval '25 hours' from enrichment_answers where source = 'spotify'"
    assert await connection.fetchval(f"{soon} and subject_id = $1", album_id)


async def test_artists_are_completed_after_the_albums(
    album_id: UUID, full_house: Any, work_off: WorkOff, client, connection: asyncpg.Connection
) -> None:
    full_house.play("/apple_music/v1/catalog/us/search", {"results": {"artists": {"data": []}}})
    await work_off()
    await work_off()
    artist_id = await connection.fetchval("select id from artists where discogs_artist_id = 5")
    artist = (await client.get(f"{BASE}/artists/{artist_id}")).json()
    assert artist["identifiers"]["musicbrainz_id"] == "a1b2c3d4-0000-4000-8000-0000000000aa"
    assert artist["profile"].startswith("First Light is")
    assert artist["text"]["licence"] == "CC-BY-SA-4.0"
    assert "wikipedia" in {link["kind"] for link in artist["links"]}


async def test_an_album_that_is_gone_is_forgotten(
    album_id: UUID, full_house: Any, work: EnrichmentWork, work_off: WorkOff, connection
) -> None:
    await work.walk_on()
    await connection.execute("delete from albums")
    await work_off()
    gone = "select count(*) from enrichment_answers where subject_id = $1"
    assert await connection.fetchval(gone, album_id) == 0
