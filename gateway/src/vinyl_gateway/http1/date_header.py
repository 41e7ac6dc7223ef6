"""The Date field, written once a second."""

import time
from email.utils import formatdate
from functools import lru_cache


def date_line() -> bytes:
    """With the empty line that ends a head."""
    return _written(int(time.time()))


@lru_cache(maxsize=1)
def _written(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n\r\n".encode()
