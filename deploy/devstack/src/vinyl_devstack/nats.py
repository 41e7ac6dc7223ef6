"""The embedded NATS server with JetStream."""

import json
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import IO

from vinyl_devstack.ports import LOOPBACK
from vinyl_devstack.process_group import ProcessGroup

PROGRAM = Path(sysconfig.get_path("scripts")) / "nats-server"
USER = "vinylhound"
START_SECONDS = 20.0
CHOOSE_A_PORT = -1


class NatsDidNotStart(Exception):
    """The server ended, or was not ready in time; its output says why."""


class Nats:
    """A server whose streams live in `folder`.

    `sync_interval` is how long an acknowledged message may stay off the disk: `always` survives a power cut.
    Port -1 lets the server choose; the choice is kept for the next start.
    """

    def __init__(
        self,
        folder: Path,
        group: ProcessGroup,
        *,
        password: str,
        port: int = CHOOSE_A_PORT,
        sync_interval: str = "always",
    ) -> None:
        self.port = port
        self._folder = folder
        self._group = group
        self._password = password
        self._sync_interval = sync_interval

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self._password}@{LOOPBACK}:{self.port}"

    def start(self, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.ports"):
            old.unlink()
        configuration = self._folder / "nats.conf"
        configuration.touch(0o600)
        configuration.write_text(self._configuration(), encoding="utf-8")
        return self._group.spawn([str(PROGRAM), "-c", str(configuration)], output=output)

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        announced = self._folder / f"nats-server_{process.pid}.ports"
        deadline = time.monotonic() + START_SECONDS
        while (port := announced_port(announced)) is None:
            if process.poll() is not None:
                raise NatsDidNotStart(f"nats-server ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise NatsDidNotStart(f"nats-server was not ready in {START_SECONDS:.0f} s")
            time.sleep(0.005)
        self.port = port

    @staticmethod
    def shows(line: str) -> bool:
        """Whether a line of its output is worth a person's attention."""
        return any(mark in line for mark in ("[WRN]", "[ERR]", "[FTL]")) and "Plaintext passwords" not in line

    def _configuration(self) -> str:
        # JSON is within the configuration's own syntax and quotes any folder's name, but for \u escapes
        return json.dumps(
            {
                "host": LOOPBACK,
                "port": self.port,
                "ports_file_dir": str(self._folder),
                "jetstream": {"store_dir": str(self._folder), "sync_interval": self._sync_interval},
                "authorization": {"user": USER, "password": self._password},
                "max_payload": 1024 * 1024,
                "logtime": False,
            },
            indent=2,
            ensure_ascii=False,
        )


def announced_port(announced: Path) -> int | None:
    try:
        urls = json.loads(announced.read_text())["nats"]
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return int(urls[0].rsplit(":", 1)[1])
