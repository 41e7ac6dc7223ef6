"""What is refused before it is a request, each with the status that closes the connection."""

from vinyl_gateway.refusals import DoorRefusal


class Malformed(DoorRefusal):
    status = 400
    title = "Bad request"
    code = "malformed_request"


class HeadTooSlow(DoorRefusal):
    status = 408
    title = "Too slow"
    code = "request_timeout"

    def __init__(self) -> None:
        super().__init__("The request's head did not arrive in time.")


class LineTooLong(DoorRefusal):
    status = 414
    title = "URI too long"
    code = "target_too_long"

    def __init__(self) -> None:
        super().__init__("The request line is longer than any route needs.")


class UnknownExpectation(DoorRefusal):
    status = 417
    title = "Expectation failed"
    code = "unknown_expectation"

    def __init__(self) -> None:
        super().__init__("The only expectation known here is 100-continue.")


class HeadTooLarge(DoorRefusal):
    status = 431
    title = "Header fields too large"
    code = "headers_too_large"

    def __init__(self) -> None:
        super().__init__("The headers are more, or longer, than any route needs.")


class UnknownVersion(DoorRefusal):
    status = 505
    title = "Version not supported"
    code = "unknown_http_version"

    def __init__(self) -> None:
        super().__init__("HTTP/1.1 is spoken here.")
