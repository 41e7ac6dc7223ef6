"""A service that is in trouble is left alone for a while, and another instance of it takes over."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from vinyl_gateway.upstream.breaker import FEWEST_OUTCOMES, FEWEST_WAITING, STALL_SECONDS
from vinyl_gateway.upstream.retry_budget import MOST, SHARE

ALBUM = "/api/v1/albums/0190"


@pytest.fixture
async def second(services: Any) -> Any:
    """Another instance of the catalog."""
    another = type(services["catalog"])()
    await another.start()
    yield another
    await another.stop()


async def give_up(waiting: list[asyncio.Task[Any]]) -> None:
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def test_a_hung_service_is_left_alone_long_before_its_time_outs(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    catalog.answer = hang
    waiting = [asyncio.create_task(client.get(ALBUM)) for _ in range(FEWEST_WAITING)]
    began = time.monotonic()
    async with asyncio.timeout(STALL_SECONDS + 3):
        while True:
            try:
                said = await client.get(ALBUM, timeout=0.5)
                break
            except httpx.ReadTimeout:
                pass
    assert (said.status_code, said.json()["code"]) == (503, "service_unavailable")
    assert said.headers["retry-after"]
    assert time.monotonic() - began < 5
    assert (await client.get("/api/v1/ratings")).status_code == 200
    catalog.answer = None
    async with asyncio.timeout(10):
        while (await client.get(ALBUM)).status_code != 200:
            await asyncio.sleep(0.1)
    assert [(await client.get(ALBUM)).status_code for _ in range(5)] == [200] * 5
    await give_up(waiting)


async def test_one_that_is_down_is_refused_at_once_after_some_failures(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    await catalog.stop()
    for _ in range(FEWEST_OUTCOMES // 2):
        assert (await client.get(ALBUM)).status_code == 503
    began = time.monotonic()
    assert [(await client.get(ALBUM)).status_code for _ in range(3)] == [503] * 3
    assert time.monotonic() - began < 0.3
    await catalog.start()
    async with asyncio.timeout(10):
        while (await client.get(ALBUM)).status_code != 200:
            await asyncio.sleep(0.1)


async def test_requests_go_to_the_instance_that_has_fewer_to_answer(
    gateways: Any, catalog: Any, second: Any
) -> None:
    catalog.answer = hang
    address = await gateways(catalog_url=f"{catalog.url}, {second.url}")
    async with httpx.AsyncClient(base_url=address) as client:
        waiting = [asyncio.create_task(client.get(ALBUM)) for _ in range(4)]
        await asyncio.sleep(0.2)
        for _ in range(20):
            assert (await client.get(ALBUM)).status_code == 200
        assert len(catalog.received) <= 3
        await give_up(waiting)


async def test_when_one_instance_dies_nobody_notices(gateways: Any, catalog: Any, second: Any) -> None:
    address = await gateways(catalog_url=f"{catalog.url},{second.url}")
    async with httpx.AsyncClient(base_url=address) as client:
        for number in range(200):
            if number == 50:
                await catalog.stop()
            if number == 150:
                await catalog.start()
            assert (await client.get(ALBUM)).status_code == 200
        assert (await client.get("/health/ready")).status_code == 200
    assert len(second.received) > 100


async def test_a_service_that_breaks_every_connection_is_not_asked_twice_as_much(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    async def close(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.close()

    catalog.answer = close
    asked = 60
    for _ in range(asked):
        assert (await client.get(ALBUM)).status_code == 503
    assert len(catalog.received) <= asked * (1 + SHARE) + MOST
