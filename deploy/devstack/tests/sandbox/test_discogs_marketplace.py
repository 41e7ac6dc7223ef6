"""Inventories, listings and prices on the sandbox's Discogs."""

from typing import Any

import httpx
import pytest

from vinyl_devstack.sandbox.market.grades import MEDIA

MAIN = ("second-spin", "needle-drop", "crate-digger")


async def whole_inventory(discogs: httpx.AsyncClient, seller: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    url: str | None = f"/users/{seller}/inventory?per_page=100&sort=price"
    while url:
        page = (await discogs.get(url)).raise_for_status().json()
        rows += page["listings"]
        url = page["pagination"]["urls"].get("next")
    return rows


@pytest.mark.parametrize(
    ("seller", "currency"), [("second-spin", "EUR"), ("needle-drop", "USD"), ("crate-digger", "GBP")]
)
async def test_a_main_seller_has_many_copies_in_several_grades(
    discogs: httpx.AsyncClient, seller: str, currency: str
) -> None:
    rows = await whole_inventory(discogs, seller)
    assert len(rows) > 100
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["price"]["currency"] for row in rows} == {currency}
    grades = {row["condition"] for row in rows}
    assert len(grades) >= 4
    assert grades <= set(MEDIA)


@pytest.mark.parametrize("seller", MAIN)
async def test_a_main_seller_has_every_album(discogs: httpx.AsyncClient, seller: str) -> None:
    rows = await whole_inventory(discogs, seller)
    assert {row["release"]["title"] for row in rows} == {f"Études No. {album}" for album in range(1, 46)}


async def test_pages_cover_the_inventory_once(discogs: httpx.AsyncClient) -> None:
    first = (await discogs.get("/users/second-spin/inventory?per_page=30")).json()["pagination"]
    assert first["page"] == 1
    assert first["per_page"] == 30
    assert first["pages"] == -(-first["items"] // 30)
    assert set(first["urls"]) == {"next", "last"}
    last = (await discogs.get(first["urls"]["last"])).json()
    assert set(last["pagination"]["urls"]) == {"first", "prev"}
    assert len(last["listings"]) == first["items"] - 30 * (first["pages"] - 1)


async def test_per_page_stops_at_a_hundred(discogs: httpx.AsyncClient) -> None:
    page = (await discogs.get("/users/second-spin/inventory?per_page=500")).json()
    assert page["pagination"]["per_page"] == 100
    assert len(page["listings"]) == 100


async def test_pages_beyond_a_hundred_are_the_owners(discogs: httpx.AsyncClient) -> None:
    path = "/users/second-spin/inventory?per_page=1&page=101"
    assert (await discogs.get(path)).status_code == 403
    mine = {"Authorization": "Discogs token=sandbox:second-spin"}
    assert (await discogs.get(path, headers=mine)).status_code == 200


async def test_a_page_that_is_not_there(discogs: httpx.AsyncClient) -> None:
    answer = await discogs.get("/users/second-spin/inventory?page=99")
    assert answer.status_code == 404
    assert "message" in answer.json()


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("price", lambda row: row["price"]["value"]),
        ("listed", lambda row: row["posted"]),
        ("artist", lambda row: row["release"]["artist"]),
        ("catno", lambda row: row["release"]["catalog_number"]),
    ],
)
async def test_sorts(discogs: httpx.AsyncClient, sort: str, key: object) -> None:
    for order, descending in (("asc", False), ("desc", True)):
        path = f"/users/needle-drop/inventory?per_page=100&sort={sort}&sort_order={order}"
        rows = (await discogs.get(path)).json()["listings"]
        values = [key(row) for row in rows]  # type: ignore[operator]
        assert values == sorted(values, reverse=descending)


@pytest.mark.parametrize("query", ["sort=colour", "sort_order=up", "page=one", "per_page=0"])
async def test_bad_values_are_named(discogs: httpx.AsyncClient, query: str) -> None:
    answer = await discogs.get(f"/users/second-spin/inventory?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]


async def test_one_listing_is_the_row_of_the_inventory(discogs: httpx.AsyncClient) -> None:
    [row] = (await discogs.get("/users/crate-digger/inventory?per_page=1")).json()["listings"]
    assert (await discogs.get(row["resource_url"])).json() == row


async def test_a_listing_in_another_currency(discogs: httpx.AsyncClient) -> None:
    [row] = (await discogs.get("/users/second-spin/inventory?per_page=1")).json()["listings"]
    seen = (await discogs.get(row["resource_url"], params={"curr_abbr": "USD"})).json()
    assert seen["price"] == {"value": pytest.approx(row["price"]["value"] * 1.08), "currency": "USD"}
    assert seen["original_price"]["curr_abbr"] == "EUR"
    assert seen["original_price"]["value"] == row["price"]["value"]
    assert seen["original_price"]["converted"]["curr_abbr"] == "USD"


async def test_statistics_count_what_the_sellers_have(discogs: httpx.AsyncClient) -> None:
    stats = (await discogs.get("/marketplace/stats/1001?curr_abbr=EUR")).json()
    assert stats["num_for_sale"] >= 3
    euros = [
        row["price"]["value"]
        for row in await whole_inventory(discogs, "second-spin")
        if row["release"]["id"] == 1001
    ]
    assert 0 < stats["lowest_price"]["value"] <= min(euros)


async def test_price_suggestions_fall_with_the_grade(discogs: httpx.AsyncClient) -> None:
    suggestions = (await discogs.get("/marketplace/price_suggestions/1001")).json()
    values = [suggestions[grade]["value"] for grade in MEDIA]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


async def test_there_is_no_way_from_a_release_to_its_listings(discogs: httpx.AsyncClient) -> None:
    assert (await discogs.get("/marketplace/listings?release_id=1001")).status_code == 405
    assert (await discogs.get("/marketplace/search?q=x")).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/marketplace/listings/1",
        "/marketplace/stats/1",
        "/marketplace/price_suggestions/1",
        "/users/nobody-here/inventory",
        "/releases/1",
        "/masters/1",
        "/artists/1111",
        "/no/such/route",
    ],
)
async def test_what_is_not_there_is_a_404_with_a_message(discogs: httpx.AsyncClient, path: str) -> None:
    answer = await discogs.get(path)
    assert answer.status_code == 404
    assert list(answer.json()) == ["message"]


async def test_people_can_follow_a_listing(discogs: httpx.AsyncClient) -> None:
    [row] = (await discogs.get("/users/second-spin/inventory?per_page=1")).json()["listings"]
    page = await discogs.get(row["uri"])
    assert page.headers["content-type"].startswith("text/plain")
    assert row["release"]["description"] in page.text
