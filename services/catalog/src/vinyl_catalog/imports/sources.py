"""Where a dump comes from: a file, or a web address."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from vinyl_catalog.imports.addresses import is_address
from vinyl_catalog.imports.kinds import UnreadableFile


class Source(Protocol):
    """`mark` tells it from another of the same name, `length` is in bytes, `position` how far it is read."""

    mark: str
    length: int | None
    position: int

    def read(self, most: int, /) -> bytes:
        """Some of its bytes, none at its end. Raises UnreadableFile."""
        ...


class LocalFile:
    """Raises UnreadableFile where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.position = 0
        try:
            status = path.stat()
        except OSError as error:
            raise _unreadable(error) from None
        self.mark = _mark_of(status)
        self.length: int | None = status.st_size

    def read(self, most: int) -> bytes:
        try:
            with self._path.open("rb") as file:
                is_same = _mark_of(os.fstat(file.fileno())) == self.mark
                file.seek(self.position)
                chunk = file.read(most)
        except OSError as error:
            raise _unreadable(error) from None
        if not is_same:
            raise UnreadableFile("the file changed while it was read")
        self.position += len(chunk)
        return chunk


def source_of(file: str, allowed_hosts: Sequence[str] | None) -> Source:
    """`allowed_hosts` None allows every one. Raises UnreadableFile."""
    if not is_address(file):
        return LocalFile(Path(file))
    from vinyl_catalog.imports.remote_files import RemoteFile  # noqa: PLC0415 - half of a parsing process's start

    return RemoteFile(file, allowed_hosts)


def _mark_of(status: os.stat_result) -> str:
    return f"{status.st_size}:{status.st_mtime_ns}"


def _unreadable(error: OSError) -> UnreadableFile:
    return UnreadableFile(f"the file cannot be read: {error.strerror or error}")
