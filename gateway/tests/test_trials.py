"""Another version of a service: as a canary it answers a share of people, as a shadow nobody."""

import asyncio
import logging
import time
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest

from vinyl_chassis.settings import BadSettings, load
from vinyl_gateway.settings import Settings
from vinyl_gateway.upstream.breaker import FEWEST_OUTCOMES
from vinyl_gateway.upstream.canary import Asker
from vinyl_gateway.upstream.shadow import MOST_AT_ONCE

SEARCH = "/api/v1/search?q=a"
ALBUM = "/api/v1/albums/0190"
WANTS = "/api/v1/wants"
AS_SHADOW = 'vinyl_gateway_shadow_seconds_count{of="shadow",service="catalog",status="507"} 2.0'
PEOPLE = [f"listener-{number}" for number in range(60)]


@pytest.fixture
async def other(services: Any) -> Any:
    """Another version of whichever service."""
    another = type(services["catalog"])()
    await another.start()
    yield another
    await another.stop()


async def until(happened: Any) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.01)


async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


def test_a_share_is_that_share_of_people_and_who_was_in_it_stays_in_a_larger_one() -> None:
    people = [Asker(b"%d" % number, set()) for number in range(20_000)]
    few = {asker.who for asker in people if asker.is_among(5)}
    more = {asker.who for asker in people if asker.is_among(12.5)}
    assert 0.04 < len(few) / len(people) < 0.06
    assert 0.115 < len(more) / len(people) < 0.135
    assert few < more
    assert not any(asker.is_among(0) for asker in people)
    assert all(asker.is_among(100) for asker in people)


async def test_a_listener_stays_on_one_side(gateways: Any, services: Any, other: Any, token_for: Any) -> None:
    address = await gateways(user_canary_url=other.url, user_canary_percent=30)
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(3):
            for name in PEOPLE:
                said = await client.get(WANTS, headers={"Authorization": f"Bearer {token_for(name)}"})
                assert said.status_code == 200
    sides = [
        {name for request in service.received if (name := request.header("authorization"))}
        for service in (services["user"], other)
    ]
    assert len(sides[1]) < len(sides[0])
    assert len(services["user"].received) + len(other.received) == 3 * len(PEOPLE)
    assert len(other.received) % 3 == 0
    assert 3 * 6 < len(other.received) < 3 * 32


async def test_who_is_signed_out_stays_on_one_side_by_their_address(
    gateways: Any, catalog: Any, other: Any
) -> None:
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=50)
    for _ in range(10):
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get(SEARCH)).status_code == 200
    assert {len(catalog.received), len(other.received)} == {0, 10}


async def test_what_is_shown_to_everybody_is_never_a_canarys(
    gateways: Any, catalog: Any, other: Any, token_for: Any
) -> None:
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    bearer = {"Authorization": f"Bearer {token_for('ada')}"}
    async with httpx.AsyncClient(base_url=address) as client:
        await client.get(ALBUM)
        await client.get("/api/v1/albums")
        assert [request.target for request in catalog.received] == [ALBUM, "/api/v1/albums"]
        await client.get("/api/v1/albums", headers=bearer)
        await client.post("/api/v1/products", headers=bearer, json={})
    assert [request.target for request in other.received] == ["/api/v1/albums", "/api/v1/products"]


async def test_a_pages_parts_are_of_the_side_of_who_reads_it(
    gateways: Any, catalog: Any, rating: Any, services: Any, other: Any, token_for: Any
) -> None:
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    bearer = {"Authorization": f"Bearer {token_for('ada')}"}
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/api/v1/pages/home", headers=bearer)).status_code == 200
    assert other.received
    assert not [request for request in catalog.received if request.header("authorization")]


async def test_a_canary_that_is_away_costs_nobody_anything(gateways: Any, catalog: Any, other: Any) -> None:
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        await client.get(SEARCH)
        await other.stop()
        for _ in range(2 * FEWEST_OUTCOMES):
            assert (await client.get(SEARCH)).status_code == 200
    assert len(catalog.received) == 2 * FEWEST_OUTCOMES


