"""eBay's Browse API and token endpoint on the sandbox."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

Connect = Callable[..., httpx.AsyncClient]

SEARCH = "/buy/browse/v1/item_summary/search"
TOKEN = "/identity/v1/oauth2/token"
FORM = {"grant_type": "client_credentials", "scope": "https://api.ebay.com/oauth/api_scope"}
KEYS = ("sandbox", "sandbox")
ANY_WAY = "buyingOptions:{FIXED_PRICE|AUCTION}"


async def found(ebay: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await ebay.get(SEARCH, params={"q": "quiet", "limit": "200", **query})
    items: list[dict[str, Any]] = answer.raise_for_status().json().get("itemSummaries", [])
    return items


async def test_a_token_lasts_two_hours(sandbox: str, connect: Connect) -> None:
    client = connect(f"{sandbox}/ebay")
    token = (await client.post(TOKEN, data=FORM, auth=KEYS)).json()
    assert token["expires_in"] == 7200
    assert token["token_type"] == "Application Access Token"


@pytest.mark.parametrize(
    ("form", "keys", "status", "error"),
    [
        (FORM, ("sandbox", "wrong"), 401, "invalid_client"),
        (FORM, ("", ""), 401, "invalid_client"),
        ({**FORM, "grant_type": "password"}, KEYS, 400, "unsupported_grant_type"),
        ({**FORM, "scope": "all"}, KEYS, 400, "invalid_scope"),
    ],
)
async def test_bad_token_requests(
    sandbox: str,
    connect: Connect,
    form: dict[str, str],
    keys: tuple[str, str],
    status: int,
    error: str,
) -> None:
    client = connect(f"{sandbox}/ebay")
    answer = await client.post(TOKEN, data=form, auth=keys)
    assert answer.status_code == status
    assert answer.json()["error"] == error


@pytest.mark.parametrize("authorization", ["", "Bearer v^1.1#unknown", "Basic abc"])
async def test_calls_need_a_token(ebay: httpx.AsyncClient, authorization: str) -> None:
    ebay.headers["Authorization"] = authorization
    answer = await ebay.get(f"{SEARCH}?q=quiet")
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["errorId"] == 1001


async def test_search_pages(ebay: httpx.AsyncClient) -> None:
    page = (await ebay.get(f"{SEARCH}?q=quiet&limit=20")).json()
    assert (page["limit"], page["offset"], len(page["itemSummaries"])) == (20, 0, 20)
    assert page["total"] >= 45
    seen = []
    while True:
        seen += [item["itemId"] for item in page["itemSummaries"]]
        if "next" not in page:
            break
        page = (await ebay.get(page["next"])).json()
    assert len(seen) == len(set(seen)) == page["total"]
    assert "prev" in page


async def test_nothing_found_has_no_items(ebay: httpx.AsyncClient) -> None:
    answer = (await ebay.get(f"{SEARCH}?q=unheardof")).json()
    assert answer["total"] == 0
    assert "itemSummaries" not in answer


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("limit=5", 12001),
        ("q=x&limit=0", 12006),
        ("q=x&limit=201", 12006),
        ("q=x&limit=ten", 12007),
        ("q=x&offset=-1", 12004),
        ("q=x&offset=one", 12005),
        ("q=x&offset=10000", 12029),
    ],
)
async def test_bad_requests_have_ebays_numbers(ebay: httpx.AsyncClient, query: str, number: int) -> None:
    answer = await ebay.get(f"{SEARCH}?{query}")
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["errorId"], error["domain"], error["category"]) == (number, "API_BROWSE", "REQUEST")


async def test_without_buying_options_only_fixed_prices_come(ebay: httpx.AsyncClient) -> None:
    fixed, every = await found(ebay), await found(ebay, filter=ANY_WAY)
    auctions = await found(ebay, filter="buyingOptions:{AUCTION}")
    assert all("FIXED_PRICE" in item["buyingOptions"] for item in fixed)
    assert auctions
    assert all(item["buyingOptions"] == ["AUCTION"] for item in auctions)
    assert {"bidCount", "currentBidPrice", "itemEndDate"} <= set(auctions[0])
    assert len(every) == len(fixed) + len(auctions)


async def test_price_filter_and_sort(ebay: httpx.AsyncClient) -> None:
    query = {"filter": "price:[5..15],priceCurrency:USD", "sort": "price"}
    prices = [Decimal(item["price"]["value"]) for item in await found(ebay, **query)]
    assert prices
    assert prices == sorted(prices)
    assert all(5 <= price <= 15 for price in prices)
    dear = [item["price"]["value"] for item in await found(ebay, filter="price:[15..],priceCurrency:USD")]
    assert dear
    assert all(Decimal(price) >= 15 for price in dear)
    down = [Decimal(item["price"]["value"]) for item in await found(ebay, sort="-price")]
    assert down == sorted(down, reverse=True)


async def test_newest_first(ebay: httpx.AsyncClient) -> None:
    dates = [item["itemCreationDate"] for item in await found(ebay, sort="newlyListed")]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("sellers:{attic_wax_us}", lambda item: item["seller"]["username"] == "attic_wax_us"),
        ("itemLocationCountry:GB", lambda item: item["itemLocation"]["country"] == "GB"),
        ("conditionIds:{4000|5000}", lambda item: item["conditionId"] in ("4000", "5000")),
        ("conditions:{NEW}", lambda item: item["conditionId"] == "1000"),
        ("deliveryCountry:GB", lambda item: item["seller"]["username"] != "garage.sale.vinyl"),
        ("excludeSellers:{attic_wax_us}", lambda item: item["seller"]["username"] != "attic_wax_us"),
    ],
)
async def test_filters(ebay: httpx.AsyncClient, text: str, holds: Callable[[dict[str, Any]], bool]) -> None:
    every = await found(ebay, filter=ANY_WAY)
    some = await found(ebay, filter=f"{text},{ANY_WAY}")
    assert [item["itemId"] for item in some] == [item["itemId"] for item in every if holds(item)]
    assert 0 < len(some) < len(every)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("filter=price:[5..15]", 12012),
        ("filter=priceCurrency:USD", 12012),
        ("filter=colour:red", 12002),
        ("filter=buyingOptions:{SWAP}", 12002),
        ("filter=nonsense", 12002),
        ("sort=colour", 12008),
    ],
)
async def test_what_is_not_understood_is_a_warning(ebay: httpx.AsyncClient, query: str, number: int) -> None:
    answer = (await ebay.get(f"{SEARCH}?q=quiet&{query}")).json()
    assert answer["itemSummaries"]
    assert number in [warning["errorId"] for warning in answer["warnings"]]


async def test_words_alternatives_categories_and_gtin(ebay: httpx.AsyncClient) -> None:
    by_words = await found(ebay, q="etudes 1007")
    assert by_words
    assert {item["itemId"] for item in by_words} == {
        item["itemId"] for item in await found(ebay, q="", gtin="7314 1007 2")
    }
    either = await found(ebay, q="(tin 1007, tin 1008)")
    assert len(either) > len(by_words)
    records, discs = await found(ebay, category_ids="176985"), await found(ebay, category_ids="176984")
    assert records
    assert discs
    assert len(records) + len(discs) == len(await found(ebay))
    assert await found(ebay, category_ids="999") == []


async def test_money_follows_the_marketplace(ebay: httpx.AsyncClient) -> None:
    [item, *_] = await found(ebay, filter="itemLocationCountry:US")
    assert item["price"]["currency"] == "USD"
    assert "convertedFromValue" not in item["price"]
    ebay.headers["X-EBAY-C-MARKETPLACE-ID"] = "EBAY_DE"
    [seen, *_] = await found(ebay, filter="itemLocationCountry:US")
    assert seen["itemId"] == item["itemId"]
    assert seen["listingMarketplaceId"] == "EBAY_DE"
    assert seen["price"]["currency"] == "EUR"
    assert seen["price"]["convertedFromValue"] == item["price"]["value"]
    ebay.headers["X-EBAY-C-MARKETPLACE-ID"] = "EBAY_MARS"
    assert (await ebay.get(f"{SEARCH}?q=x")).json()["errors"][0]["errorId"] == 12019


async def test_postage_depends_on_the_reader(ebay: httpx.AsyncClient) -> None:
    query = {"filter": "sellers:{attic_wax_us}"}
    at_home = (await found(ebay, **query))[0]["shippingOptions"][0]["shippingCost"]["value"]
    ebay.headers["X-EBAY-C-ENDUSERCTX"] = "contextualLocation=country%3DDE%2Czip%3D04109"
    abroad = (await found(ebay, **query))[0]["shippingOptions"][0]["shippingCost"]["value"]
    assert (at_home, abroad) == ("5.95", "26.00")


async def test_one_item(ebay: httpx.AsyncClient) -> None:
    [summary, *_] = await found(ebay)
    item = (await ebay.get(summary["itemHref"])).json()
    for field in ("itemId", "title", "price", "seller", "conditionId", "buyingOptions", "legacyItemId"):
        assert item[field] == summary[field]
    aspects = {aspect["name"]: aspect["value"] for aspect in item["localizedAspects"]}
    assert aspects["Artist"] == "Quiet Engine"
    assert summary["title"] in (await ebay.get(summary["itemWebUrl"])).text


@pytest.mark.parametrize("item_id", ["v1|1|0", "nonsense"])
async def test_an_unknown_item(ebay: httpx.AsyncClient, item_id: str) -> None:
    answer = await ebay.get(f"/buy/browse/v1/item/{item_id}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["errorId"] == 11001


async def test_a_sold_item_is_gone(ebay: httpx.AsyncClient, switches: httpx.AsyncClient) -> None:
    [item, *_] = await found(ebay, filter="itemLocationCountry:US")
    sale = await switches.post("/sandbox/sales", json={"listing_id": int(item["legacyItemId"])})
    assert sale.json()["price"] == item["price"]["value"]
    assert (await ebay.get(item["itemHref"])).status_code == 404
    assert item["itemId"] not in {each["itemId"] for each in await found(ebay)}
