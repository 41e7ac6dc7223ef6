"""Reads of records that come together are one request of their service, and each gets its own answer."""

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from vinyl_contracts.batches import MOST_READS, READS_PATH, Reply, reads_in, told
from vinyl_gateway.cache.delivery import ForAll
from vinyl_gateway.forwarding.batches import PATIENCE_SECONDS
from vinyl_gateway.records import Visit
from vinyl_gateway.upstream.connection import Head

ALBUM = "/api/v1/albums/01900000-0000-7000-8000-0000000000"
PATHS = [f"{ALBUM}{number:02x}" for number in range(12)]
REQUEST = "GET %s HTTP/1.1\r\nHost: a\r\nX-Request-Id: request-%02d\r\n%s\r\n"
Ask = Callable[..., Awaitable[list[httpx.Response]]]


def reply_to(path: str) -> Reply:
    kept = b"public, max-age=0, s-maxage=60"
    name = f"album-{path[-2:]}".encode()
    headers = [
        (b"etag", b'"%b"' % name),
        (b"cache-control", kept),
        (b"surrogate-key", name),
        (b"content-type", b"application/json"),
    ]
    body = b'{"path":"%b"}' % path.encode()
    return 200, [*headers, (b"content-length", b"%d" % len(body))], body


class Catalog:
    """Answers batches, but for what is spoiled, and albums one by one. `batches` are the paths of each."""

    def __init__(self, service: Any, write_reply: Callable[..., bytes]) -> None:
        self.service = service
        self.batches: list[list[str]] = []
        self.alone: list[str] = []
        self.spoil: Callable[[list[Reply | None]], bytes] = told
        self.status = "200 OK"
        self.takes = 0.0
        self._write = write_reply
        service.answer = self.answer

    async def answer(self, request: Any, writer: asyncio.StreamWriter) -> None:
        path, _, query = request.target.partition("?")
        if path == READS_PATH:
            paths = [path for _, path in reads_in(query.encode())]
            self.batches.append(paths)
            await asyncio.sleep(self.takes)
            body = self.spoil([reply_to(path) for path in paths])
            writer.write(self._write(self.status, {"Content-Type": "application/vnd.msgpack"}, body))
        elif path == "/api/v1/search":
            writer.write(self._write("200 OK", {"Content-Type": "application/json"}, b"{}"))
        else:
            self.alone.append(path)
            await asyncio.sleep(0.05)
            _, headers, body = reply_to(path)
            shown = {name.decode(): value.decode() for name, value in headers[:-1]}
            writer.write(self._write("200 OK", shown, body))


@pytest.fixture
def records(catalog: Any, write_reply: Callable[..., bytes]) -> Catalog:
    return Catalog(catalog, write_reply)


@pytest.fixture
async def ask(gateways: Any) -> AsyncIterator[Ask]:
    """`await ask(paths)`: what each is told, all asked for in one turn of the loop."""
    opened: list[asyncio.StreamWriter] = []
    addresses: dict[tuple[tuple[str, Any], ...], str] = {}

    async def ask(paths: list[str], *lines: str, leaving: int = 0, **settings: Any) -> list[httpx.Response]:
        asked = tuple(settings.items())
        if asked not in addresses:
            addresses[asked] = await gateways(**settings)
            async with httpx.AsyncClient(base_url=addresses[asked]) as client:
                await client.get("/api/v1/search?q=a")  # so that there is a connection to the service
        port = int(addresses[asked].rpartition(":")[2])
        wires = [await asyncio.open_connection("127.0.0.1", port) for _ in paths]
        opened.extend(writer for _, writer in wires)
        # so that those who dialled are all known before anybody asks
        await asyncio.sleep(0.05)
        for number, (path, (_, writer)) in enumerate(zip(paths, wires, strict=True)):
            said = REQUEST % (path, number, "".join(f"{line}\r\n" for line in lines))
            writer.write(said.encode())
        if leaving:
            await asyncio.sleep(0.1)
        for _, writer in wires[:leaving]:
            linger = struct.pack("ii", 1, 0)  # a mere end may be of a client that still reads
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        return [await read_answer(reader) for reader, _ in wires[leaving:]]

    yield ask
    for writer in opened:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> httpx.Response:
    async with asyncio.timeout(10):
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return httpx.Response(int(status.split()[1]), headers=headers, content=body)


def paths_told(said: list[httpx.Response]) -> list[str]:
    assert [each.status_code for each in said] == [200] * len(said)
    return [each.json()["path"] for each in said]


async def test_all_that_come_together_are_asked_for_in_one_request(ask: Ask, records: Catalog) -> None:
    said = await ask(PATHS)
    assert paths_told(said) == PATHS
    assert [each.headers["etag"] for each in said] == [f'"album-{path[-2:]}"' for path in PATHS]
    assert [each.headers["x-request-id"] for each in said] == [f"request-{each:02d}" for each in range(12)]
    assert sorted(records.alone + [path for batch in records.batches for path in batch]) == PATHS
    assert max(len(batch) for batch in records.batches) > 6
    asked = len(records.service.received)
    again = await ask(PATHS)
    assert {each.headers["cache-status"] for each in again} == {"vinylhound; hit"}
    assert len(records.service.received) == asked


