"""The eBay adapter over real HTTP."""

import base64
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from vinyl_search.domain.listing import FoundListing
from vinyl_search.domain.money import Amount
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.ebay import Ebay
from vinyl_search.providers.ebay_token import EbayToken
from vinyl_search.providers.faults import BadAnswer, Refused, Unreachable
from vinyl_search.providers.transport import Call, Transport

REAL = Path(__file__).parents[5] / "shared" / "real" / "ebay"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the folder of real data is not here")
TOKEN = b'{"access_token": "t-%d", "expires_in": 7200, "token_type": "Application Access Token"}'


class Counter:
    """eBay: mints numbered tokens, and answers searches with `pages`, in order."""

    def __init__(self, said, *pages: bytes, expires_in: int = 7200) -> None:
        self._said, self._pages, self._expires_in = said, list(pages), expires_in
        self.minted = 0
        self.accepted: set[str] | None = None

    def __call__(self, asked) -> object:
        if asked.path == "/identity/v1/oauth2/token":
            self.minted += 1
            body = {"access_token": f"t-{self.minted}", "expires_in": self._expires_in}
            return self._said(body=msgspec.json.encode(body))
        if self.accepted is not None and asked.headers["authorization"] not in self.accepted:
            return self._said(status=401, body=b'{"errors": [{"errorId": 1001}]}')
        return self._said(body=self._pages.pop(0) if len(self._pages) > 1 else self._pages[0])


@pytest.fixture
def ebay(http: httpx.AsyncClient, budget: Budget) -> Ebay:
    return Ebay(Transport(http, budget), EbayToken(http, "key", "secret"), "EBAY_DE")


def item(number: int, **changes: object) -> dict:
    return {
        "itemId": f"v1|{number}|0",
        "title": "Velvet Lantern Harbour Songs LP",
        "price": {"value": "12.50", "currency": "EUR"},
        "itemLocation": {"country": "DE"},
        "itemWebUrl": f"https://market.example/itm/{number}",
        "seller": {"username": "somebody", "feedbackScore": 5},
        "buyingOptions": ["FIXED_PRICE"],
        **changes,
    }


def page(items: list[dict], total: int | None = None) -> bytes:
    return msgspec.json.encode({"total": len(items) if total is None else total, "itemSummaries": items})


async def search(ebay: Ebay, call: Call, ships_to: str | None = "DE") -> tuple[list[FoundListing], int, int]:
    found, seen, total = [], 0, 0
    async for each in ebay.search("velvet lantern harbour songs", ships_to, call):
        found += each.readable
        seen, total = seen + each.seen, each.total
    return found, seen, total


