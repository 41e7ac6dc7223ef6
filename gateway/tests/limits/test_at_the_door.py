"""The limits as a client meets them."""

import asyncio
import contextlib
import re
import time
from typing import Any
from uuid import uuid4

import httpx

from vinyl_gateway.limits.policies import ADDRESS_POLICIES
from vinyl_gateway.public_routes import RouteClass

LOGIN = "/api/v1/auth/login"
SIGN_IN = ADDRESS_POLICIES[RouteClass.SIGN_IN]


async def test_a_client_sees_its_allowance_and_is_told_when_to_come_back(
    gateways: Any, nats_url: str
) -> None:
    address = await gateways(limits="on", nats_url=nats_url)
    async with httpx.AsyncClient(base_url=address) as client:
        said = await client.post(LOGIN, json={})
        assert said.headers["ratelimit-policy"] == f'"sign_in";q={SIGN_IN.burst};w={SIGN_IN.window_seconds}'
        assert said.headers["ratelimit"].startswith(f'"sign_in";r={SIGN_IN.burst - 1};t=')
        for _ in range(SIGN_IN.burst * 2):
            said = await client.post(LOGIN, json={})
            if said.status_code == 429:
                break
        assert (said.status_code, said.json()["code"]) == (429, "too_many_requests")
        assert int(said.headers["retry-after"]) >= 1
        assert said.headers["ratelimit"].startswith('"sign_in";r=0;')
        assert (await client.get("/api/v1/albums")).status_code == 200
        assert (await client.get("/health/live")).status_code == 200


async def sign_in(address: str, times: int) -> list[bytes]:
    """The statuses, over one connection: a client library takes longer than both gateways."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    statuses = []
    for _ in range(times):
        writer.write(b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}" % LOGIN.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        statuses.append(head.split(b" ", 2)[1])
        [length] = re.findall(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length))
    writer.close()
    return statuses


async def test_of_a_thousand_sign_ins_through_two_gateways_the_limit_passes(
    gateways: Any, nats_url: str
) -> None:
    addresses = [await gateways(limits="on", nats_url=nats_url) for _ in range(2)]
    began_at = time.monotonic()
    asked = [sign_in(addresses[number % 2], times=5) for number in range(200)]
    statuses = [status for each in await asyncio.gather(*asked) for status in each]
    longest = SIGN_IN.burst + SIGN_IN.per_second * (time.monotonic() - began_at)
    assert set(statuses) == {b"200", b"429"}
    assert SIGN_IN.burst <= statuses.count(b"200") <= longest


async def test_an_account_is_counted_over_its_addresses_and_a_token_apart(
    gateways: Any, nats_url: str, token_for: Any
) -> None:
    address = await gateways(limits="on", nats_url=nats_url)
    phone, desk = (token_for("ada", session_id=uuid4()) for _ in range(2))
    async with httpx.AsyncClient(base_url=address) as client:
        said = await client.get("/api/v1/wants", headers={"Authorization": f"Bearer {phone}"})
        assert said.headers["ratelimit"].startswith('"read_token";r=299;')
        said = await client.get("/api/v1/wants", headers={"Authorization": f"Bearer {desk}"})
        assert said.headers["ratelimit"].startswith('"read_token";r=299;')
        for _ in range(600):
            said = await client.get("/api/v1/wants", headers={"Authorization": f"Bearer {phone}"})
            if said.status_code == 429:
                break
        assert said.headers["ratelimit"].startswith('"read_token";r=0;')
        assert said.headers.get_list("ratelimit-policy") == ['"read_token";q=300;w=4']
        assert "from this token" in said.json()["detail"]
        assert (await client.get("/api/v1/albums")).status_code == 200


async def test_strangers_who_say_the_same_are_counted_by_their_own_addresses(
    gateways: Any, nats_url: str
) -> None:
    address = await gateways(limits="on", nats_url=nats_url)
    left: dict[str, list[int]] = {"127.0.0.1": [], "127.0.0.2": []}
    async with contextlib.AsyncExitStack() as opened:
        clients = {}
        for source in left:
            transport = httpx.AsyncHTTPTransport(local_address=source)
            clients[source] = await opened.enter_async_context(
                httpx.AsyncClient(base_url=address, transport=transport)
            )
        for source in ["127.0.0.1"] * 60 + ["127.0.0.2", "127.0.0.1"] * 10:
            said = await clients[source].get("/api/v1/products")
            left[source].append(int(said.headers["ratelimit"].split(";")[1].removeprefix("r=")))
    burst = ADDRESS_POLICIES[RouteClass.READ].burst
    assert min(left["127.0.0.2"]) >= burst - 10 - 1
    assert min(left["127.0.0.1"]) < min(left["127.0.0.2"])


async def test_without_nats_sign_ins_wait_and_all_else_goes_on(
    gateways: Any, broker: Any, token_for: Any
) -> None:
    address = await gateways(limits="on", nats_url=broker.url)
    wanted = {"headers": {"Authorization": f"Bearer {token_for('ada')}"}}
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.post(LOGIN, json={})).status_code == 200
        broker.kill()
        for _ in range(5):
            assert (await client.get("/api/v1/wants", **wanted)).status_code == 200
            assert (await client.post("/api/v1/wants", json={}, **wanted)).status_code == 200
            assert (await client.post("/api/v1/auth/refresh", json={})).status_code == 200
            said = await client.post(LOGIN, json={})
            assert (said.status_code, said.json()["code"]) == (503, "limits_unavailable")
            assert int(said.headers["retry-after"]) >= 1
        broker.start()
        async with asyncio.timeout(20):
            while (await client.post(LOGIN, json={})).status_code != 200:
                await asyncio.sleep(0.05)
