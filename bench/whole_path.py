"""What reading albums by id costs on its whole way: through the gateway to the service and Postgres.

    .venv/bin/python bench/whole_path.py

A million albums as in albums_by_id.py. The same processes of the service are asked past the gateway and through it, in
turns, by clients that ask again when answered: for any of the million, hardly one of which the gateway has kept, and
for the same thousand, all of which it has. The gateway counts limits together with others (raised, so that none is
reached), and gives ids, traces and metrics. Medians over the rounds; processor time is what an answer costs the
gateway, the service, Postgres and the clients, who share all cores.
"""

import argparse
import asyncio
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
from album_readers import Seen
from albums_by_id import BUFFERS_MIB, HOT, children_of, fill, processor_seconds, wait_for

from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_devstack.nats import Nats
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import SERVICES, Postgres
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.process_settings import local, prefixed

BENCH = Path(__file__).parent
GATEWAY, SERVICE = "the whole path", "the service alone"
ANY, HOT_ONES = "any", "hot"
WARM_UP_SECONDS = 1.0
PROMISED = {ANY: 8_000.0, HOT_ONES: 30_000.0}


class Side(NamedTuple):
    ports: list[int]
    gateways: list[int]
    services: list[int]


class Figures(NamedTuple):
    """Answers a second, milliseconds, and microseconds of processor for an answer."""

    rate: float
    p50: float
    p99: float
    gateway: float
    service: float
    postgres: float
    clients: float

    def __str__(self) -> str:
        spent = f"{self.gateway:4.0f} + {self.service:4.0f} + {self.postgres:4.0f} + {self.clients:3.0f} µs"
        return f"{self.rate:9,.0f}/s {self.p50:7.2f} ms {self.p99:7.2f} ms  {spent}"


class Processes:
    """Of `group`, with their output in `folder`."""

    def __init__(self, folder: Path, group: ProcessGroup) -> None:
        self._folder, self._group = folder, group

    @contextmanager
    def logging(self, name: str) -> Iterator[IO[bytes]]:
        with (self._folder / f"{name}.log").open("ab") as log:
            yield log

    def start(self, name: str, command: list[str], told: dict[str, str]) -> tuple[int, int]:
        """Its process and its port."""
        [port] = free_ports(1)
        shared = {"PORT": str(port), "LOG_LEVEL": "warning", "JWKS_URL": "http://127.0.0.1:1/"}
        settings = prefixed(name, shared | told) | {"VINYL_HOME": str(self._folder)}
        with self.logging(name) as log:
            process = self._group.spawn(
                [sys.executable, *command], output=log, environment=os.environ | settings
            )
        wait_for(port)
        return process.pid, port

    def start_postgres(self) -> tuple[int, str]:
        """Its process and the address of the catalogue's database."""
        server = Postgres(
            self._folder / "postgres",
            self._group,
            port=free_ports(1)[0],
            password=secrets.token_hex(16),
            durable=False,
            buffers_mib=BUFFERS_MIB,
        )
        with self.logging("postgres") as log:
            server.wait_until_ready(server.start(log))
        _, url = ClonedDatabases(server).clone("catalog")
        return int((server.data / "postmaster.pid").read_text().split()[0]), url

    def start_broker(self) -> str:
        broker = Nats(self._folder / "nats", self._group, password=secrets.token_hex(16))
        with self.logging("nats") as log:
            broker.wait_until_ready(broker.start(log))
        return broker.url

    def load(self, ports: list[int], albums: int, connections: int, seconds: float) -> Seen:
        numbers = {"--albums": albums, "--connections": connections, "--seconds": seconds}
        asked = [str(each) for pair in numbers.items() for each in pair]
        command = [sys.executable, str(BENCH / "album_readers.py"), *map(str, ports), *asked]
        with self._group.spawn(command, output=subprocess.PIPE) as asking:
            printed, _ = asking.communicate()
        if asking.returncode:
            sys.exit(printed.decode())
        return msgspec.json.decode(printed, type=Seen)


def start_sides(processes: Processes, url: str, chosen: argparse.Namespace) -> dict[str, Side]:
    broker = processes.start_broker()
    told = {"DATABASE_URL": url, "NATS_URL": broker}
    service = ["-m", "vinyl_catalog", "serve"]
    services = [processes.start("catalog", service, told) for _ in range(chosen.services)]
    pids, ports = ([each[place] for each in services] for place in (0, 1))
    at = ",".join(map(local, ports))
    told = {f"{service.upper()}_URL": at for service in SERVICES} | {"NATS_URL": broker, "ACCESS_LOG": "off"}
    gateway = [str(BENCH / "raised_limits.py")]
    gateways = [processes.start("gateway", gateway, told) for _ in range(chosen.gateways)]
    return {
        SERVICE: Side(ports, [], pids),
        GATEWAY: Side([port for _, port in gateways], [pid for pid, _ in gateways], pids),
    }


def measure(
    processes: Processes, side: Side, postgres: int, asked: int, seconds: float, connections: int
) -> Figures:
    def used() -> list[float]:
        parts = side.gateways, side.services, children_of(postgres)
        return [processor_seconds(pids) for pids in parts]

    before = used()
    seen = processes.load(side.ports, asked, connections, seconds)
    spent = [after - former for after, former in zip(used(), before, strict=True)]
    each = ((part / seen.answers) * 1e6 for part in (*spent, seen.processor))
    return Figures(seen.rate, seen.p50, seen.p99, *each)


def take_turns(
    processes: Processes, sides: dict[str, Side], postgres: int, chosen: argparse.Namespace
) -> dict[tuple[str, str], list[Figures]]:
    asked = {ANY: chosen.albums, HOT_ONES: min(HOT, chosen.albums)}
    seen: dict[tuple[str, str], list[Figures]] = {}
    for turn in range(chosen.rounds + 1):
        seconds = chosen.seconds if turn else WARM_UP_SECONDS
        for which, albums in asked.items():
            for name, side in sides.items():
                figures = measure(processes, side, postgres, albums, seconds, chosen.connections)
                if turn:  # the first warms up
                    seen.setdefault((which, name), []).append(figures)
                    print(f"{which:4} {name:18}{figures}", flush=True)
    return seen


def show(seen: dict[tuple[str, str], list[Figures]]) -> None:
    print(f"\n{'medians':23}{'answers':>11} {'p50':>10} {'p99':>10}  gateway + service + Postgres + clients")
    medians = {key: Figures(*map(statistics.median, zip(*each, strict=True))) for key, each in seen.items()}
    for (which, name), figures in medians.items():
        print(f"{which:4} {name:18}{figures}")
    for which, least in PROMISED.items():
        rate = medians[which, GATEWAY].rate
        kept = "kept" if rate >= least else "MISSED"
        print(f"{which}: {rate:,.0f}/s, promised {least:,.0f} {kept}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--albums", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--gateways", type=int, default=1, help="processes of the gateway")
    parser.add_argument("--services", type=int, default=1, help="processes of the service")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vinyl-bench-") as name:
        folder, group = Path(name), ProcessGroup()
        folder.chmod(0o711)
        try:
            processes = Processes(folder, group)
            postgres, url = processes.start_postgres()
            asyncio.run(fill(url, chosen.albums))
            sides = start_sides(processes, url, chosen)
            show(take_turns(processes, sides, postgres, chosen))
        finally:
            group.close()


if __name__ == "__main__":
    main()
