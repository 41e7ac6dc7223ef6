"""The main job of this service, against the sandbox, with a real worker."""

import asyncio
from decimal import Decimal

import httpx

from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.money import Money


async def test_a_run_finds_the_wanted_album_at_a_followed_seller(
    client: httpx.AsyncClient, worker: asyncio.Task, people, albums: list[AlbumState], steps
) -> None:
    ada = people.headers("ada")
    await people.live_in("ada", "DE", "EUR")
    await people.want("ada", albums[6])
    await people.own("ada", albums[6])
    for seller in ("second-spin", "needle-drop", "crate-digger"):
        await steps.follow(client, ada, seller)
    search = await steps.save(client, ada, use_wants=True, providers=["discogs"])
    run = await steps.run(client, ada, search["id"])
    assert run["state"] == "done", run
    [discogs] = run["providers"]
    assert discogs["coverage"]["seen"] == discogs["coverage"]["total"] == discogs["listings_seen"]
    assert discogs["listings_seen"] > 300
    assert discogs["quota_used"] >= 6
    found = await steps.results(client, ada, search["id"])
    assert {item["match"]["album_id"] for item in found} == {str(albums[6].album_id)}
    assert {item["seller"]["username"] for item in found} == {"second-spin", "needle-drop", "crate-digger"}
    prices = [Decimal(item["landed_price"]["amount"]) for item in found]
    assert prices == sorted(prices)
    first = found[0]
    assert first["match"]["release_id"] == str(albums[6].releases[0].release_id)
    assert first["match"]["confidence"] == 1.0
    assert (first["wanted"], first["owned"]) == (True, True)
    assert first["landed_price"]["currency"] == "EUR"
    assert first["deal"] is None
    german = next(item for item in found if item["seller"]["username"] == "second-spin")
    assert german["ships_from"] == german["seller"]["country"] == "DE"
    if german["postage"]["basis"] == "estimate":
        assert german["postage"]["currency"] == "EUR"
        both = Decimal(german["price"]["amount"]) + Decimal(german["postage"]["amount"])
        assert Decimal(german["landed_price"]["amount"]) == both
    abroad = next(item for item in found if item["ships_from"] == "US")
    assert abroad["price"]["currency"] == "USD"
    assert Money(**abroad["landed_price"]).currency == "EUR"
