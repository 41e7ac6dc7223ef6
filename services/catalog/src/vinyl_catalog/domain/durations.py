"""Track lengths as sources write them."""

import re
from functools import lru_cache

_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})", re.ASCII)


@lru_cache(maxsize=10_000)
def seconds_of(text: str | None) -> int | None:
    """245 for "4:05", 3723 for "1:02:03"; None where the text is no length."""
    match = _LENGTH.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if seconds > 59 or (match[1] and minutes > 59):
        return None
    return hours * 3600 + minutes * 60 + seconds
