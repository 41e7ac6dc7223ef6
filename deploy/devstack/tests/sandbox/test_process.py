"""The sandbox as the process that `make dev` starts."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

COMMAND = [sys.executable, "-m", "vinyl_devstack.sandbox"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture
def process(dump: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [*COMMAND, "--dump", str(dump), "--limit", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    for line in process.stdout:
        if match := ADDRESS.search(line):
            return match[0]
    raise AssertionError("it ended without an address")


def test_it_serves_until_it_is_told_to_stop(process: "subprocess.Popen[str]") -> None:
    address = address_of(process)
    said = httpx.get(f"{address}/sandbox").json()
    assert (said["requests_per_window"], said["catalogue"]["albums"]) == (60, 45)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert time.monotonic() - began < 3


def test_a_second_one_on_the_same_port_says_so(process: "subprocess.Popen[str]") -> None:
    port = address_of(process).rpartition(":")[2]
    second = subprocess.run(
        [*COMMAND, "--port", port], capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 1
    assert f"port {port} is taken" in second.stdout


def test_help_names_the_options() -> None:
    said = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=30, check=True).stdout
    for option in ("--port", "--database-url", "--dump", "--limit", "--speed", "--at", "--seed"):
        assert option in said


@pytest.mark.parametrize("bad", [("--speed", "0"), ("--at", "noon"), ("--limit", "many")])
def test_bad_options_are_refused(bad: tuple[str, str]) -> None:
    said = subprocess.run([*COMMAND, *bad], capture_output=True, text=True, timeout=30, check=False)
    assert said.returncode == 2
    assert bad[0] in said.stderr


def test_a_dump_that_does_not_read_is_an_empty_market(tmp_path: Path) -> None:
    file = tmp_path / "releases.xml"
    file.write_text("not a dump")
    with subprocess.Popen([*COMMAND, "--dump", str(file)], stdout=subprocess.PIPE, text=True) as running:
        said = httpx.get(f"{address_of(running)}/sandbox").json()
        running.kill()
    assert said["catalogue"]["pressings"] == 0
