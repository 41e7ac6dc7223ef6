"""The folder of everything a stack keeps: data, settings, secrets, and the lock that makes it its own."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import msgspec

HEALING_SECONDS = 10.0


class HomeInUse(Exception):
    """Another stack runs in this home; the message says where."""


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
        self.demo_loaded = self.folder / "demo-loaded"

    def make(self) -> None:
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
    """Taken while the supervisor or any process it started lives: they all hold the same descriptor."""

    def __init__(self, home: Home) -> None:
        home.make()
        self._path = home.folder / "lock"
        self._file: IO[str] = self._path.open("a+")

    def fileno(self) -> int:
        return self._file.fileno()

    def take(self) -> None:
        """Waits for what a killed supervisor left to be gone, and ends it at last. Raises HomeInUse."""
        deadline = time.monotonic() + HEALING_SECONDS
        while not self._try():
            owner = self._owner()
            if owner and is_alive(owner.pid):
                self._file.close()
                where = f" at {owner.address}" if owner.address else ""
                raise HomeInUse(
                    f"Vinylhound already runs in {self._path.parent}{where} (process {owner.pid})."
                )
            if owner and time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(owner.group, signal.SIGKILL)
            time.sleep(0.05)
        self.sign(Owner(os.getpid(), group=0, address=""))

    def sign(self, owner: Owner) -> None:
        self._clear()
        self._file.write(msgspec.json.encode(owner).decode())
        self._file.flush()

    def release(self) -> None:
        self._clear()
        self._file.close()

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _owner(self) -> Owner | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Owner)
        except msgspec.DecodeError:
            return None

    def _clear(self) -> None:
        self._file.seek(0)
        self._file.truncate()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def write_private(file: Path, text: str) -> None:
    """Readable by its owner alone at every moment, and never half written."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600)
    unfinished.write_text(text)
    unfinished.replace(file)
