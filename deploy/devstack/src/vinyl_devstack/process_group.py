"""Processes that end with this one, whatever ends it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

GUARDIAN = Path(__file__).with_name("guardian.py")


class ProcessGroup:
    """A process group led by a guardian that outlives us just long enough to end the rest.

    Portable where `PR_SET_PDEATHSIG` is not, and without its gap at `setuid`. `held` are descriptors every
    member keeps open, such as a lock that must stay taken while any of them lives; `scratch` is a folder that
    is removed after them.
    """

    def __init__(self, held: Sequence[int] = (), scratch: Path | None = None) -> None:
        self._scratch = scratch
        alive, self._sign_of_life = os.pipe()
        leash, self._leash = os.pipe()
        self._held = tuple(held)
        self._guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN), str(alive), *([str(scratch)] if scratch else [])],
            stdin=leash,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(alive, *self._held),
            process_group=0,
        )
        os.close(leash)
        os.close(alive)

    @property
    def id(self) -> int:
        return self._guardian.pid

    @property
    def scratch(self) -> Path:
        if self._scratch is None:
            raise LookupError("this group has no scratch folder")
        return self._scratch

    def spawn(
        self,
        command: Sequence[str],
        *,
        output: int | IO[bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts a member; `output` takes both its streams (a descriptor, a file or `subprocess.PIPE`)."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if output is None else output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            pass_fds=(self._sign_of_life, *self._held),
            process_group=self.id,
        )

    def close(self, within_seconds: float = 5.0) -> None:
        """Ends every member still alive, and the guardian last."""
        os.close(self._sign_of_life)
        os.close(self._leash)
        self._guardian.wait(within_seconds)
