"""The Discogs adapter over real HTTP."""

from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from vinyl_contracts.grades import Grade
from vinyl_search.domain.listing import FoundListing, Medium
from vinyl_search.domain.money import Amount
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import LIMIT_HEADER, REMAINING_HEADER, Discogs, request_headers
from vinyl_search.providers.faults import BadAnswer, NoSuchThing, Refused, Unreachable
from vinyl_search.providers.transport import Call, Transport

REAL = Path(__file__).parents[5] / "shared" / "real"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the folder of real data is not here")


@pytest.fixture
def discogs(http: httpx.AsyncClient, budget: Budget) -> Discogs:
    return Discogs(Transport(http, budget, LIMIT_HEADER, REMAINING_HEADER))


def row(number: int, **changes: object) -> dict:
    return {
        "id": number,
        "status": "For Sale",
        "condition": "Near Mint (NM or M-)",
        "sleeve_condition": "Generic",
        "ships_from": "Germany",
        "uri": f"https://market.example/{number}",
        "posted": "2026-01-01T00:00:00-08:00",
        "price": {"value": 10.5, "currency": "EUR"},
        "shipping_price": {},
        "seller": {"id": 7, "username": "Shop", "stats": {"rating": "99.8", "stars": 4.5, "total": 10}},
        "release": {
            "id": 40 + number,
            "artist": "Velvet Lantern",
            "title": "Harbour Songs",
            "format": "2xLP, Album",
            "year": 1971,
        },
        **changes,
    }


def inventory(rows: list[dict], items: int | None = None, pages: int = 1) -> bytes:
    total = len(rows) if items is None else items
    return msgspec.json.encode(
        {"pagination": {"page": 1, "pages": pages, "per_page": 100, "items": total}, "listings": rows}
    )


async def read_all(discogs: Discogs, call: Call) -> tuple[list[FoundListing], int, int]:
    """Everything readable, how many were seen, and how many there are."""
    found, seen, total = [], 0, 0
    async for page in discogs.read_inventory("shop", call):
        found += page.readable
        seen, total = seen + page.seen, page.total
    return found, seen, total


