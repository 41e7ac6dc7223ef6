"""How much may be asked of a source, and when it is left alone because it fails."""

import enum
from datetime import datetime

import msgspec

BREAKER_FAILURES = 5
# While its one request is under way, a source that is tried again gets no other.
PROBE_SECONDS = 30.0


class Allowance(msgspec.Struct, frozen=True):
    """At most `limit` requests in any `window_seconds`, of all processes together."""

    limit: int
    window_seconds: float


class Breaker(enum.StrEnum):
    """`half_open`: the next request decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class SourceStanding(msgspec.Struct, frozen=True):
    used: int = 0
    failures: int = 0
    is_open: bool = False
    open_until: datetime | None = None
    blocked_until: datetime | None = None
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    last_error: str | None = None

    @property
    def breaker(self) -> Breaker:
        if self.is_open:
            return Breaker.OPEN
        return Breaker.HALF_OPEN if self.failures >= BREAKER_FAILURES else Breaker.CLOSED
