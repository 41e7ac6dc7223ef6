"""Access tokens: short-lived proof of who somebody is."""

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from vinyl_contracts.claims import ACCESS_TOKEN_TYPE, AccessClaims
from vinyl_contracts.ids import SessionId
from vinyl_user.domain.accounts import roles_of
from vinyl_user.domain.profiles import Profile
from vinyl_user.security.signing_keys import SigningKeys

LIFE = timedelta(minutes=15)


class AccessTokens:
    """`admin` is the username that the operator named, or ""."""

    def __init__(self, keys: SigningKeys, admin: str) -> None:
        self._keys = keys
        self._admin = admin

    def mint(self, profile: Profile, session_id: SessionId, at: datetime) -> str:
        """A token of the session, good for LIFE."""
        claims = AccessClaims(
            sub=profile.id,
            username=profile.username,
            roles=roles_of(profile.username, self._admin),
            sid=session_id,
            jti=uuid4().hex,
            iat=int(at.timestamp()),
            exp=int((at + LIFE).timestamp()),
        )
        return self._keys.sign(msgspec.to_builtins(claims), ACCESS_TOKEN_TYPE)