async def test_more_than_a_batch_holds_are_several(ask: Ask, records: Catalog) -> None:
    paths = [f"{ALBUM}{number:02x}" for number in range(80)]
    assert paths_told(await ask(paths)) == paths
    assert MOST_READS in {len(batch) for batch in records.batches}
    assert max(len(batch) for batch in records.batches) == MOST_READS


async def test_who_asks_alone_is_asked_for_alone(ask: Ask, records: Catalog) -> None:
    for path in PATHS[:3]:
        assert paths_told(await ask([path])) == [path]
    assert (records.batches, records.alone) == ([], PATHS[:3])


@pytest.mark.parametrize(
    ("tail", "line"),
    [("?x=1", ""), ("=1", ""), ("&1", ""), ("", f"traceparent: 00-{'1' * 32}-{'2' * 16}-00")],
)
async def test_what_is_not_plain_is_asked_for_alone(ask: Ask, records: Catalog, tail: str, line: str) -> None:
    said = await ask([path + tail for path in PATHS], *([line] if line else []))
    assert {each.status_code for each in said} == {200}
    assert records.batches == []


async def test_what_a_batch_does_not_bring_is_asked_for_alone(ask: Ask, records: Catalog) -> None:
    records.spoil = lambda replies: told([None if n % 2 else each for n, each in enumerate(replies)])
    assert paths_told(await ask(PATHS)) == PATHS
    odd = [path for batch in records.batches for path in batch[1::2]]
    assert odd
    assert set(odd) <= set(records.alone)


@pytest.mark.parametrize(
    ("status", "spoil"),
    [
        ("404 Not Found", lambda _: b"{}"),
        ("202 Accepted", told),
        ("200 OK", lambda _: b"\xc1 nothing that anybody could read"),
        ("200 OK", lambda replies: told(replies[1:])),
        ("200 OK", lambda replies: told([*replies, None])),
        ("200 OK", lambda _: b"\x91\x93\xcc\xc8\x90\xa1a"),
    ],
)
async def test_a_service_that_knows_no_batches_is_asked_for_each(
    ask: Ask, records: Catalog, status: str, spoil: Callable[[Any], bytes]
) -> None:
    records.status, records.spoil = status, spoil
    assert paths_told(await ask(PATHS)) == PATHS
    assert sorted(records.alone) == PATHS
    batches = len(records.batches)
    assert batches
    others = [f"{ALBUM}{number:02x}" for number in range(100, 112)]
    assert paths_told(await ask(others)) == others
    assert len(records.batches) == batches


async def test_a_batch_that_never_comes_is_a_504_for_all_in_their_time(ask: Ask, records: Catalog) -> None:
    records.takes = 30
    said = await ask(PATHS[:6], answer_seconds=1.0)
    assert records.batches
    refused = [each for each in said if each.status_code != 200]
    in_batches = [path for batch in records.batches for path in batch]
    assert len(refused) == len(in_batches)
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(504, "gateway_timeout")}
    await asyncio.sleep(0.3)
    assert set(in_batches).isdisjoint(records.alone)
    assert records.service.connections <= 3


async def test_a_batch_that_takes_long_is_not_waited_for(ask: Ask, records: Catalog) -> None:
    records.takes = 30
    assert paths_told(await ask(PATHS)) == PATHS
    assert sorted(records.alone) == PATHS
    later = [request for request in records.service.received if request.target in PATHS[1:]]
    assert later
    for request in later:
        left = int(request.header("x-vinyl-deadline"))
        assert left <= 30_000 - PATIENCE_SECONDS * 1000 or request.target not in records.batches[0]


@pytest.mark.parametrize(
    "spoiled",
    [
        (500, [(b"content-length", b"2")], b"{}"),
        (304, [(b"content-length", b"2")], b"{}"),
        (200, [(b"content-length", b"1")], b"{}"),
        (200, [], b"{}"),
        (200, [(b"content-length", b"2"), (b"etag", b'"a"\r\nX-Evil: 1')], b"{}"),
    ],
)
async def test_what_would_not_be_sound_http_is_asked_for_alone(
    ask: Ask, records: Catalog, spoiled: Reply
) -> None:
    records.spoil = lambda replies: told([spoiled for _ in replies])
    assert paths_told(await ask(PATHS)) == PATHS
    assert sorted(records.alone) == PATHS


async def test_an_answer_that_cannot_be_made_keeps_nobody_elses(
    ask: Ask, records: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = ForAll.answer

    def fail_once(self: ForAll, head: Head, body: bytes, visit: Visit) -> bytes:
        if visit.path == PATHS[4]:
            raise ValueError("no such luck")
        return make(self, head, body, visit)

    monkeypatch.setattr(ForAll, "answer", fail_once)
    assert paths_told(await ask(PATHS)) == PATHS
    assert records.alone.count(PATHS[4]) >= 1


async def test_who_leaves_takes_nothing_from_the_others(
    ask: Ask, records: Catalog, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, logger="access")
    records.takes = 0.5
    assert paths_told(await ask(PATHS, leaving=3)) == PATHS[3:]
    await asyncio.sleep(0.1)
    lines = [line for line in capsys.readouterr().out.splitlines() if "path=/api/v1/albums/" in line]
    told_to = {line.partition("request_id=")[2][:10]: "status=499" in line for line in lines}
    assert len(lines) == len(told_to) == 12
    left = {f"request-{number:02d}" for number in range(3)}
    gone = {request_id for request_id, is_gone in told_to.items() if is_gone}
    assert len(left) - 1 <= len(gone)
    assert gone <= left
