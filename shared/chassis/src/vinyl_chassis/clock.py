"""The time, in UTC and in whole microseconds, as Postgres keeps it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
