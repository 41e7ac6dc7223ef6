"""A service that is in trouble is left alone for a while, and another instance of it takes over."""

import asyncio
import re
import time
from typing import Any

import httpx
import pytest

from vinyl_gateway.upstream.breaker import (
    FEWEST_OUTCOMES,
    FEWEST_WAITING,
    RESTART_SECONDS,
    STALL_SECONDS,
)
from vinyl_gateway.upstream.retry_budget import MOST, SHARE

ALBUM = "/api/v1/albums/0190"
SEARCH = "/api/v1/search?q=a"


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


async def test_a_restart_is_waited_for(client: httpx.AsyncClient, catalog: Any) -> None:
    assert (await client.get(ALBUM)).status_code == 200
    await catalog.stop()
    waiting = [asyncio.create_task(client.get(f"{ALBUM}{number}")) for number in range(FEWEST_OUTCOMES * 2)]
    await asyncio.sleep(RESTART_SECONDS / 2)
    assert not any(task.done() for task in waiting)
    await catalog.start()
    assert {(await task).status_code for task in waiting} == {200}


async def test_two_instances_that_restart_right_after_each_other_are_not_missed(
    gateways: Any, catalog: Any, second: Any
) -> None:
    address = await gateways(catalog_url=f"{catalog.url},{second.url}")
    async with httpx.AsyncClient(base_url=address) as client:
        seen: set[tuple[int, str | None]] = set()

        restarting = True

        async def read_on() -> None:
            while restarting:
                said = await client.get(SEARCH)
                seen.add((said.status_code, said.json().get("code")))
                await asyncio.sleep(0.01)

        readers = [asyncio.create_task(read_on()) for _ in range(FEWEST_OUTCOMES)]
        for instance in (catalog, second) * 2:
            await asyncio.sleep(0.2)
            await instance.stop()
            await asyncio.sleep(0.5)
            await instance.start()
        restarting = False
        await asyncio.gather(*readers)
        assert seen == {(200, None)}


async def test_requests_go_to_the_instance_that_has_fewer_to_answer(
    gateways: Any, catalog: Any, second: Any
) -> None:
    catalog.answer = hang
    address = await gateways(catalog_url=f"{catalog.url}, {second.url}")
    async with httpx.AsyncClient(base_url=address) as client:
        waiting = [asyncio.create_task(client.get(SEARCH)) for _ in range(4)]
        await asyncio.sleep(0.2)
        for _ in range(20):
            assert (await client.get(SEARCH)).status_code == 200
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


async def test_what_a_service_cannot_do_in_good_time_is_refused_at_once(
    client: httpx.AsyncClient, catalog: Any, gateway: str, write_reply: Any
) -> None:
    turn = asyncio.Lock()

    async def one_by_one(_request: Any, writer: asyncio.StreamWriter) -> None:
        async with turn:
            await asyncio.sleep(0.005)
        writer.write(write_reply("200 OK", {"Content-Type": "application/json"}, b"{}"))

    catalog.answer = one_by_one
    for _ in range(5):
        assert (await client.get(SEARCH)).status_code == 200
    until = time.monotonic() + 4
    asked = await asyncio.gather(*(ask_until(gateway, until) for _ in range(60)))
    late = [answer for answers in asked for answer in answers[len(answers) // 2 :]]
    refused = sorted(seconds for status, seconds in late if status == b"503")
    assert refused[len(refused) // 2] < 0.05
    assert sum(status == b"200" for status, _ in late) > 100
    said = await client.get(SEARCH)
    assert said.status_code == 200


async def ask_until(gateway: str, until: float) -> list[tuple[bytes, float]]:
    """Statuses and how long each took; who is refused comes back a little later."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    answers = []
    while (began_at := time.monotonic()) < until:
        writer.write(b"GET %b HTTP/1.1\r\nhost: x\r\n\r\n" % SEARCH.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        [length] = re.findall(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length))
        answers.append((head.split(b" ", 2)[1], time.monotonic() - began_at))
        if answers[-1][0] == b"503":
            assert b"retry-after: 1" in head
            await asyncio.sleep(0.05)
    writer.close()
    return answers
