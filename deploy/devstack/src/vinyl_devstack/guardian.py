"""The last to leave: ends a process group once its owner is gone, even by `kill -9`.

Run as a plain script in the group it guards: `guardian.py LIFE [SCRATCH]`. Standard input is the leash: it
ends when the owner closes it or dies. The descriptor LIFE is the sign of life: every process of the group
holds its other end, so it ends when the last of them has. The folder SCRATCH goes with them.
"""

import os
import select
import shutil
import signal
import sys

GRACE_SECONDS = ((signal.SIGTERM, 3.0), (signal.SIGQUIT, 1.0))


def guard(life: int, scratch: str) -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    while os.read(0, 1024):
        pass
    end_all(life)
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def end_all(life: int) -> None:
    for sign, grace in GRACE_SECONDS:
        if all_gone(life, 0):
            return
        os.killpg(0, sign)
        if all_gone(life, grace):
            return


def all_gone(life: int, within_seconds: float) -> bool:
    readable, _, _ = select.select([life], [], [], within_seconds)
    return bool(readable)


if __name__ == "__main__":
    guard(int(sys.argv[1]), "".join(sys.argv[2:]))
