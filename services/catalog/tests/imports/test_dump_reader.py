"""Files as they come: whole, cut off, packed, broken, hostile."""

import gzip
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from vinyl_catalog.domain.imports import Reject
from vinyl_catalog.imports.batches import BatchReader
from vinyl_catalog.imports.dump_files import chunks_of
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.records import MOST_RECORD_BYTES, DumpReader
from vinyl_catalog.imports.sources import LocalFile

RELEASE = '<release id="{0}"><title>Title {0}</title></release>'


class Read(NamedTuple):
    rows: list[Any]
    rejects: list[Reject]


def reader_of(path: Path) -> BatchReader:
    return BatchReader(LocalFile(path))


def read(path: Path, content: str | bytes) -> tuple[Read, str | None]:
    """Everything, as if the catalogue knew all of it in another wording."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reader = reader_of(path)
    found = Read([], [])
    while (batch := reader.read()).size:
        prepared = reader.prepare(dict.fromkeys(batch.quick_ids))
        found.rows.extend(prepared.rows)
        found.rejects.extend(prepared.rejects)
    return found, reader.broken


def releases(*records: str) -> str:
    return f"<releases>{''.join(records)}</releases>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dump.xml"


@pytest.mark.parametrize("kind", ["artist", "label", "master", "release"])
def test_the_kind_is_known_from_the_root_element(path: Path, kind: str) -> None:
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a dump -->\n<{kind}s>\n</{kind}s>')
    reader = reader_of(path)
    assert reader.kind is RecordKind(kind)
    assert reader.read().size == 0


def test_an_empty_list_is_a_file_without_records(path: Path) -> None:
    prepared, broken = read(path, "<masters/>")
    assert (prepared.rows, broken) == ([], None)


def test_one_record_alone_is_a_file_too(path: Path) -> None:
    prepared, broken = read(path, RELEASE.format(7))
    assert ([row.discogs_id for row in prepared.rows], broken) == ([7], None)


def test_gzip_is_known_by_its_bytes_whatever_the_name(path: Path) -> None:
    prepared, broken = read(path, gzip.compress(releases(RELEASE.format(1)).encode()))
    assert (len(prepared.rows), broken) == (1, None)


def test_labels_inside_a_label_are_no_records(path: Path) -> None:
    inner = "<sublabels><label id='2'>Inner</label><label id='3'/></sublabels>"
    prepared, broken = read(path, f"<labels><label><id>1</id><name>Outer</name>{inner}</label></labels>")
    assert ([row.name for row in prepared.rows], broken) == (["Outer"], None)


def test_records_may_be_spread_over_many_reads(path: Path) -> None:
    notes = "x" * 700_000
    written = [f'<release id="{n}"><title>T</title><notes>{notes}</notes></release>' for n in range(1, 8)]
    prepared, broken = read(path, releases(*written))
    assert ([row.discogs_id for row in prepared.rows], broken) == (list(range(1, 8)), None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"%PDF-1.7 ...", "not XML"),
        (b"<html><body>Sorry</body></html>", "root element is <html>"),
        (b'{"releases": []}', "not XML"),
        (b"<!DOCTYPE releases [<!ENTITY a 'b'>]><releases></releases>", "document type"),
        ("<releases></releases>".encode("utf-16"), "UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><releases></releases>', "UTF-8"),
        (b"\x1f\x8b\x08\x00nonsense that is no gzip", "gzip"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_reason(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refusal:
        reader_of(path)
    assert reason in refusal.value.reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        reader_of(tmp_path / "nowhere.xml")


def test_what_stands_before_the_end_of_a_cut_file_is_read(path: Path) -> None:
    prepared, broken = read(path, releases(RELEASE.format(1), RELEASE.format(2))[:-40])
    assert [row.discogs_id for row in prepared.rows] == [1]
    assert broken is not None
    assert "ends early" in broken


def test_a_cut_gzip_is_told_apart_from_a_whole_one(path: Path) -> None:
    # Numbers that do not repeat, so that the packed file is large enough to hold records before the cut.
    written = [RELEASE.format(n * 7919) for n in range(1, 20_000)]
    packed = gzip.compress(releases(*written).encode())
    prepared, broken = read(path, packed[: len(packed) * 2 // 3])
    assert 0 < len(prepared.rows) < len(written)
    assert broken is not None
    assert "cut off" in broken


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ('<release id="5"><title>A &bomb; B</title></release>', "undefined entity"),
        ('<release id="5"><title>A</titel></release>', "not well-formed"),
        ('<release id="5"><title></title></release>', "title is missing"),
        ('<release id="5"><artists/></release>', "title is missing"),
        ("<release><title>A</title></release>", "id is missing"),
        ('<release id="five"><title>A</title></release>', "no number"),
        ('<release id="0"><title>A</title></release>', "no number"),
        ('<release id="99999999999999999999"><title>A</title></release>', "no number"),
        (f'<release id="5"><title>{"x" * 10_000_000}</title></release>', "larger than"),
        (f'<release id="5"><title>{"x" * 20_000}</title></release>', "longer than"),
    ],
)
def test_a_bad_record_is_set_aside_and_its_neighbours_are_read(path: Path, record: str, reason: str) -> None:
    prepared, broken = read(path, releases(RELEASE.format(4), record, RELEASE.format(6)))
    assert broken is None
    assert [row.discogs_id for row in prepared.rows] == [4, 6]
    [reject] = prepared.rejects
    assert reject.kind == "release"
    assert reason in reject.reason


def test_bytes_that_are_no_utf8_spoil_their_record_only(path: Path) -> None:
    bad = b'<release id="5"><title>caf\xe9</title></release>'
    content = b"<releases>" + RELEASE.format(4).encode() + bad + b"</releases>"
    prepared, _ = read(path, content)
    assert [row.discogs_id for row in prepared.rows] == [4]
    assert [reject.discogs_id for reject in prepared.rejects] == [5]


def test_a_record_that_is_never_closed_spoils_itself_only(path: Path) -> None:
    prepared, broken = read(path, releases(RELEASE.format(4), '<release id="5"><title>A', RELEASE.format(6)))
    assert ([row.discogs_id for row in prepared.rows], broken) == ([4, 6], None)
    assert [reject.discogs_id for reject in prepared.rejects] == [5]


@pytest.mark.parametrize("written", ["A\x01B\x0b", "A&#1;B&#x0B;", "A&#x1f;B&#11;\x00"])
def test_control_characters_are_left_out(path: Path, written: str) -> None:
    prepared, _ = read(path, releases(f'<release id="5"><title>{written}</title></release>'))
    assert [row.title for row in prepared.rows] == ["AB"]


def test_the_second_record_of_an_id_is_set_aside(path: Path) -> None:
    other = '<release id="4"><title>Another</title></release>'
    prepared, _ = read(path, releases(RELEASE.format(4), other))
    assert [row.title for row in prepared.rows] == ["Title 4"]
    [reject] = prepared.rejects
    assert (reject.kind, reject.discogs_id, reject.raw) == ("release", 4, other)
    assert reject.reason == "the file has a record of this id before; the first one counts"


def test_an_endless_record_costs_bounded_memory(path: Path) -> None:
    endless = '<release id="5"><title>' + "x" * (3 * MOST_RECORD_BYTES)
    path.write_text(releases(RELEASE.format(4))[: -len("</releases>")] + endless)
    reader = DumpReader(chunks_of(LocalFile(path)))
    seen = []
    with pytest.raises(UnreadableFile, match="ends early"):
        seen.extend(record.quick_id for record in reader.records())
    assert len(reader._buffer) <= 2 * MOST_RECORD_BYTES


def test_deep_nesting_does_no_harm(path: Path) -> None:
    deep = "<sub_tracks><track><title>t</title>" * 20_000 + "</track></sub_tracks>" * 20_000
    tracks = f"<tracklist><track><title>t</title>{deep}</track></tracklist>"
    record = f'<release id="5"><title>A</title>{tracks}</release>'
    prepared, _ = read(path, releases(record, RELEASE.format(6)))
    assert 6 in [row.discogs_id for row in prepared.rows]


def test_a_gzip_bomb_is_read_in_little_memory(path: Path) -> None:
    blank = gzip.compress(b" " * (64 << 20), compresslevel=9)
    path.write_bytes(
        gzip.compress(b"<releases>") + blank * 8 + gzip.compress(f"{RELEASE.format(1)}</releases>".encode())
    )
    reader = DumpReader(chunks_of(LocalFile(path)))
    assert [record.quick_id for record in reader.records()] == [1]
    assert len(reader._buffer) <= 2 * MOST_RECORD_BYTES


def test_the_beginning_of_a_record_that_was_set_aside_is_kept(path: Path) -> None:
    prepared, _ = read(
        path, releases(f'<release id="5"><title></title><notes>a\0{"x" * 9_000_000}</notes></release>')
    )
    [reject] = prepared.rejects
    assert reject.raw is not None
    assert reject.raw.startswith('<release id="5"><title></title><notes>a\ufffdxxx')
    assert len(reject.raw) == 4096
