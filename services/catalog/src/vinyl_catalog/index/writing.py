"""Writing into one generation of the index. One process at a time does, and one thread of it."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from vinyl_catalog.index.entries import Entry, document_of
from vinyl_catalog.index.schema import opened

# Memory that is filled before a segment is written: of a whole catalogue as few as possible.
_BUILDING_BYTES = 512_000_000
_KEEPING_BYTES = 30_000_000


class GenerationWriter:
    """Raises ValueError or OSError where the folder holds no index that can be read."""

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        self._index = opened(folder, is_new=is_new)
        self._index.reload()
        self.documents = self._index.searcher().num_docs
        memory, threads = (_BUILDING_BYTES, 2) if is_new else (_KEEPING_BYTES, 1)
        self._writer = self._index.writer(memory, threads)

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._writer.add_document(document_of(entry))

    def replace(self, owners: Iterable[UUID], entries: Iterable[Entry]) -> None:
        """Everything of these owners goes, and the entries come."""
        for owner in owners:
            self._writer.delete_documents_by_term("owner", owner.hex)
        self.add(entries)

    def commit(self) -> None:
        self._writer.commit()

    def finish(self) -> None:
        """Waits for what goes on behind, and lets go."""
        self._writer.wait_merging_threads()
