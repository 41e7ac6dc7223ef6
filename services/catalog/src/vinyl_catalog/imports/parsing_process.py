"""A process that reads and understands a dump file, so that the one that loads it has a core for itself.

Run as `python -m vinyl_catalog.imports.parsing_process`; it ends when its standard input does, which is also
when the process that started it was killed.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Any

from vinyl_catalog.imports.batches import BatchReader
from vinyl_catalog.imports.collecting import collect_seldom
from vinyl_catalog.imports.kinds import UnreadableFile
from vinyl_catalog.imports.sources import source_of

LENGTH_BYTES = 8


class _Parsing:
    """What the other process may call."""

    def __init__(self) -> None:
        self._reader: BatchReader | None = None

    def open(self, file: str, allowed_hosts: list[str] | None) -> tuple[str, str, int | None, bool]:
        """The file's kind, what tells it from another, its length in bytes and whether it is one record."""
        source = source_of(file, allowed_hosts)
        self._reader = BatchReader(source)
        return self._reader.kind, source.mark, source.length, self._reader.is_single

    def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self._reader, name)(*arguments)

    def broken(self) -> str | None:
        return self._reader.broken if self._reader else None


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started us
    collect_seldom()
    parsing = _Parsing()
    while length := sys.stdin.buffer.read(LENGTH_BYTES):
        asked = pickle.loads(sys.stdin.buffer.read(int.from_bytes(length)))  # noqa: S301 - from who started us
        answer = pickle.dumps(_answer(getattr(parsing, asked[0]), asked[1:]), pickle.HIGHEST_PROTOCOL)
        _write(len(answer).to_bytes(LENGTH_BYTES) + answer)


def _write(said: bytes) -> None:
    try:
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more, and ending in order would try to flush once more


def _answer(method: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, method(*arguments)
    except UnreadableFile as error:
        return False, error.reason


if __name__ == "__main__":
    main()
