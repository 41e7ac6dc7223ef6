"""Every error as a problem document (RFC 9457): ours, the framework's and the unknown."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import ExceptionHandlersMap

from vinyl_contracts import errors

PROBLEM_JSON = "application/problem+json"

_log = structlog.get_logger("problems")
_STATUS_OF: tuple[tuple[type[errors.Refusal], int, str], ...] = (
    (errors.NotFound, 404, "Not found"),
    (errors.Invalid, 400, "Invalid input"),
    (errors.Stale, 412, "Stale version"),
    (errors.VersionRequired, 428, "Version required"),
    (errors.Mismatched, 422, "Idempotency key reused"),
    (errors.Conflict, 409, "Conflict"),
    (errors.Forbidden, 403, "Forbidden"),
    (errors.Unauthenticated, 401, "Not signed in"),
    (errors.Throttled, 429, "Too many requests"),
    (errors.Unavailable, 503, "Unavailable"),
)
_CODES = {
    400: "invalid_input",
    401: "unauthenticated",
    403: "forbidden",
    404: "route_not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "unavailable",
}
_PATH_IN_MESSAGE = re.compile(r"(?P<said>.*?)(?: - at `(?P<key>key in )?\$\.?(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '(\w+)'")
_FIELD_IN_MESSAGE = re.compile(r"(?:unknown|required) field `([^`]+)`")


class FieldProblem(msgspec.Struct, frozen=True):
    field: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code` is the stable slug to decide on; `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldProblem] = []


def explain_validation(error: msgspec.DecodeError) -> errors.Invalid:
    """msgspec's message as field errors: "Expected `int`, got `str` - at `$.rating`" names `rating`."""
    match = _PATH_IN_MESSAGE.fullmatch(str(error))
    said, path = (match["said"], match["path"] or "") if match else (str(error), "")
    if named := _FIELD_IN_MESSAGE.search(said):
        path = f"{path}.{named[1]}" if path else named[1]
    if isinstance(error, msgspec.ValidationError):
        return errors.Invalid(
            f"The request's body is not as it should be: {said}.", [errors.FieldError(path or "body", said)]
        )
    return errors.Invalid(f"The body is not JSON: {said}.", [errors.FieldError("body", said)])


def status_of(refusal: errors.Refusal) -> tuple[int, str]:
    """The HTTP status of a refusal's kind, and that kind's title."""
    return next((status, title) for kind, status, title in _STATUS_OF if isinstance(refusal, kind))


def insufficient_scope(refusal: errors.InsufficientScope) -> str:
    """The challenge of RFC 6750."""
    needed = f', scope="{refusal.scope}"' if refusal.scope else ""
    return f'Bearer error="insufficient_scope"{needed}'


def answer_refusal(request: Request[Any, Any, Any], refusal: errors.Refusal) -> Response[bytes]:
    status, title = status_of(refusal)
    headers: dict[str, str] = {}
    if isinstance(refusal, errors.Throttled | errors.Unavailable):
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    if isinstance(refusal, errors.Unauthenticated):
        headers["WWW-Authenticate"] = f'Bearer error="{_bearer_error(request)}"'
    if isinstance(refusal, errors.InsufficientScope):
        headers["WWW-Authenticate"] = insufficient_scope(refusal)
    fields = refusal.errors if isinstance(refusal, errors.Invalid) else []
    return _answer(request, status, title, refusal.detail, refusal.code, fields, headers)


def answer_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    status = error.status_code
    if status >= 500 and status != 503:
        return answer_unknown(request, error)
    detail = error.detail
    if isinstance(error, NotFoundException):
        detail = "There is no such route here."
    if thing := _unreadable_id(error):
        return answer_refusal(request, _NamedNotFound(thing))
    fields = _framework_fields(error)
    if fields:
        detail = "; ".join(f"{field.field}: {field.detail}" for field in fields)
    headers = dict(error.headers or {})
    if isinstance(error, MethodNotAllowedException):
        detail = "This route does not take this method."
    code = _CODES.get(status, "refused")
    return _answer(request, status, HTTPStatus(status).phrase, detail, code, fields, headers)


def answer_unknown(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Logged whole, shown as `internal`."""
    _log.error("request_failed", path=request.scope["path"], exc_info=error)
    detail = "Something went wrong here, and it was logged under this request's id."
    return _answer(request, 500, "Internal error", detail, "internal", [], {})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    errors.Refusal: answer_refusal,
    HTTPException: answer_framework,
    Exception: answer_unknown,
}


def problem_bytes(
    status: int,
    title: str,
    detail: str,
    code: str,
    instance: str,
    request_id: str,
    fields: list[errors.FieldError] | None = None,
) -> bytes:
    """The document itself, for answers that are made below the framework."""
    return msgspec.json.encode(
        Problem(
            type=f"urn:vinylhound:problem:{code}",
            title=title,
            status=status,
            detail=detail,
            instance=instance,
            code=code,
            request_id=request_id,
            errors=[FieldProblem(field.field, field.detail) for field in fields or []],
        )
    )


def _answer(
    request: Request[Any, Any, Any],
    status: int,
    title: str,
    detail: str,
    code: str,
    fields: list[errors.FieldError],
    headers: dict[str, str],
) -> Response[bytes]:
    request_id = request.scope.get("vinyl_request_id", "")
    path = request.scope["path"]
    content = problem_bytes(status, title, detail, code, path, str(request_id), fields)
    return Response(content, status_code=status, media_type=PROBLEM_JSON, headers=headers)


class _NamedNotFound(errors.NotFound):
    def __init__(self, thing: str) -> None:
        super().__init__(f"No {thing.replace('_', ' ')} has this id.")
        self.code = f"{thing}_not_found"


def _unreadable_id(error: HTTPException) -> str | None:
    """What a path names by something that is no id of ours: ids are opaque, so it is one that nothing has."""
    faults = error.extra if isinstance(error.extra, list) else []
    names = [
        fault.get("key", "") for fault in faults if isinstance(fault, dict) and fault.get("source") == "path"
    ]
    return next((name.removesuffix("_id") for name in names if name.endswith("_id")), None)


def _framework_fields(error: HTTPException) -> list[errors.FieldError]:
    if error.status_code != 400:
        return []
    if missing := _MISSING_PARAMETER.match(error.detail):
        return [errors.FieldError(missing[1], "is required")]
    if not isinstance(error.extra, list):
        return []
    if any(isinstance(fault, dict) and fault.get("message") == "'data'" for fault in error.extra):
        return [errors.FieldError("body", "is required")]
    return [
        errors.FieldError(str(fault.get("key", "request")), str(fault.get("message", "is not valid")))
        for fault in error.extra
        if isinstance(fault, dict)
    ]


def _bearer_error(request: Request[Any, Any, Any]) -> str:
    return "invalid_token" if "authorization" in request.headers else "missing_token"
