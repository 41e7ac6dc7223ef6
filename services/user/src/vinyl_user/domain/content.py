"""A listener's own ordered list."""

from typing import Annotated

import msgspec
from msgspec import Meta

from vinyl_contracts.errors import Invalid
from vinyl_user.domain import texts

MOST_ENTRIES = 500

Entry = Annotated[str, Meta(min_length=1, max_length=500)]
Entries = Annotated[list[Entry], Meta(max_length=MOST_ENTRIES)]


class Content(msgspec.Struct, frozen=True):
    """The entries in the listener's order; version 0 before the first were written."""

    entries: list[str]
    version: int


def checked_entries(typed: list[str]) -> list[str]:
    """Entries without their outer blanks. Raises Invalid for blank ones and for control characters."""
    cleaned: list[str] = []
    for position, entry in enumerate(typed):
        text = texts.passage(f"entries.{position}", entry)
        if text is None:
            raise Invalid.field(f"entries.{position}", "must not be blank")
        cleaned.append(text)
    return cleaned
