"""A request's head, read by RFC 9112 without its leniencies: one reading, or none."""

import re
from urllib.parse import unquote

import msgspec

from vinyl_gateway.http1.refusals import (
    HeadTooLarge,
    LineTooLong,
    Malformed,
    UnknownExpectation,
    UnknownVersion,
)
from vinyl_gateway.refusals import UnknownCoding

HEAD_LIMIT_BYTES = 32 * 1024
LINE_LIMIT_BYTES = 16 * 1024
MOST_FIELDS = 100
_REMEMBERED_BYTES = 2048
_MOST_REMEMBERED = 1024

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_LINE = re.compile(rb"(" + _TOKEN + rb"{1,32}) (/[!-~\x80-\xff]*) HTTP/([0-9]\.[0-9])\r\n")
_VERSION = re.compile(rb"[^\r\n]* HTTP/[0-9]\.[0-9]\r\n")
_FIELDS = re.compile(rb"(?:" + _TOKEN + rb"+:[\t -~\x80-\xff]*\r\n)*")
_FIELD = re.compile(rb"([^:\r]+):[\t ]*([^\r]*)\r\n")
_PLAIN = bytes(range(0x20, 0x7F))
_LENGTH = re.compile(rb"[0-9]{1,18}")
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
# What somebody signs in with, here or elsewhere.
_SECRETS = frozenset([b"authorization", b"cookie", b"proxy-authorization"])
_LF = 0x0A
_DECIDES = frozenset([b"host", b"content-length", b"transfer-encoding", b"expect"])


RawFields = tuple[tuple[bytes, bytes], ...]
Fields = tuple[RawFields, int | None, bool, bool, bool]


class Said(msgspec.Struct, eq=False):
    """What a head says after its first line: `fields` with names in lower case and values without the blanks
    around them, out of the `block` of bytes in which they came.

    `length` of the body is in bytes, None where it comes in chunks; `lasting`: another request may follow;
    `repeats`: the fields are few and hold no secret, so that they may be remembered for all who say the same.
    `authorization` is what came under that name, where it is kept apart from them for that. `made` is what
    the door has made of one that is not shared.
    """

    block: bytes
    modern: bool
    fields: RawFields
    length: int | None
    lasting: bool
    expects: bool
    repeats: bool
    authorization: bytes | None = None
    made: object = None

    @property
    def is_shared(self) -> bool:
        """Whether others, who say the same, are given the very same."""
        return self.repeats and self.authorization is None

    @property
    def all_fields(self) -> list[tuple[bytes, bytes]]:
        return [*self.fields] if self.authorization is None else [*self.fields, _named(self.authorization)]


class RequestHead(msgspec.Struct, frozen=True):
    method: str
    path: bytes
    query: bytes
    said: Said

    @property
    def decoded_path(self) -> str:
        return unquote(self.path, "utf-8") if b"%" in self.path else self.path.decode("latin-1")


def refuse_long_head(part: bytes) -> None:
    """`part` is what has come of a head that has not ended yet. Raises LineTooLong or HeadTooLarge."""
    if len(part) > LINE_LIMIT_BYTES and b"\n" not in part[:LINE_LIMIT_BYTES]:
        raise LineTooLong
    if len(part) > HEAD_LIMIT_BYTES:
        raise HeadTooLarge


def read_request_head(head: bytes, before: Said | None = None) -> RequestHead:
    """`head` with its empty line; `before` is what the same client said with its last one. Raises a
    DoorRefusal: nothing on the connection can be trusted then."""
    line = _LINE.match(head)
    if line is None:
        raise _about_line(head)
    method, target, version = line.groups()
    if version not in (b"1.1", b"1.0"):
        raise UnknownVersion
    block = head[line.end() : -2]
    modern = version == b"1.1"
    if before is None or before.block != block or before.modern != modern:
        before = _said_in(block, modern)
    path, _, query = target.partition(b"?")
    return RequestHead(method.decode(), path, query, before)


