"""One process that asks for albums by id over connections that it keeps, and prints what it saw as JSON.

Each connection asks again when it is answered, for any of the first `--albums`.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator

import msgspec
from gateway_load import BadAnswer, Client, closed


class Seen(msgspec.Struct, frozen=True):
    """`rate` in answers a second, times in milliseconds, `processor` in seconds."""

    answers: int
    rate: float
    p50: float
    p99: float
    processor: float


class Reader(Client):
    """Answers of any length, which they have to tell."""

    __slots__ = ("_missing",)

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        super().__init__(port, requests)
        self._missing = 0

    def is_answered(self) -> bool:
        data = self._socket.recv(65536)
        if not self._missing:
            data = self._buffer + data
            head, found, body = data.partition(b"\r\n\r\n")
            if not data or not data.startswith(b"HTTP/1.1 200 "[: len(data)]):
                raise BadAnswer(data[:1000] or "the connection was closed")
            self._buffer = b"" if found else data
            if not found:
                return False
            self._missing, data = length_in(head), body
        self._missing -= len(data)
        return not self._missing


def length_in(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


def requests(albums: int) -> Iterator[bytes]:
    """The ids are those of `albums_by_id.id_of`."""
    chance = random.Random()
    for _ in itertools.count():
        number = chance.randrange(albums) + 1
        yield (
            b"GET /api/v1/albums/00000001-0000-0000-0000-%08x0000 HTTP/1.1\r\n"
            b"Host: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n" % number
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ports", type=int, nargs="+", help="each gets as many of the connections")
    parser.add_argument("--albums", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    asked = requests(chosen.albums)
    ports = itertools.islice(itertools.cycle(chosen.ports), chosen.connections)
    clients: list[Client] = [Reader(port, asked) for port in ports]
    before = time.process_time()
    found = closed(clients, chosen.seconds)
    seen = Seen(found.answers, found.rate, found.p50, found.p99, time.process_time() - before)
    sys.stdout.buffer.write(msgspec.json.encode(seen) + b"\n")


if __name__ == "__main__":
    main()
