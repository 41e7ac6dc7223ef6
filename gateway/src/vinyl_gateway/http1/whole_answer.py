"""An answer of which all is at hand, as it goes over the wire."""

from collections.abc import Iterable

from vinyl_gateway.http1.date_header import date_line
from vinyl_gateway.http1.exchange import BODILESS, STATUS_LINES


def whole_answer(status: int, headers: Iterable[tuple[bytes, bytes]], lines: bytes, body: bytes) -> bytes:
    """`lines` are further headers as they are written, none of which frames the body."""
    parts = [STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status]
    is_framed = status in BODILESS
    for name, value in headers:
        is_framed = is_framed or name == b"content-length"
        parts += (name, b": ", value, b"\r\n")
    if not is_framed:
        parts.append(b"content-length: %d\r\n" % len(body))
    parts += (lines, date_line(), body)
    return b"".join(parts)
