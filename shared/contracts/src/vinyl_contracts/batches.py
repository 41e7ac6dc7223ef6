"""Reads of what is the same for everybody, several in one request of a gateway, and their answers in one.

`GET /reads?<request id>=<path>&<request id>=<path>…` goes to a service, never through the gateway. The answer
is MessagePack: for each read, in their order, what it would be told that asks by itself in nobody's name; nil
where it has to ask by itself.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

READS_PATH = "/reads"
MOST_READS = 32
MEDIA_TYPE = "application/vnd.msgpack"

Reply: TypeAlias = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers with their names in lower case, and body."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Reply | None]).decode


def target_of(reads: Iterable[tuple[str, bytes]]) -> bytes:
    """`reads` are request ids and paths, in letters that mean nothing in a query."""
    asked = b"&".join([b"%b=%b" % (request_id.encode(), path) for request_id, path in reads])
    return b"%b?%b" % (READS_PATH.encode(), asked)


def reads_in(query: bytes) -> list[tuple[str, str]]:
    """Raises ValueError for what asks for nothing, or for too much."""
    reads = [each.partition("=") for each in query.decode("ascii").split("&")]
    if len(reads) > MOST_READS or not all(request_id and path for request_id, _, path in reads):
        raise ValueError(f"1 to {MOST_READS} reads are asked for, each as its request id, = and its path")
    return [(request_id, path) for request_id, _, path in reads]


def told(replies: Sequence[Reply | None]) -> bytes:
    return _encode(replies)


def replies_in(body: bytes) -> list[Reply | None]:
    """Raises msgspec.DecodeError."""
    return _decode(body)