async def test_a_listing_in_our_own_terms(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(body=inventory([row(1)]))
    [[found], seen, total] = await read_all(discogs, call)
    assert (seen, total) == (1, 1)
    assert found == FoundListing(
        provider="discogs",
        provider_listing_id="1",
        title="Velvet Lantern - Harbour Songs (2xLP, Album)",
        artist="Velvet Lantern",
        album_title="Harbour Songs",
        format_words=("LP", "Album"),
        medium=Medium.VINYL,
        media_condition=Grade.NEAR_MINT,
        sleeve_condition=None,
        price=Amount(1050, "EUR"),
        stated_postage=None,
        ships_from="DE",
        url="https://market.example/1",
        discogs_release_id=41,
        seller_rating=99.8,
    )
    assert market.asked[0].path == "/users/shop/inventory"
    assert market.asked[0].query == {
        "page": "1",
        "per_page": "100",
        "status": "For Sale",
        "sort": "listed",
        "sort_order": "asc",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"shipping_price": {"value": 2.5, "currency": "EUR"}}, {"stated_postage": Amount(250, "EUR")}),
        (
            {"shipping_price": None, "sleeve_condition": None},
            {"stated_postage": None, "sleeve_condition": None},
        ),
        (
            {"price": {"value": 89.34117647058824, "currency": "USD"}},
            {"price": Amount(8934, "USD")},
        ),
        (
            {
                "price": {"value": 89.34117647058824, "currency": "USD"},
                "original_price": {"curr_abbr": "EUR", "curr_id": 3, "value": 75.94},
            },
            {"price": Amount(7594, "EUR")},
        ),
        ({"original_price": {"curr_abbr": "", "value": None}}, {"price": Amount(1050, "EUR")}),
        ({"price": {"value": 1500, "currency": "JPY"}}, {"price": Amount(1500, "JPY")}),
        ({"condition": "Very Good Plus (VG+)"}, {"media_condition": Grade.VERY_GOOD_PLUS}),
        ({"condition": "Not Graded"}, {"media_condition": None}),
        ({"ships_from": "UK & Europe"}, {"ships_from": None}),
        ({"seller": {"stats": {"rating": "N/A"}}}, {"seller_rating": None}),
        ({"seller": {"stats": {"rating": 99.5}}}, {"seller_rating": 99.5}),
        ({"seller": None}, {"seller_rating": None}),
        ({"uri": "javascript:alert(1)"}, {"url": "https://www.discogs.com/sell/item/1"}),
        (
            {"release": {"id": 9, "description": 'Max Sedgley - Slowly (12")'}},
            {
                "artist": "Max Sedgley",
                "album_title": "Slowly",
                "format_words": ('12"',),
                "medium": Medium.VINYL,
            },
        ),
        (
            {"release": {"id": 0, "artist": "A\u0000B\u202e", "title": "C"}},
            {"artist": "A B", "discogs_release_id": None},
        ),
        ({"release": {"id": 1, "artist": None, "title": "x" * 9000}}, {"album_title": "x" * 500}),
    ],
)
async def test_the_traps_of_a_listing(
    market, said, discogs: Discogs, call: Call, changes: dict, expected: dict
) -> None:
    market.answers = lambda _: said(body=inventory([row(1, **changes)]))
    [[found], _, _] = await read_all(discogs, call)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"price": None},
        {"price": {}},
        {"price": {"value": None, "currency": "EUR"}},
        {"price": {"value": -1, "currency": "EUR"}},
        {"price": {"value": 1, "currency": "???"}},
        {"status": "Sold"},
        {"id": -5},
    ],
)
async def test_what_cannot_be_bought_is_seen_but_not_kept(
    market, said, discogs: Discogs, call: Call, changes: dict
) -> None:
    market.answers = lambda _: said(body=inventory([row(1, **changes), row(2)]))
    found, seen, _ = await read_all(discogs, call)
    assert [each.provider_listing_id for each in found] == ["2"]
    assert seen == 2


