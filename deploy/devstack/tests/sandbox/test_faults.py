"""Trouble on demand."""

import json
import time

import httpx
import pytest


async def trouble(switches: httpx.AsyncClient, **fault: object) -> None:
    (await switches.put("/sandbox/faults", json=fault)).raise_for_status()


@pytest.mark.parametrize(("mode", "status"), [("429", 429), ("500", 500)])
async def test_refusals(
    switches: httpx.AsyncClient, discogs: httpx.AsyncClient, mode: str, status: int
) -> None:
    await trouble(switches, provider="discogs", mode=mode)
    answer = await discogs.get("/releases/1001")
    assert answer.status_code == status
    assert list(answer.json()) == ["message"]
    assert "retry-after" not in answer.headers
    await trouble(switches, provider="discogs", mode="none")
    assert (await discogs.get("/releases/1001")).status_code == 200


async def test_garbage(switches: httpx.AsyncClient, discogs: httpx.AsyncClient) -> None:
    await trouble(switches, provider="discogs", mode="garbage")
    answer = await discogs.get("/releases/1001")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_slowness(switches: httpx.AsyncClient, discogs: httpx.AsyncClient) -> None:
    await trouble(switches, provider="discogs", mode="slow", seconds=0.4)
    began = time.monotonic()
    assert (await discogs.get("/releases/1001")).status_code == 200
    assert time.monotonic() - began >= 0.4


async def test_a_share_of_requests(switches: httpx.AsyncClient, discogs: httpx.AsyncClient) -> None:
    await trouble(switches, provider="discogs", mode="500", rate=0.25)
    answers = [(await discogs.get("/releases/1001")).status_code for _ in range(12)]
    assert answers == [200, 200, 200, 500] * 3


async def test_a_number_of_requests(switches: httpx.AsyncClient, discogs: httpx.AsyncClient) -> None:
    await trouble(switches, provider="discogs", mode="429", requests=2)
    assert [(await discogs.get("/releases/1001")).status_code for _ in range(4)] == [429, 429, 200, 200]


async def test_one_provider_fails_alone(
    switches: httpx.AsyncClient, discogs: httpx.AsyncClient, ebay: httpx.AsyncClient
) -> None:
    await trouble(switches, provider="ebay", mode="500")
    answer = await ebay.get("/buy/browse/v1/item_summary/search?q=quiet")
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["category"] == "APPLICATION"
    assert (await discogs.get("/releases/1001")).status_code == 200
    await trouble(switches, provider="ebay", mode="429")
    answer = await ebay.get("/buy/browse/v1/item_summary/search?q=quiet")
    assert (answer.status_code, answer.json()["errors"][0]["errorId"]) == (429, 2001)


@pytest.mark.parametrize(
    "fault",
    [
        {"provider": "amazon", "mode": "slow"},
        {"provider": "discogs", "mode": "odd"},
        {"provider": "discogs", "mode": "slow", "rate": 2},
        {"provider": "discogs", "mode": "slow", "seconds": -1},
        {"provider": "discogs", "mode": "slow", "colour": "red"},
    ],
)
async def test_unknown_trouble_is_refused(switches: httpx.AsyncClient, fault: dict[str, object]) -> None:
    assert (await switches.put("/sandbox/faults", json=fault)).status_code == 400
