"""Promise 16: clients that leave in the middle of a request take no connection with them."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
from listener import Listener
from reckoning import find_albums, read

from vinyl_devstack.stack import Stack

DISCONNECTS = 2000
AT_ONCE = 50
POOL = 10
PROBES = 3  # in a row, after which the gateway trusts a service again (docs/decisions/0029)
FINISHED_SECONDS = 30.0  # Postgres itself would end a forgotten transaction after 60
IDLE = "select pid from pg_stat_activity where usename = current_user and state like 'idle in transaction%'"
OPEN = (
    "select pid from pg_stat_activity where usename = current_user and backend_type = 'client backend' "
    "and pid <> pg_backend_pid()"
)


async def test_disconnects_leave_the_pools_whole(
    drilled: Stack, sign_up: Callable[[], Awaitable[Listener]], figure: Callable[[str], None]
) -> None:
    listener = await sign_up()
    album = (await find_albums(drilled.gateway_url))[0]
    requests = [
        (service, request)
        for service, path in (("rating", "/ratings"), ("user", "/wants"))
        for request in (write(path, album, listener, keyed=False), write(path, album, listener, keyed=True))
    ]
    gate = asyncio.Semaphore(AT_ONCE)
    addresses = {service: drilled.service_url(service) for service in ("rating", "user")}

    async def leave(number: int) -> None:
        service, request = requests[number % len(requests)]
        address = addresses[service] if number % 3 else drilled.gateway_url
        async with gate:
            await disconnect_during(address, request.replace(b"NUMBER", str(number).encode()))

    await asyncio.gather(*(leave(number) for number in range(DISCONNECTS)))
    idle = sum([await still_idle(drilled, service) for service in addresses])
    opened = {service: len(await read(drilled.home, service, OPEN)) for service in addresses}
    admitted = await until_admitted(drilled.gateway_url, listener)
    answered = [await answer_all(drilled.gateway_url, listener) for _ in range(2)]
    figure(
        f"{DISCONNECTS} disconnects: {idle} idle in transaction, connections open {opened}, "
        f"let in again after {admitted:.1f} s, "
        f"then {sum(answered)} of {len(answered) * POOL * 4} parallel requests answered"
    )
    assert idle == 0
    assert all(answer == POOL * 4 for answer in answered)


async def still_idle(stack: Stack, service: str) -> int:
    """How many are idle in transaction when the service has had time to finish what was left behind."""
    given_up_at = time.monotonic() + FINISHED_SECONDS
    while (idle := await read(stack.home, service, IDLE)) and time.monotonic() < given_up_at:
        await asyncio.sleep(0.5)
    return len(idle)


def write(path: str, album: str, listener: Listener, *, keyed: bool) -> bytes:
    body: dict[str, object] = {"album_id": album}
    body |= {"rating": 3} if path == "/ratings" else {"notes": "left"}
    content = json.dumps(body).encode()
    lines = [
        f"POST /api/v1{path} HTTP/1.1",
        "Host: drill",
        f"Authorization: {listener.headers['Authorization']}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        *(["Idempotency-Key: left-NUMBER"] if keyed else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def disconnect_during(address: str, request: bytes) -> None:
    to = urlsplit(address)
    _, writer = await asyncio.open_connection(to.hostname, to.port)
    writer.write(request)
    await asyncio.sleep(random.uniform(0, 0.03))
    writer.transport.abort()


async def until_admitted(url: str, listener: Listener) -> float:
    """Seconds until the gateway trusts both services again, where the load made it leave one alone."""
    began, in_a_row = time.monotonic(), 0
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=10.0) as client, asyncio.timeout(40):
        while in_a_row < PROBES:
            answers = [await client.get(path, headers=listener.headers) for path in paths_of(listener)]
            in_a_row = in_a_row + 1 if all(answer.status_code == 200 for answer in answers) else 0
            await asyncio.sleep(0.05)
    return time.monotonic() - began


def paths_of(listener: Listener) -> list[str]:
    return ["/wants", f"/ratings?user={listener.username}"]


async def answer_all(url: str, listener: Listener) -> int:
    """How many of four times the pool's size, asked at once, are answered."""
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=10.0) as client:
        asked = [client.get(path, headers=listener.headers) for path in paths_of(listener) * (POOL * 2)]
        return sum(answer.status_code == 200 for answer in await asyncio.gather(*asked))
