"""Free text that people write."""

import unicodedata

from vinyl_contracts.errors import Invalid


def line(field: str, typed: str) -> str:
    """One line without its outer blanks. Raises Invalid where it is blank or holds control signs."""
    if not (cleaned := _cleaned(field, typed, allowed="")):
        raise Invalid.field(field, "must not be blank")
    return cleaned


def passage(field: str, typed: str | None) -> str | None:
    """Text of several lines without its outer blanks; blank is None. Raises Invalid for control signs."""
    return None if typed is None else _cleaned(field, typed, allowed="\n\r\t") or None


def _cleaned(field: str, typed: str, allowed: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in typed):
        raise Invalid.field(field, "must not contain control characters")
    return typed.strip()
