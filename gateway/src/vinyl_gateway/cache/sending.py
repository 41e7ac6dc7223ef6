"""An answer for everybody on its way to one: as unchanged, as it is, or compressed once for all."""

import re
import zlib
from functools import lru_cache

import msgspec
from litestar.types import Send

from vinyl_gateway.answers import Added
from vinyl_gateway.cache.kept_answers import Kept
from vinyl_gateway.forwarding import Answer
from vinyl_gateway.header_rules import returned_headers

_WORTH_PACKING_BYTES = 1024
_GZIP = 16 + zlib.MAX_WBITS
_TAKES_GZIP = re.compile(rb"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?:1(?:\.0*)?|0\.0*[1-9]\d*)\s*)?(?:,|$)")
_PACKED = [(b"content-encoding", b"gzip")]
_HIT, _MISS = (b"cache-status", b"vinylhound; hit"), (b"cache-status", b"vinylhound; fwd=miss")


class Wishes(msgspec.Struct, frozen=True):
    """What a client says of the form of its answer."""

    known_etags: bytes
    accepted_codings: bytes

    @classmethod
    def among(cls, headers: list[tuple[bytes, bytes]]) -> "Wishes":
        known = b",".join(value for name, value in headers if name == b"if-none-match")
        return cls(known, b",".join(value for name, value in headers if name == b"accept-encoding"))


async def send_answer(
    answer: Answer | Kept, wishes: Wishes, asked_at: float, send: Send, added: Added
) -> int:
    """Sends what is asked for since `asked_at` and returns the status."""
    if isinstance(answer, Kept):
        status, headers, body = composed(answer, wishes, asked_at, added)
    else:
        status, headers, body = answer.status, returned_headers(answer.headers) + added, answer.body
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
    return status


def composed(kept: Kept, wishes: Wishes, asked_at: float, added: Added) -> tuple[int, Added, bytes]:
    """Status, headers and body. A miss is not compressed: few are asked for again."""
    is_hit = kept.began_at < asked_at
    age = (b"age", b"%d" % max(0.0, asked_at - kept.began_at))
    headers = [*kept.headers, _HIT if is_hit else _MISS, age, *added]
    body, mark = kept.body, b""
    if is_hit and len(body) >= _WORTH_PACKING_BYTES and takes_gzip(wishes.accepted_codings):
        kept.packed = kept.packed or _pack(body)
        body, mark = kept.packed, b"-gzip"
    if kept.etag:
        headers.append((b"etag", kept.etag[:-1] + mark + b'"' if mark else kept.etag))
        if wishes.known_etags and _is_known(kept.etag, wishes.known_etags):
            return 304, [each for each in headers if each[0] != b"content-type"], b""
    if mark:
        headers += _PACKED
    headers.append((b"content-length", b"%d" % len(body)))
    return kept.status, headers, body


@lru_cache(maxsize=256)
def takes_gzip(accepted: bytes) -> bool:
    return _TAKES_GZIP.search(accepted.lower()) is not None


def _pack(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def _is_known(etag: bytes, known: bytes) -> bool:
    tags = {tag.strip().removeprefix(b"W/") for tag in known.split(b",")}
    return etag in tags or b"*" in tags
