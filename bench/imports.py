"""How fast dump files enter the catalogue, how fast the same files do so again, and how fast a plain reader is.

    .venv/bin/python bench/imports.py --releases 100000 --rounds 3

Every round has an empty database of its own in one embedded Postgres that syncs as it does in production. The
import is the command itself, from its start to its end; the events that it leaves are marked as published as they
come, which is what the work process does with them. The plain reader parses with ElementTree and inserts each
record and what belongs to it as one transaction through asyncpg; it is measured in the same round.
"""

import argparse
import asyncio
import contextlib
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import asyncpg
from dumps import Dump

from vinyl_devstack.migrations import migrate
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import SERVICES, Postgres
from vinyl_devstack.process_group import ProcessGroup

TEMPLATE = "template_catalog"
PEER_RELEASES = 2000
PEER_TABLES = """
create table peer_releases (id bigint primary key, title text, country text, released text, notes text);
create table peer_rows (release_id bigint not null, kind text not null, name text, value text);
create index on peer_rows (release_id);
"""
ADD_RELEASE = "insert into peer_releases values ($1, $2, $3, $4, $5)"
ADD_ROW = "insert into peer_rows values ($1, $2, $3, $4)"
TELL = "update outbox set published_at = now() where published_at is null"


def import_file(url: str, file: Path) -> tuple[float, float]:
    """Seconds, and MiB resident at most, of the command and the process that parses for it."""
    environment = {
        **os.environ,
        "VINYL_CATALOG_DATABASE_URL": url,
        "VINYL_CATALOG_JWKS_URL": "http://127.0.0.1:1",
    }
    began = time.monotonic()
    command = [sys.executable, "-m", "vinyl_catalog", "import", str(file)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        memory = 0.0
        while process.poll() is None:
            memory = max(memory, resident(process.pid))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"The import of {file.name} failed.")
    return time.monotonic() - began, memory


def resident(pid: int) -> float:
    """MiB of a process and its children; 0 where the system does not tell."""
    with contextlib.suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        own = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return own + sum(resident(int(child)) for child in children)
    return 0.0


@contextlib.contextmanager
def published(url: str) -> Iterator[None]:
    """Stands where the work process stands."""
    ended = threading.Event()

    async def publish() -> None:
        connection = await asyncpg.connect(url)
        while not ended.is_set():
            await connection.execute(TELL)
            await asyncio.sleep(0.1)
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(publish()))
    thread.start()
    yield
    ended.set()
    thread.join()


async def read_plainly(url: str, file: Path) -> float:
    """Releases a second."""
    connection = await asyncpg.connect(url)
    await connection.execute(PEER_TABLES)
    began, count = time.monotonic(), 0
    with gzip.open(file) as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314
            if element.tag == "release":
                await add_plainly(connection, element)
                element.clear()
                count += 1
                if count == PEER_RELEASES:
                    break
    await connection.close()
    return count / (time.monotonic() - began)


async def add_plainly(connection: "asyncpg.Connection[asyncpg.Record]", release: ET.Element) -> None:
    number = int(release.get("id") or 0)
    texts = [release.findtext(name) for name in ("title", "country", "released", "notes")]
    rows = [
        (number, "artist", each.findtext("name"), each.findtext("role")) for each in release.iter("artist")
    ]
    rows += [
        (number, "track", each.findtext("title"), each.findtext("duration")) for each in release.iter("track")
    ]
    rows += [(number, "label", each.get("name"), each.get("catno")) for each in release.iter("label")]
    rows += [(number, "code", each.get("type"), each.get("value")) for each in release.iter("identifier")]
    rows += [(number, "company", each.findtext("name"), None) for each in release.iter("company")]
    async with connection.transaction():
        await connection.execute(ADD_RELEASE, number, *texts)
        await connection.executemany(ADD_ROW, rows)


def measure_round(postgres: Postgres, name: str, files: list[Path]) -> dict[str, float]:
    postgres.execute(f"create database {name} template {TEMPLATE}", database="postgres")
    url = postgres.url(name, role="vinyl_catalog", password="bench")  # noqa: S106 - of a server that ends with us
    with published(url):
        runs = [[import_file(url, file) for file in files] for _ in range(2)]
    peer = asyncio.run(read_plainly(url, files[-1]))
    postgres.execute(f"drop database {name} with (force)", database="postgres")
    found = {"peer": peer}
    for number, (file, first, again) in enumerate(zip(files, *runs, strict=True)):
        found |= {f"{number} first": first[0], f"{number} again": again[0], f"{number} MiB": first[1]}
        print(
            f"  {name} {file.name}: {first[0]:.1f} s, again {again[0]:.1f} s, {first[1]:.0f} MiB", flush=True
        )
    print(f"  {name} plain reader: {peer:,.0f}/s", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vinyl-bench-"))
    folder.chmod(0o711)
    group = ProcessGroup(scratch=folder)
    try:
        dump = Dump(chosen.releases, seed=1)
        files = dump.write(folder / "dumps")
        postgres = Postgres(folder / "postgres", group, port=free_ports(1)[0], password="bench")  # noqa: S106
        with (folder / "postgres.log").open("wb") as log:
            postgres.wait_until_ready(postgres.start(log))
        postgres.prepare(TEMPLATE, passwords={f"vinyl_{each}": "bench" for each in SERVICES})
        migrate(postgres.url(TEMPLATE, role="vinyl_catalog", password="bench"), "vinyl_catalog")  # noqa: S106
        rounds = [measure_round(postgres, f"round_{n}", files) for n in range(1, chosen.rounds + 1)]
    finally:
        group.close()
    report(rounds, files, [dump.artists, dump.labels, dump.masters, dump.releases])


def report(rounds: list[dict[str, float]], files: list[Path], counts: list[int]) -> None:
    """Medians over the rounds."""

    def median(key: str) -> float:
        return statistics.median(each[key] for each in rounds)

    print(f"\n{'file':26} {'records':>9} {'first/s':>9} {'again/s':>9} {'faster':>7} {'MiB':>6}")
    for number, (file, count) in enumerate(zip(files, counts, strict=True)):
        first, again = median(f"{number} first"), median(f"{number} again")
        rates = f"{count / first:9,.0f} {count / again:9,.0f} {first / again:6.1f}x"
        print(f"{file.name:26} {count:9,} {rates} {median(f'{number} MiB'):6.0f}")
    ratio = statistics.median(counts[-1] / each["3 first"] / each["peer"] for each in rounds)
    print(f"plain reader: {median('peer'):,.0f} releases/s; the import is {ratio:.1f} times as fast")


if __name__ == "__main__":
    main()
