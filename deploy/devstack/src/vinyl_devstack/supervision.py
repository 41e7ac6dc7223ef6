"""Keeps a process running: shows what it says, and starts it again when it dies."""

import collections
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO, cast

from vinyl_devstack.console import Console

LAST_WORDS = 12
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 10.0
SETTLED_SECONDS = 10.0

Start = Callable[[int], "subprocess.Popen[bytes]"]


class Supervised:
    """A process under `name`. `start` starts it with the given output; `shows` says which lines to print."""

    def __init__(
        self,
        name: str,
        start: Start,
        console: Console,
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        shows: Callable[[str], bool] = bool,
    ) -> None:
        self.name = name
        self.restarts = 0
        self._start = start
        self._console = console
        self._stop_signal = stop_signal
        self._shows = shows
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise LookupError(f"{self.name} was never started")
        return self._process

    @property
    def pid(self) -> int:
        """Of the present process; another after a restart."""
        return self.process.pid

    def begin(self) -> None:
        self._keeping = threading.Thread(target=self._keep_running, args=self._spawn(), daemon=True)
        self._keeping.start()

    def ask_to_stop(self) -> None:
        with self._turn:
            self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.send_signal(self._stop_signal)

    def wait_until_stopped(self, deadline: float) -> None:
        """Kills it at the deadline, a `time.monotonic()`."""
        if not self._process:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._console.say(f"{self.name} did not end in time and is killed.")
            self._process.kill()
        self._keeping.join()

    def _keep_running(self, process: "subprocess.Popen[bytes]", reader: "OutputReader") -> None:
        delay = FIRST_DELAY_SECONDS
        while True:
            began = time.monotonic()
            status = process.wait()
            reader.join(1.0)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > SETTLED_SECONDS:
                delay = FIRST_DELAY_SECONDS
            self._report(status, reader, delay)
            if self._stopping.wait(delay):
                return
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)
            with self._turn:
                if self._stopping.is_set():
                    return
                process, reader = self._spawn()
                self.restarts += 1

    def _spawn(self) -> "tuple[subprocess.Popen[bytes], OutputReader]":
        self._process = self._start(subprocess.PIPE)
        reader = OutputReader(self._process, self._print)
        reader.start()
        return self._process, reader

    def _print(self, line: str) -> None:
        if self._shows(line):
            self._console.line(self.name, line)

    def _report(self, status: int, reader: "OutputReader", delay: float) -> None:
        words = "".join(f"\n    {line}" for line in reader.last_words) or " none."
        self._console.say(
            f"{self.name} {how_it_ended(status)} and starts again in {delay:.1f} s. Its last words:{words}"
        )


class OutputReader(threading.Thread):
    """Hands on each line of a process's output, and remembers the last ones."""

    def __init__(self, process: "subprocess.Popen[bytes]", hand_on: Callable[[str], None]) -> None:
        super().__init__(name=f"output of {process.pid}", daemon=True)
        self.last_words: collections.deque[str] = collections.deque(maxlen=LAST_WORDS)
        self._output = cast("IO[bytes]", process.stdout)
        self._hand_on = hand_on

    def run(self) -> None:
        with self._output:
            for line in self._output:
                text = line.decode(errors="replace").rstrip()
                self.last_words.append(text)
                self._hand_on(text)


def how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    return f"was ended by {signal.Signals(-status).name}"
