"""Writing into one generation of the index. One process at a time does, and one thread of it."""

from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from vinyl_catalog.index.entries import Entry, document_of, words_in
from vinyl_catalog.index.schema import opened
from vinyl_catalog.index.spelling import spellings

# Memory that is filled before a segment is written: a million albums are one.
_BUILDING_BYTES = 1_000_000_000
_KEEPING_BYTES = 30_000_000


class GenerationWriter:
    """Raises ValueError or OSError where the folder holds no index that can be read."""

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        self._index = opened(folder, is_new=is_new)
        self._index.reload()
        self.documents = self._index.searcher().num_docs
        # One thread keeps up with Python's, and several write as many segments, each to be asked.
        self._writer = self._index.writer(_BUILDING_BYTES if is_new else _KEEPING_BYTES, num_threads=1)

    def add(self, documents: Iterable[bytes]) -> None:
        """As `document_of` makes them."""
        for document in documents:
            self._writer.add_json(document.decode())

    def add_spellings(self) -> None:
        """Of all words that were committed to a new index."""
        self._add_spellings(self._index.searcher().terms_with_prefix("words", ""))

    def replace(self, owners: Iterable[UUID], entries: Collection[Entry]) -> None:
        """Everything of these owners goes, and the entries come."""
        for owner in owners:
            for field in ("id", "owner"):
                self._writer.delete_documents_by_term(field, owner.hex)
        self.add(map(document_of, entries))
        known = self._index.searcher()
        words = {word for entry in entries for word in words_in(entry)}
        self._add_spellings((word, 1) for word in words if not known.doc_freq("spelling", word))

    def commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def _add_spellings(self, words: Iterable[tuple[str, int]]) -> None:
        for spelling in spellings(words):
            self._writer.add_document(spelling)

    def finish(self) -> None:
        """Waits for what goes on behind, and lets go."""
        self._writer.wait_merging_threads()
