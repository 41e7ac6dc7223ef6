"""What a person at the terminal reads: every process's lines behind its name."""

import os
import sys
import threading
from typing import TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
WIDTH = 13
OURS = "vinylhound"


class Console:
    """Lines from many threads, whole and in the order they came. A stream that is gone is no error."""

    def __init__(self, stream: TextIO, *, coloured: bool) -> None:
        self._stream = stream
        self._coloured = coloured
        self._names: list[str] = []
        self._one_at_a_time = threading.Lock()

    @classmethod
    def of_terminal(cls) -> "Console":
        return cls(sys.stdout, coloured=sys.stdout.isatty() and "NO_COLOR" not in os.environ)

    def say(self, text: str) -> None:
        for line in text.splitlines():
            self.line(OURS, line)

    def line(self, name: str, text: str) -> None:
        with self._one_at_a_time:
            self._write(f"{self._prefix(name)} {text}\n")

    def banner(self, text: str) -> None:
        """Without a prefix: to be seen and copied."""
        with self._one_at_a_time:
            self._write(f"\n{text}\n\n")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            return

    def _prefix(self, name: str) -> str:
        label = f"{name:<{WIDTH}}|"
        if not self._coloured:
            return label
        if name == OURS:
            return f"\033[1m{label}\033[0m"
        if name not in self._names:
            self._names.append(name)
        return f"\033[{COLOURS[self._names.index(name) % len(COLOURS)]}m{label}\033[0m"
