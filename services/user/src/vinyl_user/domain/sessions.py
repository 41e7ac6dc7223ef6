"""Where a listener is signed in: a session is a family of refresh tokens, each the successor of the last."""

import enum
from datetime import datetime, timedelta

import msgspec

from vinyl_contracts.ids import SessionId, UserId, new_id

LIFE_OF_A_REFRESH_TOKEN = timedelta(days=30)
# An answer may be lost on its way; who asks again this soon gets the same successor.
GRACE = timedelta(seconds=10)


class Origin(msgspec.Struct, frozen=True):
    """Where a request comes from: the client's address as the gateway saw it, and what it calls itself."""

    address: str | None
    user_agent: str | None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`address` is where it was last used from, as the gateway saw it."""

    id: SessionId
    user_id: UserId
    user_agent: str | None
    address: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token as it is kept: hashed. `successor_salt` turns the spent token into its successor."""

    token_hash: bytes
    session_id: SessionId
    issued_at: datetime
    spent_at: datetime | None = None
    successor_salt: bytes | None = None


class Verdict(enum.Enum):
    ROTATE = enum.auto()
    REPEAT = enum.auto()
    REVOKE = enum.auto()
    REFUSE = enum.auto()


def judge(token: RefreshToken, session: Session, *, successor_spent: bool, now: datetime) -> Verdict:
    """What a presented refresh token deserves.

    REPEAT gives the successor once more, REVOKE ends the session since a spent token came back.
    """
    if session.revoked_at is not None or now >= session.expires_at:
        return Verdict.REFUSE
    if token.spent_at is None:
        return Verdict.ROTATE
    if now - token.spent_at <= GRACE and not successor_spent:
        return Verdict.REPEAT
    return Verdict.REVOKE


def family_begun(user_id: UserId, origin: Origin, at: datetime) -> Session:
    return Session(
        id=SessionId(new_id()),
        user_id=user_id,
        user_agent=origin.user_agent,
        address=origin.address,
        created_at=at,
        last_used_at=at,
        expires_at=at + LIFE_OF_A_REFRESH_TOKEN,
    )
