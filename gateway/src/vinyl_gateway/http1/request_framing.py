"""Where a request's body ends: by its declared length, or chunk by chunk."""

import re

from vinyl_gateway.http1.line_ends import refuse_bare_ends
from vinyl_gateway.http1.refusals import HeadTooLarge, Malformed

_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,12})(?:[\t ]*;[\t -~]*)?\r\n")
_LONGEST_LINE = 256
_TRAILER_LIMIT = 8 * 1024


class Counted:
    """A body of a declared length in bytes."""

    __slots__ = ("_left", "ended")

    def __init__(self, length: int) -> None:
        self._left = length
        self.ended = length == 0

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """What of `data` is body, and what comes after it."""
        body, rest = data[: self._left], data[self._left :]
        self._left -= len(body)
        self.ended = not self._left
        return body, rest


class Chunked:
    """A body in chunks. Extensions and trailers are read and dropped."""

    __slots__ = ("_in_chunk", "_last", "_left", "ended")

    def __init__(self) -> None:
        self._left = 0
        self._in_chunk = False
        self._last = False
        self.ended = False

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """What of `data` is body, and what cannot be read yet or comes after it. Raises Malformed."""
        parts = []
        while data and not self.ended:
            if self._left:
                parts.append(data[: self._left])
                self._left -= len(parts[-1])
                data = data[len(parts[-1]) :]
                continue
            rest = self._end_chunk(data) if self._in_chunk else self._read_line(data)
            if rest is None:
                break
            data = rest
        return b"".join(parts), data

    def _end_chunk(self, data: bytes) -> bytes | None:
        if not b"\r\n".startswith(data[:2]):
            raise Malformed("A chunk is longer than it says.")
        if len(data) < 2:
            return None
        self._in_chunk = False
        return data[2:]

    def _read_line(self, data: bytes) -> bytes | None:
        if self._last:
            return self._read_trailers(data)
        end = data.find(b"\n", 0, _LONGEST_LINE)
        if end < 0:
            if len(data) >= _LONGEST_LINE:
                raise Malformed("A chunk's first line is too long.")
            refuse_bare_ends(data)
            return None
        line = _SIZE_LINE.fullmatch(data, 0, end + 1)
        if line is None:
            raise Malformed("A chunk does not begin with its size.")
        self._left = int(line[1], 16)
        self._last = not self._left
        self._in_chunk = not self._last
        return data[end + 1 :]

    def _read_trailers(self, data: bytes) -> bytes | None:
        if data.startswith(b"\r\n"):
            self.ended = True
            return data[2:]
        end = data.find(b"\r\n\r\n", 0, _TRAILER_LIMIT)
        refuse_bare_ends(data if end < 0 else data[:end])
        if end < 0:
            if len(data) >= _TRAILER_LIMIT:
                raise HeadTooLarge
            return None
        self.ended = True
        return data[end + 4 :]
