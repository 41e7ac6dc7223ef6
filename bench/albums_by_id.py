"""How many albums a second the service answers by id, beside the least that asyncpg could do, in turns.

    .venv/bin/python bench/albums_by_id.py --albums 1000000

Every album has a master, a leading release with ten tracks, two artists and a label. The plain handler is a Litestar
route without anything else of ours: one statement for one album, its documents sent as they are. As many processes of
each, over the same rows, asked by the same clients, who open their connections once and ask again when answered.
"""

import argparse
import asyncio
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
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
NAME = "id", "name", "sort_name", "search_text", "document", *STAMPS
ONE = """
select albums.id::text, albums.title, albums.year, albums.document, releases.document as lead, album_ratings.count
from albums join releases on releases.id = albums.lead_release_id
left join album_ratings on album_ratings.album_id = albums.id where albums.id = $1
"""


def id_of(kind: int, number: int) -> UUID:
    return UUID(int=kind << 96 | number << 16)


def names(kind: int, count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        name = f"Name {kind} {number}"
        yield (number, id_of(kind, number), name, name, "", b"{}", 1, NOW, NOW)


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
            (album_id, number, release_id, 1, title, title, 1971, [], [], "", encoded[0], 1, NOW, NOW),
            (release_id, number, album_id, title, 0, [], [], [], [], [], encoded[1], 1, NOW, NOW),
        )


async def fill(url: str, albums: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=3600)
    for kind, table, count in ((3, "artists", ARTISTS), (4, "labels", LABELS)):
        columns = (f"discogs_{table[:-1]}_id", *NAME)
        await connection.copy_records_to_table(table, records=names(kind, count), columns=columns)
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


class Client(asyncio.Protocol):
    """Asks for one album after the other."""

    def __init__(self, albums: int, ends_at: float, seen: list[int]) -> None:
        self._albums, self._ends_at, self._seen = albums, ends_at, seen
        self._buffer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(SystemExit(f"Answered: {head[:200]!r} {body[:500]!r}"))
            return
        self._buffer = b""
        self._seen.append(len(body))
        if time.perf_counter() < self._ends_at:
            self._ask()
        else:
            self._transport.close()
            self.done.set_result(None)

    def _ask(self) -> None:
        album_id = id_of(1, random.randint(1, self._albums))
        self._transport.write(
            b"GET /api/v1/albums/%b HTTP/1.1\r\nHost: bench\r\n\r\n" % str(album_id).encode()
        )


async def ask(ports: list[int], connections: int, seconds: float, albums: int) -> tuple[float, float]:
    """Answers a second, and bytes of a body."""
    loop, seen = asyncio.get_running_loop(), list[int]()
    began = time.perf_counter()
    clients = [
        (await loop.create_connection(lambda: Client(albums, began + seconds, seen), "127.0.0.1", port))[1]
        for port in ports
        for _ in range(connections // len(ports))
    ]
    await asyncio.gather(*(client.done for client in clients))
    return len(seen) / (time.perf_counter() - began), statistics.mean(seen)


def processor_seconds(processes: list[subprocess.Popen[bytes]]) -> float:
    """Of these alone; 0 where the system does not tell."""
    used = 0
    for process in processes:
        stat = Path(f"/proc/{process.pid}/stat")
        if stat.exists():
            used += sum(int(each) for each in stat.read_text().rpartition(")")[2].split()[11:13])
    return used / os.sysconf("SC_CLK_TCK")


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


async def wait_for(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


async def compare(url: str, folder: Path, chosen: argparse.Namespace) -> None:
    await fill(url, chosen.albums)
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
                await wait_for(port)
            await take_turns(sides, running, chosen)
        finally:
            for process in [each for processes in running.values() for each in processes]:
                process.terminate()
                process.wait()


async def take_turns(
    sides: dict[str, list[int]],
    running: dict[str, list[subprocess.Popen[bytes]]],
    chosen: argparse.Namespace,
) -> None:
    rates: dict[str, list[float]] = {side: [] for side in sides}
    costs: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(chosen.rounds + 1):
        for side, ports in sides.items():
            before = processor_seconds(running[side])
            rate, size = await ask(ports, chosen.connections, chosen.seconds, chosen.albums)
            if turn:  # the first warms up
                used = processor_seconds(running[side]) - before
                rates[side].append(rate)
                costs[side].append(used / rate / chosen.seconds * 1e6)
                print(f"{side:14} {rate:8,.0f}/s  {costs[side][-1]:5.0f} µs of processor  {size:,.0f} bytes")
    medians = {side: statistics.median(of_side) for side, of_side in rates.items()}
    print()
    for side, median in medians.items():
        print(f"{side:14} median {median:8,.0f}/s, {statistics.median(costs[side]):5.0f} µs of its processes")
    print(f"{medians['the service'] / medians['plain asyncpg']:.2f} times plain asyncpg")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--albums", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
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
            place / "postgres", group, port=free_ports(1)[0], password=secrets.token_hex(16), durable=False
        )
        try:
            with (place / "postgres.log").open("wb") as log:
                server.wait_until_ready(server.start(log))
            _, url = ClonedDatabases(server).clone("catalog")
            uvloop.run(compare(url, place, chosen))
        finally:
            group.close()


if __name__ == "__main__":
    main()