async def test_a_canary_that_breaks_every_connection_is_left_alone(
    gateways: Any, catalog: Any, other: Any
) -> None:
    async def close(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.close()

    other.answer = close
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(FEWEST_OUTCOMES):
            assert (await client.get(SEARCH)).status_code == 200
        assert len(other.received) == FEWEST_OUTCOMES
        for _ in range(20):
            assert (await client.get(SEARCH)).status_code == 200
        assert len(other.received) == FEWEST_OUTCOMES


async def test_health_says_whether_the_canary_is_asked(gateways: Any, catalog: Any, other: Any) -> None:
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(3):
            await client.get(SEARCH)
        said = (await client.get("/health")).json()
        asked = {"asked": 3, "left_alone": 0, "overloaded": 0}
        assert said["canaries"] == {"catalog": {"percent": 100.0, "state": "asked", "requests": asked}}
        await other.stop()
        for _ in range(FEWEST_OUTCOMES):
            await client.get(SEARCH)
        await asyncio.sleep(0.6)
        said = (await client.get("/health")).json()
        assert (said["status"], said["canaries"]["catalog"]["state"]) == ("ready", "left_alone")
        assert said["canaries"]["catalog"]["requests"]["left_alone"] > 0


async def test_what_a_canary_answers_is_counted_apart(
    gateways: Any, catalog: Any, other: Any, write_reply: Any
) -> None:
    async def refuse(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("423 Locked", {"Content-Type": "application/problem+json"}, b"{}"))

    other.answer = catalog.answer = refuse
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        for path in (SEARCH, SEARCH, ALBUM):
            assert (await client.get(path)).status_code == 423
        shown = (await client.get("/metrics")).text
    of_search = 'method="GET",route="/api/v1/search",service="catalog",status="423"'
    counted = [
        line for line in shown.splitlines() if "canary_seconds_count" in line and 'status="423"' in line
    ]
    assert counted == [f"vinyl_gateway_canary_seconds_count{{{of_search}}} 2.0"]


async def test_the_access_log_says_who_answered_and_the_client_is_not_told(
    gateways: Any, catalog: Any, other: Any, caplog: Any, capsys: Any
) -> None:
    caplog.set_level(logging.INFO, logger="access")
    address = await gateways(catalog_canary_url=other.url, catalog_canary_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        canarys, stables = await client.get(SEARCH), await client.get(ALBUM)
    assert set(canarys.headers) == set(stables.headers)
    lines = [line for line in capsys.readouterr().out.splitlines() if "door_ms" in line]
    assert ["canary=catalog" in line for line in lines] == [True, False]


async def test_a_shadow_gets_what_was_read_and_nobody_hears_its_answer(
    gateways: Any, catalog: Any, other: Any, token_for: Any, write_reply: Any
) -> None:
    async def fail(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("507 Full", {"X-Purge": "all"}, b"nobody reads this"))

    other.answer = fail
    address = await gateways(catalog_shadow_url=other.url, catalog_shadow_percent=100)
    bearer = {"Authorization": f"Bearer {token_for('ada')}", "X-Vinyl-Shadow": "yes"}
    async with httpx.AsyncClient(base_url=address) as client:
        for target in (SEARCH, ALBUM):
            said = await client.get(target, headers=bearer)
            assert (said.status_code, said.json()) == (200, {"target": target})
        assert (await client.post("/api/v1/products", headers=bearer, json={})).status_code == 200
        assert (await client.head(SEARCH, headers=bearer)).status_code == 200
        await until(lambda: len(other.received) == 2)
        await until(lambda: AS_SHADOW in generate_latest().decode())
        shown = (await client.get("/metrics")).text
    assert [request.target for request in other.received] == [SEARCH, ALBUM]
    for real, shadowed in zip(catalog.received, other.received, strict=False):
        assert real.header("x-vinyl-shadow") is None
        assert shadowed.header("x-vinyl-shadow") == "1"
        assert int(shadowed.header("x-vinyl-deadline")) <= 2000
        own = {"host", "x-vinyl-shadow", "x-vinyl-deadline"}
        assert [header for header in real.headers if header[0] not in own] == [
            header for header in shadowed.headers if header[0] not in own
        ]
    assert AS_SHADOW in shown
    assert 'vinyl_gateway_shadow_seconds_count{of="service",service="catalog",status="200"}' in shown


async def test_a_hung_shadow_delays_nobody_and_gets_no_more(gateways: Any, catalog: Any, other: Any) -> None:
    other.answer = hang
    address = await gateways(catalog_shadow_url=other.url, catalog_shadow_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        began = time.monotonic()
        for _ in range(3 * MOST_AT_ONCE):
            assert (await client.get(SEARCH)).status_code == 200
        assert time.monotonic() - began < 1.5
        await until(lambda: len(other.received) == MOST_AT_ONCE)
        other.answer = None
        await asyncio.sleep(2.2)
        await client.get(SEARCH)
        await until(lambda: len(other.received) == MOST_AT_ONCE + 1)


async def test_a_shadow_that_is_away_is_not_missed(gateways: Any, other: Any) -> None:
    await other.stop()
    address = await gateways(catalog_shadow_url=other.url, catalog_shadow_percent=100)
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(2 * MOST_AT_ONCE):
            assert (await client.get(SEARCH)).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"CATALOG_CANARY_PERCENT": "5"}, "CATALOG_CANARY_PERCENT needs CATALOG_CANARY_URL"),
        ({"USER_SHADOW_PERCENT": "5"}, "USER_SHADOW_PERCENT needs USER_SHADOW_URL"),
        ({"RATING_CANARY_PERCENT": "101"}, "VINYL_GATEWAY_RATING_CANARY_PERCENT: .*100"),
        ({"SEARCH_SHADOW_PERCENT": "-1"}, "VINYL_GATEWAY_SEARCH_SHADOW_PERCENT: .*0"),
        ({"CATALOG_CANARY_PERCENT": "some"}, "VINYL_GATEWAY_CATALOG_CANARY_PERCENT: "),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], said: str) -> None:
    right = {f"{name}_URL": "http://127.0.0.1:9" for name in ("USER", "CATALOG", "RATING", "SEARCH", "JWKS")}
    environment = {f"VINYL_GATEWAY_{name}": value for name, value in (right | given).items()}
    with pytest.raises(BadSettings, match=said):
        load(Settings, "gateway", environment | {"VINYL_HOME": "/nowhere"})
