"""What an access token says of its bearer."""

import enum
from uuid import UUID

import msgspec

ISSUER = "vinylhound"
AUDIENCE = "vinylhound"
ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105 - RFC 9068's media type, not a secret


class Role(enum.StrEnum):
    LISTENER = "listener"
    CURATOR = "curator"
    MODERATOR = "moderator"
    ADMIN = "admin"


class TokenScope(enum.StrEnum):
    READ = "read"
    WRITE = "write"


class AccessClaims(msgspec.Struct, frozen=True):
    """`sub` is the user's id, `sid` the session whose end revokes the token; times are Unix seconds.
    `scopes` are all that the token is for; unset where its bearer signed in in person: for everything."""

    sub: UUID
    username: str
    roles: tuple[Role, ...]
    sid: UUID
    jti: str
    iat: int
    exp: int
    iss: str = ISSUER
    aud: str = AUDIENCE
    scopes: tuple[TokenScope, ...] | msgspec.UnsetType = msgspec.UNSET
