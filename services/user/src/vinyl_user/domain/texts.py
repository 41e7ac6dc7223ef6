"""Free text that listeners write."""

import unicodedata

from vinyl_contracts.errors import Invalid


def line(field: str, typed: str | None) -> str | None:
    """One line of text without its outer blanks; blank is None. Raises Invalid for control signs."""
    return _cleaned(field, typed, allowed="")


def passage(field: str, typed: str | None) -> str | None:
    """Text of several lines without its outer blanks; blank is None. Raises Invalid for control signs."""
    return _cleaned(field, typed, allowed="\n\r\t")


def _cleaned(field: str, typed: str | None, allowed: str) -> str | None:
    if typed is None:
        return None
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in typed):
        raise Invalid.field(field, "must not contain control characters")
    return typed.strip() or None
