"""A dump cut into records, each a piece of bytes of its own, so that a bad one spoils no other."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from vinyl_catalog.imports.dump_files import gather_head, head_of
from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile

MOST_RECORD_BYTES = 8 << 20
_MOST_TAG_BYTES = 4096
# A new number makes every record count as changed: raise it when facts are taken from records differently.
_READING_VERSION = b"1"
_QUICK_IDS = {
    RecordKind.ARTIST: re.compile(rb"<id>\s*(\d{1,18})\s*</id>"),
    RecordKind.LABEL: re.compile(rb"<id>\s*(\d{1,18})\s*</id>"),
    RecordKind.MASTER: re.compile(rb"<master\s[^>]*?\bid=\"(\d{1,18})\""),
    RecordKind.RELEASE: re.compile(rb"<release\s[^>]*?\bid=\"(\d{1,18})\""),
}


class RawRecord(NamedTuple):
    """`quick_id` is a guess at the id that is good enough to find an unchanged record; of a record that is
    too large to keep, `content` is the beginning."""

    quick_id: int | None
    content: bytes
    is_whole: bool = True

    @property
    def content_hash(self) -> bytes:
        return blake2b(self.content, digest_size=16, salt=_READING_VERSION).digest()


class DumpReader:
    """Reads one file from start to end in constant memory; `is_single` says that it is one record without a
    list around it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        start = gather_head(self._chunks)
        head = head_of(start)
        self.kind = head.kind
        self.is_single = head.is_single
        self._buffer = start[head.length :]
        tag = head.kind.encode()
        self._opening = re.compile(rb"<" + tag + rb"(?=[\s/>])")
        self._edge = re.compile(rb"<(/?)" + tag + rb"(?=[\s/>])[^>]*?(/?)>")
        self._closing = b"</" + tag + b">"
        # How nearly every record begins where the id stands in its tag, and how none of them begins again.
        self._usual_opening = re.compile(rb"\s*(<" + tag + rb"\s[^>]*?\bid=\"(\d{1,18})\"[^>]*[^>/]>)")
        self._again = b"<" + tag + b" "
        self._end = re.compile(rb"</" + tag + rb"s\s*>|<" + tag + rb"s(?:\s[^>]*)?/>")

    def records(self) -> Iterator[RawRecord]:
        """Every record in order. Raises UnreadableFile where the file ends early or cannot be read on."""
        position = 0
        while True:
            while (usual := self._usual_record(position)) is not None:
                position, record = usual
                yield record
                if self.is_single:
                    return
            opening = self._opening.search(self._buffer, position)
            if self._is_over(position, opening):
                return
            start = opening.start() if opening else max(position, len(self._buffer) - _MOST_TAG_BYTES)
            end = self._end_of_record(start) if opening else None
            if end is not None:
                yield from self._cut(start, end)
                if self.is_single:
                    return
                position = end
            elif len(self._buffer) - start > MOST_RECORD_BYTES:
                beginning = self._buffer[start : start + _MOST_TAG_BYTES]
                yield RawRecord(self._quick_id_in(beginning), beginning, is_whole=False)
                position = self._skip(start)
            else:
                self._grow(start)
                position = 0

    def _usual_record(self, position: int) -> tuple[int, RawRecord] | None:
        """The next, and where it ends, unless it has to be looked at more closely."""
        opening = self._usual_opening.match(self._buffer, position)
        if opening is None:
            return None
        end = self._buffer.find(self._closing, opening.end())
        if end < 0 or self._buffer.find(self._again, opening.end(), end) > 0:
            return None
        end += len(self._closing)
        return end, RawRecord(int(opening[2]), self._buffer[opening.start(1) : end])

    def _is_over(self, position: int, opening: re.Match[bytes] | None) -> bool:
        if self.is_single:
            return False
        stop = opening.start() if opening else len(self._buffer)
        return self._end.search(self._buffer, position, stop) is not None

    def _end_of_record(self, start: int) -> int | None:
        if self.kind is not RecordKind.LABEL:
            tag_end = self._buffer.find(b">", start)
            if self._buffer[tag_end - 1 : tag_end] == b"/":
                return tag_end + 1
            end = self._buffer.find(self._closing, start)
            return None if end < 0 else end + len(self._closing)
        depth = 0
        for edge in self._edge.finditer(self._buffer, start):
            if edge[1]:
                depth -= 1
            elif not edge[2]:
                depth += 1
            if depth <= 0:
                return edge.end()
        return None

    def _cut(self, start: int, end: int) -> Iterator[RawRecord]:
        """The piece, or, where a record in it was never closed, that one and the next."""
        starts = [start]
        if self.kind is not RecordKind.LABEL and self._buffer.find(self._again, start + 1, end) > 0:
            starts = [opening.start() for opening in self._opening.finditer(self._buffer, start, end)]
        for first, last in zip(starts, [*starts[1:], end], strict=True):
            content = self._buffer[first:last]
            yield RawRecord(self._quick_id_in(content), content)

    def _quick_id_in(self, content: bytes) -> int | None:
        match = _QUICK_IDS[self.kind].search(content)
        return int(match[1]) if match else None

    def _skip(self, start: int) -> int:
        """Drops an oversized record up to its closing tag and says where the next may begin."""
        position = start + 1
        while (closing := self._buffer.find(self._closing, position)) < 0:
            self._grow(max(position, len(self._buffer) - _MOST_TAG_BYTES))
            position = 0
        return closing + len(self._closing)

    def _grow(self, position: int) -> None:
        """Drops what was read and adds a chunk."""
        chunk = next(self._chunks, None)
        if chunk is None:
            raise UnreadableFile("the file ends early: it is cut off")
        self._buffer = self._buffer[position:] + chunk
