"""Who a request speaks for."""

import re
from collections.abc import Mapping

from msgspec import Struct

from vinyl_devstack.sandbox.discogs.refusals import DiscogsRefused, must_authenticate, not_yours

TOKEN = "sandbox"  # noqa: S105  a published constant that opens nothing but this sandbox
KEY = "sandbox"
SECRET = "sandbox"  # noqa: S105
COLLECTOR = "sandbox-collector"
PAIR = re.compile(r"(\w+)\s*=\s*\"?([^\",\s]+)")
USERNAME = re.compile(r"[A-Za-z0-9._-]{1,40}")


class Caller(Struct, frozen=True):
    """A key and secret authenticate an application, not a person: then `username` is None."""

    authenticated: bool = False
    username: str | None = None

    def person(self) -> str:
        if self.username is None:
            raise must_authenticate()
        return self.username

    def owns(self, username: str) -> bool:
        return self.username is not None and self.username.casefold() == username.casefold()

    def must_own(self, username: str) -> None:
        self.person()
        if not self.owns(username):
            raise not_yours()


def caller_of(authorization: str | None, query: Mapping[str, str]) -> Caller:
    """By the header `Discogs token=…` or `Discogs key=…, secret=…`, or by the same names in the query."""
    given = dict(query)
    if authorization:
        scheme, _, rest = authorization.partition(" ")
        if scheme.casefold() != "discogs":
            raise DiscogsRefused(401, "Only the Discogs authorization scheme is spoken here.")
        given = dict(PAIR.findall(rest))
    if "token" in given:
        return Caller(authenticated=True, username=_username(given["token"]))
    if "key" in given or "secret" in given:
        return _application(given)
    return Caller()


def _username(token: str) -> str:
    fixed, _, username = token.partition(":")
    if fixed != TOKEN or (username and not USERNAME.fullmatch(username)):
        raise DiscogsRefused(401, "Invalid user token.")
    return username or COLLECTOR


def _application(given: Mapping[str, str]) -> Caller:
    if (given.get("key"), given.get("secret")) != (KEY, SECRET):
        raise DiscogsRefused(401, "Invalid consumer key or secret.")
    return Caller(authenticated=True)
