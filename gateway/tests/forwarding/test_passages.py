"""Plain reads over connections that are open already, whatever becomes of them."""

import asyncio
import contextlib
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

PRODUCT = "/api/v1/products/0190"
ALBUM = "/api/v1/albums/0190"
GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"


class Wire:
    """A client's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def ask(self, path: str = PRODUCT) -> None:
        self.writer.write(GET % path.encode())

    async def answer(self) -> tuple[int, bytes]:
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            assert len(lengths) == 1
            body = await self.reader.readexactly(int(lengths[0].split(b":")[1]))
        return int(head.split(b" ", 2)[1]), body


Dial = Callable[[], Awaitable[Wire]]


@pytest.fixture
async def dial(gateway: str, client: httpx.AsyncClient) -> AsyncIterator[Dial]:
    """With a connection between the gateway and the service that waits for a request."""
    assert (await client.get(PRODUCT)).status_code == 200
    async with contextlib.AsyncExitStack() as open_ones:

        async def dial() -> Wire:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
            open_ones.callback(writer.close)
            return Wire(reader, writer)

        yield dial


def reset(writer: asyncio.StreamWriter) -> None:
    """Leaves so that the gateway hears of it: a mere end may be of a client that still reads."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Held:
    """A service that keeps its answer until it is told to `speak`."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.asked = asyncio.Event()
        self.speak = asyncio.Event()

    async def __call__(self, _request: Any, writer: asyncio.StreamWriter) -> None:
        self.asked.set()
        await self.speak.wait()
        writer.write(self.raw)
        await writer.drain()


def tasks_of_clients() -> list[asyncio.Task[Any]]:
    """The gateway runs on the test's own loop."""
    return [task for task in asyncio.all_tasks() if "ClientConnection" in repr(task.get_coro())]


async def test_no_task_waits_for_a_plain_read(dial: Dial, catalog: Any, write_reply: Any) -> None:
    wire = await dial()
    catalog.answer = held = Held(write_reply("200 OK", {}, b"whole"))
    wire.ask()
    await held.asked.wait()
    assert tasks_of_clients() == []
    held.speak.set()
    assert await wire.answer() == (200, b"whole")
    assert catalog.connections == 1


@pytest.mark.parametrize("path", [PRODUCT, ALBUM])
@pytest.mark.parametrize("pause", [0.0, 0.05])
async def test_an_answer_in_pieces_comes_whole(
    dial: Dial, catalog: Any, write_reply: Any, path: str, pause: float
) -> None:
    body = bytes(range(256)) * 4096

    async def in_pieces(_request: Any, writer: asyncio.StreamWriter) -> None:
        raw = write_reply("200 OK", {"Content-Type": "application/json"}, body)
        for part in (raw[:9], raw[9:60], raw[60:3000], raw[3000:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    wire = await dial()
    catalog.answer = in_pieces
    for _ in range(3):
        wire.ask(path)
        assert await wire.answer() == (200, body)
    assert catalog.connections == 1


@pytest.mark.parametrize("path", [PRODUCT, ALBUM])
async def test_an_answer_in_one_chunk_is_told_its_length(dial: Dial, catalog: Any, path: str) -> None:
    wire = await dial()
    catalog.answer = held = Held(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nchunk\r\n0\r\n\r\n"
    )
    held.speak.set()
    wire.ask(path)
    assert await wire.answer() == (200, b"chunk")
    catalog.answer = None
    wire.ask()
    assert (await wire.answer())[0] == 200


@pytest.mark.parametrize("path", [PRODUCT, ALBUM])
async def test_a_connection_that_closes_meanwhile_costs_the_client_nothing(
    dial: Dial, catalog: Any, path: str
) -> None:
    asked = 0

    async def leave_once(_request: Any, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")

    wire = await dial()
    catalog.answer = leave_once
    wire.ask(path)
    assert await wire.answer() == (200, b"second")
    assert asked == 2


@pytest.mark.parametrize("path", [PRODUCT, ALBUM])
@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 5\r\n\r\nwhole", 502),
        (b"SSH-2.0-x\r\n", 502),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 5\r\n\r\ntrace", 502),
        (b"HTTP/1.1 418 Tea\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\r\n{}", 418),
    ],
)
async def test_what_is_no_good_answer_is_told_apart(
    dial: Dial, catalog: Any, path: str, raw: bytes, status: int
) -> None:
    wire = await dial()
    catalog.answer = held = Held(raw)
    held.speak.set()
    wire.ask(path)
    assert (await wire.answer())[0] == status
    catalog.answer = None
    wire.ask(path)
    assert (await wire.answer())[0] == 200


@pytest.mark.parametrize("path", [PRODUCT, ALBUM])
async def test_what_never_comes_is_a_504_for_all_in_their_time(
    gateways: Any, catalog: Any, write_reply: Any, path: str
) -> None:
    address = await gateways(answer_seconds=1.5)
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get(PRODUCT)).status_code == 200
        began_at = asyncio.get_running_loop().time()
        catalog.answer = Held(b"")
        both = await asyncio.gather(client.get(path), client.get(path))
        assert [said.status_code for said in both] == [504, 504]
        assert 1.4 < asyncio.get_running_loop().time() - began_at < 2.9
        catalog.answer = None
        assert (await client.get(path)).status_code == 200


