"""Waiting for what processes do, and looking whether they live."""

import subprocess
import time
from collections.abc import Callable

import pytest

WaitUntil = Callable[..., None]
IsAlive = Callable[[int], bool]


@pytest.fixture
def wait_until() -> WaitUntil:
    def wait(holds: Callable[[], bool], within_seconds: float = 10.0) -> None:
        deadline = time.monotonic() + within_seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.02)

    return wait


@pytest.fixture
def is_alive() -> IsAlive:
    """False for a dead process that nobody has reaped yet, too."""

    def look(pid: int) -> bool:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")

    return look
