"""What is started in a group ends with its owner, however that ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vinyl_devstack.process_group import ProcessGroup

WaitUntil = Callable[..., None]
IsAlive = Callable[[int], bool]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
OWNER = """
import sys, time
from pathlib import Path
from vinyl_devstack.process_group import ProcessGroup
folder = Path(sys.argv[1])
group = ProcessGroup(scratch=folder)
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
members = [group.spawn([sys.executable, "-c", stubborn]) for _ in range(3)]
print(group.id, *(member.pid for member in members), flush=True)
time.sleep(600)
"""


def test_closing_ends_even_what_ignores_sigterm() -> None:
    group = ProcessGroup()
    members = [group.spawn([sys.executable, "-c", STUBBORN]) for _ in range(3)]
    group.close(within_seconds=10)
    assert all(member.wait(1) < 0 for member in members)


def test_closing_waits_for_nothing_when_nothing_runs() -> None:
    began = time.monotonic()
    group = ProcessGroup()
    group.spawn([sys.executable, "-c", ""]).wait()
    group.close()
    assert time.monotonic() - began < 2


def test_an_owner_killed_outright_leaves_neither_processes_nor_its_scratch_folder(
    tmp_path: Path, wait_until: WaitUntil, is_alive: IsAlive
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(scratch)], stdout=subprocess.PIPE)
    assert owner.stdout
    left = [int(pid) for pid in owner.stdout.readline().split()]
    assert all(map(is_alive, left))
    os.kill(owner.pid, signal.SIGKILL)
    assert owner.wait() == -signal.SIGKILL
    wait_until(lambda: not any(map(is_alive, left)))
    assert owner.stdout.read() == b"", "nobody may hold the killed owner's output open"
    owner.stdout.close()
    assert not scratch.exists()
