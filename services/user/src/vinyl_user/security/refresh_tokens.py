"""Refresh tokens: random, kept only as hashes.

A spent token's successor is made from the token itself and a salt that is kept. So it can be given once
more to who lost the answer, while what is kept alone gives away neither of the two.
"""

import base64
import hashlib
import hmac
import secrets

_PREFIX = "vinyl_rt_"


def new_token() -> str:
    return _PREFIX + _base64url(secrets.token_bytes(32))


def new_salt() -> bytes:
    return secrets.token_bytes(32)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def successor_of(token: str, salt: bytes) -> str:
    """The one token that follows `token`."""
    return _PREFIX + _base64url(hmac.digest(salt, token.encode(), "sha256"))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
