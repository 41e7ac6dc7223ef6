"""How many albums a second the service answers by id, beside the least that asyncpg could do, in turns.

    .venv/bin/python bench/albums_by_id.py --albums 1000000

Every album has a master, a leading release with ten tracks, two artists and a label. The plain handler is a Litestar
route without anything else of ours: one statement for one album, its documents sent as they are. As many processes of
each, over the same rows, asked by the same clients, who open their connections once and ask again when answered: for
any album, for the same thousand, and for the same thousand with the tags that they got ("unchanged"). Processor time is
of the serving processes, of Postgres and of the clients, an answer; together they are what the cores have to do.
"""

import argparse
import asyncio
import os
import random
import secrets
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from litestar import Litestar, Response, get
from litestar.params import FromPath

from vinyl_catalog.domain.facts import MasterFacts, ReleaseFacts, SourceCredit, SourceLabel, SourceTrack
from vinyl_chassis.serving import by_granian
from vinyl_chassis.settings import ProcessSettings
from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import Postgres
from vinyl_devstack.process_group import ProcessGroup

ARTISTS, LABELS = 300_000, 50_000
BATCH = 20_000
HOT = 1_000
# As a server of its own would be given: the million albums, their releases and their indexes.
BUFFERS_MIB = 3072
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STAMPS = "version", "created_at", "updated_at"
ALBUM = (
    *("id", "discogs_master_id", "lead_release_id", "release_count", "title", "sort_title", "year"),
    *("own_tags", "tags", "document", *STAMPS),
)
RELEASE = (
    *("id", "discogs_release_id", "album_id", "title", "released_order", "formats", "catalog_numbers"),
    *("barcodes", "codes", "tags", "document", *STAMPS),
)
# By the number of an album, as `id_of` makes its id.
REQUEST = b"GET /api/v1/albums/00000001-0000-0000-0000-%08x0000 HTTP/1.1\r\nHost: bench\r\n%b\r\n"
MOST_READ = 65536
NAME = "id", "name", "sort_name", "document", *STAMPS
ONE = """
select albums.id::text, albums.title, albums.year, albums.document, releases.document as lead, album_ratings.count
from albums join releases on releases.id = albums.lead_release_id
left join album_ratings on album_ratings.album_id = albums.id where albums.id = $1
"""


def id_of(kind: int, number: int) -> UUID:
    return UUID(int=kind << 96 | number << 16)


def names(kind: int, count: int, *more: str) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        name = f"Name {kind} {number}"
        yield (*more, number, id_of(kind, number), name, name, b"{}", 1, NOW, NOW)


