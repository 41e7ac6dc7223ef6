"""Asking one gateway at a time, and what that costs it."""

import os
import statistics
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from gateway_contestants import BENCH, UPSTREAM, Contestant
from gateway_load import Seen

from vinyl_devstack.process_group import ProcessGroup


class Figures(NamedTuple):
    """Answers a second, milliseconds until half and 99 of 100 were there, microseconds of processor for each."""

    rate: float
    p50: float
    p99: float
    processor: float

    def __str__(self) -> str:
        return f"{self.rate:9,.0f}/s {self.p50:8.2f} ms {self.p99:8.2f} ms {self.processor:7.1f} µs"


class Rounds:
    """What was seen of each, in turns."""

    def __init__(self) -> None:
        self._seen: dict[str, list[Figures]] = {}

    def add(self, name: str, figures: Figures) -> None:
        self._seen.setdefault(name, []).append(figures)

    @property
    def names(self) -> list[str]:
        return list(self._seen)

    def medians(self, name: str) -> Figures:
        return Figures(*map(statistics.median, zip(*self._seen[name], strict=True)))

    def times(self, one: str, other: str) -> float:
        """The median of the rounds' own ratios, which what disturbs a whole round does not change."""
        pairs = zip(self._seen[one], self._seen[other], strict=True)
        return statistics.median(a.rate / b.rate for a, b in pairs)

    def added(self, one: str, other: str) -> float:
        """Milliseconds at the median that one takes longer than the other."""
        pairs = zip(self._seen[one], self._seen[other], strict=True)
        return statistics.median(a.p50 - b.p50 for a, b in pairs)


class Measuring:
    """Where the system can place processes, whoever is asked has a core of its own, unless `spread`."""

    def __init__(self, group: ProcessGroup, folder: Path, *, spread: bool) -> None:
        self._group, self._folder = group, folder
        can_place = hasattr(os, "sched_setaffinity") and not spread
        cores = os.sched_getaffinity(0) if can_place else set[int]()
        self._own = {max(cores)} if len(cores) > 1 else cores
        self._rest = cores - self._own or cores
        keep_on(os.getpid(), self._rest)

    def load(self, asked: Contestant, kind: str, arguments: list[str]) -> Figures:
        """The upstream keeps the place that it has behind a gateway."""
        pid = asked.process.pid
        keep_on(pid, self._rest if asked.name == UPSTREAM else self._own)
        before = processor_seconds(pid)
        asking = self._ask([kind, str(asked.port), *arguments])
        printed, _ = asking.communicate()
        spent = processor_seconds(pid) - before
        keep_on(pid, self._rest)
        if asking.returncode:
            sys.exit(f"{asked.name}: {printed.decode()}")
        seen = msgspec.json.decode(printed, type=Seen)
        return Figures(seen.rate, seen.p50, seen.p99, spent / seen.answers * 1e6)

    def resident_megabytes(self, asked: Contestant, connections: int) -> float:
        """With as many open and idle, each of which has asked once."""
        asking = self._ask(["idle", str(asked.port), "--connections", str(connections)])
        said = asking.stdout.readline() if asking.stdout else b""
        held = resident_bytes(asked.process.pid) / 1e6
        asking.terminate()
        rest, _ = asking.communicate()
        if said != b"open\n":
            sys.exit(f"{asked.name}: {(said + rest).decode()}")
        return held

    def _ask(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(BENCH / "gateway_load.py"), *arguments]
        return self._group.spawn(command, output=subprocess.PIPE, folder=self._folder)


def keep_on(pid: int, cores: set[int]) -> None:
    """All threads of a process; none of `cores` leaves them where they are."""
    if cores:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)


def processor_seconds(pid: int) -> float:
    """0 where the system does not tell."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def resident_bytes(pid: int) -> int:
    """0 where the system does not tell."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
