"""A gateway whose loop has more to do than it can."""

import asyncio
import time

import httpx

PRODUCT = "/api/v1/products/0190"
SIGN_IN = "/api/v1/auth/login"
# What is sent without a task, and what is not.
WAYS = ({}, {"Prefer": "handling=lenient"})
SECONDS = 0.25


async def hog(until: asyncio.Event) -> None:
    """The gateway's loop is the test's own."""
    while not until.is_set():
        time.sleep(SECONDS)  # noqa: ASYNC251 - which is what is tried
        await asyncio.sleep(0)


async def refused(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    async with asyncio.timeout(60):
        while (said := await client.get(PRODUCT, headers=headers)).status_code == 200:
            pass
    return said


async def test_it_refuses_a_share_until_it_has_time_again(client: httpx.AsyncClient) -> None:
    assert (await client.get(PRODUCT)).status_code == 200
    relieved = asyncio.Event()
    hogging = asyncio.create_task(hog(relieved))
    try:
        both = await asyncio.gather(*(refused(client, headers) for headers in WAYS))
        signed_in, health = await client.post(SIGN_IN, json={}), await client.get("/health/live")
    finally:
        relieved.set()
        await hogging
    for said in both:
        assert (said.status_code, said.json()["code"]) == (503, "overloaded")
        assert int(said.headers["retry-after"]) > 0
        assert said.headers["content-type"] == "application/problem+json"
    assert (signed_in.status_code, health.status_code) == (200, 200)
    in_a_row = 0
    async with asyncio.timeout(30):
        while in_a_row < 20:
            said = await client.get(PRODUCT)
            in_a_row = in_a_row + 1 if said.status_code == 200 else 0
            await asyncio.sleep(0.05)
