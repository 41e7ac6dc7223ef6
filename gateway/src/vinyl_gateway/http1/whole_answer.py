"""An answer of which all is at hand, as it goes over the wire."""

from vinyl_gateway.http1.date_header import date_line
from vinyl_gateway.http1.exchange import BODILESS, STATUS_LINES

_LENGTH = b"content-length: "


def whole_answer(status: int, lines: bytes, body: bytes) -> bytes:
    """`lines` are the headers as they are written."""
    begin = STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status
    if status not in BODILESS and b"\r\n" + _LENGTH not in lines and not lines.startswith(_LENGTH):
        lines += b"%b%d\r\n" % (_LENGTH, len(body))
    return b"".join((begin, lines, date_line(), body))
