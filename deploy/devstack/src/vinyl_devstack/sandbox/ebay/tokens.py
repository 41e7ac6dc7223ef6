"""eBay's application tokens by client credentials."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from time import monotonic

from msgspec import Struct

from vinyl_devstack.sandbox.ebay.refusals import TokenRefused, bad_token

KEY = "sandbox"
SECRET = "sandbox"  # noqa: S105  a published constant that opens nothing but this sandbox
SCOPE = "https://api.ebay.com/oauth/api_scope"
TWO_HOURS = 7200


class TokenView(Struct, frozen=True):
    access_token: str
    expires_in: int
    token_type: str = "Application Access Token"  # noqa: S105


class TokenDesk:
    """Issues tokens and knows them again; a restart forgets them, as an expiry would."""

    def __init__(self) -> None:
        self._expiries: dict[str, float] = {}

    def issue(self, authorization: str | None, form: Mapping[str, str]) -> TokenView:
        if _basic(authorization) != (KEY, SECRET):
            raise TokenRefused(401, "invalid_client", "client authentication failed")
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused(400, "unsupported_grant_type", "grant type in request is not supported")
        if SCOPE not in form.get("scope", "").split():
            raise TokenRefused(400, "invalid_scope", "The requested scope is invalid, unknown or malformed.")
        now = monotonic()
        self._expiries = {token: expiry for token, expiry in self._expiries.items() if expiry > now}
        token = f"v^1.1#i^1#{secrets.token_urlsafe(48)}"
        self._expiries[token] = now + TWO_HOURS
        return TokenView(token, TWO_HOURS)

    def check(self, authorization: str | None) -> None:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.casefold() != "bearer" or self._expiries.get(token, 0.0) <= monotonic():
            raise bad_token()

    def forget(self) -> None:
        """Every token issued so far is refused from now on."""
        self._expiries.clear()


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return key, secret
