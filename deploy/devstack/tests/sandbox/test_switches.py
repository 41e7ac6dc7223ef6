"""What the sandbox says of itself."""

from collections.abc import Awaitable, Callable

import httpx

from vinyl_devstack.sandbox.market.exchange import DISCOGS_CURRENCIES

Connect = Callable[..., httpx.AsyncClient]
Start = Callable[..., Awaitable[str]]


async def test_it_says_what_it_is(switches: httpx.AsyncClient) -> None:
    said = (await switches.get("/sandbox")).json()
    assert "sandbox" in said["about"][0]
    assert said["discogs"]["token"] == "sandbox"
    assert said["catalogue"] == {"pressings": 81, "albums": 45}
    sellers = {each["username"]: each for each in said["sellers"]}
    for name, country in (("second-spin", "DE"), ("needle-drop", "US"), ("crate-digger", "GB")):
        assert sellers[name]["country"] == country
        assert sellers[name]["copies_for_sale"] > 100
    assert len({each["currency"] for each in said["sellers"]}) >= 5


async def test_it_is_alive(switches: httpx.AsyncClient) -> None:
    assert (await switches.get("/health/live")).status_code == 200
    assert (await switches.get("/health/ready")).status_code == 200


async def test_exchange_rates_are_against_the_euro(switches: httpx.AsyncClient) -> None:
    rates = (await switches.get("/fx/latest")).json()
    assert rates["EUR"] == 1
    assert set(DISCOGS_CURRENCIES) <= set(rates)


async def test_an_empty_catalogue_sells_nothing(start: Start, connect: Connect) -> None:
    client = connect(await start(dumps=()))
    page = (await client.get("/discogs/users/second-spin/inventory")).json()
    assert page["listings"] == []
    assert page["pagination"]["pages"] == 1


async def test_bad_switches_are_refused_with_reasons(switches: httpx.AsyncClient) -> None:
    answer = await switches.post("/sandbox/sales", json={"listing_id": "one"})
    assert answer.status_code == 400
    assert "detail" in answer.json()
    assert (await switches.post("/sandbox/sales", content=b"{")).status_code == 400
