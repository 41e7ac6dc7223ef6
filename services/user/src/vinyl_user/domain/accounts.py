"""Who can sign in."""

from datetime import datetime

import msgspec

from vinyl_contracts.claims import Role
from vinyl_contracts.ids import UserId


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """`username` and `email_canonical` are unique; `email` is as typed: where mail goes."""

    id: UserId
    username: str
    email: str
    email_canonical: str
    password_hash: str
    created_at: datetime


def roles_of(account: Account, admin: str | None) -> tuple[Role, ...]:
    """What the account may do; `admin` is the username that the operator named."""
    return (Role.LISTENER, Role.ADMIN) if account.username == admin else (Role.LISTENER,)