async def test_one_unreadable_listing_costs_only_itself(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(
        body=inventory([row(1), {"id": "no number"}, row(2, price="gratis"), row(3), row(4)])
    )
    found, _, _ = await read_all(discogs, call)
    assert [each.provider_listing_id for each in found] == ["1", "3", "4"]


class Shelf:
    """A seller of `size` copies, as Discogs pages them; it may be asked to go wrong."""

    def __init__(self, said: Callable, size: int, deepest: int = 100) -> None:
        self._said = said
        self._rows = [row(1 + number) for number in range(size)]
        self._deepest = deepest

    def __call__(self, asked) -> object:
        page, size = int(asked.query["page"]), int(asked.query["per_page"])
        if page > self._deepest:
            return self._said(status=403, body=b'{"message": "Pagination above 100 disabled."}')
        rows = self._rows if asked.query["sort_order"] == "asc" else self._rows[::-1]
        shown = rows[(page - 1) * size : page * size]
        return self._said(body=inventory(shown, len(rows), pages=3))


async def test_every_page_is_read_whatever_pages_says(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = Shelf(said, 450)
    found, seen, total = await read_all(discogs, call)
    assert len(found) == len({each.provider_listing_id for each in found}) == seen == total == 450
    assert len(market.asked) == 5


async def test_beyond_the_deepest_page_the_newest_are_read_backwards(
    market, said, http: httpx.AsyncClient, budget: Budget, call: Call
) -> None:
    discogs = Discogs(Transport(http, budget), deepest_page=3)
    market.answers = Shelf(said, 520, deepest=3)
    found, seen, total = await read_all(discogs, call)
    assert len({each.provider_listing_id for each in found}) == seen == total == 520
    assert {asked.query["sort_order"] for asked in market.asked} == {"asc", "desc"}
    market.answers = Shelf(said, 900, deepest=3)
    found, seen, total = await read_all(discogs, call)
    assert (len(found), seen, total) == (600, 600, 900)


async def test_a_forbidden_page_ends_the_reading_early(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = Shelf(said, 900, deepest=2)
    _, seen, total = await read_all(discogs, call)
    assert (seen, total) == (400, 900)


async def test_copies_that_sell_while_they_are_read_end_it_quietly(
    market, said, discogs: Discogs, call: Call
) -> None:
    before, after = list(range(1, 251)), list(range(61, 251))

    def answer(asked) -> object:
        page, newest_first = int(asked.query["page"]), asked.query["sort_order"] == "desc"
        numbers = before if len(market.asked) <= 2 else sorted(after, reverse=newest_first)
        rows = [row(number) for number in numbers[(page - 1) * 100 : page * 100]]
        return said(body=inventory(rows, items=len(numbers))) if rows else said(status=404)

    market.answers = answer
    found, seen, total = await read_all(discogs, call)
    assert {int(each.provider_listing_id) for each in found} == set(before)
    assert (seen, total) == (250, 190)
    assert len(market.asked) == 5


async def test_an_empty_shop(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(body=inventory([]))
    assert await read_all(discogs, call) == ([], 0, 0)
    assert len(market.asked) == 1


async def test_a_market_that_repeats_itself_is_left(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(body=inventory([row(n) for n in range(1, 101)], items=10_000))
    _, seen, _ = await read_all(discogs, call)
    assert seen == 100
    assert len(market.asked) == 2


@pytest.mark.parametrize(
    ("status", "fault", "requests"),
    [(404, NoSuchThing, 1), (401, Refused, 1), (403, Refused, 1), (500, Unreachable, 3), (301, BadAnswer, 3)],
)
async def test_refusals_and_failures(
    market, said, discogs: Discogs, call: Call, status: int, fault: type[Exception], requests: int
) -> None:
    market.answers = lambda _: said(status=status, body=b'{"message": "no"}')
    with pytest.raises(fault):
        await read_all(discogs, call)
    assert len(market.asked) == requests


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"[]",
        b'{"pagination": {"items": 5}}',
        b'{"pagination": {"page": 1, "items": ',
        b'{"pagination": {"items": "many"}, "listings": []}',
        b"[" * 100_000,
        b"\xff\xfe",
        inventory([{"id": "x"}, {"id": "y"}, row(3)]),
    ],
)
async def test_rubbish_is_a_bad_answer(market, said, discogs: Discogs, call: Call, body: bytes) -> None:
    market.answers = lambda _: said(body=body)
    with pytest.raises(BadAnswer):
        await read_all(discogs, call)


async def test_what_passes_is_asked_again(market, said, discogs: Discogs, call: Call) -> None:
    trouble = iter([said(status=502), said(body=b"", breaks_off=True), said(body=inventory([row(1)]))])
    market.answers = lambda _: next(trouble)
    found, _, _ = await read_all(discogs, call)
    assert len(found) == 1
    assert len(market.asked) == 3


async def test_slowness_has_an_end(market, said, discogs: Discogs, call: Call) -> None:
    impatient = msgspec.structs.replace(
        call, patience=msgspec.structs.replace(call.patience, answer_seconds=0.1, attempts=2)
    )
    market.answers = lambda _: said(body=inventory([row(1)]), after_seconds=1.0)
    with pytest.raises(Unreachable):
        await read_all(discogs, impatient)


async def test_an_endless_answer_has_an_end(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(body=b" " * (8 * 1024 * 1024 + 10))
    once = msgspec.structs.replace(call, patience=msgspec.structs.replace(call.patience, attempts=1))
    with pytest.raises(BadAnswer):
        await read_all(discogs, once)


async def test_nobody_listening_is_unreachable(budget: Budget, call: Call) -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as nowhere:
        with pytest.raises(Unreachable):
            await read_all(Discogs(Transport(nowhere, budget)), call)


async def test_who_asks(market, said, budget: Budget, call: Call) -> None:
    headers = request_headers("secret", "Vinylhound/0.1 (tests)")
    async with httpx.AsyncClient(base_url=market.url, headers=headers) as client:
        market.answers = lambda _: said(body=b'{"id": 1, "username": "ada", "consumer_name": "x"}')
        assert await Discogs(Transport(client, budget)).identify(call) == "ada"
    assert market.asked[0].path == "/oauth/identity"
    assert market.asked[0].headers["authorization"] == "Discogs token=secret"
    assert market.asked[0].headers["user-agent"] == "Vinylhound/0.1 (tests)"
    assert "Authorization" not in request_headers("", "x")


async def test_odd_usernames_stay_one_segment(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(body=inventory([]))
    async for _ in discogs.read_inventory("a/b c?d", call):
        pass
    assert market.asked[0].path == "/users/a%2Fb%20c%3Fd/inventory"


@needs_real
@pytest.mark.parametrize(
    ("file", "seen", "currency"),
    [
        ("discogs_recorded/get_inventory.json", 50, "USD"),
        ("discogs_docshapes/marketplace__GetInventoryResponse.json", 2, "USD"),
    ],
)
async def test_real_inventories(
    market, said, discogs: Discogs, call: Call, file: str, seen: int, currency: str
) -> None:
    market.answers = lambda _: said(body=(REAL / file).read_bytes())
    pages = [page async for page in discogs.read_inventory("x", call)]
    found = [each for page in pages for each in page.readable]
    assert len(found) == seen
    assert {each.price.currency for each in found} == {currency}
    assert {each.ships_from for each in found} == {"US"}
    assert all(each.artist and each.album_title and each.discogs_release_id for each in found)
    assert all(each.media_condition for each in found)


@needs_real
async def test_real_listings(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(
        body=(REAL / "discogs_docshapes/marketplace__GetListingResponse.json").read_bytes()
    )
    found = await discogs.read_listing(1265949252, call)
    assert found is not None
    assert (found.price, found.ships_from, found.seller_rating) == (Amount(7594, "EUR"), "DE", 99.8)
    assert found.medium is Medium.VINYL
    market.answers = lambda _: said(body=(REAL / "discogs_recorded/get_listing.json").read_bytes())
    found = await discogs.read_listing(172723812, call)
    assert found is not None
    assert (found.price, found.stated_postage) == (Amount(12000, "USD"), Amount(250, "USD"))
    assert (found.artist, found.format_words) == ("LCD Soundsystem", ("LP", "Box"))


@needs_real
async def test_real_statistics_suggestions_and_identity(market, said, discogs: Discogs, call: Call) -> None:
    shapes = REAL / "discogs_docshapes"
    market.answers = lambda _: said(
        body=(shapes / "marketplace__GetReleaseStatisticsResponse.json").read_bytes()
    )
    statistics = await discogs.read_statistics(1, call)
    assert (statistics.lowest_price, statistics.num_for_sale) == (Amount(699, "USD"), 23)
    market.answers = lambda _: said(
        body=(shapes / "marketplace__GetPriceSuggestionsResponse.json").read_bytes()
    )
    suggested = await discogs.suggest_prices(1, call)
    assert suggested[Grade.NEAR_MINT] == Amount(1299, "USD")
    assert len(suggested) == 6
    market.answers = lambda _: said(body=(REAL / "discogs_recorded/get_oauth_identity.json").read_bytes())
    assert await discogs.identify(call) == "R-Search"


async def test_statistics_may_know_nothing(market, said, discogs: Discogs, call: Call) -> None:
    market.answers = lambda _: said(
        body=b'{"lowest_price": null, "num_for_sale": null, "blocked_from_sale": false}'
    )
    statistics = await discogs.read_statistics(1, call)
    assert (statistics.lowest_price, statistics.num_for_sale) == (None, None)
