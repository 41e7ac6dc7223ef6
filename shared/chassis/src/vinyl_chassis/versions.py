"""Versions on the wire: strong ETags out, If-None-Match and If-Match in, and what may be kept of them."""

from typing import Any, TypeVar

from litestar import Request, Response
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from vinyl_contracts.errors import Stale, VersionRequired

ViewT = TypeVar("ViewT")
# A browser asks each time, and mostly hears 304; a cache that hears of changes may answer by itself.
KEPT_SECONDS = 60
CACHE_CONTROL = f"public, max-age=0, s-maxage={KEPT_SECONDS}"


class ExpectedVersion:
    """What the client's If-Match says the resource should still be; without one, anything goes."""

    def __init__(self, if_match: str | None) -> None:
        self._wanted = None if if_match is None else {tag.strip() for tag in if_match.split(",")}

    def check(self, version: object) -> None:
        """Raises Stale when the client decided on another version. Call it on a locked row."""
        if self._wanted is not None and "*" not in self._wanted and etag_of(version) not in self._wanted:
            raise Stale

    def check_record(self, version: int) -> None:
        """As `check`, for tags that say more after the record's version and a hyphen, which may differ."""
        wanted = {tag.strip('"').partition("-")[0] for tag in self._wanted or ["*"]}
        if not wanted & {"*", str(version)}:
            raise Stale

    def require(self) -> "ExpectedVersion":
        """Raises VersionRequired where the client did not say."""
        if self._wanted is None:
            raise VersionRequired("Send If-Match with the ETag of the version that you edit.")
        return self


def etag_of(version: object) -> str:
    return f'"{version}"'


def provide_expected_version(request: Request[Any, Any, Any]) -> ExpectedVersion:
    return ExpectedVersion(request.headers.get("if-match"))


def versioned(view: ViewT, version: object, headers: dict[str, str] | None = None) -> Response[ViewT]:
    """The resource with its ETag, which has to change whenever anything shown changes."""
    return Response(view, status_code=200, headers={"ETag": etag_of(version), **(headers or {})})


def created(view: ViewT, version: object, location: str) -> Response[ViewT]:
    return Response(view, status_code=201, headers={"ETag": etag_of(version), "Location": location})


def may_be_kept(*names: str) -> dict[str, str]:
    """For answers that are the same for everybody, until one of the names is told of as changed."""
    return {"Cache-Control": CACHE_CONTROL, "Surrogate-Key": " ".join(names)}


class NotModifiedMiddleware(ASGIMiddleware):
    """Answers 304 where the client has the version that would be sent."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        known = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
        if known is None or scope.get("method") not in ("GET", "HEAD"):
            await next_app(scope, receive, send)
            return
        tags = {tag.strip().removeprefix("W/") for tag in known.decode("latin-1").split(",")}
        unchanged = False

        async def send_or_spare(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = dict(message["headers"])
                tag = headers.get(b"etag", b"").decode("latin-1")
                if tag and (tag in tags or "*" in tags):
                    unchanged = True
                    kept = [
                        (name, value)
                        for name, value in message["headers"]
                        if name not in (b"content-length", b"content-type")
                    ]
                    message = {**message, "status": 304, "headers": kept}
            elif unchanged and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await next_app(scope, receive, send_or_spare)
