"""What the gateway itself says no with, beside the kinds that every service knows."""

from http.client import responses

from vinyl_contracts.errors import NotFound, Refusal, Unavailable


class RouteNotFound(NotFound):
    code = "route_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such route here.")


class DoorRefusal(Refusal):
    """A refusal that only exists in HTTP, with its status."""

    status: int
    title: str

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return []


class MethodNotAllowed(DoorRefusal):
    status = 405
    title = "Method not allowed"
    code = "method_not_allowed"

    def __init__(self, allow: bytes) -> None:
        super().__init__("This route does not take this method.")
        self.allow = allow

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(b"allow", self.allow)]


class BodyTooLarge(DoorRefusal):
    status = 413
    title = "Too large"
    code = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body may have at most {limit} bytes.")


class BodyTooSlow(DoorRefusal):
    status = 408
    title = "Too slow"
    code = "request_timeout"

    def __init__(self) -> None:
        super().__init__("The body did not arrive in time.")


class EncodedBody(DoorRefusal):
    status = 415
    title = "Unsupported media type"
    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("Send the body without a Content-Encoding: bodies are not decompressed here.")


class TargetTooLong(DoorRefusal):
    status = 414
    title = "URI too long"
    code = "target_too_long"

    def __init__(self) -> None:
        super().__init__("Path and query are longer than any route needs.")


class UnknownCoding(DoorRefusal):
    status = 501
    title = "Not implemented"
    code = "unknown_transfer_coding"

    def __init__(self) -> None:
        super().__init__("The only transfer coding known here is chunked.")


class ServiceGarbled(DoorRefusal):
    status = 502
    title = "Bad gateway"
    code = "bad_gateway"

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service gave an answer that could not be passed on.")


class ServiceRefused(DoorRefusal):
    """A service said no below its own problem documents, as its HTTP server does."""

    code = "refused"

    def __init__(self, status: int) -> None:
        super().__init__("The request was refused before it was understood.")
        self.status = status
        self.title = responses.get(status, "Refused")


class PartRefused(DoorRefusal):
    """What a service said instead of a part of a page, word for word."""

    def __init__(
        self, status: int, title: str, code: str, detail: str, headers: list[tuple[bytes, bytes]]
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.code = code
        self._headers = headers

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return self._headers


class PageMoved(DoorRefusal):
    status = 308
    title = "Moved"
    code = "moved"

    def __init__(self, path: bytes) -> None:
        super().__init__("It goes by another id now: ask for the page that Location names.")
        self._path = path

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(b"location", self._path)]


class ServiceTooSlow(DoorRefusal):
    status = 504
    title = "Gateway timeout"
    code = "gateway_timeout"

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service did not answer in time.")


class ServiceAway(Unavailable):
    code = "service_unavailable"

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service is away for a moment; try again.")


class ServiceOverloaded(Unavailable):
    code = "overloaded"

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service has more to do than it can; try again in a moment.")


class GatewayOverloaded(Unavailable):
    code = "overloaded"

    def __init__(self) -> None:
        super().__init__("There is more to do here than can be done in good time; try again in a moment.")


class LimitsUnavailable(Unavailable):
    code = "limits_unavailable"

    def __init__(self) -> None:
        super().__init__("Sign-ins cannot be counted right now; try again in a moment.")


class ClientGone(Exception):
    """The client closed before its request was whole: nobody is left to answer."""
