"""The names by which a request is found again in every process's logs and traces."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import SpanKind

from vinyl_chassis.telemetry import current_traceparent, span

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def request_id_of(given: bytes | None) -> str:
    """The client's own id where it is a plain one, so that both sides log the same; else a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode()
    return os.urandom(16).hex()


@contextmanager
def traced(given: bytes | None, name: str, *, exporting: bool) -> Iterator[bytes]:
    """The `traceparent` to hand on. A span of our own stands in it only where spans are exported."""
    parent = given if given is not None and _TRACEPARENT.fullmatch(given) else None
    if not exporting:
        yield parent or b"00-%b-%b-00" % (os.urandom(16).hex().encode(), os.urandom(8).hex().encode())
        return
    with span(name, {"traceparent": parent.decode()} if parent else {}, SpanKind.SERVER):
        yield (current_traceparent() or "").encode()