async def test_a_client_that_leaves_costs_no_connection(dial: Dial, catalog: Any, write_reply: Any) -> None:
    wire = await dial()
    catalog.answer = held = Held(write_reply("200 OK", {}, b"unread"))
    wire.ask()
    await held.asked.wait()
    reset(wire.writer)
    held.speak.set()
    await asyncio.sleep(0.1)
    catalog.answer = None
    other = await dial()
    other.ask()
    assert (await other.answer())[0] == 200
    assert catalog.connections == 1


async def test_a_client_that_leaves_before_a_refusal_is_recorded_and_forgotten(
    gateways: Any, catalog: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, logger="access")
    address = await gateways(answer_seconds=1.0)
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get(PRODUCT)).status_code == 200
        catalog.answer = held = Held(b"")
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(GET % PRODUCT.encode())
        await held.asked.wait()
        reset(writer)
        await asyncio.sleep(1.5)
        assert tasks_of_clients() == []
        assert capsys.readouterr().out.count("status=499") == 1
        catalog.answer = None
        assert (await client.get(PRODUCT)).status_code == 200


async def test_what_is_asked_ahead_is_answered_in_turn(dial: Dial, catalog: Any) -> None:
    wire = await dial()
    paths = [f"{PRODUCT}{number}" for number in range(30)]
    for path in paths:
        wire.ask(path)
        await asyncio.sleep(0)
    assert [(await wire.answer())[1] for _ in paths] == [b'{"target":"%b"}' % path.encode() for path in paths]


async def test_a_client_that_has_said_all_is_answered(dial: Dial, catalog: Any, write_reply: Any) -> None:
    wire = await dial()
    catalog.answer = held = Held(write_reply("200 OK", {}, b"still"))
    wire.ask()
    await held.asked.wait()
    wire.writer.write_eof()
    await asyncio.sleep(0.05)
    held.speak.set()
    assert await wire.answer() == (200, b"still")
    assert await wire.reader.read() == b""


async def test_those_who_ask_for_an_album_meanwhile_get_the_same_answer(
    dial: Dial, catalog: Any, write_reply: Any
) -> None:
    wires = [await dial() for _ in range(5)]
    catalog.answer = held = Held(write_reply("200 OK", {"Content-Type": "application/json"}, b'{"a":1}'))
    before = len(catalog.received)
    for wire in wires:
        wire.ask(ALBUM)
    await held.asked.wait()
    await asyncio.sleep(0.05)
    held.speak.set()
    assert {await wire.answer() for wire in wires} == {(200, b'{"a":1}')}
    assert {request.target for request in catalog.received[before:]} == {ALBUM}
