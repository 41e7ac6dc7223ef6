"""Discogs' two shapes of saying no."""

from msgspec import Struct


class Refusal(Struct, frozen=True):
    message: str


class FieldFault(Struct, frozen=True):
    loc: tuple[str, str]
    msg: str
    type: str


class FieldRefusal(Struct, frozen=True):
    detail: list[FieldFault]


class DiscogsRefused(Exception):
    """The request cannot be answered; `status` and `message` go to the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class DiscogsFieldRefused(Exception):
    """A value of the query or the path does not fit."""

    def __init__(self, place: str, field: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = FieldFault((place, field), reason, "value_error")


MUST_AUTHENTICATE = "You must authenticate to access this resource."
NOT_YOURS = "You don't have permission to access this resource."
NOT_FOUND = "The requested resource was not found."


def must_authenticate() -> DiscogsRefused:
    return DiscogsRefused(401, MUST_AUTHENTICATE)


def not_yours() -> DiscogsRefused:
    return DiscogsRefused(403, NOT_YOURS)


def not_found(what: str) -> DiscogsRefused:
    return DiscogsRefused(404, f"{what} not found.")
