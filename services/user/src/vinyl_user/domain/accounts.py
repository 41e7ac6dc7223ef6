"""Who can sign in."""

import msgspec

from vinyl_contracts.claims import Role
from vinyl_user.domain.profiles import Profile


class Account(msgspec.Struct, frozen=True):
    """A profile with what signing in needs. `email_canonical` is the spelling that is compared."""

    profile: Profile
    email_canonical: str
    password_hash: str


def roles_of(username: str, admin: str) -> tuple[Role, ...]:
    """What the account may do; `admin` is the username that the operator named, or ""."""
    return (Role.LISTENER, Role.ADMIN) if username == admin else (Role.LISTENER,)


class SignedIn(msgspec.Struct, frozen=True):
    """What somebody holds who has just signed in, or stayed so; `expires_in` seconds of the access token."""

    profile: Profile
    access_token: str
    refresh_token: str
    expires_in: int
