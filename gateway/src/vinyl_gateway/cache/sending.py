"""An answer for everybody on its way to one: as unchanged, as it is, or compressed once for all."""

import zlib
from functools import lru_cache

import msgspec
from litestar.types import Send

from vinyl_contracts.errors import Stale
from vinyl_gateway.answers import Added
from vinyl_gateway.cache.kept_answers import Kept
from vinyl_gateway.forwarding.errands import Answer
from vinyl_gateway.header_rules import returned_headers

_WORTH_PACKING_BYTES = 1024
_GZIP = 16 + zlib.MAX_WBITS
_PACKED = [(b"content-encoding", b"gzip")]
_HIT, _MISS = (b"cache-status", b"vinylhound; hit"), (b"cache-status", b"vinylhound; fwd=miss")


class Wishes(msgspec.Struct, frozen=True):
    """What a client says of the form of its answer."""

    known_etags: bytes
    accepted_codings: bytes
    expected_etags: bytes = b""

    @classmethod
    def among(cls, headers: list[tuple[bytes, bytes]]) -> "Wishes":
        names = (b"if-none-match", b"accept-encoding", b"if-match")
        return cls(*(b",".join(value for known, value in headers if known == name) for name in names))


async def send_answer(
    answer: Answer | Kept, wishes: Wishes, asked_at: float, send: Send, added: Added
) -> int:
    """Sends what is asked for since `asked_at` and returns the status. Raises Stale as `composed` does."""
    status, headers, body = form_of(answer, wishes, asked_at, added)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
    return status


def form_of(answer: Answer | Kept, wishes: Wishes, asked_at: float, added: Added) -> tuple[int, Added, bytes]:
    """Status, headers and body. Raises Stale as `composed` does."""
    if isinstance(answer, Kept):
        return composed(answer, wishes, asked_at, added)
    _expect(dict(answer.headers).get(b"etag", b""), answer.status, wishes.expected_etags)
    return answer.status, returned_headers(answer.headers) + added, answer.body


def composed(kept: Kept, wishes: Wishes, asked_at: float, added: Added) -> tuple[int, Added, bytes]:
    """Status, headers and body. A miss is not compressed: few are asked for again. Raises Stale where
    If-Match wants another version than this one."""
    _expect(kept.etag, kept.status, wishes.expected_etags)
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
    """As RFC 9110 weighs it: what is said of gzip itself counts before what is said of the rest."""
    weights = dict(_weighed(coding) for coding in accepted.lower().split(b","))
    return weights.get(b"gzip", weights.get(b"*", 0.0)) > 0


def _weighed(coding: bytes) -> tuple[bytes, float]:
    name, *parameters = (part.strip() for part in coding.split(b";"))
    given = [part.partition(b"=")[2] for part in parameters if part.startswith(b"q=")]
    try:
        return name, float(given[0]) if given else 1.0
    except ValueError:
        return name, 0.0


def _pack(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def _is_known(etag: bytes, known: bytes) -> bool:
    tags = {tag.strip().removeprefix(b"W/") for tag in known.split(b",")}
    return etag in tags or b"*" in tags


def _expect(etag: bytes, status: int, expected: bytes) -> None:
    """Only what would be sent has a version; a weak tag is nobody's."""
    if not expected or status != 200:
        return
    tags = {tag.strip() for tag in expected.split(b",")}
    if etag not in tags and b"*" not in tags:
        raise Stale("It is another version by now: ask without If-Match to read that one.")