def _read_fields(block: bytes, modern: bool) -> Fields:
    if not _FIELDS.fullmatch(block):
        raise Malformed("A header is not written as `Name: value`, ended by CR and LF.")
    fields = tuple((name.lower(), value.rstrip(b"\t ")) for name, value in _FIELD.findall(block))
    if len(fields) > MOST_FIELDS:
        raise HeadTooLarge
    deciding = _deciding(fields)
    _require_host(deciding.get(b"host"), modern)
    return (
        fields,
        _body_length(deciding, modern),
        _is_lasting(fields, modern),
        _expects(deciding.get(b"expect")),
        len(block) < _REMEMBERED_BYTES and _SECRETS.isdisjoint(name for name, _ in fields),
    )


# Clients say the same with every request, and many the same as others.
_remembered: dict[tuple[bytes, bool], Said] = {}


def _said_in(block: bytes, modern: bool) -> Said:
    """What is said besides a token may be remembered for everybody, the token never."""
    rest, authorization = _apart(block) if len(block) < _REMEMBERED_BYTES else (block, None)
    said = _remembered.get((rest, modern)) or _read_block(rest, modern)
    if authorization is None:
        return said
    if not said.repeats or len(said.fields) >= MOST_FIELDS:
        return _read_block(block, modern)
    return msgspec.structs.replace(said, block=block, authorization=authorization)


def _apart(block: bytes) -> tuple[bytes, bytes | None]:
    """A block without its first Authorization, and that, where it is spelled as everybody spells it."""
    begin = block.find(b"uthorization: ") - 1
    if begin < 0 or block[begin] not in b"Aa" or (begin > 0 and block[begin - 1] != _LF):
        return block, None
    end = block.find(b"\r\n", begin)
    value = block[begin + len(b"authorization: ") : end]
    if end < 0 or not value or value.translate(None, _PLAIN) or value.strip() != value:
        return block, None
    return block[:begin] + block[end + 2 :], value


def _read_block(block: bytes, modern: bool) -> Said:
    said = Said(block, modern, *_read_fields(block, modern))
    if said.repeats:
        if len(_remembered) >= _MOST_REMEMBERED:
            del _remembered[next(iter(_remembered))]
        _remembered[block, modern] = said
    return said


def _named(authorization: bytes) -> tuple[bytes, bytes]:
    return (b"authorization", authorization)


def _about_line(head: bytes) -> Malformed | UnknownVersion:
    if _VERSION.match(head) and not head.partition(b"\r\n")[0].endswith((b" HTTP/1.1", b" HTTP/1.0")):
        return UnknownVersion()
    return Malformed("The request line is not `METHOD /path HTTP/1.1`, ended by CR and LF.")


def _deciding(fields: RawFields) -> dict[bytes, bytes]:
    deciding: dict[bytes, bytes] = {}
    for name, value in fields:
        if name in _DECIDES:
            if name in deciding:
                raise Malformed(f"The header {name.decode()} may be sent only once.")
            deciding[name] = value
    return deciding


def _require_host(host: bytes | None, modern: bool) -> None:
    if host is None and not modern:
        return
    if host is None or not _HOST.fullmatch(host):
        raise Malformed("Send one Host header, with the name and port that you ask.")


def _body_length(deciding: dict[bytes, bytes], modern: bool) -> int | None:
    length, coding = deciding.get(b"content-length"), deciding.get(b"transfer-encoding")
    if coding is None:
        if length is None:
            return 0
        if not _LENGTH.fullmatch(length):
            raise Malformed("The Content-Length is not a number of bytes.")
        return int(length)
    if length is not None:
        raise Malformed("Send Content-Length or Transfer-Encoding, not both.")
    if not modern:
        raise Malformed("HTTP/1.0 knows no Transfer-Encoding.")
    if coding.lower() != b"chunked":
        raise UnknownCoding
    return None


def _is_lasting(fields: RawFields, modern: bool) -> bool:
    said = {
        option.strip()
        for name, value in fields
        if name == b"connection"
        for option in value.lower().split(b",")
    }
    if not said:
        return modern
    if not said.isdisjoint(_DECIDES):
        raise Malformed("Connection names a header that decides where the request ends.")
    return b"close" not in said and (modern or b"keep-alive" in said)


def _expects(expectation: bytes | None) -> bool:
    if expectation is None:
        return False
    if expectation.lower() != b"100-continue":
        raise UnknownExpectation
    return True