async def test_how_it_is_asked(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = Counter(said, page([item(1)]))
    await search(ebay, call)
    mint, asked = market.asked
    assert mint.method == "POST"
    assert mint.headers["authorization"] == f"Basic {base64.b64encode(b'key:secret').decode()}"
    form = parse_qs(mint.body.decode())
    assert form == {
        "grant_type": ["client_credentials"],
        "scope": ["https://api.ebay.com/oauth/api_scope"],
    }
    assert asked.path == "/buy/browse/v1/item_summary/search"
    assert asked.query == {
        "q": "velvet lantern harbour songs",
        "category_ids": "176985",
        "filter": "buyingOptions:{FIXED_PRICE|AUCTION},deliveryCountry:DE",
        "sort": "price",
        "limit": "200",
        "offset": "0",
    }
    assert asked.headers["authorization"] == "Bearer t-1"
    assert asked.headers["x-ebay-c-marketplace-id"] == "EBAY_DE"
    assert asked.headers["x-ebay-c-enduserctx"] == "contextualLocation=country%3DDE"


async def test_one_token_serves_many_searches(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = counter = Counter(said, page([item(1)]))
    for _ in range(3):
        await search(ebay, call, None)
    assert counter.minted == 1
    assert "x-ebay-c-enduserctx" not in market.asked[-1].headers


async def test_a_token_near_its_end_is_replaced(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = counter = Counter(said, page([item(1)]), expires_in=60)
    for _ in range(2):
        await search(ebay, call)
    assert counter.minted == 2


async def test_a_token_refused_early_is_replaced_once(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = counter = Counter(said, page([item(1)]))
    await search(ebay, call)
    counter.accepted = {"Bearer t-2"}
    found, _, _ = await search(ebay, call)
    assert len(found) == 1
    counter.accepted = set()
    with pytest.raises(Refused):
        await search(ebay, call)
    assert counter.minted == 3


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (401, b'{"error": "invalid_client"}', Refused),
        (500, b"", Unreachable),
        (200, b"<html>", BadAnswer),
        (200, b'{"access_token": "x"}', BadAnswer),
    ],
)
async def test_no_token_no_search(
    market, said, ebay: Ebay, call: Call, status: int, body: bytes, fault: type[Exception]
) -> None:
    market.answers = lambda _: said(status=status, body=body)
    with pytest.raises(fault):
        await search(ebay, call)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"price": Amount(1250, "EUR"), "ships_from": "DE", "stated_postage": None}),
        (
            {
                "price": {
                    "value": "0.75",
                    "currency": "USD",
                    "convertedFromValue": "0.99",
                    "convertedFromCurrency": "CAD",
                }
            },
            {"price": Amount(99, "CAD")},
        ),
        (
            {"price": None, "currentBidPrice": {"value": "3.00", "currency": "EUR"}, "bidCount": 2},
            {"price": Amount(300, "EUR")},
        ),
        (
            {
                "shippingOptions": [
                    {"shippingCost": {"value": "9.00", "currency": "EUR"}},
                    {"shippingCost": {"value": "5.00", "currency": "EUR"}},
                ]
            },
            {"stated_postage": Amount(500, "EUR")},
        ),
        ({"shippingOptions": [{"shippingCostType": "CALCULATED"}]}, {"stated_postage": None}),
        ({"itemLocation": {"country": "ZZ"}}, {"ships_from": None}),
        ({"itemLocation": None}, {"ships_from": None}),
        ({"title": "A\u0000  B"}, {"title": "A B"}),
    ],
)
async def test_an_item_in_our_own_terms(
    market, said, ebay: Ebay, call: Call, changes: dict, expected: dict
) -> None:
    market.answers = Counter(said, page([item(1, **changes)]))
    [found], _, _ = await search(ebay, call)
    assert {name: getattr(found, name) for name in expected} == expected
    assert b"somebody" not in msgspec.json.encode(found), "who sells may not be kept"


async def test_items_without_a_price_are_seen_but_not_kept(market, said, ebay: Ebay, call: Call) -> None:
    bare = {"itemId": "v1|9|0", "title": "bare", "leafCategoryIds": ["1"]}
    market.answers = Counter(said, page([bare, bare, item(2)]))
    found, seen, _ = await search(ebay, call)
    assert [each.provider_listing_id for each in found] == ["v1|2|0"]
    assert seen == 2


async def test_nothing_found_has_no_list(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = Counter(said, b'{"href": "x", "total": 0, "limit": 200, "offset": 0}')
    assert await search(ebay, call) == ([], 0, 0)


async def test_pages_follow_until_the_end(market, said, ebay: Ebay, call: Call) -> None:
    pages = [page([item(200 * part + n) for n in range(200)], 450) for part in range(2)]
    market.answers = Counter(said, *pages, page([item(400 + n) for n in range(50)], 450))
    found, seen, total = await search(ebay, call)
    assert (len(found), seen, total) == (450, 450, 450)
    assert [asked.query["offset"] for asked in market.asked[1:]] == ["0", "200", "400"]


@needs_real
async def test_a_real_search(market, said, ebay: Ebay, call: Call) -> None:
    market.answers = Counter(said, (REAL / "search_sample_response_100.json").read_bytes(), page([]))
    found, seen, total = await search(ebay, call)
    assert (len(found), seen) == (100, 100)
    assert total in (0, 7206380)
    assert all(each.price.minor > 0 and each.url.startswith("https://") for each in found)


@needs_real
@pytest.mark.parametrize("number", [1, 2, 3])
async def test_real_pages(market, said, ebay: Ebay, call: Call, number: int) -> None:
    body = (REAL / f"mock-search-paged-response-{number}.json").read_bytes()
    market.answers = Counter(said, body, page([]))
    found, seen, _ = await search(ebay, call)
    assert len(found) <= seen <= 3
