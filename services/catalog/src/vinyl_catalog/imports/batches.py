"""A file's records in batches, read and hashed in a thread beside the event loop."""

from collections.abc import Iterator
from pathlib import Path

from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.preparing import HashedRecord
from vinyl_catalog.imports.records import DumpReader, RawRecord

MOST_RECORDS = 2000
MOST_BYTES = 6 << 20


class BatchReader:
    """Raises UnreadableFile at once for anything but a dump. What was read before a file broke off is still
    given, and `broken` then says why there is no more."""

    def __init__(self, path: Path) -> None:
        reader = DumpReader(path)
        self.kind: RecordKind = reader.kind
        self.broken: UnreadableFile | None = None
        self._records: Iterator[RawRecord] = reader.records()

    def read(self) -> list[HashedRecord]:
        """The next batch; an empty one at the end."""
        batch: list[HashedRecord] = []
        size = 0
        try:
            for raw in self._records:
                batch.append(HashedRecord(raw, raw.content_hash))
                size += len(raw.content)
                if len(batch) == MOST_RECORDS or size >= MOST_BYTES:
                    break
        except UnreadableFile as error:
            self.broken = error
        return batch