def rows(first: int, last: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for number in range(first, last):
        artists = (
            SourceCredit("Somebody", number % ARTISTS + 1, join="&"),
            SourceCredit("Somebody Else", number * 7 % ARTISTS + 1),
        )
        tracks = tuple(
            SourceTrack(f"Song {place} of {number}", f"A{place}", f"{place}:05") for place in range(1, 11)
        )
        label = SourceLabel("A Label", number % LABELS + 1, f"AL {number}")
        title = f"Album {number}"
        master = MasterFacts(number, title, number, artists, 1971, ("Rock",), ("Blues Rock",))
        lead = ReleaseFacts(number, title, number, True, artists, labels=(label,), tracks=tracks)
        album_id, release_id = id_of(1, number), id_of(2, number)
        encoded = msgspec.json.encode(master), msgspec.json.encode(lead)
        yield (
            (album_id, number, release_id, 1, title, title, 1971, [], [], encoded[0], 1, NOW, NOW),
            (release_id, number, album_id, title, 0, [], [], [], [], [], encoded[1], 1, NOW, NOW),
        )


async def fill(url: str, albums: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=3600)
    artists, labels = names(3, ARTISTS, ""), names(4, LABELS)
    for table, made, columns in (
        ("artists", artists, ("search_text", "discogs_artist_id", *NAME)),
        ("labels", labels, ("discogs_label_id", *NAME)),
    ):
        await connection.copy_records_to_table(table, records=made, columns=columns)
    for first in range(1, albums + 1, BATCH):
        made, released = zip(*rows(first, min(first + BATCH, albums + 1)), strict=True)
        await connection.copy_records_to_table("albums", records=made, columns=ALBUM)
        await connection.copy_records_to_table("releases", records=released, columns=RELEASE)
    await connection.execute("truncate unindexed")
    await connection.execute("analyze")
    await connection.close()


def plain_app(url: str) -> Litestar:
    pools: list[asyncpg.Pool[Any]] = []

    async def open_pool(_app: Litestar) -> None:
        pools.append(await asyncpg.create_pool(url, min_size=10, max_size=10))

    @get("/api/v1/albums/{album_id:uuid}")
    async def read_album(album_id: FromPath[UUID]) -> Response[bytes]:
        row = dict(await pools[0].fetchrow(ONE, album_id))
        row |= {name: msgspec.Raw(row[name]) for name in ("document", "lead")}
        return Response(msgspec.json.encode(row), media_type="application/json")

    return Litestar([read_album], on_startup=[open_pool], openapi_config=None, logging_config=None)


def serve_plain(url: str, port: int) -> None:
    settings = ProcessSettings(port=port, jwks_url="")
    uvloop.run(by_granian(plain_app(url), settings, asyncio.Event()))


class Client:
    """Asks for one album after the other, with the tag it had where `tags` are kept."""

    def __init__(self, port: int, albums: int, tags: dict[int, bytes] | None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._albums, self._tags, self._buffer = albums, tags, b""

    def ask(self) -> None:
        self._number = int(random.random() * self._albums) + 1
        known = self._tags.get(self._number) if self._tags is not None else None
        spared = b"If-None-Match: %b\r\n" % known if known else b""
        self.socket.sendall(REQUEST % (self._number, spared))

    def read(self) -> int | None:
        """What is there; the length of the answer's body once it is whole. Exits where it is no good one."""
        data = self._buffer + self.socket.recv(MOST_READ)
        head = data.find(b"\r\n\r\n")
        if not data.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")):
            raise SystemExit(f"Answered: {data!r}")
        length = int(field(data, b"\r\ncontent-length: ", head) or 0)
        if head < 0 or len(data) < head + 4 + length:
            self._buffer = data
            return None
        if len(data) > head + 4 + length or not (length or data.startswith(b"HTTP/1.1 304")):
            raise SystemExit(f"Answered: {data!r}")
        self._buffer = b""
        if self._tags is not None:
            self._tags[self._number] = field(data, b"\r\netag: ", head)
        return length


def field(data: bytes, name: bytes, head: int) -> bytes:
    start = data.find(name, 0, head)
    return data[start + len(name) : data.find(b"\r", start + len(name))] if start >= 0 else b""


def ask(
    ports: list[int], connections: int, seconds: float, albums: int, tags: dict[int, bytes] | None
) -> list[int]:
    """The bytes of each body."""
    seen: list[int] = []
    made = [Client(port, albums, tags) for port in ports for _ in range(connections // len(ports))]
    clients = {client.socket.fileno(): client for client in made}
    with select.epoll() as ready:
        ends_at = time.perf_counter() + seconds
        for number, client in clients.items():
            ready.register(number, select.EPOLLIN)
            client.ask()
        while clients:
            for number, _ in ready.poll():
                client = clients[number]
                if (length := client.read()) is None:
                    continue
                seen.append(length)
                if time.perf_counter() < ends_at:
                    client.ask()
                else:
                    clients.pop(number).socket.close()
    return seen


def processor_seconds(pids: list[int]) -> float:
    """Of these alone; 0 where the system does not tell."""
    used = 0
    for pid in pids:
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text()
            used += sum(int(each) for each in stat.rpartition(")")[2].split()[11:13])
    return used / os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def start(command: list[str], url: str, port: int, log: Any) -> subprocess.Popen[bytes]:
    settings = {
        "VINYL_CATALOG_DATABASE_URL": url,
        "VINYL_CATALOG_PORT": str(port),
        "VINYL_CATALOG_JWKS_URL": "http://127.0.0.1:1/",
        "VINYL_CATALOG_LOG_LEVEL": "warning",
        "VINYL_HOME": str(Path(log.name).parent),
    }
    return subprocess.Popen(  # noqa: S603 - commands of our own
        [sys.executable, *command], env=os.environ | settings, stdout=log, stderr=log
    )


def wait_for(port: int) -> None:
    ends_at = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)
        else:
            return


def compare(url: str, folder: Path, postgres: int, chosen: argparse.Namespace) -> None:
    uvloop.run(fill(url, chosen.albums))
    ports = free_ports(2 * chosen.processes)
    sides = {"plain asyncpg": ports[: chosen.processes], "the service": ports[chosen.processes :]}
    with (folder / "servers.log").open("wb") as log:
        running = {
            side: [
                start(
                    [__file__, "--plain", url, str(port)]
                    if side == "plain asyncpg"
                    else ["-m", "vinyl_catalog", "serve"],
                    url,
                    port,
                    log,
                )
                for port in ports
            ]
            for side, ports in sides.items()
        }
        try:
            for port in ports:
                wait_for(port)
            take_turns(sides, running, postgres, chosen)
        finally:
            for process in [each for processes in running.values() for each in processes]:
                process.terminate()
                process.wait()


class Figures(NamedTuple):
    rate: float
    serving: float
    postgres: float
    asking: float
    size: float

    def __str__(self) -> str:
        spent = f"{self.serving:4.0f} + {self.postgres:3.0f} + {self.asking:3.0f} µs"
        return f"{self.rate:8,.0f}/s  {spent} of processor  {self.size:6,.0f} bytes"


def measure(
    ports: list[int], serving: list[int], postgres: int, asked: int, tags: Any, chosen: argparse.Namespace
) -> Figures:
    def used() -> tuple[float, float, float]:
        return (
            processor_seconds(serving),
            processor_seconds(children_of(postgres)),
            time.process_time(),
        )

    began, before = time.perf_counter(), used()
    sizes = ask(ports, chosen.connections, chosen.seconds, asked, tags)
    took, spent = time.perf_counter() - began, zip(used(), before, strict=True)
    serving_used, postgres_used, asking = ((after - former) / len(sizes) * 1e6 for after, former in spent)
    return Figures(len(sizes) / took, serving_used, postgres_used, asking, statistics.mean(sizes))


def take_turns(
    sides: dict[str, list[int]],
    running: dict[str, list[subprocess.Popen[bytes]]],
    postgres: int,
    chosen: argparse.Namespace,
) -> None:
    tags: dict[int, bytes] = {}
    hot = min(HOT, chosen.albums)
    turns = [
        ("plain asyncpg", "any", chosen.albums, None),
        ("the service", "any", chosen.albums, None),
        ("plain asyncpg", "hot", hot, None),
        ("the service", "hot", hot, None),
        ("the service", "unchanged", hot, tags),
    ]
    seen: dict[str, list[Figures]] = {f"{side}, {which}": [] for side, which, _, _ in turns}
    for turn in range(chosen.rounds + 1):
        for side, which, asked, known in turns:
            serving = [process.pid for process in running[side]]
            figures = measure(sides[side], serving, postgres, asked, known, chosen)
            if turn:  # the first warms up
                seen[f"{side}, {which}"].append(figures)
                print(f"{side + ', ' + which:24}{figures}", flush=True)
    print("\nmedians (serving + Postgres + clients):")
    medians = {name: Figures(*map(statistics.median, zip(*each, strict=True))) for name, each in seen.items()}
    for name, figures in medians.items():
        print(f"{name:24}{figures}")
    times = medians["the service, any"].rate / medians["plain asyncpg, any"].rate
    print(f"{times:.2f} times plain asyncpg")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--albums", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--plain", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.plain:
        serve_plain(chosen.plain[0], int(chosen.plain[1]))
        return
    with tempfile.TemporaryDirectory(prefix="vinyl-bench-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        group = ProcessGroup()
        server = Postgres(
            place / "postgres",
            group,
            port=free_ports(1)[0],
            password=secrets.token_hex(16),
            durable=False,
            buffers_mib=BUFFERS_MIB,
        )
        try:
            with (place / "postgres.log").open("wb") as log:
                server.wait_until_ready(server.start(log))
            _, url = ClonedDatabases(server).clone("catalog")
            postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
            compare(url, place, postmaster, chosen)
        finally:
            group.close()


if __name__ == "__main__":
    main()
