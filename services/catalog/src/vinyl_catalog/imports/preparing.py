"""A batch of raw records, understood: rows to load, and records to set aside."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.imports import Reject
from vinyl_catalog.imports import staged_rows
from vinyl_catalog.imports.artist_records import artist_from
from vinyl_catalog.imports.elements import parse
from vinyl_catalog.imports.kinds import BadRecord, RecordKind
from vinyl_catalog.imports.label_records import label_from
from vinyl_catalog.imports.master_records import master_from
from vinyl_catalog.imports.records import MOST_RECORD_BYTES, RawRecord
from vinyl_catalog.imports.release_records import release_from
from vinyl_catalog.imports.seen_ids import SeenIds
from vinyl_catalog.store.staging import Mentioned, StagedSong


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


class Prepared(msgspec.Struct, frozen=True):
    """`rows` are of the batch's own kind, each id once; `songs` by the candidates of releases that likely stand
    for their album; `mentions` are names with the least spelling met."""

    kind: RecordKind
    rows: list[Any]
    songs: dict[UUID, list[StagedSong]]
    mentions: dict[tuple[str, int], str]
    rejects: list[Reject]
    unchanged: int

    def mentioned(self) -> Iterator[Mentioned]:
        for (kind, discogs_id), name in self.mentions.items():
            yield kind, discogs_id, name


class Preparer:
    """Reads the batches of one file in order."""

    def __init__(self, kind: RecordKind) -> None:
        self._kind = kind
        self._reading = _READINGS[kind]
        self._seen = SeenIds()

    def pass_over(self, records: Iterable[HashedRecord]) -> None:
        """Records that were done before the import was interrupted."""
        for record in records:
            if record.raw.quick_id is not None:
                self._seen.add(record.raw.quick_id)

    def prepare(self, records: Sequence[HashedRecord], known_hashes: dict[int, bytes]) -> Prepared:
        prepared = Prepared(self._kind, [], {}, {}, [], 0)
        unchanged = 0
        for record in records:
            quick_id = record.raw.quick_id
            try:
                if quick_id is not None and known_hashes.get(quick_id) == record.source_hash:
                    self._note(quick_id)
                    unchanged += 1
                else:
                    self._understand(record, prepared)
            except BadRecord as error:
                known_id = error.discogs_id if error.discogs_id is not None else quick_id
                prepared.rejects.append(Reject(self._kind, known_id, error.reason))
        return msgspec.structs.replace(prepared, unchanged=unchanged)

    def _understand(self, record: HashedRecord, prepared: Prepared) -> None:
        if not record.raw.content:
            raise BadRecord(f"the record is larger than {MOST_RECORD_BYTES >> 20} MiB")
        facts = self._reading.facts_from(parse(record.raw.content))
        self._note(getattr(facts, self._reading.id_of))
        row = self._reading.row_of(facts, record.source_hash)
        prepared.rows.append(row)
        if isinstance(facts, ReleaseFacts) and (facts.is_main_release or facts.discogs_master_id is None):
            prepared.songs[row.candidate_id] = staged_rows.song_rows(facts)
        for kind, discogs_id, name in self._reading.mentions_of(facts):
            spelling = prepared.mentions.get((kind, discogs_id))
            if spelling is None or name < spelling:
                prepared.mentions[kind, discogs_id] = name

    def _note(self, discogs_id: int) -> None:
        if not self._seen.add(discogs_id):
            raise BadRecord("the file has a record of this id before; the first one counts", discogs_id)
