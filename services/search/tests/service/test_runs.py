"""Runs under all circumstances, with real workers and the sandbox's faults."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal

import httpx
import msgspec
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.grades import Grade
from vinyl_contracts.money import Money
from vinyl_search.app import create_worker
from vinyl_search.service.retention import RetentionService
from vinyl_search.settings import Settings
from vinyl_search.store.unit_of_work import Store

LONG_AGO = timedelta(hours=6, minutes=1)


async def age(database: Database, by: timedelta) -> None:
    """Everything was seen that much longer ago."""
    async with database.transaction() as connection:
        for table, column in (
            ("listings", "last_seen_at"),
            ("provider_reads", "read_at"),
            ("sellers", "last_read_at"),
        ):
            await connection.execute(
                text(f"update {table} set {column} = {column} - cast(:by as interval)"),  # noqa: S608 - constants
                {"by": by},
            )


async def count(database: Database, table: str) -> int:
    async with database.transaction() as connection:
        return int(await connection.scalar(text(f"select count(*) from {table}")))  # noqa: S608 - a constant


async def test_filters_restrict_and_everything_else_is_found(
    client: httpx.AsyncClient, worker, people, albums: list[AlbumState], steps
) -> None:
    ada = people.headers("ada")
    await people.live_in("ada", "DE", "EUR")
    await people.want("ada", albums[0], max_price=Money("0.01", "EUR"))
    await people.want("ada", albums[1], max_price=Money("900", "EUR"))
    await people.want("ada", albums[2], least=Grade.MINT)
    await steps.follow(client, ada, "second-spin")
    await steps.follow(client, ada, "needle-drop")

    async def found(**fields: object) -> list[dict]:
        search = await steps.save(client, ada, providers=["discogs"], **fields)
        run = await steps.run(client, ada, search["id"])
        assert run["state"] == "done"
        return await steps.results(client, ada, search["id"])

    everything = await found()
    assert len(everything) > 200
    assert {item["wanted"] for item in everything} == {True, False}
    wanted = await found(use_wants=True)
    assert {item["match"]["album_id"] for item in wanted} <= {
        str(albums[1].album_id),
        str(albums[2].album_id),
    }
    assert any(item["match"]["album_id"] == str(albums[1].album_id) for item in wanted)
    assert all(
        item["media_condition"] == "M"
        for item in wanted
        if item["match"]["album_id"] == str(albums[2].album_id)
    )
    cheap = await found(max_price={"amount": "25.00", "currency": "EUR"})
    assert 0 < len(cheap) < len(everything)
    assert all(Decimal(item["landed_price"]["amount"]) <= 25 for item in cheap)
    assert {item["landed_price"]["currency"] for item in cheap} == {"EUR"}
    german = await found(seller_countries=["DE"])
    assert {item["ships_from"] for item in german} == {"DE"}
    fine = await found(min_media_condition="NM")
    assert {item["media_condition"] for item in fine} <= {"M", "NM"}
    named = await found(query="volume 7")
    assert named
    assert all("Volume 7" in item["title"] for item in named)
    chosen = await found(album_ids=[str(albums[4].album_id)], ships_to="US")
    assert {item["match"]["album_id"] for item in chosen} == {str(albums[4].album_id)}
    yen = await found(max_price={"amount": "100000", "currency": "JPY"})
    assert {item["landed_price"]["currency"] for item in yen} == {"JPY"}
    assert all("." not in item["landed_price"]["amount"] for item in yen)


async def test_an_inventory_is_read_once_for_everybody(
    client: httpx.AsyncClient, worker_settings: Settings, people, albums: list[AlbumState], steps
) -> None:
    patient = msgspec.structs.replace(worker_settings, inventory_reuse_seconds=600.0)
    running = asyncio.create_task(create_worker(patient).run())
    searches = []
    for name in ("ada", "bob", "cyd"):
        await steps.follow(client, people.headers(name))
        searches.append((name, await steps.save(client, people.headers(name), providers=["discogs"])))
    runs = await asyncio.gather(
        *(steps.run(client, people.headers(name), search["id"]) for name, search in searches)
    )
    used = sorted(run["providers"][0]["quota_used"] for run in runs)
    assert used[:2] == [0, 0]
    assert used[2] >= 2
    assert len({run["providers"][0]["coverage"]["seen"] for run in runs}) == 1
    counts = [
        len(await steps.results(client, people.headers(name), search["id"])) for name, search in searches
    ]
    assert counts[0] == counts[1] == counts[2] > 0
    running.cancel()
    await asyncio.wait([running])


async def test_sold_copies_leave_and_prices_follow(
    client: httpx.AsyncClient, worker, switches: httpx.AsyncClient, people, albums: list[AlbumState], steps
) -> None:
    ada, bob = people.headers("ada"), people.headers("bob")
    for listener in (ada, bob):
        await steps.follow(client, listener)
    hers = await steps.save(client, ada, providers=["discogs"], ships_to="DE")
    his = await steps.save(client, bob, providers=["discogs"], ships_to="DE")
    for listener, search in ((ada, hers), (bob, his)):
        await steps.run(client, listener, search["id"])
    before = {item["id"]: item for item in await steps.results(client, ada, hers["id"])}
    sold = next(iter(before.values()))
    number = int(sold["url"].rsplit("/", 1)[1])
    assert (await switches.post("/sandbox/sales", json={"listing_id": number})).is_success
    moved = await switches.post("/sandbox/clock", json={"advance_seconds": 4 * 3600})
    assert moved.is_success, moved.text
    await steps.run(client, ada, hers["id"])
    after = {item["id"]: item for item in await steps.results(client, ada, hers["id"])}
    assert sold["id"] not in after
    kept = before.keys() & after.keys()
    repriced = [each for each in kept if before[each]["price"] != after[each]["price"]]
    assert repriced, "time moves prices"
    assert all(after[each]["first_seen_at"] == before[each]["first_seen_at"] for each in kept)
    bobs = {item["id"]: item for item in await steps.results(client, bob, his["id"])}
    assert sold["id"] not in bobs
    for each in kept & bobs.keys():
        assert bobs[each]["price"] == after[each]["price"]
        assert bobs[each]["landed_price"] == after[each]["landed_price"]


async def test_nothing_older_than_six_hours_is_shown_or_kept(
    client: httpx.AsyncClient,
    worker,
    database: Database,
    store: Store,
    people,
    albums: list[AlbumState],
    steps,
) -> None:
    ada = people.headers("ada")
    await people.want("ada", albums[3])
    seller = await steps.follow(client, ada)
    search = await steps.save(client, ada, providers=["discogs"])
    await steps.run(client, ada, search["id"])
    album = str(albums[3].album_id)
    offers = f"/api/v1/offers?album_id={album}"
    matches = f"/api/v1/sellers/{seller['id']}/matches"
    assert (await client.get(offers, headers=ada)).json()["items"]
    assert (await client.get(matches, headers=ada)).json()["items"]
    await age(database, LONG_AGO)
    assert await steps.results(client, ada, search["id"]) == []
    assert (await client.get(offers, headers=ada)).json()["items"] == []
    assert (await client.get(matches, headers=ada)).json()["items"] == []
    await RetentionService(store).forget_expired()
    for table in ("listings", "search_results", "provider_reads"):
        assert await count(database, table) == 0, table
    read = (await client.get(f"/api/v1/sellers/{seller['id']}", headers=ada)).json()
    assert (read["rating"], read["country"], read["listing_count"]) == (None, None, None)


async def test_an_unfollowed_seller_is_forgotten(
    client: httpx.AsyncClient, worker, database: Database, store: Store, people, steps
) -> None:
    ada = people.headers("ada")
    seller = await steps.follow(client, ada)
    search = await steps.save(client, ada, providers=["discogs"])
    await steps.run(client, ada, search["id"])
    assert await count(database, "listings") > 0
    gone = await client.delete(f"/api/v1/sellers/{seller['id']}", headers=ada)
    assert gone.status_code == 204
    await RetentionService(store).forget_expired()
    assert await count(database, "listings") == 0
    run = await steps.run(client, ada, search["id"])
    assert steps.provider_run(run, "discogs")["error"] == "no_sellers_followed"


async def test_ebay_is_read_by_album_and_shown_apart(
    client: httpx.AsyncClient, worker, people, albums: list[AlbumState], steps
) -> None:
    ada = people.headers("ada")
    await people.live_in("ada", "DE", "EUR")
    for album in albums[:3]:
        await people.want("ada", album)
    await steps.follow(client, ada)
    search = await steps.save(client, ada, use_wants=True)
    run = await steps.run(client, ada, search["id"])
    assert run["state"] == "done", run
    ebay = steps.provider_run(run, "ebay")
    assert ebay["state"] == "done", ebay
    assert ebay["quota_used"] >= 3
    assert steps.provider_run(run, "community")["state"] == "done"
    together = await steps.results(client, ada, search["id"])
    assert {item["provider"] for item in together} == {"discogs"}
    apart = await steps.results(client, ada, search["id"], provider="ebay")
    assert apart, "the sandbox offers something of three albums"
    wanted = {str(album.album_id) for album in albums[:3]}
    for item in apart:
        assert item["provider"] == "ebay"
        assert item["match"]["album_id"] in wanted
        assert item["match"]["release_id"] is None
        assert 0.6 <= item["match"]["confidence"] < 1
        assert (item["seller"]["id"], item["seller"]["username"]) == (None, None)
        assert item["wanted"] is True
        assert item["deal"] is None
    offers = (await client.get(f"/api/v1/offers?album_id={min(wanted)}", headers=ada)).json()["items"]
    assert {item["provider"] for item in offers} == {"discogs"}


async def test_ebays_postage_is_each_listeners_own(
    client: httpx.AsyncClient, worker, people, albums: list[AlbumState], steps
) -> None:
    found = {}
    for name, country in (("ada", "DE"), ("bob", "US")):
        await people.live_in(name, country, "EUR")
        for album in albums[:6]:
            await people.want(name, album)
        listener = people.headers(name)
        search = await steps.save(client, listener, use_wants=True, providers=["ebay"])
        await steps.run(client, listener, search["id"])
        found[name] = (listener, search)
    shown = {}
    for name, (listener, search) in found.items():
        items = await steps.results(client, listener, search["id"], provider="ebay")
        shown[name] = {item["url"]: item for item in items}
    common = shown["ada"].keys() & shown["bob"].keys()
    assert common, "the same items reach both countries"
    assert any(shown["ada"][url]["postage"] != shown["bob"][url]["postage"] for url in common)
    for name, (listener, _) in found.items():
        for album in albums[:6]:
            path = f"/api/v1/offers?provider=ebay&album_id={album.album_id}"
            offers = (await client.get(path, headers=listener)).json()["items"]
            assert len({item["url"] for item in offers}) == len(offers)
            assert all(item == shown[name][item["url"]] for item in offers if item["url"] in shown[name])


async def test_a_market_in_trouble_is_told_and_the_other_goes_on(
    client: httpx.AsyncClient, worker, switches: httpx.AsyncClient, people, albums: list[AlbumState], steps
) -> None:
    ada = people.headers("ada")
    await people.want("ada", albums[0])
    await steps.follow(client, ada)
    search = await steps.save(client, ada, use_wants=True, providers=["discogs", "ebay"])
    for mode, error in (("500", "provider_unreachable"), ("garbage", "bad_answer")):
        trouble = {"provider": "discogs", "mode": mode}
        assert (await switches.put("/sandbox/faults", json=trouble)).is_success
        run = await steps.run(client, ada, search["id"])
        discogs = steps.provider_run(run, "discogs")
        assert (discogs["state"], discogs["error"]) == ("failed", error), mode
        assert steps.provider_run(run, "ebay")["state"] == "done"
        assert run["state"] == "done"
    providers = (await client.get("/api/v1/providers", headers=ada)).json()["items"]
    status = next(each for each in providers if each["provider"] == "discogs")
    assert (status["reachable"], status["error"]) == (False, "bad_answer")
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": "none"})
    run = await steps.run(client, ada, search["id"])
    assert steps.provider_run(run, "discogs")["state"] == "done"
    assert await steps.results(client, ada, search["id"])


async def test_trouble_that_passes_is_sat_out(
    client: httpx.AsyncClient, worker, switches: httpx.AsyncClient, people, steps
) -> None:
    ada = people.headers("ada")
    await steps.follow(client, ada)
    search = await steps.save(client, ada, providers=["discogs"])
    for mode in ("429", "500", "garbage"):
        trouble = {"provider": "discogs", "mode": mode, "requests": 1}
        assert (await switches.put("/sandbox/faults", json=trouble)).is_success
        run = await steps.run(client, ada, search["id"])
        assert steps.provider_run(run, "discogs")["state"] == "done", mode
        assert steps.provider_run(run, "discogs")["quota_used"] >= 2


async def test_a_seller_who_is_gone_does_not_hold_up_the_others(
    client: httpx.AsyncClient, worker, database: Database, people, steps
) -> None:
    ada = people.headers("ada")
    await steps.follow(client, ada, "crate-digger")
    ghost = await steps.follow(client, ada, "second-spin")
    async with database.transaction() as connection:
        await connection.execute(
            text(
                "update sellers set username = 'nobody-at-all', username_key = 'nobody-at-all' where id = :id"
            ),
            {"id": ghost["id"]},
        )
    search = await steps.save(client, ada, providers=["discogs"])
    run = await steps.run(client, ada, search["id"])
    discogs = steps.provider_run(run, "discogs")
    assert (discogs["state"], discogs["error"]) == ("done", "not_found")
    read = (await client.get(f"/api/v1/sellers/{ghost['id']}", headers=ada)).json()
    assert (read["state"], read["last_error"]) == ("gone", "not_found")


async def test_a_due_search_runs_by_itself(
    client: httpx.AsyncClient, worker, database: Database, people, steps
) -> None:
    ada = people.headers("ada")
    await steps.follow(client, ada)
    active = await steps.save(client, ada, providers=["discogs"], interval_minutes=15)
    idle = await steps.save(client, ada, providers=["discogs"], active=False)
    async with database.transaction() as connection:
        await connection.execute(text("update saved_searches set next_run_at = now() - interval '1 second'"))

    async def ran() -> bool:
        page = await client.get(f"/api/v1/searches/{active['id']}/runs", headers=ada)
        return any(run["state"] == "done" for run in page.json()["items"])

    await steps.until(ran)
    assert (await client.get(f"/api/v1/searches/{idle['id']}/runs", headers=ada)).json()["items"] == []
    async with database.transaction() as connection:
        next_in = await connection.scalar(
            text("select extract(epoch from next_run_at - now()) from saved_searches where active")
        )
    assert 14 * 60 < float(next_in) <= 16.6 * 60


async def test_a_run_begins_at_once_and_only_one_at_a_time(
    client: httpx.AsyncClient, worker, switches: httpx.AsyncClient, people, steps
) -> None:
    ada = people.headers("ada")
    await steps.follow(client, ada)
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": "slow", "seconds": 1.0})
    search = await steps.save(client, ada, providers=["discogs"])
    path = f"/api/v1/searches/{search['id']}/run"
    answers = await asyncio.gather(*(client.post(path, headers=ada) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["run_id"] for answer in answers}) == 1

    async def begun() -> bool:
        runs = (await client.get(f"/api/v1/searches/{search['id']}/runs", headers=ada)).json()["items"]
        return runs[0]["state"] != "queued"

    await steps.until(begun, seconds=1.5)


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """The very process that production runs."""
    told = {
        f"VINYL_SEARCH_{name.upper()}": str(value)
        for name, value in msgspec.structs.asdict(settings).items()
        if value != ""
    }
    return subprocess.Popen([sys.executable, "-m", "vinyl_search", "work"], env={**os.environ, **told})


async def test_a_run_survives_the_death_of_its_worker(
    client: httpx.AsyncClient,
    worker_settings: Settings,
    switches: httpx.AsyncClient,
    database: Database,
    people,
    albums: list[AlbumState],
    steps,
) -> None:
    ada = people.headers("ada")
    await people.want("ada", albums[8])
    for seller in ("second-spin", "needle-drop", "crate-digger"):
        await steps.follow(client, ada, seller)
    search = await steps.save(client, ada, use_wants=True, providers=["discogs"])
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": "slow", "seconds": 1.0})
    first = start_worker(worker_settings)
    queued = await client.post(f"/api/v1/searches/{search['id']}/run", headers=ada)
    run_id = queued.json()["run_id"]

    async def state() -> dict:
        runs = (await client.get(f"/api/v1/searches/{search['id']}/runs", headers=ada)).json()["items"]
        return next(run for run in runs if run["id"] == run_id)

    async def under_way() -> bool:
        return (await state())["providers"][0]["listings_seen"] > 0

    try:
        await steps.until(under_way, seconds=30)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (await state())["state"] == "running"
    await switches.put("/sandbox/faults", json={"provider": "discogs", "mode": "none"})
    killed_at = time.monotonic()
    second = start_worker(worker_settings)

    async def done() -> bool:
        return (await state())["state"] == "done"

    try:
        await steps.until(done, seconds=40)
        assert time.monotonic() - killed_at < 30
    finally:
        second.terminate()
        assert second.wait(timeout=10) == 0
    assert (await state())["providers"][0]["coverage"]["seen"] > 300
    assert await steps.results(client, ada, search["id"])
    async with database.transaction() as connection:
        told = await connection.scalar(
            text("select count(*) from outbox where subject = 'vinyl.search.search_completed.v1'")
        )
    assert told == 1


async def test_a_run_that_keeps_killing_workers_is_given_up(
    client: httpx.AsyncClient, database: Database, worker_settings: Settings, people, steps
) -> None:
    ada = people.headers("ada")
    search = await steps.save(client, ada, providers=["discogs"])
    await client.post(f"/api/v1/searches/{search['id']}/run", headers=ada)
    async with database.transaction() as connection:
        await connection.execute(
            text("update runs set state = 'running', attempt = 5, leased_until = now() - interval '1 minute'")
        )
    running = asyncio.create_task(create_worker(worker_settings).run())

    async def failed() -> bool:
        runs = (await client.get(f"/api/v1/searches/{search['id']}/runs", headers=ada)).json()["items"]
        return runs[0]["state"] == "failed" and runs[0]["providers"][0]["error"] == "worker_lost"

    await steps.until(failed)
    running.cancel()
    await asyncio.wait([running])
