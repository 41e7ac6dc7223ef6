"""A file as the importer sees it: read and understood in a process of its own."""

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from vinyl_catalog.imports import parsing_process
from vinyl_catalog.imports.batches import Batch
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.parsing_process import LENGTH_BYTES
from vinyl_catalog.imports.preparing import Prepared

_MOST_BUFFERED = 1 << 20


class ParsingEnded(Exception):
    """The process was killed, as the system does when memory runs out."""


class ParsedFile:
    """The file that was opened last. `mark` tells it from another of the same name; `length` is in bytes,
    None where it is not told; `is_single` where it is one record and no list."""

    kind: RecordKind
    mark: str
    length: int | None
    is_single: bool

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def open(self, file: str, allowed_hosts: Sequence[str] | None) -> None:
        """Raises UnreadableFile for anything but a dump."""
        hosts = None if allowed_hosts is None else list(allowed_hosts)
        kind, self.mark, self.length, self.is_single = await self._ask("open", file, hosts)
        self.kind = RecordKind(kind)

    async def read(self, to_pass: int) -> Batch:
        batch: Batch = await self._ask("call", "read", to_pass)
        return batch

    async def prepare(self, known: Mapping[int, bytes | None]) -> Prepared:
        prepared: Prepared = await self._ask("call", "prepare", known)
        return prepared

    async def missing(self, ids: Sequence[int]) -> list[int]:
        """Those that the file has no record of."""
        missing: list[int] = await self._ask("call", "missing", list(ids))
        return missing

    async def broken(self) -> str | None:
        """Why the file could not be read to its end."""
        reason: str | None = await self._ask("broken")
        return reason

    async def _ask(self, *asked: Any) -> Any:
        """Raises UnreadableFile and ParsingEnded."""
        said = pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)
        reading, writing = self._process.stdout, self._process.stdin
        if reading is None or writing is None:
            raise ParsingEnded
        try:
            writing.write(len(said).to_bytes(LENGTH_BYTES) + said)
            await writing.drain()
            length = int.from_bytes(await reading.readexactly(LENGTH_BYTES))
            answer = await reading.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            raise ParsingEnded("the process that reads the file ended") from None
        is_well, result = pickle.loads(answer)  # noqa: S301 - from the process that we started
        if not is_well:
            raise UnreadableFile(result)
        return result


@asynccontextmanager
async def parsing() -> AsyncIterator[ParsedFile]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", parsing_process.__name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_MOST_BUFFERED,
    )
    try:
        yield ParsedFile(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
