"""How many wrong passwords an account endures."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)


class Attempt(msgspec.Struct, frozen=True):
    """A guess that counts as a failure until it proves right."""

    id: UUID
    counter: str
    at: datetime


def seconds_until_free(oldest: datetime, now: datetime) -> int:
    """How long until the oldest of MOST_FAILURES falls out of the window; at least 1."""
    return max(1, -int((now - (oldest + WINDOW)).total_seconds() // 1))
