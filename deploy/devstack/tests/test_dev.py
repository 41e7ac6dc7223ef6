"""`make dev` as a person meets it: one a home, nothing left behind, whatever ends it."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from vinyl_devstack.stack import Stack

START_SECONDS = 60
WaitUntil = Callable[..., None]


class Dev:
    """A `python -m vinyl_devstack` over `home`, and what it has printed."""

    def __init__(self, home: Path, *, through: tuple[str, ...] = ()) -> None:
        self.home = home
        self._output = home.with_suffix(".txt")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VINYL_")}
        ours = {"VINYL_HOME": str(home), "VINYL_PORT": "0", "VINYL_DEMO": "0", "VINYL_WEB": "0"}
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [*through, sys.executable, "-m", "vinyl_devstack"],
                env=environment | ours,
                stdout=output,
                stderr=output,
            )

    @property
    def printed(self) -> str:
        return self._output.read_text()

    @property
    def address(self) -> str:
        found = re.search(r"Vinylhound: (http://\S+)", self.printed)
        return found[1] if found else ""

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.printed
        return bool(self.address)

    def nothing_is_left(self) -> bool:
        """Every process of a stack holds this lock."""
        with (self.home / "processes").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


@pytest.fixture
def start(tmp_path: Path, wait_until: WaitUntil) -> Iterator[Callable[[], Dev]]:
    started: list[Dev] = []
    tmp_path.chmod(0o711)

    def start() -> Dev:
        dev = Dev(tmp_path / "my records, größer & 100%")
        started.append(dev)
        wait_until(dev.is_ready, START_SECONDS)
        return dev

    yield start
    for dev in started:
        dev.process.kill()
        dev.process.wait()
    wait_until(started[-1].nothing_is_left)


def test_a_second_one_in_the_same_home_says_where_the_first_is(start: Callable[[], Dev]) -> None:
    first = start()
    environment = os.environ | {"VINYL_HOME": str(first.home), "VINYL_PORT": "0"}
    second = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack"], env=environment, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert first.address in second.stdout
    assert second.stderr == ""
    assert httpx.get(f"{first.address}/health/ready").status_code == 200


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_within_five_seconds(start: Callable[[], Dev], sign: signal.Signals) -> None:
    dev = start()
    began = time.monotonic()
    dev.process.send_signal(sign)
    assert dev.process.wait(10) == 0
    assert time.monotonic() - began < 5
    assert dev.nothing_is_left()
    assert "killed" not in dev.printed


def test_an_impatient_ctrl_c_leaves_nothing_either(tmp_path: Path, wait_until: WaitUntil) -> None:
    tmp_path.chmod(0o711)
    dev = Dev(tmp_path / "home")
    wait_until((dev.home / "postgres.unfinished").exists)
    dev.process.send_signal(signal.SIGINT)
    assert dev.process.wait(5) == 0
    assert dev.nothing_is_left()
    assert "Traceback" not in dev.printed


def test_a_killed_make_leaves_nothing(tmp_path: Path, wait_until: WaitUntil) -> None:
    tmp_path.chmod(0o711)
    as_make_does = (
        "import os, subprocess, sys; subprocess.run(sys.argv[1:], env=os.environ | {'MAKELEVEL': '1'})"
    )
    dev = Dev(tmp_path / "home", through=(sys.executable, "-c", as_make_does))
    wait_until(dev.is_ready, START_SECONDS)
    dev.process.kill()
    dev.process.wait()
    wait_until(dev.nothing_is_left)


def test_killed_outright_it_leaves_no_orphan_and_the_next_start_works(start: Callable[[], Dev]) -> None:
    first = start()
    first.process.kill()
    first.process.wait()
    second = start()
    assert "already" not in second.printed
    assert second.address


def test_a_taken_port_is_a_sentence(tmp_path: Path, stack: Stack) -> None:
    taken = stack.gateway_url.rpartition(":")[2]
    environment = os.environ | {"VINYL_HOME": str(tmp_path / "home"), "VINYL_PORT": taken}
    dev = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack"], env=environment, capture_output=True, text=True, check=False
    )
    assert dev.returncode == 1
    assert f"Port {taken} is taken" in dev.stdout
    assert "Traceback" not in dev.stdout + dev.stderr


@pytest.mark.parametrize("port", ["high", "70000", "-1"])
def test_a_port_that_is_none_is_a_sentence(tmp_path: Path, port: str) -> None:
    environment = os.environ | {"VINYL_HOME": str(tmp_path / "home"), "VINYL_PORT": port}
    dev = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack"], env=environment, capture_output=True, text=True, check=False
    )
    assert dev.returncode == 1
    assert "VINYL_PORT" in dev.stdout


def test_a_home_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = os.environ | {"VINYL_HOME": str(tmp_path / "file" / "home"), "VINYL_PORT": "0"}
    dev = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack"], env=environment, capture_output=True, text=True, check=False
    )
    assert dev.returncode == 1
    assert str(tmp_path / "file") in dev.stdout
    assert dev.stderr == ""


def test_help_names_what_may_be_set() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack", "--help"], capture_output=True, text=True, check=True
    )
    assert all(name in said.stdout for name in ("VINYL_HOME", "VINYL_PORT", "VINYL_DEMO", "VINYL_WEB"))
