"""Dates of release: sources know some to the day, some to the month, some not at all."""

import calendar
import re

import msgspec

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_FIRST_YEAR = 1000
_UNKNOWN = 99


class Released(msgspec.Struct, frozen=True):
    """`text` is what the source says; the parts are None where it does not say them."""

    text: str | None
    year: int | None
    month: int | None
    day: int | None

    @property
    def order(self) -> int:
        """A number that sorts releases from the earliest, an unknown part after every known one."""
        year = 9999 if self.year is None else self.year
        return year * 10_000 + (self.month or _UNKNOWN) * 100 + (self.day or _UNKNOWN)


NEVER_SAID = Released(None, None, None, None)


def released_of(text: str | None) -> Released:
    """Reads "1999-07-13", "1999-03-00", "1999", "0", "19??" and blanks."""
    if not text:
        return NEVER_SAID
    match = _DATE.fullmatch(text)
    year = int(match[1]) if match else 0
    if match is None or year < _FIRST_YEAR:
        return Released(text, None, None, None)
    month = int(match[2] or 0)
    if not 1 <= month <= 12:
        return Released(text, year, None, None)
    day = int(match[3] or 0)
    known_day = day if 1 <= day <= calendar.monthrange(year, month)[1] else None
    return Released(text, year, month, known_day)


def year_of(text: str | None) -> int | None:
    """A master's year, which the source writes as 0 where it is unknown."""
    year = int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year >= _FIRST_YEAR else None
