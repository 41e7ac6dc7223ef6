"""How long a request may take: who asks says what is left of its time, and nothing is begun after that."""

import asyncio
import time
from collections.abc import Awaitable
from contextvars import ContextVar
from typing import Any, cast

from litestar.types import ASGIApp, Message, Receive, Send

from vinyl_chassis.problems import PROBLEM_JSON, problem_bytes

HEADER = b"x-vinyl-deadline"
# In the scope of what a quick door hands on: when it was begun, by the performance counter.
BEGAN = "vinyl_began"
LONGEST_SECONDS = 60.0
_MOST_DIGITS = 6
_READING = frozenset(["GET", "HEAD", "OPTIONS"])
_PASSED = "The time that this request was given is over; what it had begun was undone."
_writing: ContextVar["Limit | None"] = ContextVar("writing", default=None)


class Limit:
    """Like asyncio.timeout, at a quarter of its cost: every request has one."""

    __slots__ = ("_timer", "is_over", "task")

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self.task = cast("asyncio.Task[None]", asyncio.current_task())
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cut)

    def lift(self) -> None:
        self._timer.cancel()

    def has_cancelled(self) -> bool:
        """For who was cancelled: whether it was this that did so, and nobody else."""
        return self.is_over and self.task.uncancel() == 0

    def _cut(self) -> None:
        self.is_over = True
        self.task.cancel()


def keeping_deadlines(app: ASGIApp) -> ASGIApp:
    """Cancels a request, and its SQL with it, when the milliseconds that its header names are over.

    It ends with the answer's head: a stream may last. A request that has committed what it writes has no
    deadline any more, because a success must not be told as a failure.
    """

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        seconds = _seconds_left(scope) if scope["type"] == "http" else None
        if seconds is None:
            await app(scope, receive, send)
            return

        def send_in_time(message: Message) -> Awaitable[None]:
            limit.lift()
            return send(message)

        limit = Limit(seconds)
        token = None if scope["method"] in _READING else _writing.set(limit)
        try:
            await app(scope, receive, send_in_time)
        except asyncio.CancelledError:
            if not limit.has_cancelled():
                raise
            await _refuse(scope, send)
        finally:
            limit.lift()
            if token is not None:
                _writing.reset(token)

    return answer


def lift_deadline() -> None:
    """For who is about to commit what the request asked for."""
    if (limit := _writing.get()) is not None:
        limit.lift()


def seconds_told(value: bytes | None) -> float | None:
    """By the header; None for what is no deadline."""
    if value is None or not value.isdigit() or len(value) > _MOST_DIGITS:
        return None
    return min(int(value) / 1000, LONGEST_SECONDS)


def refusal(path: str, request_id: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body of the answer to what was not ready in time."""
    body = problem_bytes(504, "Gateway timeout", _PASSED, "deadline_passed", path, request_id)
    return 504, [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))], body


def _seconds_left(scope: Any) -> float | None:
    told = next((value for name, value in scope["headers"] if name == HEADER), None)
    seconds = seconds_told(told)
    began: float | None = scope.get(BEGAN)
    return seconds if seconds is None or began is None else seconds - (time.perf_counter() - began)


async def _refuse(scope: Any, send: Send) -> None:
    status, headers, body = refusal(scope["path"], str(scope.get("vinyl_request_id", "")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
