"""A dump file as chunks of bytes, plain or gzipped, and what its head says it is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from isal import isal_zlib

from vinyl_catalog.imports.kinds import RecordKind, UnreadableFile
from vinyl_catalog.imports.sources import Source

_CHUNK_BYTES = 1 << 20
_MOST_HEAD_BYTES = 1 << 16
_PACKED_BYTES = 1 << 18
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*)(?=[\s/>])")
_ROOT_SOMEWHERE = re.compile(rb"<[A-Za-z_][^>]*>")
_KINDS = {f"{kind}s".encode(): (kind, False) for kind in RecordKind} | {
    kind.encode(): (kind, True) for kind in RecordKind
}


class Head(NamedTuple):
    """`is_single` marks a file that is one record without a list around it; `length` counts the bytes before
    the root element."""

    kind: RecordKind
    is_single: bool
    length: int


def chunks_of(source: Source) -> Iterator[bytes]:
    """The file's bytes, unpacked. Raises UnreadableFile after the last of a file that breaks off."""
    start = source.read(_PACKED_BYTES)
    try:
        if start.startswith(_GZIP):
            yield from _unpacked(source, start)
        else:
            while start:
                yield start
                start = source.read(_CHUNK_BYTES)
    except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub takes the class for an instance
        raise UnreadableFile(f"the gzip stream is damaged: {error}") from None


def _unpacked(raw: Source, packed: bytes) -> Iterator[bytes]:
    """A chunk at a time however well it is packed; several gzip streams one after the other are one."""
    while packed:
        stream = isal_zlib.decompressobj(wbits=_GZIP_WINDOW)
        while not stream.eof:
            if not packed:
                raise UnreadableFile("the gzip stream ends early: the file is cut off")
            chunk = stream.decompress(packed, _CHUNK_BYTES)
            packed = stream.unconsumed_tail or raw.read(_PACKED_BYTES)
            if chunk:
                yield chunk
        packed = stream.unused_data + packed


def head_of(start: bytes) -> Head:
    """What the first bytes say. Raises UnreadableFile for anything but a Discogs dump."""
    skipped = len(_UTF8_MARK) if start.startswith(_UTF8_MARK) else 0
    if not start.strip():
        raise UnreadableFile("the file is empty")
    if start.startswith(_WIDE_MARKS) or not _is_utf8(start):
        raise UnreadableFile("the file is not in UTF-8")
    match = _PROLOG.match(start, skipped)
    position = match.end() if match else skipped
    if start[position : position + 9].upper() == b"<!DOCTYPE":
        raise UnreadableFile("the file declares a document type, which is refused")
    root = _ROOT.match(start, position)
    if root is None:
        raise UnreadableFile("the file is not XML")
    if root[1] not in _KINDS:
        shown = root[1][:40].decode("utf-8", "replace")
        raise UnreadableFile(f"the file is not a Discogs dump: its root element is <{shown}>")
    kind, is_single = _KINDS[root[1]]
    return Head(kind, is_single, position)


def gather_head(chunks: Iterator[bytes]) -> bytes:
    """The first bytes of the file, enough to hold its root element and no more than that takes."""
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= _MOST_HEAD_BYTES or _ROOT_SOMEWHERE.search(start):
            break
    return start


def _is_utf8(start: bytes) -> bool:
    declared = _ENCODING.match(start.removeprefix(_UTF8_MARK).lstrip())
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
