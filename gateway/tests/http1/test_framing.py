"""Raw bytes at the door: one reading or none, and nothing of a refused request reaches a service."""

import asyncio
import re
from typing import Any

import pytest

ALBUM = b"/api/v1/albums/01a1fe82-6017-7229-93a2-be01bd858eca"
RATE = b"POST /api/v1/ratings HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"


def get(*lines: bytes, line: bytes = b"GET " + ALBUM + b" HTTP/1.1", host: bytes = b"Host: a") -> bytes:
    return b"\r\n".join([line, *([host] if host else []), *lines, b"", b""])


def answers(said: bytes) -> int:
    return len(re.findall(rb"HTTP/1\.1 \d{3} ", said))


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (get(host=b""), 400),
        (get(b"Host: a"), 400),
        (get(host=b"Host: a b"), 400),
        (get(host=b"Host:"), 400),
        (get(host=b"Host: a/b"), 400),
        (get(host=b"Host: user@a"), 400),
        (get(host=b"Host: a,b"), 400),
        (get(host=b"Host: a:b"), 400),
        (get(host=b"Host: a:80:80"), 400),
        (get(host=b"Host: [::1"), 400),
        (get(host=b" Host: a"), 400),
        (get(b"X: a", b" folded"), 400),
        (get(b"X: a", b"\tfolded"), 400),
        (get(b"X : a"), 400),
        (get(b": a"), 400),
        (get(b"X"), 400),
        (get(b"X: a\x00b"), 400),
        (get(b"X: a\rb"), 400),
        (get(b"X: a\nY: b"), 400),
        (get(b"X: a\x7f"), 400),
        (get(b"X\xe9: a"), 400),
        (get(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
        (get(b"Transfer-Encoding: chunked", b"Content-Length: 5"), 400),
        (get(b"Content-Length: 5", b"Content-Length: 5"), 400),
        (get(b"Content-Length: 5, 5"), 400),
        (get(b"Content-Length: +5"), 400),
        (get(b"Content-Length: -1"), 400),
        (get(b"Content-Length: 0x5"), 400),
        (get(b"Content-Length: 5 5"), 400),
        (get(b"Content-Length:"), 400),
        (get(b"Content-Length: 99999999999999999999"), 400),
        (get("Content-Length: \u0665".encode()), 400),
        (get(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
        (get(b"Transfer-Encoding: gzip, chunked"), 501),
        (get(b"Transfer-Encoding: identity"), 501),
        (get(b"Transfer-Encoding: xchunked"), 501),
        (get(b"Transfer-Encoding: \x0bchunked"), 400),
        (get(b"Transfer-Encoding: chunked", line=b"GET " + ALBUM + b" HTTP/1.0"), 400),
        (get(b"Connection: content-length", b"Content-Length: 5"), 400),
        (get(b"Expect: tomorrow"), 417),
        (get(line=b"GET " + ALBUM + b" HTTP/2.0"), 505),
        (get(line=b"GET " + ALBUM + b" HTTP/1.2"), 505),
        (get(line=b"GET " + ALBUM + b" HTTP/0.9"), 505),
        (get(line=b"GET " + ALBUM + b" http/1.1"), 400),
        (get(line=b"GET " + ALBUM + b" HTTP/1.10"), 400),
        (get(line=b"GET " + ALBUM), 400),
        (get(line=b"GET  " + ALBUM + b" HTTP/1.1"), 400),
        (get(line=b"GET\t" + ALBUM + b" HTTP/1.1"), 400),
        (get(line=b"GET " + ALBUM + b"  HTTP/1.1"), 400),
        (get(line=b"GET " + ALBUM + b" x HTTP/1.1"), 400),
        (get(line=b"GET " + ALBUM + b" HTTP/1.1 "), 400),
        (get(line=b"GE(T " + ALBUM + b" HTTP/1.1"), 400),
        (get(line=b"GET http://a" + ALBUM + b" HTTP/1.1"), 400),
        (get(line=b"CONNECT a:80 HTTP/1.1"), 400),
        (get(line=b"OPTIONS * HTTP/1.1"), 400),
        (get(line=b"GET " + ALBUM + b"\x00 HTTP/1.1"), 400),
        (b"\n" + get(), 400),
        (b"\r\n\r\n" + get(), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (get(line=b"GET /" + b"a" * 20_000 + b" HTTP/1.1"), 414),
        (get(b"X: " + b"a" * 40_000), 431),
        (get(*[b"X: a"] * 101), 431),
    ],
)
async def test_what_could_be_read_in_two_ways_is_refused_and_ends_the_connection(
    speak: Any, services: Any, raw: bytes, status: int
) -> None:
    said = await speak(raw + get())
    assert said.startswith(b"HTTP/1.1 %d " % status), said[:300]
    assert answers(said) == 1
    assert b"\r\nconnection: close\r\n" in said
    assert b"application/problem+json" in said
    assert all(service.received == [] for service in services.values())


@pytest.mark.parametrize(
    "raw",
    [
        get().replace(b"\r\n", b"\n"),
        get().replace(b"\r\n", b"\n") + b"\r\n\r\n",
        get().replace(b"\r\n", b"\r"),
        get()[:-2] + b"\n",
        b"GET " + ALBUM + b" HTTP/1.1\nHost: a\r\n",
    ],
)
async def test_bare_line_ends_are_refused_at_once(speak: Any, services: Any, raw: bytes) -> None:
    said = await speak(raw)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert all(service.received == [] for service in services.values())


@pytest.mark.parametrize("host", [b"a", b"a.example:8080", b"127.0.0.1", b"[::1]:80", b"my_host", b"a:"])
async def test_a_host_is_a_name_or_an_address(speak: Any, host: bytes) -> None:
    assert (await speak(get(host=b"Host: " + host))).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "body",
    [
        b"5\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5\r\nhelloXX0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"\r\nhello\r\n0\r\n\r\n",
        b"5;a\x00\r\nhello\r\n0\r\n\r\n",
        b"5;" + b"a" * 300 + b"\r\nhello\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\nhello",
        b"0\r\nX: a\nY: b\r\n\r\n",
    ],
)
async def test_a_badly_cut_body_is_refused(speak: Any, token_for: Any, rating: Any, body: bytes) -> None:
    head = RATE % token_for("ada").encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    said = await speak(head + body + get())
    assert said.startswith(b"HTTP/1.1 400 "), said[:300]
    assert answers(said) == 1


@pytest.mark.parametrize("body", [b"0\r\nX: a\n\n", b"2\rhe\r0\r\r"])
async def test_a_chunk_whose_line_may_never_end_is_refused_at_once(
    speak: Any, token_for: Any, body: bytes
) -> None:
    head = RATE % token_for("ada").encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    assert (await speak(head + body)).startswith(b"HTTP/1.1 400 ")


async def test_a_refusal_is_said_though_the_body_behind_it_is_badly_cut(speak: Any) -> None:
    said = await speak(RATE % b"x.y.z" + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + get())
    assert said.startswith(b"HTTP/1.1 401 "), said[:300]
    assert answers(said) == 1


@pytest.mark.parametrize(
    "body",
    [b"5\r\nhello\r\n0\r\n\r\n", b"2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\nX-Late: a\r\n\r\n"],
)
async def test_a_body_in_chunks_arrives_whole_however_it_is_sliced(
    gateway: str, token_for: Any, rating: Any, body: bytes
) -> None:
    head = RATE % token_for("ada").encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    for byte in head + body + get(b"Connection: close"):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0)
    said = await reader.read()
    writer.close()
    assert said.count(b"HTTP/1.1 200 ") == 2
    assert [request.body for request in rating.received] == [b"hello"]


async def test_requests_sent_ahead_are_answered_in_their_order(speak: Any, catalog: Any) -> None:
    targets = [b"/api/v1/albums?number=%d" % number for number in range(20)]
    raw = b"".join(get(line=b"GET " + target + b" HTTP/1.1") for target in targets)
    said = await speak(raw + get(b"Connection: close"))
    assert said.count(b"HTTP/1.1 200 ") == 21
    places = [said.index(b'"' + target + b'"') for target in targets]
    assert places == sorted(places)
    assert len(catalog.received) == 21


async def test_a_client_that_has_said_all_still_gets_its_answer(gateway: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    writer.write(get())
    writer.write_eof()
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_a_body_that_was_announced_is_invited(gateway: str, token_for: Any, rating: Any) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    head = RATE % token_for("ada").encode() + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    writer.write(head)
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"{}")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    writer.close()
    assert [request.body for request in rating.received] == [b"{}"]


async def test_an_old_client_is_told_the_end_by_the_connections(speak: Any, catalog: Any) -> None:
    async def endless(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    catalog.answer = endless
    said = await speak(get(line=b"GET " + ALBUM + b" HTTP/1.0", host=b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert body == b"abc"
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head


async def test_a_client_that_leaves_disturbs_nobody(gateway: str, catalog: Any, speak: Any) -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def late(_request: Any, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await left.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    catalog.answer = late
    _, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    writer.write(get())
    await arrived.wait()
    writer.transport.abort()
    await asyncio.sleep(0.05)
    left.set()
    assert (await speak(get(b"Connection: close"))).startswith(b"HTTP/1.1 200 ")
