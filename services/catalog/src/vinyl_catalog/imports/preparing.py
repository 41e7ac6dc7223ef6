"""A batch of raw records, understood: rows to load, and records to set aside."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.imports import Reject
from vinyl_catalog.imports import staged_rows
from vinyl_catalog.imports.artist_records import artist_from
from vinyl_catalog.imports.elements import parse, parse_all
from vinyl_catalog.imports.kinds import BadRecord, RecordKind
from vinyl_catalog.imports.label_records import label_from
from vinyl_catalog.imports.master_records import master_from
from vinyl_catalog.imports.records import MOST_RECORD_BYTES, RawRecord
from vinyl_catalog.imports.release_records import release_from
from vinyl_catalog.imports.seen_ids import SeenIds
from vinyl_catalog.store.packed_releases import FreshRelease, packed
from vinyl_catalog.store.staged import Mentioned

_MOST_REMEMBERED_NAMES = 200_000
_MOST_RAW_BYTES = 4096


class _Reading(NamedTuple):
    facts_from: Callable[[ET.Element], Any]
    id_of: str
    row_of: Callable[[Any, bytes], Any]
    mentions_of: Callable[[Any], Iterator[Mentioned]]


_READINGS = {
    RecordKind.ARTIST: _Reading(
        artist_from, "discogs_artist_id", staged_rows.artist_row, staged_rows.mentioned_by_artist
    ),
    RecordKind.LABEL: _Reading(
        label_from, "discogs_label_id", staged_rows.label_row, staged_rows.mentioned_by_label
    ),
    RecordKind.MASTER: _Reading(
        master_from, "discogs_master_id", staged_rows.master_row, staged_rows.mentioned_by_master
    ),
    RecordKind.RELEASE: _Reading(
        release_from, "discogs_release_id", staged_rows.release_row, staged_rows.mentioned_by_release
    ),
}


class HashedRecord(NamedTuple):
    raw: RawRecord
    source_hash: bytes


class Prepared(NamedTuple):
    """`rows` are of the batch's own kind, each id once; releases that nobody knows are `fresh` instead.
    `mentioned` are names that no batch before named, each in its least spelling."""

    kind: RecordKind
    rows: list[Any]
    fresh: list[FreshRelease]
    mentioned: list[Mentioned]
    rejects: list[Reject]
    unchanged: int


class Preparer:
    """Reads the batches of one file in order."""

    def __init__(self, kind: RecordKind) -> None:
        self._kind = kind
        self._reading = _READINGS[kind]
        self._seen = SeenIds()
        self._set_aside: set[int | None] = set()
        self._mentioned: set[Mentioned] = set()

    def pass_over(self, records: Iterable[HashedRecord]) -> None:
        """Records that were done before the import was interrupted."""
        for record in records:
            if record.raw.quick_id is not None:
                self._seen.add(record.raw.quick_id)

    def prepare(self, records: Sequence[HashedRecord], known: Mapping[int, bytes | None]) -> Prepared:
        """`known` are the hashes of those that the catalogue has."""
        batch = _Batch(self._kind, datetime.now(UTC))
        changed = [each for each in records if not _is_known(each, known)]
        trees = parse_all([each.raw.content for each in changed if each.raw.is_whole])
        for record in records:
            quick_id = record.raw.quick_id
            try:
                if quick_id is not None and _is_known(record, known):
                    self._note(quick_id)
                    batch.unchanged += 1
                else:
                    self._understand(record, trees, known, batch)
            except BadRecord as error:
                self._set_aside.add(quick_id)
                known_id = error.discogs_id if error.discogs_id is not None else quick_id
                batch.rejects.append(_reject(self._kind, known_id, error.reason, record.raw))
        return batch.prepared(self._news(batch.mentions))

    def missing(self, ids: Iterable[int]) -> list[int]:
        """Those that no record so far had, not even one that was set aside."""
        return [number for number in ids if number not in self._seen and number not in self._set_aside]

    def _understand(
        self,
        record: HashedRecord,
        trees: Iterator[ET.Element | None],
        known: Mapping[int, bytes | None],
        batch: "_Batch",
    ) -> None:
        if not record.raw.is_whole:
            raise BadRecord(f"the record is larger than {MOST_RECORD_BYTES >> 20} MiB")
        tree = next(trees)
        facts = self._reading.facts_from(parse(record.raw.content) if tree is None else tree)
        discogs_id: int = getattr(facts, self._reading.id_of)
        self._note(discogs_id)
        is_fresh = discogs_id == record.raw.quick_id and discogs_id not in known
        batch.add(self._reading.row_of(facts, record.source_hash), facts, is_fresh=is_fresh)
        for kind, number, name in self._reading.mentions_of(facts):
            spelling = batch.mentions.get((kind, number))
            if spelling is None or name < spelling:
                batch.mentions[kind, number] = name

    def _note(self, discogs_id: int) -> None:
        if not self._seen.add(discogs_id):
            raise BadRecord("the file has a record of this id before; the first one counts", discogs_id)

    def _news(self, mentions: Mapping[tuple[str, int], str]) -> list[Mentioned]:
        if len(self._mentioned) > _MOST_REMEMBERED_NAMES:
            self._mentioned.clear()
        named = {(kind, number, name) for (kind, number), name in mentions.items()}
        news = named - self._mentioned
        self._mentioned |= news
        return list(news)


class _Batch:
    def __init__(self, kind: RecordKind, at: datetime) -> None:
        self._kind = kind
        self._at = at
        self._rows: list[Any] = []
        self._fresh: list[FreshRelease] = []
        self.mentions: dict[tuple[str, int], str] = {}
        self.rejects: list[Reject] = []
        self.unchanged = 0

    def add(self, row: Any, facts: Any, *, is_fresh: bool) -> None:
        if not isinstance(facts, ReleaseFacts):
            self._rows.append(row)
            return
        if is_fresh:
            self._fresh.append(packed(row, self._at))
        else:
            self._rows.append(row)

    def prepared(self, mentioned: list[Mentioned]) -> Prepared:
        return Prepared(self._kind, self._rows, self._fresh, mentioned, self.rejects, self.unchanged)


def _is_known(record: HashedRecord, known: Mapping[int, bytes | None]) -> bool:
    return record.raw.quick_id is not None and known.get(record.raw.quick_id) == record.source_hash


def _reject(kind: RecordKind, discogs_id: int | None, reason: str, raw: RawRecord) -> Reject:
    """Postgres takes every character of a record but NUL."""
    shown = raw.content[:_MOST_RAW_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
    return Reject(kind, discogs_id, reason, shown)
