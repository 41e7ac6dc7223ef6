"""What becomes of clients that neither ask nor read."""

import asyncio
from typing import Any

import pytest

from vinyl_gateway.http1 import request_head
from vinyl_gateway.http1.connection import IDLE_SECONDS, LINGER_SECONDS, SAID_SECONDS, ClientConnection
from vinyl_gateway.http1.exchange import SLOWEST_READER_SECONDS
from vinyl_gateway.http1.open_connections import OpenConnections
from vinyl_gateway.http1.request_head import read_request_head
from vinyl_gateway.refusals import DoorRefusal


class Unread(asyncio.Transport):
    """Nothing that is written to it ever leaves; `said` holds that too."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def is_closing(self) -> bool:
        return "closed" in self.said

    def write(self, data: Any) -> None:
        self.said.append(bytes(data).decode())

    def close(self) -> None:
        self.said.append("closed")

    def abort(self) -> None:
        self.said.append("aborted")


@pytest.fixture
async def transport() -> Unread:
    return Unread()


@pytest.fixture
async def connection(transport: Unread) -> ClientConnection:
    door: Any = None
    connection = ClientConnection(door, asyncio.get_running_loop(), OpenConnections())
    connection.connection_made(transport)
    connection.since = 0.0
    return connection


async def test_who_does_not_read_an_answer_that_was_sent_at_once_is_left(
    connection: ClientConnection, transport: Unread
) -> None:
    connection.pause_writing()
    connection.look_at_clock(SLOWEST_READER_SECONDS - 1)
    assert transport.said == []
    connection.look_at_clock(SLOWEST_READER_SECONDS + 1)
    assert transport.said == ["aborted"]


async def test_an_answer_of_the_same_moment_goes_out_before_the_connection_is_drained(
    transport: Unread,
) -> None:
    class Door:
        def at_once(self, *_: object) -> bytes:
            return b"answer"

    door: Any = Door()
    connection = ClientConnection(door, asyncio.get_running_loop(), OpenConnections())
    connection.connection_made(transport)
    connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    connection.drain()
    assert transport.said == ["answer", "closed"]


async def test_what_an_idle_client_said_is_forgotten(transport: Unread) -> None:
    heads: list[Any] = []

    class Door:
        def at_once(self, head: Any, *_: object) -> bytes:
            heads.append(head)
            return b"answer"

    door: Any = Door()
    connection = ClientConnection(door, asyncio.get_running_loop(), OpenConnections())
    connection.connection_made(transport)
    for wait in (0.0, SAID_SECONDS - 0.5, SAID_SECONDS + 0.5):
        connection.look_at_clock(connection.since + wait)
        connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer mine\r\n\r\n")
    first, second, third = (head.said for head in heads)
    assert first is second
    assert third is not first
    assert third.all_fields == first.all_fields


def test_what_is_said_in_another_version_is_said_anew() -> None:
    modern = read_request_head(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").said
    old = read_request_head(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n", modern).said
    assert (modern.lasting, old.lasting) == (True, False)
    assert read_request_head(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", modern).said is modern
    assert read_request_head(b"GET /x HTTP/1.1\r\nHost: b\r\n\r\n", modern).said is not modern


async def test_what_an_idle_client_has_not_read_is_not_waited_for(
    connection: ClientConnection, transport: Unread
) -> None:
    for seconds in (1, 2, 1 + LINGER_SECONDS + 1):
        connection.look_at_clock(IDLE_SECONDS + seconds)
    assert transport.said == ["closed", "aborted"]


@pytest.mark.parametrize("secret", ["Authorization", "AUTHORIZATION", "Cookie", "proxy-authorizatioN"])
def test_what_somebody_signs_in_with_is_not_remembered(secret: str) -> None:
    head = f"GET / HTTP/1.1\r\nHost: a\r\n{secret}: Bearer only-mine\r\n\r\n".encode()
    for read in (read_request_head(head), read_request_head(head)):
        assert (secret.lower().encode(), b"Bearer only-mine") in read.said.all_fields
    assert b"only-mine" not in repr(request_head._remembered).encode()


@pytest.mark.parametrize(
    "lines",
    [
        "Authorization: a\r\nAuthorization: b",
        "Authorization: a\r\nX: y\r\nAUTHORIZATION:b",
        "X-Authorization: a\r\nAuthorization: b",
        "X: Authorization: a\r\nauthorization: b",
        "authorization: \x80",
        "Authorization:   a  ",
        "Authorization: ",
    ],
)
def test_all_that_was_said_is_read_wherever_a_token_stands(lines: str) -> None:
    said = [line.partition(":") for line in ["Host: a", *lines.split("\r\n")]]
    read = read_request_head(
        f"GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n".encode("latin-1")
    ).said.all_fields
    wanted = [(name.lower().encode(), value.strip(" ").encode("latin-1")) for name, _, value in said]
    assert sorted(read) == sorted(wanted)


def test_a_folded_token_is_refused() -> None:
    with pytest.raises(DoorRefusal):
        read_request_head(b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n x\r\n\r\n")


def test_the_rest_is_remembered_where_it_is_short() -> None:
    short, long = (f"GET / HTTP/1.1\r\nHost: a\r\nX: {'x' * many}\r\n\r\n".encode() for many in (9, 4000))
    assert read_request_head(short).said.fields is read_request_head(short).said.fields
    assert not read_request_head(long).said.repeats
