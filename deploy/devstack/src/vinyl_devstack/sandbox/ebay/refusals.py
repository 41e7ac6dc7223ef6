"""eBay's shapes of saying no, and of doubting."""

from msgspec import Struct


class Parameter(Struct, frozen=True):
    name: str
    value: str


class Fault(Struct, frozen=True):
    errorId: int  # noqa: N815  eBay's own spelling
    domain: str
    category: str
    message: str
    longMessage: str
    parameters: list[Parameter] = []


class Refusal(Struct, frozen=True):
    errors: list[Fault]


class TokenRefusal(Struct, frozen=True):
    error: str
    error_description: str


class EbayRefused(Exception):
    """A call that the Browse API refuses."""

    def __init__(self, status: int, fault: Fault) -> None:
        super().__init__(fault.message)
        self.status = status
        self.refusal = Refusal([fault])


class TokenRefused(Exception):
    """A request the token endpoint refuses; `error` is OAuth's word for it."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.refusal = TokenRefusal(error, description)


def browse_fault(number: int, message: str, category: str = "REQUEST", **parameters: str) -> Fault:
    named = [Parameter(name, value) for name, value in parameters.items()]
    return Fault(number, "API_BROWSE", category, message, message, named)


def refused(number: int, message: str, status: int = 400, **parameters: str) -> EbayRefused:
    return EbayRefused(status, browse_fault(number, message, **parameters))


def bad_token() -> EbayRefused:
    message = "Invalid access token"
    advice = "Invalid access token. Check the value of the Authorization HTTP request header."
    return EbayRefused(401, Fault(1001, "OAuth", "REQUEST", message, advice))
