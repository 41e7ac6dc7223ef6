"""The market in time: the same for the same seed, moving with the clock, never out of an album."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from vinyl_devstack.sandbox.discogs.accounts import TOKEN

Connect = Callable[..., httpx.AsyncClient]
Start = Callable[..., Awaitable[str]]

MAIN = ("second-spin", "needle-drop", "crate-digger")
TITLES = {f"Études No. {album}" for album in range(1, 46)}
A_DAY = 86_400


async def listings(client: httpx.AsyncClient, address: str, seller: str) -> dict[int, dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    url = f"{address}/discogs/users/{seller}/inventory?per_page=100&sort=item&token={TOKEN}"
    while url:
        page = (await client.get(url)).raise_for_status().json()
        rows += page["listings"]
        url = page["pagination"]["urls"].get("next")
        url = url and f"{url}&token={TOKEN}"
    return {
        row["id"]: {**row, "resource_url": "", "uri": "", "seller": "", "release": row["release"]["id"]}
        for row in rows
    }


async def test_two_sandboxes_of_one_seed_are_one_market(start: Start, connect: Connect) -> None:
    client = connect("")
    one, two, other = await start(), await start(), await start(seed=2)
    assert await listings(client, one, "second-spin") == await listings(client, two, "second-spin")
    assert set(await listings(client, one, "second-spin")) != set(
        await listings(client, other, "second-spin")
    )


async def test_a_sandbox_started_later_is_where_an_older_one_got_to(start: Start, connect: Connect) -> None:
    client = connect("")
    older = await start()
    await client.post(f"{older}/sandbox/clock", json={"advance_seconds": 3 * A_DAY})
    now = (await client.get(f"{older}/sandbox/clock")).json()["now"]
    younger = await start(stands_at=datetime.fromisoformat(now))
    assert await listings(client, older, "crate-digger") == await listings(client, younger, "crate-digger")


async def test_a_clock_that_stands_changes_nothing(sandbox: str, connect: Connect) -> None:
    client = connect("")
    assert await listings(client, sandbox, "second-spin") == await listings(client, sandbox, "second-spin")


async def test_time_sells_copies_and_lowers_prices(sandbox: str, connect: Connect) -> None:
    client = connect("")
    before = await listings(client, sandbox, "second-spin")
    await client.post(f"{sandbox}/sandbox/clock", json={"advance_seconds": A_DAY})
    after = await listings(client, sandbox, "second-spin")
    assert set(before) - set(after)
    assert set(after) - set(before)
    changed = [key for key in set(before) & set(after) if before[key]["price"] != after[key]["price"]]
    assert changed
    cheaper = [key for key in changed if after[key]["price"]["value"] < before[key]["price"]["value"]]
    assert len(cheaper) > len(changed) / 2


@pytest.mark.parametrize("days", [0.5, 7, 200])
async def test_every_album_stays_in_stock(sandbox: str, connect: Connect, days: float) -> None:
    client = connect("")
    await client.post(f"{sandbox}/sandbox/clock", json={"advance_seconds": days * A_DAY})
    for seller in MAIN:
        rows = await listings(client, sandbox, seller)
        found = {
            (await client.get(f"{sandbox}/discogs/releases/{release}?token={TOKEN}")).json()["title"]
            for release in {row["release"] for row in rows.values()}
        }
        assert found == TITLES
        assert len(rows) > 100


async def test_every_album_stays_in_stock_when_all_copies_are_bought(sandbox: str, connect: Connect) -> None:
    client = connect("")
    for _ in range(3):
        bought = await listings(client, sandbox, "needle-drop")
        for listing_id in bought:
            sale = await client.post(f"{sandbox}/sandbox/sales", json={"listing_id": listing_id})
            assert sale.status_code == 201
        left = await listings(client, sandbox, "needle-drop")
        assert not set(bought) & set(left)
        albums = {(row["release"] % 1000) for row in left.values()}
        assert albums == set(range(1, 46))


async def test_a_sold_copy_says_so_and_is_sold_once(sandbox: str, connect: Connect) -> None:
    client = connect("")
    listing_id, row = next(iter((await listings(client, sandbox, "second-spin")).items()))
    sale = await client.post(f"{sandbox}/sandbox/sales", json={"listing_id": listing_id})
    assert sale.json()["seller"] == "second-spin"
    assert float(sale.json()["price"]) == row["price"]["value"]
    seen = (await client.get(f"{sandbox}/discogs/marketplace/listings/{listing_id}")).json()
    assert seen["status"] == "Sold"
    assert (await client.post(f"{sandbox}/sandbox/sales", json={"listing_id": listing_id})).status_code == 404


async def test_a_copy_sold_by_time_says_so(sandbox: str, connect: Connect) -> None:
    client = connect("")
    before = await listings(client, sandbox, "second-spin")
    await client.post(f"{sandbox}/sandbox/clock", json={"advance_seconds": 2 * A_DAY})
    gone = set(before) - set(await listings(client, sandbox, "second-spin"))
    address = f"{sandbox}/discogs/marketplace/listings/{gone.pop()}"
    assert (await client.get(address)).json()["status"] == "Sold"


async def test_listings_are_not_from_the_future(sandbox: str, connect: Connect) -> None:
    client = connect("")
    now = datetime.fromisoformat((await client.get(f"{sandbox}/sandbox/clock")).json()["now"])
    rows = await listings(client, sandbox, "second-spin")
    ages = [now - datetime.fromisoformat(row["posted"]) for row in rows.values()]
    assert min(ages) >= timedelta(seconds=-1)
    assert max(ages) < timedelta(days=60)


async def test_time_only_moves_on(switches: httpx.AsyncClient) -> None:
    for bad in (-1, 1e12):
        assert (await switches.post("/sandbox/clock", json={"advance_seconds": bad})).status_code == 400
    assert (await switches.post("/sandbox/clock", json={"seconds": 1})).status_code == 400


async def test_a_reset_undoes_everything(sandbox: str, connect: Connect) -> None:
    client = connect("")
    before = await listings(client, sandbox, "second-spin")
    await client.post(f"{sandbox}/sandbox/sales", json={"listing_id": next(iter(before))})
    await client.post(f"{sandbox}/sandbox/clock", json={"advance_seconds": 9 * A_DAY})
    await client.put(f"{sandbox}/sandbox/faults", json={"provider": "discogs", "mode": "500"})
    await client.post(f"{sandbox}/sandbox/reset")
    assert await listings(client, sandbox, "second-spin") == before
