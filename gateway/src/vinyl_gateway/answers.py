"""Answers that the gateway makes itself, below the framework."""

from litestar.types import Send

from vinyl_chassis.problems import PROBLEM_JSON, insufficient_scope, problem_bytes, status_of
from vinyl_contracts.errors import (
    InsufficientScope,
    Invalid,
    Refusal,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from vinyl_gateway.refusals import DoorRefusal

Added = list[tuple[bytes, bytes]]
BODY_FOLLOWS = "vinyl.body_follows"
"""Whether the body comes right behind the message that begins an answer, with no waiting in between."""
_INTERNAL = "Something went wrong here, and it was logged under this request's id."


async def send_refusal(refusal: Refusal, send: Send, added: Added, path: str, request_id: str) -> int:
    """Sends the problem document and returns its status."""
    status, headers, body = form_of_refusal(refusal, added, path, request_id)
    await _send(send, status, headers, body)
    return status


def form_of_refusal(refusal: Refusal, added: Added, path: str, request_id: str) -> tuple[int, Added, bytes]:
    """Status, headers and body."""
    if isinstance(refusal, DoorRefusal):
        status, title = refusal.status, refusal.title
    else:
        status, title = status_of(refusal)
    fields = refusal.errors if isinstance(refusal, Invalid) else []
    body = problem_bytes(status, title, refusal.detail, refusal.code, path, request_id, fields)
    return status, [*_described(body), *_headers_of(refusal), *added], body


async def send_internal(send: Send, added: Added, path: str, request_id: str) -> int:
    body = problem_bytes(500, "Internal error", _INTERNAL, "internal", path, request_id)
    await _send(send, 500, [*_described(body), *added], body)
    return 500


async def send_empty(send: Send, status: int, headers: Added) -> int:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    return status


def _headers_of(refusal: Refusal) -> Added:
    if isinstance(refusal, DoorRefusal):
        return refusal.headers
    if isinstance(refusal, Throttled | Unavailable):
        return [(b"retry-after", b"%d" % refusal.retry_after_seconds)]
    if isinstance(refusal, InsufficientScope):
        return [(b"www-authenticate", insufficient_scope(refusal).encode())]
    if isinstance(refusal, Unauthenticated):
        return [(b"www-authenticate", b'Bearer realm="vinylhound"')]
    return []


def _described(body: bytes) -> Added:
    return [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]


async def _send(send: Send, status: int, headers: Added, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
