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
from vinyl_catalog.imports.usual_releases import usual_release
from vinyl_catalog.store import binary_rows
from vinyl_catalog.store.packed_releases import FreshRelease, packed
from vinyl_catalog.store.staged import Mentioned

_MOST_REMEMBERED_NAMES = 200_000
_MOST_RAW_BYTES = 4096
_READ_AT_ONCE = 25
_REPEATED = "the file has a record of this id before; the first one counts"


class _Reading(NamedTuple):
    """`usual_facts` are of a record in the usual spelling, None for any other."""

    facts_from: Callable[[ET.Element], Any]
    id_of: str
    row_of: Callable[[Any, bytes], Any]
    mentions_of: Callable[[Any], Iterator[Mentioned]]
    usual_facts: Callable[[bytes], Any] = lambda _: None


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
        release_from,
        "discogs_release_id",
        staged_rows.release_row,
        staged_rows.mentioned_by_release,
        usual_release,
    ),
}


class EnteredRecord(NamedTuple):
    """`is_repeated` where the file had one of its id before."""

    raw: RawRecord
    source_hash: bytes
    is_repeated: bool


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
        self._mentioned: set[Mentioned] = set()

    def enter(self, records: Iterable[RawRecord]) -> list[EnteredRecord]:
        """The records of the next batch, to be prepared later."""
        return [
            EnteredRecord(
                raw, raw.content_hash, raw.quick_id is not None and not self._seen.add(raw.quick_id)
            )
            for raw in records
        ]

    def pass_over(self, records: Iterable[RawRecord]) -> None:
        """Records that another process understands, or did before the import was interrupted."""
        for record in records:
            if record.quick_id is not None:
                self._seen.add(record.quick_id)

    def prepare(self, records: Sequence[EnteredRecord], known: Mapping[int, bytes | None]) -> Prepared:
        """`known` are the hashes of those that the catalogue has."""
        batch = _Batch(self._kind, binary_rows.time(datetime.now(UTC)))
        changed = [each for each in records if self._has_news(each, known, batch)]
        for first in range(0, len(changed), _READ_AT_ONCE):
            self._understand_all(changed[first : first + _READ_AT_ONCE], known, batch)
        return batch.prepared(self._news(batch.mentions))

    def missing(self, ids: Iterable[int]) -> list[int]:
        """Those that no record so far had, not even one that was set aside."""
        return [number for number in ids if number not in self._seen]

    def _has_news(self, record: EnteredRecord, known: Mapping[int, bytes | None], batch: "_Batch") -> bool:
        raw = record.raw
        if record.is_repeated:
            batch.set_aside(raw, BadRecord(_REPEATED))
        elif raw.quick_id is not None and known.get(raw.quick_id) == record.source_hash:
            batch.unchanged += 1
        elif not raw.is_whole:
            batch.set_aside(raw, BadRecord(f"the record is larger than {MOST_RECORD_BYTES >> 20} MiB"))
        else:
            return True
        return False

    def _understand_all(
        self, records: Sequence[EnteredRecord], known: Mapping[int, bytes | None], batch: "_Batch"
    ) -> None:
        """Few enough that what is made of them stays near the processor."""
        usual = [self._reading.usual_facts(each.raw.content) for each in records]
        unusual = [each.raw.content for each, facts in zip(records, usual, strict=True) if facts is None]
        trees = parse_all(unusual)
        for record, facts in zip(records, usual, strict=True):
            try:
                found = self._parsed(record.raw, next(trees)) if facts is None else facts
                self._understand(record, found, known, batch)
            except BadRecord as error:
                batch.set_aside(record.raw, error)

    def _parsed(self, raw: RawRecord, tree: ET.Element | None) -> Any:
        """Raises BadRecord. `tree` is None where the record has to be parsed by itself."""
        return self._reading.facts_from(parse(raw.content) if tree is None else tree)

    def _understand(
        self, record: EnteredRecord, facts: Any, known: Mapping[int, bytes | None], batch: "_Batch"
    ) -> None:
        """Raises BadRecord."""
        discogs_id: int = getattr(facts, self._reading.id_of)
        if discogs_id != record.raw.quick_id and not self._seen.add(discogs_id):
            raise BadRecord(_REPEATED, discogs_id)
        is_fresh = discogs_id == record.raw.quick_id and discogs_id not in known
        batch.add(self._reading.row_of(facts, record.source_hash), facts, is_fresh=is_fresh)
        batch.mentions.update(self._reading.mentions_of(facts))

    def _news(self, mentions: Iterable[Mentioned]) -> list[Mentioned]:
        """Of several spellings the least."""
        if len(self._mentioned) > _MOST_REMEMBERED_NAMES:
            self._mentioned.clear()
        least: dict[tuple[str, int], str] = {}
        for kind, number, name in mentions:
            if name < least.setdefault((kind, number), name):
                least[kind, number] = name
        news = {(kind, number, name) for (kind, number), name in least.items()} - self._mentioned
        self._mentioned |= news
        return list(news)


class _Batch:
    def __init__(self, kind: RecordKind, at: bytes) -> None:
        self._kind = kind
        self._at = at
        self._rows: list[Any] = []
        self._fresh: list[FreshRelease] = []
        self.mentions: set[Mentioned] = set()
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

    def set_aside(self, raw: RawRecord, error: BadRecord) -> None:
        """Postgres takes every character of a record but NUL."""
        discogs_id = error.discogs_id if error.discogs_id is not None else raw.quick_id
        shown = raw.content[:_MOST_RAW_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
        self.rejects.append(Reject(self._kind, discogs_id, error.reason, shown))

    def prepared(self, mentioned: list[Mentioned]) -> Prepared:
        return Prepared(self._kind, self._rows, self._fresh, mentioned, self.rejects, self.unchanged)
