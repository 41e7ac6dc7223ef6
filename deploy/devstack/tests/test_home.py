"""One stack a home, and what it keeps there."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vinyl_devstack.home import Home, HomeInUse, HomeLock

WaitUntil = Callable[..., None]
IsAlive = Callable[[int], bool]
HOLDER = """
import os, subprocess, sys, time
from pathlib import Path
from vinyl_devstack.home import Home, HomeLock, Owner
home = Home(Path(sys.argv[1]))
home.make()
lock = HomeLock(home)
lock.take()
held = [lock.fileno()]
orphan = subprocess.Popen(["sleep", "600"], pass_fds=held, process_group=0, stdout=subprocess.DEVNULL)
lock.sign(Owner(os.getpid(), orphan.pid, "http://127.0.0.1:1234"))
print(orphan.pid, flush=True)
time.sleep(600)
"""


def hold(folder: Path) -> tuple["subprocess.Popen[bytes]", int]:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE)
    assert holder.stdout
    orphan = int(holder.stdout.readline())
    holder.stdout.close()
    return holder, orphan


def test_a_home_in_use_is_refused_with_its_address(tmp_path: Path) -> None:
    holder, orphan = hold(tmp_path)
    with pytest.raises(HomeInUse, match=r"http://127\.0\.0\.1:1234"):
        HomeLock(Home(tmp_path)).take()
    holder.kill()
    holder.wait()
    os.kill(orphan, signal.SIGKILL)


def test_what_a_killed_run_left_is_waited_for(
    tmp_path: Path, wait_until: WaitUntil, is_alive: IsAlive
) -> None:
    holder, orphan = hold(tmp_path)
    holder.kill()
    holder.wait()
    ending = threading.Timer(0.5, os.kill, (orphan, signal.SIGKILL))
    ending.start()
    lock = HomeLock(Home(tmp_path))
    lock.take()
    wait_until(lambda: not is_alive(orphan))
    lock.release()


def test_what_a_killed_run_left_for_good_is_ended(
    tmp_path: Path, wait_until: WaitUntil, is_alive: IsAlive
) -> None:
    holder, orphan = hold(tmp_path)
    holder.kill()
    holder.wait()
    lock = HomeLock(Home(tmp_path))
    lock.take(healing_seconds=0.3)
    wait_until(lambda: not is_alive(orphan))
    lock.release()


def test_secrets_stay_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.make()
    secret = first.secret("nats")
    assert second.secret("nats") == secret
    assert second.secret("postgres") != secret
    first.write_settings("rating", {"VINYL_RATING_PORT": "1"})
    for name in ("secrets.json", "rating.env"):
        assert (first.settings / name).stat().st_mode & 0o777 == 0o600
    assert (first.settings / "rating.env").read_text() == "VINYL_RATING_PORT=1\n"
