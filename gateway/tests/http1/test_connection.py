"""What becomes of clients that neither ask nor read."""

import asyncio
from typing import Any

import pytest

from vinyl_gateway.http1.connection import IDLE_SECONDS, LINGER_SECONDS, ClientConnection
from vinyl_gateway.http1.exchange import SLOWEST_READER_SECONDS
from vinyl_gateway.http1.open_connections import OpenConnections
from vinyl_gateway.http1.request_head import read_request_head


class Unread(asyncio.Transport):
    """Nothing that is written to it ever leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

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


async def test_what_an_idle_client_has_not_read_is_not_waited_for(
    connection: ClientConnection, transport: Unread
) -> None:
    for seconds in (1, 2, 1 + LINGER_SECONDS + 1):
        connection.look_at_clock(IDLE_SECONDS + seconds)
    assert transport.said == ["closed", "aborted"]


@pytest.mark.parametrize("secret", ["Authorization", "AUTHORIZATION", "Cookie", "proxy-authorizatioN"])
def test_what_somebody_signs_in_with_is_not_remembered(secret: str) -> None:
    head = f"GET / HTTP/1.1\r\nHost: a\r\n{secret}: Bearer x\r\n\r\n".encode()
    first, second = read_request_head(head), read_request_head(head)
    assert first == second
    assert first.fields is not second.fields
    assert not first.repeats


def test_the_rest_is_remembered_where_it_is_short() -> None:
    short, long = (f"GET / HTTP/1.1\r\nHost: a\r\nX: {'x' * many}\r\n\r\n".encode() for many in (9, 4000))
    assert read_request_head(short).fields is read_request_head(short).fields
    assert not read_request_head(long).repeats
