"""The outermost layer of every process that speaks HTTP: request id, trace, log line, metrics."""

import logging
import random
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send
from opentelemetry.trace import Span, SpanKind

from vinyl_chassis.deadlines import BEGAN
from vinyl_chassis.durations import Durations
from vinyl_chassis.logs import write_line
from vinyl_chassis.problems import PROBLEM_JSON, problem_bytes
from vinyl_chassis.telemetry import span

_lines = logging.getLogger("http")
_durations = Durations(
    "http_server_duration",
    "From a request's head to the last byte of its answer.",
    ("method", "route", "status"),
)
_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
# The system's own numbers take longer.
_numbers = random.Random()  # noqa: S311
_QUIET = ("/health/live", "/health/ready", "/metrics")


def observe(app: ASGIApp) -> ASGIApp:
    """Wraps a whole application, its 404s and 500s included."""

    async def observed(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        started, status = scope.get(BEGAN) or time.perf_counter(), 0
        headers = dict(scope["headers"])
        request_id = request_id_of(headers.get(b"x-request-id"))
        scope["vinyl_request_id"] = request_id

        def send_with_id(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message["headers"], named]}
            return send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            with _span(scope["method"], headers.get(b"traceparent")) as current:
                if refusal := _unspeakable(scope):
                    await _refuse(scope, send_with_id, refusal)
                else:
                    await app(scope, receive, send_with_id)
                route = str(scope.get("path_template") or "unmatched")
                seconds = time.perf_counter() - started
                current.update_name(f"{scope['method']} {route}")
                note(scope["method"], route, scope["path"], status, seconds, request_id)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    return observed


def request_id_of(given: bytes | None) -> str:
    """The caller's own where it is a plain one; else a new one, which nobody gains by guessing."""
    if given is not None and _SANE_ID.fullmatch(given):
        return given.decode()
    return f"{_numbers.getrandbits(128):032x}"


def _span(method: str, traceparent: bytes | None) -> AbstractContextManager[Span]:
    carrier = {} if traceparent is None else {"traceparent": traceparent.decode("latin-1")}
    return span(method, carrier, SpanKind.SERVER)


def _unspeakable(scope: Any) -> str | None:
    """What no route could take: Postgres text, and so everything of ours, has no NUL."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return "The address holds a NUL character."
    try:
        scope["path"].encode("utf-8")
    except UnicodeEncodeError:
        return "The address is not UTF-8."
    return None


async def _refuse(scope: Any, send: Callable[[Any], Any], detail: str) -> None:
    path = scope["path"].encode("utf-8", "replace").decode().replace("\0", "")
    body = problem_bytes(400, "Bad Request", detail, "invalid_input", path, scope["vinyl_request_id"])
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def note(method: str, route: str, path: str, status: int, seconds: float, request_id: str) -> None:
    """Counts what was answered, and writes its line."""
    _durations.record(seconds, (method, route, str(status)))
    if path in _QUIET or not _lines.isEnabledFor(logging.INFO):
        return
    milliseconds = round(seconds * 1000, 1)
    write_line(
        "http",
        "answered",
        method=method,
        path=path,
        status=status,
        ms=milliseconds,
        request_id=request_id,
    )
