"""A file as the importer sees it: read and understood in processes of their own."""

import asyncio
import os
import pickle
import sys
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from typing import Any

from vinyl_catalog.imports import parsing_process
from vinyl_catalog.imports.addresses import is_address
from vinyl_catalog.imports.batches import Batch
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.parsing_process import LENGTH_BYTES
from vinyl_catalog.imports.preparing import Prepared

_MOST_BUFFERED = 1 << 20
_FEWEST_BYTES_FOR_TWO = 4 << 20
_CORES = os.cpu_count() or 1
_Found = tuple[Batch, Prepared]
FindKnown = Callable[[RecordKind, Sequence[int]], Awaitable[Mapping[int, bytes | None]]]


class ParsingEnded(Exception):
    """The process was killed, as the system does when memory runs out."""


class _Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, *asked: Any) -> Any:
        """Raises UnreadableFile and ParsingEnded."""
        self.say(*asked)
        return await self.hear()

    def say(self, *asked: Any) -> None:
        """To be heard in the same order. It goes into the system's buffers, however busy the process is."""
        said = pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)
        if self._process.stdin is not None:
            self._process.stdin.write(len(said).to_bytes(LENGTH_BYTES) + said)

    async def hear(self) -> Any:
        """What the first thing that was said and not heard yet led to. Raises UnreadableFile and
        ParsingEnded."""
        reading = self._process.stdout
        if reading is None:
            raise ParsingEnded
        try:
            length = int.from_bytes(await reading.readexactly(LENGTH_BYTES))
            answer = await reading.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            raise ParsingEnded("the process that reads the file ended") from None
        is_well, result = pickle.loads(answer)  # noqa: S301 - from the process that we started
        if not is_well:
            raise UnreadableFile(result)
        return result


class ParsedFile:
    """The file that was opened last. `mark` tells it from another of the same name; `length` is in bytes,
    None where it is not told; `is_single` where it is one record and no list.

    Where it pays a second process reads it too: each passes over the batches that are the other's.
    """

    kind: RecordKind
    mark: str
    length: int | None
    is_single: bool

    def __init__(
        self, first: _Process, start_another: Callable[[], Awaitable[_Process]], fewest_bytes_for_two: int
    ) -> None:
        self._first = first
        self._fewest_bytes_for_two = fewest_bytes_for_two
        self._second: _Process | None = None
        self._start_another = start_another
        self._readers = [first]

    async def open(self, file: str, allowed_hosts: Sequence[str] | None) -> None:
        """Raises UnreadableFile for anything but a dump."""
        hosts = None if allowed_hosts is None else list(allowed_hosts)
        kind, self.mark, self.length, self.is_single = await self._first.ask("open", file, hosts)
        self.kind = RecordKind(kind)
        self._readers = [self._first]
        if _CORES > 1 and not is_address(file) and (self.length or 0) >= self._fewest_bytes_for_two:
            self._second = self._second or await self._start_another()
            await self._second.ask("open", file, hosts)
            self._readers.append(self._second)

    async def batches(self, to_pass: int, find_known: FindKnown) -> AsyncGenerator[_Found, None]:
        """In order, of the records after the first `to_pass`; the next ones are read meanwhile."""
        for turn, reader in enumerate(self._readers):
            await reader.ask("call", "start", to_pass, turn, len(self._readers))
        turns = [self._read(reader, find_known) for reader in self._readers]
        ahead = deque(asyncio.create_task(_next(each)) for each in turns)
        try:
            for each in cycle(turns):
                if (found := await ahead.popleft()) is None:
                    break
                ahead.append(asyncio.create_task(_next(each)))
                yield found
            await asyncio.gather(*ahead)  # each has read to the end then
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def missing(self, ids: Sequence[int]) -> list[int]:
        """Those that the file has no record of."""
        missing: list[int] = await self._first.ask("call", "missing", list(ids))
        return missing

    async def broken(self) -> str | None:
        """Why the file could not be read to its end."""
        reason: str | None = await self._first.ask("broken")
        return reason

    async def _read(self, reader: _Process, find_known: FindKnown) -> AsyncGenerator[_Found, None]:
        """The process always knows what comes next: it reads a batch ahead, and is told what is known of that
        one before it is done with the one before."""
        batch: Batch = await reader.ask("call", "read")
        known = await find_known(self.kind, batch.quick_ids)
        _say_next(reader, known)
        while batch.size or batch.passed:
            following: Batch = await reader.hear()
            known = await find_known(self.kind, following.quick_ids)
            _say_next(reader, known)
            prepared: Prepared = await reader.hear()
            yield batch, prepared
            batch = following
        await reader.hear()
        await reader.hear()


def _say_next(reader: _Process, known: Mapping[int, bytes | None]) -> None:
    """A batch more is to be read, and then the one before it prepared, of which this is `known`."""
    reader.say("call", "read")
    reader.say("call", "prepare", known)


async def _next(turn: AsyncGenerator[_Found, None]) -> _Found | None:
    return await anext(turn, None)


@asynccontextmanager
async def parsing(fewest_bytes_for_two: int = _FEWEST_BYTES_FOR_TWO) -> AsyncIterator[ParsedFile]:
    async with AsyncExitStack() as running:

        async def start() -> _Process:
            return await running.enter_async_context(_process())

        yield ParsedFile(await start(), start, fewest_bytes_for_two)


@asynccontextmanager
async def _process() -> AsyncIterator[_Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", parsing_process.__name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_MOST_BUFFERED,
    )
    try:
        yield _Process(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
