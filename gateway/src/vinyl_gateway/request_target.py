"""One normal form of a request's path and query, made before anything is decided about it."""

import re
from operator import itemgetter

from vinyl_contracts.errors import Invalid

_PLAIN_PATH = re.compile(rb"(?:/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9_~!$&'()*+,;=:@.-]*)+/?")
_PATH = re.compile(rb"/(?:[A-Za-z0-9_~!$&'()*+,;=:@./-]|%[0-9A-Fa-f]{2})*")
_QUERY = re.compile(rb"(?:[!$&-;=?-Z_a-z~\[\]]|%[0-9A-Fa-f]{2})*")
_REFUSED_IN_QUERY = re.compile(rb"[\x00-\x20\x7f#]|%(?![0-9A-Fa-f]{2})|%00")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]|%[89A-Fa-f]")
_UNESCAPED = re.compile(rb"[^!$%&-;=?-Z_a-z~\[\]]")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_REFUSED = frozenset([*range(0x20), 0x7F, *b"/\\"])
_DOT_SEGMENTS = frozenset([b".", b".."])


LONGEST_TARGET_BYTES = 8192


class UnsafePath(Invalid):
    code = "invalid_path"


class UnsafeQuery(Invalid):
    code = "invalid_query"


def normal_path(raw: bytes) -> bytes:
    """The path with needless escapes undone, the others in upper case.

    Raises UnsafePath where two servers could read it in two ways: dot segments, empty segments, backslashes,
    escaped slashes, control characters, escapes that are not UTF-8, and bytes that no path holds.
    """
    if _PLAIN_PATH.fullmatch(raw) or raw == b"/":
        return raw
    if not _PATH.fullmatch(raw):
        raise UnsafePath("The path holds characters that must be escaped, or a broken escape.")
    path = _ESCAPE.sub(_normal_escape, raw)
    if not _is_text(path):
        raise UnsafePath("The path's escapes are not UTF-8.")
    segments = path.split(b"/")[1:]
    if not _DOT_SEGMENTS.isdisjoint(segments):
        raise UnsafePath("The path holds dot segments.")
    if b"" in segments[:-1]:
        raise UnsafePath("The path holds empty segments.")
    return path


def normal_query(raw: bytes) -> bytes:
    """The query with what a careless client left unescaped, such as raw UTF-8, escaped.

    Raises UnsafeQuery for control characters, NUL in every spelling, broken escapes and what is not UTF-8.
    """
    if _BEYOND_ASCII.search(raw) and not _is_text(raw):
        raise UnsafeQuery("The query is not UTF-8.")
    if b"%00" not in raw and _QUERY.fullmatch(raw):
        return raw
    if _REFUSED_IN_QUERY.search(raw):
        raise UnsafeQuery("The query holds control characters or a broken escape.")
    return _UNESCAPED.sub(lambda match: b"%%%02X" % match[0][0], raw)


def in_order(query: bytes) -> bytes:
    """The query with its parameters by name, so that those who mean the same ask the same."""
    parameters = [(parameter.partition(b"=")[0], parameter) for parameter in query.split(b"&")]
    return b"&".join(parameter for _, parameter in sorted(parameters, key=itemgetter(0)))


def _normal_escape(match: re.Match[bytes]) -> bytes:
    byte = int(match[1], 16)
    if byte in _REFUSED:
        raise UnsafePath("The path holds an escaped slash, backslash or control character.")
    return bytes([byte]) if byte in _UNRESERVED else match[0].upper()


def _is_text(escaped: bytes) -> bool:
    try:
        _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), escaped).decode()
    except UnicodeDecodeError:
        return False
    return True
