"""Rows in the binary form that COPY takes, so that whoever has the values does all the work on them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from struct import Struct
from uuid import UUID

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_COUNT = Struct("!h").pack
_LENGTH = Struct("!i").pack
_SMALL = Struct("!ih").pack
_INTEGER = Struct("!ii").pack
_BIG = Struct("!iq").pack
_DOUBLE = Struct("!id").pack
_ARRAY = Struct("!iiiiii").pack
_TEXT_OID = 25
_NO_TEXTS = _LENGTH(12) + Struct("!iii").pack(0, 0, _TEXT_OID)
_UUID_LENGTH = _LENGTH(16)
NOTHING = _LENGTH(-1)


def row(fields: Sequence[bytes]) -> bytes:
    return _COUNT(len(fields)) + b"".join(fields)


def file_of(rows: Iterable[bytes]) -> BytesIO:
    return BytesIO(b"".join((_HEADER, *rows, _TRAILER)))


def text(value: str | None) -> bytes:
    return NOTHING if value is None else data(value.encode())


def data(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def uuid(value: UUID) -> bytes:
    return _UUID_LENGTH + value.int.to_bytes(16)


def small(value: int | None) -> bytes:
    return NOTHING if value is None else _SMALL(2, value)


def integer(value: int) -> bytes:
    return _INTEGER(4, value)


def big(value: int | None) -> bytes:
    return NOTHING if value is None else _BIG(8, value)


def double(value: float) -> bytes:
    return _DOUBLE(8, value)


def time(value: datetime) -> bytes:
    return _BIG(8, (value - _EPOCH) // timedelta(microseconds=1))


def texts(values: Sequence[str]) -> bytes:
    if not values:
        return _NO_TEXTS
    inside = b"".join([_LENGTH(len(word)) + word for word in map(str.encode, values)])
    return _ARRAY(20 + len(inside), 1, 0, _TEXT_OID, len(values), 1) + inside
