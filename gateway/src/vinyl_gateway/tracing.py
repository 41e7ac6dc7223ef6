"""The names by which a request is found again in every process's logs and traces."""

import random
import re
from binascii import hexlify
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.trace import SpanKind

from vinyl_chassis.telemetry import current_traceparent, span

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

# Nobody gains by guessing an id, and the system's own numbers take longer.
_numbers = random.Random()  # noqa: S311


def request_id_of(given: bytes | None) -> str:
    """The client's own id where it is a plain one, so that both sides log the same; else a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode()
    return _numbers.getrandbits(128).to_bytes(16).hex()


def traced(given: bytes | None, name: str, *, exporting: bool) -> AbstractContextManager[bytes]:
    """The `traceparent` to hand on. A span of our own stands in it only where spans are exported."""
    return _within_span(_sound(given), name) if exporting else _PassedOn(trace_of(given))


def trace_of(given: bytes | None) -> bytes:
    """The client's, or a new one; no span of ours stands in it."""
    if (parent := _sound(given)) is not None:
        return parent
    drawn = hexlify(_numbers.getrandbits(192).to_bytes(24))
    return b"00-%b-%b-00" % (drawn[:32], drawn[32:])


def _sound(given: bytes | None) -> bytes | None:
    return given if given is not None and _TRACEPARENT.fullmatch(given) else None


class _PassedOn:
    """A context without a generator, which costs more than what it holds."""

    __slots__ = ("_trace",)

    def __init__(self, trace: bytes) -> None:
        self._trace = trace

    def __enter__(self) -> bytes:
        return self._trace

    def __exit__(self, *_error: object) -> None:
        pass


@contextmanager
def _within_span(parent: bytes | None, name: str) -> Iterator[bytes]:
    with span(name, {"traceparent": parent.decode()} if parent else {}, SpanKind.SERVER):
        yield (current_traceparent() or "").encode()
