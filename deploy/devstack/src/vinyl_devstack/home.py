"""The folder of everything a stack keeps: data, settings, secrets, and the lock that makes it its own."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import msgspec

HEALING_SECONDS = 10.0


class HomeInUse(Exception):
    """Another stack runs in this home; the message says where."""


class HomeUnusable(Exception):
    """The folder cannot be made or written to; the message says why."""


class Owner(msgspec.Struct, frozen=True):
    """Who holds a home: the supervisor, the group of its processes, and where its gateway answers."""

    pid: int
    group: int
    address: str


class Home:
    """`folder` and what is where in it. A secret is made when first asked for, and stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.settings = self.folder / "settings"
        self.postgres = self.folder / "postgres"
        self.nats = self.folder / "nats"
        self.signing_keys = self.folder / "signing-keys"

    def make(self) -> None:
        """Raises HomeUnusable."""
        with usable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.settings.mkdir(mode=0o700, exist_ok=True)

    def secret(self, name: str) -> str:
        file = self.settings / "secrets.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(32)
            write_private(file, json.dumps(known, indent=2))
        return str(known[name])

    def write_settings(self, process: str, values: Mapping[str, str]) -> None:
        """`settings/<process>.env`, which the process and every command of the same home read."""
        lines = [f"{name}={value}" for name, value in values.items()]
        write_private(self.settings / f"{process}.env", "\n".join(lines) + "\n")


class HomeLock:
    """Two locks: one that the supervisor alone holds, and one that every process it starts holds with it.

    The first tells whether somebody runs here, the second whether something of a killed run still does. Both
    are the system's own and go with their holders, so that none is ever stale.
    """

    def __init__(self, home: Home) -> None:
        self._folder = home.folder
        with usable(home.folder):
            self._supervisor = (home.folder / "supervisor").open("a+")
            self._processes = (home.folder / "processes").open("a+")

    def fileno(self) -> int:
        """To be held by every process that is started."""
        return self._processes.fileno()

    def take(self, healing_seconds: float = HEALING_SECONDS) -> None:
        """Waits for what a killed supervisor left to be gone, and ends it at last. Raises HomeInUse."""
        if not try_lock(self._supervisor):
            owner = self._owner()
            self._close()
            where = f" at {owner.address} (process {owner.pid})" if owner else ""
            raise HomeInUse(f"Vinylhound already runs in {self._folder}{where}.")
        former = self._owner()
        deadline = time.monotonic() + healing_seconds
        while not try_lock(self._processes):
            if former and time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(former.group, signal.SIGKILL)
            time.sleep(0.05)
        self._clear()

    def sign(self, owner: Owner) -> None:
        self._clear()
        self._supervisor.write(msgspec.json.encode(owner).decode())
        self._supervisor.flush()

    def release(self) -> None:
        self._clear()
        self._close()

    def _owner(self) -> Owner | None:
        self._supervisor.seek(0)
        try:
            return msgspec.json.decode(self._supervisor.read(), type=Owner)
        except msgspec.DecodeError:
            return None

    def _clear(self) -> None:
        self._supervisor.seek(0)
        self._supervisor.truncate()

    def _close(self) -> None:
        self._processes.close()
        self._supervisor.close()


@contextlib.contextmanager
def usable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HomeUnusable(f"No data can be kept in {folder}: {error.strerror}.") from error


def try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(file: Path, text: str) -> None:
    """Readable by its owner alone at every moment, and never half written."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600)
    unfinished.write_text(text)
    unfinished.replace(file)
