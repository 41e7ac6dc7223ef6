"""Access tokens: short-lived proof of who somebody is."""

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from vinyl_contracts.claims import ACCESS_TOKEN_TYPE, AccessClaims, Role
from vinyl_contracts.ids import SessionId
from vinyl_user.domain.accounts import Account
from vinyl_user.security.signing_keys import SigningKeys

LIFE = timedelta(minutes=15)


class AccessTokens:
    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys

    def mint(self, account: Account, roles: tuple[Role, ...], session_id: SessionId, at: datetime) -> str:
        """A token of the session, good for LIFE."""
        claims = AccessClaims(
            sub=account.id,
            username=account.username,
            roles=roles,
            sid=session_id,
            jti=uuid4().hex,
            iat=int(at.timestamp()),
            exp=int((at + LIFE).timestamp()),
        )
        return self._keys.sign(msgspec.to_builtins(claims), ACCESS_TOKEN_TYPE)
