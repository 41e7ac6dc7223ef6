"""Discogs' limit: so many requests per source address in a sliding window."""

from collections import deque
from time import monotonic

from msgspec import Struct

WITHOUT_AUTHENTICATION = 25


class Allowance(Struct, frozen=True):
    """`refused` says that this very request is one too many."""

    limit: int
    used: int
    refused: bool

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        figures = {"": self.limit, "-Used": self.used, "-Remaining": max(0, self.limit - self.used)}
        return [
            (f"x-discogs-ratelimit{name}".lower().encode(), str(n).encode()) for name, n in figures.items()
        ]


class SlidingWindow:
    """One count per address, however many tokens it shows."""

    def __init__(self, authenticated_limit: int, window_seconds: float) -> None:
        self._limit = authenticated_limit
        self._seconds = window_seconds
        self._seen: dict[str, deque[float]] = {}

    def ask(self, address: str, *, authenticated: bool) -> Allowance:
        """Counts the request where it is let through."""
        limit = self._limit if authenticated else min(WITHOUT_AUTHENTICATION, self._limit)
        now = monotonic()
        seen = self._seen.setdefault(address, deque())
        while seen and seen[0] <= now - self._seconds:
            seen.popleft()
        refused = len(seen) >= limit
        if not refused:
            seen.append(now)
        return Allowance(limit, min(len(seen), limit), refused)

    def forget(self) -> None:
        self._seen.clear()
