"""Pressings out of Discogs dump files, for a sandbox that runs without a database."""

import asyncio
from collections.abc import Iterable, Iterator
from heapq import heappush, heappushpop
from pathlib import Path

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.imports.dump_files import chunks_of
from vinyl_catalog.imports.elements import parse
from vinyl_catalog.imports.kinds import BadRecord, RecordKind, UnreadableFile
from vinyl_catalog.imports.records import DumpReader
from vinyl_catalog.imports.release_records import release_from
from vinyl_catalog.imports.sources import LocalFile
from vinyl_devstack.sandbox.cataloguing import pressing_of
from vinyl_devstack.sandbox.market.chance import draw
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.source import MOST_PRESSINGS, SourceUnreachable


class DumpFiles:
    """A source that never changes; of all kinds of record it reads the releases."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = tuple(files)

    async def fingerprint(self) -> str:
        return " ".join(map(str, self._files))

    async def pressings(self) -> list[Pressing]:
        try:
            return await asyncio.to_thread(pressings_in, self._files, MOST_PRESSINGS)
        except UnreadableFile as fault:
            raise SourceUnreachable(fault.reason) from fault

    async def find(self, release_id: int) -> Pressing | None:  # noqa: ARG002  what the sample left out is gone
        return None

    async def close(self) -> None:
        """Nothing is held open."""


def pressings_in(files: Iterable[Path], at_most: int) -> list[Pressing]:
    """The releases of all files, or where there are more the same random ones each time."""
    kept: list[tuple[int, int, Pressing]] = []
    for number, facts in enumerate(facts for file in files for facts in _releases(file)):
        album = (
            f"master {facts.discogs_master_id}" if facts.discogs_master_id else f"{facts.discogs_release_id}"
        )
        entry = (-draw("sample", facts.discogs_release_id), number, pressing_of(facts, album))
        if len(kept) < at_most:
            heappush(kept, entry)
        else:
            heappushpop(kept, entry)
    return [pressing for *_, pressing in kept]


def _releases(file: Path) -> Iterator[ReleaseFacts]:
    reader = DumpReader(chunks_of(LocalFile(file)))
    for record in reader.records() if reader.kind is RecordKind.RELEASE else ():
        try:
            yield release_from(parse(record.content))
        except BadRecord:
            continue
