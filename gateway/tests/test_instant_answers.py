"""What is at hand is sent at once, and nobody can tell it from what the front door says."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

ALBUM = "/api/v1/albums/01900000-0000-7000-8000-000000000001"
SLOW = {"Prefer": "handling=lenient"}
OWN = {"x-request-id", "date", "age", "ratelimit"}


@pytest.fixture
def asked(catalog: Any, write_reply: Any) -> list[Any]:
    asked: list[Any] = []

    async def answer(request: Any, writer: asyncio.StreamWriter) -> None:
        asked.append(request)
        headers = {
            "Content-Type": "application/json",
            "Cache-Control": "public, s-maxage=60",
            "Surrogate-Key": "album-1",
            "ETag": '"7-a"',
        }
        writer.write(write_reply("200 OK", headers, b'{"notes":"%b"}' % (b"dead wax " * 200)))

    catalog.answer = answer
    return asked


@pytest.fixture
async def address(gateways: Any, nats_url: str, asked: list[Any]) -> str:
    """Of a gateway that keeps the album for as long as the test takes."""
    address = str(await gateways(nats_url=nats_url, limits="on", allowed_origins="https://app.example"))
    async with httpx.AsyncClient(base_url=address) as client, asyncio.timeout(20):
        while (await client.get(ALBUM)).headers["age"] == "0":
            await asyncio.sleep(0.1)
    return address


async def both(client: httpx.AsyncClient, headers: dict[str, str]) -> tuple[httpx.Response, httpx.Response]:
    """Of the kept answer; a busy machine can make the gateway ask anew in between."""
    async with asyncio.timeout(20):
        while True:
            instant = await client.get(ALBUM, headers=headers)
            slow = await client.get(ALBUM, headers=headers | SLOW)
            if {instant.headers["cache-status"], slow.headers["cache-status"]} == {"vinylhound; hit"}:
                return instant, slow


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "identity", "If-None-Match": '"7-a"'},
        {"If-None-Match": '"7-a-gzip", "x"'},
        {"Origin": "https://app.example"},
        {"Origin": "https://other.example"},
        {"Connection": "if-none-match", "If-None-Match": '"7-a"'},
    ],
)
async def test_it_is_the_front_doors_answer(address: str, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(2):
            instant, slow = await both(client, headers)
            assert (instant.status_code, instant.content) == (slow.status_code, slow.content)
            same = [{n: v for n, v in each.headers.items() if n not in OWN} for each in (instant, slow)]
            assert same[0] == same[1]
            assert set(instant.headers) == set(slow.headers)


async def test_it_counts_against_the_limits(address: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    left: list[int] = []
    async with asyncio.timeout(30):
        while not left or left[-1] > 0:
            writer.write(f"GET {ALBUM} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
            await reader.readexactly(int(fields[b"content-length"]))
            left.append(int(fields[b"ratelimit"].split(b";")[1].removeprefix(b"r=")))
    assert max(left) > 200
    writer.close()


async def test_a_token_is_looked_at_every_time(address: str, token_for: Any) -> None:
    bearer = {"Authorization": f"Bearer {token_for('ada', session_id=uuid4())}"}
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(3):
            said = await client.get(ALBUM, headers=bearer)
            assert (said.status_code, said.headers["cache-status"]) == (200, "vinylhound; hit")
        for bad in ("Bearer x.y.z", "Basic YTpi", "Bearer " + "x" * 5000, ""):
            assert (await client.get(ALBUM, headers={"Authorization": bad})).status_code == 401


async def test_requests_that_come_together_are_answered_in_order(address: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    for number in range(6):
        path = ALBUM if number % 2 else "/api/v1/nothing"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nX-Request-Id: number-{number}\r\n\r\n".encode())
    said = b""
    async with asyncio.timeout(5):
        while said.count(b"x-request-id: number-") < 6:
            said += await reader.read(65536)
    order = [int(part[:1]) for part in said.split(b"x-request-id: number-")[1:]]
    assert order == list(range(6))
    writer.close()


async def test_the_last_of_a_connection_ends_it(address: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.write(f"GET {ALBUM} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(5):
        said = await reader.read()
    assert said.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in said
    writer.close()


async def test_a_body_in_chunks_is_no_next_request(address: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.write(f"GET {ALBUM} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    await asyncio.sleep(0.1)
    hidden = f"GET {ALBUM} HTTP/1.1\r\nHost: a\r\nX-Request-Id: hidden\r\n\r\n"
    writer.write(f"{len(hidden):x}\r\n{hidden}\r\n0\r\n\r\n".encode())
    writer.write(f"GET {ALBUM} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(5):
        said = await reader.read()
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"hidden" not in said
    writer.close()
