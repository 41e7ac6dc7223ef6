"""Draws that depend on their parts alone, so that a second run sees the same market."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Outcome = TypeVar("Outcome")
SPAN = 1 << 64


def draw(*parts: object) -> int:
    """A whole number below 2**64."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def share(*parts: object) -> float:
    """A number from 0 up to, not including, 1."""
    return draw(*parts) / SPAN


def between(low: int, high: int, *parts: object) -> int:
    """A whole number from low to high, both included."""
    return low + draw(*parts) % (high - low + 1)


def one_of(options: Sequence[Outcome], *parts: object) -> Outcome:
    return options[draw(*parts) % len(options)]


def weighted(options: Sequence[tuple[Outcome, int]], *parts: object) -> Outcome:
    """One of (outcome, weight) pairs, each as often as its weight says."""
    left = draw(*parts) % sum(weight for _, weight in options)
    for outcome, weight in options:
        left -= weight
        if left < 0:
            return outcome
    return options[-1][0]
