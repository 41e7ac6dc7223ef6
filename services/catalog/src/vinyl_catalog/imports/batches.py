"""A file's records in batches."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vinyl_catalog.imports.dump_files import chunks_of
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.preparing import EnteredRecord, Prepared, Preparer
from vinyl_catalog.imports.records import DumpReader, RawRecord
from vinyl_catalog.imports.sources import Source

MOST_RECORDS = 1000
MOST_BYTES = 3 << 20


class Batch(NamedTuple):
    """What is known of a batch before it is understood: how many records it has, how many before them were
    passed over, the ids they seem to have, and at which byte of the file it ends."""

    size: int
    passed: int
    quick_ids: list[int]
    position: int


class BatchReader:
    """Raises UnreadableFile at once for anything but a dump. What was read before a file broke off is still
    given, and `broken` then says why there is no more."""

    def __init__(self, source: Source) -> None:
        reader = DumpReader(chunks_of(source))
        self.kind: RecordKind = reader.kind
        self.is_single: bool = reader.is_single
        self.broken: str | None = None
        self._source = source
        self._records: Iterator[RawRecord] = reader.records()
        self._preparer = Preparer(reader.kind)
        self._batches: deque[list[EnteredRecord]] = deque()
        self._to_pass = 0
        self._others = 0
        self._between = 0

    def start(self, to_pass: int, turn: int, turns: int) -> None:
        """Every `turns`th batch is read here, from the one with the number `turn`; the file's first `to_pass`
        records were done before."""
        self._to_pass = to_pass
        self._others = turn
        self._between = turns - 1

    def read(self) -> Batch:
        """The next batch; an empty one at the end."""
        for _ in range(self._others):
            records = self._next_records()
            self._to_pass = max(0, self._to_pass - len(records))
            self._preparer.pass_over(records)
        self._others = self._between
        records = self._next_records()
        passed, own = records[: self._to_pass], records[self._to_pass :]
        self._to_pass -= len(passed)
        self._preparer.pass_over(passed)
        self._batches.append(self._preparer.enter(own))
        ids = [raw.quick_id for raw in own if raw.quick_id is not None]
        return Batch(len(own), len(passed), ids, self._source.position)

    def prepare(self, known: Mapping[int, bytes | None]) -> Prepared:
        """The first of the batches that were read and are not prepared yet."""
        return self._preparer.prepare(self._batches.popleft(), known)

    def missing(self, ids: Iterable[int]) -> list[int]:
        """Those that no record so far had."""
        return self._preparer.missing(ids)

    def _next_records(self) -> list[RawRecord]:
        batch: list[RawRecord] = []
        size = 0
        try:
            for raw in self._records:
                batch.append(raw)
                size += len(raw.content)
                if len(batch) == MOST_RECORDS or size >= MOST_BYTES:
                    break
        except UnreadableFile as error:
            self.broken = error.reason
        return batch
