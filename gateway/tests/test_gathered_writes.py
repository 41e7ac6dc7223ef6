"""Writes that wait for the end of a turn of the loop: in their order, and none at another's cost."""

import asyncio
import socket
import time
from typing import Any

import httpx

from vinyl_gateway.gathered_writes import GatheredWrites

PRODUCT = "/api/v1/products/0190"


class Written(asyncio.Transport):
    def __init__(self, everything: list[bytes]) -> None:
        super().__init__()
        self.everything = everything
        self.has_closed = False

    def is_closing(self) -> bool:
        return self.has_closed

    def write(self, data: Any) -> None:
        if self.has_closed:
            raise RuntimeError("the handler is closed")
        self.everything.append(data)


async def test_all_of_a_turn_goes_out_after_it_in_order() -> None:
    writes, said, loop = GatheredWrites(), list[bytes](), asyncio.get_running_loop()
    first, second = Written(said), Written(said)
    for number in range(3):
        writes.add(first, b"a%d" % number, loop)
        writes.add(second, b"b%d" % number, loop)
    assert said == []
    await asyncio.sleep(0)
    assert said == [b"a0", b"b0", b"a1", b"b1", b"a2", b"b2"]
    writes.add(first, b"later", loop)
    await asyncio.sleep(0)
    assert said[-1] == b"later"


async def test_one_that_has_closed_meanwhile_costs_the_others_nothing() -> None:
    writes, said, loop = GatheredWrites(), list[bytes](), asyncio.get_running_loop()
    gone = Written(said)
    writes.add(gone, b"gone", loop)
    writes.add(Written(said), b"here", loop)
    gone.has_closed = True
    await asyncio.sleep(0)
    assert said == [b"here"]


async def test_what_is_sent_before_the_end_is_not_sent_twice() -> None:
    writes, said, loop = GatheredWrites(), list[bytes](), asyncio.get_running_loop()
    writes.add(Written(said), b"once", loop)
    writes.send()
    writes.add(Written(said), b"and another", loop)
    await asyncio.sleep(0)
    assert said == [b"once", b"and another"]


async def test_an_answer_goes_before_the_refusal_of_what_came_after_its_request(
    gateway: str, catalog: Any, write_reply: Any
) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(write_reply("200 OK", {}, b"whole"))

    catalog.answer = answer
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(gateway).port)
    writer.write(f"GET {PRODUCT} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    await asyncio.sleep(0.1)
    writer.write(b"no request\r\n\r\n")
    said = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    first, _, second = said.partition(b"whole")
    assert first.startswith(b"HTTP/1.1 200 OK")
    assert second.startswith(b"HTTP/1.1 400 ")
    assert second.endswith(b"}")


async def test_who_has_said_all_in_the_moment_of_the_answer_gets_it(
    gateway: str, catalog: Any, write_reply: Any
) -> None:
    """The service's answer and the end of what the client says are found by one look at the connections."""
    asked = asyncio.Queue[asyncio.StreamWriter]()
    whole = asyncio.Event()

    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        asked.put_nowait(writer)
        await whole.wait()

    catalog.answer = answer
    loop = asyncio.get_running_loop()
    for _ in range(4):  # the first opens the connection over which the others pass
        whole.clear()
        client = socket.create_connection(("127.0.0.1", httpx.URL(gateway).port or 0))
        client.sendall(f"GET {PRODUCT} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        writer = await asyncio.wait_for(asked.get(), 5)
        await asyncio.sleep(0.05)
        writer.write(write_reply("200 OK", {}, b"whole"))
        time.sleep(0.02)  # noqa: ASYNC251 - the loop is to find both when it looks again
        client.shutdown(socket.SHUT_WR)
        time.sleep(0.02)  # noqa: ASYNC251
        whole.set()
        client.setblocking(False)
        said = b""
        async with asyncio.timeout(5):
            while part := await loop.sock_recv(client, 65536):
                said += part
        client.close()
        assert said.endswith(b"whole")
