"""When an answer is too late: by the client's own word, or by ours."""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, TypeVar

from vinyl_gateway.public_routes import Service
from vinyl_gateway.refusals import ServiceTooSlow

# What is left of a request's time in milliseconds, for the service to keep.
HEADER = b"x-vinyl-deadline"
# Given to a service's own refusal to arrive, so that its connection need not be given up.
_RETURN_SECONDS = 0.02
_WAIT = re.compile(rb"(?:^|[,;])\s*wait\s*=\s*\"?([1-9]\d{0,5})\"?\s*(?:$|[,;])", re.IGNORECASE)
_T = TypeVar("_T")


def wished_seconds(prefer: bytes) -> int | None:
    """How long the client says it will wait (RFC 7240): the first `wait` counts."""
    found = _WAIT.search(prefer)
    return int(found[1]) if found else None


def told(until: float) -> bytes:
    """The header's line for a deadline on the loop's clock. Raises TimeoutError where it is over."""
    left = until - asyncio.get_running_loop().time()
    if left <= 0:
        raise TimeoutError
    return line_for(left)


def line_for(seconds: float) -> bytes:
    return b"%b: %d\r\n" % (HEADER, max(1, (seconds - _RETURN_SECONDS) * 1000))


async def in_time(asked: Coroutine[Any, Any, _T], until: float | None, service: Service) -> _T:
    """Raises ServiceTooSlow when `until` is over before it is done."""
    if until is None:
        return await asked
    try:
        async with asyncio.timeout_at(until):
            return await asked
    except TimeoutError:
        raise ServiceTooSlow(service) from None
