"""Which headers pass the gateway, by allowlist, in each direction."""

from collections.abc import Iterable

import msgspec

from vinyl_contracts.errors import Invalid

Headers = Iterable[tuple[bytes, bytes]]

TO_SERVICES = frozenset(
    [
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"authorization",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-unmodified-since",
        b"last-event-id",
        b"prefer",
        b"range",
        b"tracestate",
        b"user-agent",
    ]
)
TO_CLIENTS = frozenset(
    [
        b"accept-patch",
        b"accept-ranges",
        b"allow",
        b"cache-control",
        b"content-disposition",
        b"content-encoding",
        b"content-language",
        b"content-length",
        b"content-range",
        b"content-type",
        b"deprecation",
        b"etag",
        b"expires",
        b"last-modified",
        b"link",
        b"location",
        b"preference-applied",
        b"retry-after",
        b"sunset",
        b"vary",
        b"www-authenticate",
    ]
)
_READ_HERE = frozenset(
    [
        b"access-control-request-method",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"origin",
        b"traceparent",
        b"transfer-encoding",
        b"x-request-id",
    ]
)
# The gateway marks the tag of what it compressed.
_TAGGED = frozenset([b"if-match", b"if-none-match"])
_FOR_ONE = (b"cache-control", b"private, no-cache")
_HARMLESS_CONNECTION = frozenset([b"keep-alive", b"close"])


class AmbiguousHeader(Invalid):
    code = "ambiguous_header"


class RequestHeaders(msgspec.Struct):
    """`forwarded` goes to the service as it is; the rest is what the gateway itself decides by."""

    forwarded: list[tuple[bytes, bytes]]
    read: dict[bytes, bytes]

    @property
    def has_body(self) -> bool:
        return b"transfer-encoding" in self.read or self.read.get(b"content-length", b"0") != b"0"

    @property
    def body_length(self) -> int | None:
        """The declared length in bytes, None for a body in chunks."""
        length = self.read.get(b"content-length")
        return None if length is None else int(length)


def read_request_headers(headers: Headers) -> RequestHeaders:
    """Raises AmbiguousHeader where a header that decides something comes twice.

    What `Connection` names is dropped before anything else looks at it; names with an underscore are in no
    allowlist, and so are our own `X-Vinyl-` and every `Forwarded` spelling.
    """
    dropped = named_by_connection(headers)
    forwarded: list[tuple[bytes, bytes]] = []
    read: dict[bytes, bytes] = {}
    for header in headers:
        name = header[0]
        if dropped and name in dropped:
            continue
        if name in _READ_HERE:
            if name in read:
                raise AmbiguousHeader(f"The header {name.decode()} may be sent only once.")
            read[name] = header[1]
        if name in TO_SERVICES:
            forwarded.append((name, header[1].replace(b'-gzip"', b'"')) if name in _TAGGED else header)
            if name == b"prefer":  # a list, whether in one line or in several
                read[name] = b",".join((read[name], header[1])) if name in read else header[1]
    return RequestHeaders(forwarded, read)


def returned_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [header for header in headers if header[0] in TO_CLIENTS]


def returned_to_one(headers: Headers) -> list[tuple[bytes, bytes]]:
    """What caches that hear of changes may keep for everybody is not for others once it says who asked."""
    return [
        _FOR_ONE if header[0] == b"cache-control" and b"s-maxage" in header[1] else header
        for header in headers
        if header[0] in TO_CLIENTS
    ]


def lines_to_one(headers: Headers) -> bytes:
    """The same as they are written."""
    lines = [b": ".join(header) for header in headers if header[0] in TO_CLIENTS]
    lines.append(b"")
    written = b"\r\n".join(lines)
    return lines_of(returned_to_one(headers)) if b"s-maxage" in written else written


def lines_of(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def named_by_connection(headers: Headers) -> frozenset[bytes]:
    """The headers that are for the connection alone."""
    values = [value for name, value in headers if name == b"connection"]
    if not values:
        return frozenset()
    named = {token.strip().lower() for value in values for token in value.split(b",")}
    return frozenset(named - _HARMLESS_CONNECTION)
