"""Partial edits: a field that was left out stays as it is."""

from typing import TypeVar

from msgspec import UnsetType

T = TypeVar("T")


def pick(named: T | UnsetType, present: T) -> T:
    """The named value, or the present one where none was named."""
    return present if isinstance(named, UnsetType) else named
