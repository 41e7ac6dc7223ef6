"""One process that asks a gateway, and prints what it saw as JSON.

`closed`: each connection asks again when it is answered. `opened`: requests fall due at random moments, `rate` a
second on average, whether earlier ones are answered or not, and their time runs from then. `idle`: each connection
asks once and stays open, until this process is ended.
"""

import argparse
import itertools
import random
import resource
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
from gateway_upstream import ENDING

IDS = 5_000
HOT = "/api/v1/albums/00000000-0000-4000-8000-000000000001"
OPENED_AT_ONCE = 100
# How long the last answers are waited for where requests do not wait for answers.
PATIENCE_SECONDS = 5.0


class Seen(msgspec.Struct, frozen=True):
    """`rate` in answers a second, times in milliseconds."""

    answers: int
    rate: float
    p50: float
    p99: float


class BadAnswer(Exception):
    """Something else than the upstream's record came back."""


class Client:
    __slots__ = ("_buffer", "_requests", "_socket", "since")

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests, self._buffer, self.since = requests, b"", 0.0

    def fileno(self) -> int:
        return self._socket.fileno()

    def ask(self, since: float) -> None:
        self.since = since
        self._socket.sendall(next(self._requests))

    def is_answered(self) -> bool:
        """Reads what is there; whether the answer is whole. Raises BadAnswer."""
        data = self._socket.recv(65536)
        self._buffer = self._buffer + data if self._buffer else data
        if not data or not self._buffer.startswith(b"HTTP/1.1 200 "):
            raise BadAnswer(self._buffer[:1000] or "the connection was closed")
        if not self._buffer.endswith(ENDING):
            return False
        self._buffer = b""
        return True


def requests(paths: str, tokens: list[str]) -> Iterator[bytes]:
    """Over and over; each of `tokens` as often as the others."""
    chance = random.Random(1)
    ids = (UUID(int=chance.getrandbits(128), version=4) for _ in range(IDS))
    asked = [HOT] if paths == "hot" else [f"/api/v1/products/{each}" for each in ids]
    held = [f"Authorization: Bearer {token}\r\n" for token in tokens] or [""]
    wires = [
        f"GET {asked[n % len(asked)]} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        f"{held[n % len(held)]}\r\n".encode()
        for n in range(max(len(asked), len(held)))
    ]
    return itertools.cycle(wires)


def closed(clients: list[Client], seconds: float) -> Seen:
    took: list[float] = []
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    for client in clients:
        selector.register(client, selectors.EVENT_READ)
        client.ask(time.perf_counter())
    while (now := time.perf_counter()) < began + seconds:
        for key, _ in selector.select():
            client = key.fileobj  # type: ignore[assignment]
            if client.is_answered():
                now = time.perf_counter()
                took.append(now - client.since)
                client.ask(now)
    return seen(took, now - began)


def opened(clients: list[Client], seconds: float, rate: float) -> Seen:
    took: list[float] = []
    chance, idle, waiting = random.Random(1), clients.copy(), deque[float]()
    selector = selectors.SelectSelector()  # others wait for whole milliseconds
    for client in clients:
        selector.register(client, selectors.EVENT_READ)
    began = due = time.perf_counter()
    while True:
        while due <= time.perf_counter() and due < began + seconds:
            waiting.append(due)
            due += chance.expovariate(rate)
        while waiting and idle:
            idle.pop().ask(waiting.popleft())
        now = time.perf_counter()
        is_over = due >= began + seconds
        if is_over and (len(idle) == len(clients) or now > began + seconds + PATIENCE_SECONDS):
            return seen(took, seconds)
        for key, _ in selector.select(PATIENCE_SECONDS if is_over else max(0.0, due - now)):
            client = key.fileobj  # type: ignore[assignment]
            if client.is_answered():
                took.append(time.perf_counter() - client.since)
                idle.append(client)


def seen(took: list[float], seconds: float) -> Seen:
    took.sort()
    p50, p99 = (took[int(len(took) * part)] * 1e3 for part in (0.5, 0.99))
    return Seen(len(took), len(took) / seconds, p50, p99)


def stay(port: int, count: int, asked: Iterator[bytes]) -> None:
    """Prints a line when all of them have been answered."""
    clients: list[Client] = []
    while len(clients) < count:
        batch = [Client(port, asked) for _ in range(min(OPENED_AT_ONCE, count - len(clients)))]
        for client in batch:
            client.ask(0.0)
        for client in batch:
            while not client.is_answered():
                pass
        clients += batch
    print("open", flush=True)
    signal.pause()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=["closed", "opened", "idle"])
    parser.add_argument("port", type=int)
    parser.add_argument("--paths", choices=["any", "hot"], default="any")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--tokens", type=Path, help="a file with one in a line")
    chosen = parser.parse_args()
    asked = requests(chosen.paths, chosen.tokens.read_text().split() if chosen.tokens else [])
    if chosen.kind == "idle":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        stay(chosen.port, chosen.connections, asked)
        return
    clients = [Client(chosen.port, asked) for _ in range(chosen.connections)]
    found = (
        closed(clients, chosen.seconds)
        if chosen.kind == "closed"
        else opened(clients, chosen.seconds, chosen.rate)
    )
    sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")


if __name__ == "__main__":
    main()
