"""Connections to a service: kept, given up in time, and never more than allowed."""

import asyncio
from typing import Any

import pytest

from vinyl_chassis.serving import HEADER_SECONDS
from vinyl_gateway.upstream import pool
from vinyl_gateway.upstream.connection import READ_AHEAD_BYTES
from vinyl_gateway.upstream.errors import ConnectFailed, ConnectionBroken, PoolExhausted
from vinyl_gateway.upstream.instances import Instances
from vinyl_gateway.upstream.pool import Upstream

GET = b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n"


async def ask(upstream: Upstream) -> bytes:
    connection = await upstream.acquire()
    try:
        connection.ask(GET)
        await connection.head()
        return await connection.read(1)
    finally:
        upstream.release(connection)


async def test_a_connection_is_kept_and_the_newest_is_used_first(catalog: Any) -> None:
    upstream = Upstream("catalog", catalog.url)
    await asyncio.gather(*(ask(upstream) for _ in range(3)))
    assert catalog.connections == 3
    for _ in range(5):
        await ask(upstream)
    assert catalog.connections == 3
    upstream.close()


async def test_more_than_allowed_wait_their_turn_and_are_refused_in_time(catalog: Any) -> None:
    upstream = Upstream("catalog", catalog.url, most_connections=2, connect_seconds=0.2)
    answers = await asyncio.gather(*(ask(upstream) for _ in range(20)))
    assert len(answers) == 20
    assert catalog.connections == 2
    first, second = await upstream.acquire(), await upstream.acquire()
    with pytest.raises(PoolExhausted):
        await upstream.acquire()
    upstream.release(first)
    third = await upstream.acquire()
    upstream.release(second)
    upstream.release(third)
    upstream.close()


async def test_a_connection_whose_answer_was_not_read_to_its_end_is_not_used_again(
    catalog: Any, write_reply: Any
) -> None:
    async def half(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", {}, b"x" * 1000)[:-500])

    catalog.answer = half
    upstream = Upstream("catalog", catalog.url)
    await ask(upstream)
    await ask(upstream)
    assert catalog.connections == 2
    upstream.close()


@pytest.mark.parametrize("tail", [b"HTTP/1.1 200 OK\r\n", b"noise", b"HTTP/1.1 204 No Content\r\n\r\n"])
async def test_what_a_service_says_unasked_is_given_to_nobody(
    catalog: Any, write_reply: Any, tail: bytes
) -> None:
    async def talkative(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", {}, b"mine"))
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(tail)

    catalog.answer = talkative
    upstream = Upstream("catalog", catalog.url)
    assert await ask(upstream) == b"mine"
    await asyncio.sleep(0.1)
    assert await ask(upstream) == b"mine"
    assert catalog.connections == 2
    upstream.close()


async def test_a_connection_is_given_up_before_the_service_would_close_it(catalog: Any) -> None:
    assert pool.IDLE_SECONDS < HEADER_SECONDS
    upstream = Upstream("catalog", catalog.url)
    await ask(upstream)
    [connection] = upstream._idle
    connection.idle_since -= pool.IDLE_SECONDS + 1
    await ask(upstream)
    assert catalog.connections == 2
    upstream.close()


async def test_a_connection_that_was_not_used_grows_no_younger(catalog: Any) -> None:
    instances = Instances("catalog", [catalog.url])
    await ask(instances.choose().upstream)
    place = instances.place_at_once()
    assert place is not None
    before = place.connection.idle_since
    place.give_back()
    again = instances.place_at_once()
    assert again is not None
    assert (again.connection, again.connection.idle_since) == (place.connection, before)
    instances.close()


async def test_interim_answers_are_passed_over(catalog: Any, write_reply: Any) -> None:
    async def with_hints(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + write_reply("200 OK", {}, b"whole"))

    catalog.answer = with_hints
    upstream = Upstream("catalog", catalog.url)
    assert [await ask(upstream), await ask(upstream)] == [b"whole", b"whole"]
    assert catalog.connections == 1
    upstream.close()


async def test_a_slow_reader_holds_the_service_back_and_not_the_memory(
    catalog: Any, write_reply: Any
) -> None:
    sent = 0

    async def endless(_request: Any, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            sent += 65536

    catalog.answer = endless
    upstream = Upstream("catalog", catalog.url)
    connection = await upstream.acquire()
    connection.begin(GET)
    await connection.head()
    await asyncio.sleep(0.3)
    before = sent
    await asyncio.sleep(0.3)
    assert sent == before
    assert connection._buffered < 1024 * 1024
    async with asyncio.timeout(10):
        while sent == before:
            assert len(await connection.read(1)) > 0
            await asyncio.sleep(0.01)
    upstream.release(connection)
    await catalog.stop()


async def test_a_long_answer_that_nobody_reads_is_no_hindrance_to_the_next(
    catalog: Any, write_reply: Any
) -> None:
    async def long(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", {}, b"x" * (READ_AHEAD_BYTES + 1)))
        await writer.drain()

    catalog.answer = long
    upstream = Upstream("catalog", catalog.url)
    connection = await upstream.acquire()
    connection.ask(GET)
    async with asyncio.timeout(5):
        while not connection.complete:
            await asyncio.sleep(0.01)
    upstream.release(connection)
    async with asyncio.timeout(5):
        assert (await ask(upstream)).startswith(b"x")
    upstream.close()


async def test_trailers_are_no_headers(catalog: Any) -> None:
    async def with_trailer(_request: Any, writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head + b"1\r\nx\r\n0\r\nETag: later\r\n\r\n")

    catalog.answer = with_trailer
    upstream = Upstream("catalog", catalog.url)
    connection = await upstream.acquire()
    connection.ask(GET)
    assert [name for name, _ in (await connection.head()).headers] == [b"transfer-encoding"]
    upstream.release(connection)
    upstream.close()


async def test_nobody_there_and_gone_in_the_middle_are_told_apart(catalog: Any) -> None:
    async def leave(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.close()

    catalog.answer = leave
    upstream = Upstream("catalog", catalog.url)
    with pytest.raises(ConnectionBroken) as broken:
        await ask(upstream)
    assert not broken.value.answered
    await catalog.stop()
    with pytest.raises(ConnectFailed):
        await ask(upstream)


@pytest.mark.parametrize("url", ["", "catalog:8000", "ftp://catalog", "http://", "http://catalog/path"])
def test_an_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Upstream("catalog", url)
