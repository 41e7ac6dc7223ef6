"""Which other origins a browser may call from: the ones in the settings, none without them."""

from collections.abc import Collection, Mapping

_EXPOSED = (
    b"deprecation, etag, link, location, preference-applied, ratelimit, ratelimit-policy, retry-after, "
    b"sunset, x-request-id"
)
_ASKABLE = (
    b"authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, prefer, "
    b"traceparent, x-request-id"
)
_ONE_HOUR = b"3600"


class Cors:
    """Sign-in is by bearer token, so cookies are never allowed along."""

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origin.rstrip("/").encode() for origin in origins)

    def answer_headers(self, origin: bytes | None) -> list[tuple[bytes, bytes]]:
        if not self._origins:
            return []
        if origin not in self._origins or origin is None:
            return [(b"vary", b"Origin")]
        return [
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
        ]

    def preflight_headers(
        self, read: Mapping[bytes, bytes], allow: bytes
    ) -> list[tuple[bytes, bytes]] | None:
        """What to answer an OPTIONS with, or None where it is no preflight of an origin that may call."""
        if read.get(b"origin") not in self._origins or b"access-control-request-method" not in read:
            return None
        return [
            (b"access-control-allow-methods", allow),
            (b"access-control-allow-headers", _ASKABLE),
            (b"access-control-max-age", _ONE_HOUR),
        ]
