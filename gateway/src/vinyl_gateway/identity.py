"""Who asks, and whether the route is for them: decided here, and once more by the service itself."""

import time

import msgspec

from vinyl_chassis.identity import Listener, TokenVerifier, bearer_token
from vinyl_contracts.errors import Forbidden, Unauthenticated
from vinyl_gateway.public_routes import Access, PublicRoute
from vinyl_gateway.revocations import Revocations

_BEARER = b"Bearer "


class Recalled(msgspec.Struct, frozen=True):
    """Somebody who signed in, known without a question `until` then, as long as nothing is revoked."""

    listener: Listener
    until: float
    revocations: int


class Identity:
    def __init__(self, verifier: TokenVerifier, revocations: Revocations) -> None:
        self._verifier = verifier
        self._revocations = revocations

    async def admit(self, route: PublicRoute, authorization: bytes | None) -> Listener | None:
        """Raises Unauthenticated for a bad token even where none is needed, InsufficientScope for one that is
        not for this even where none is needed, Forbidden without the role."""
        listener = await self._recognise(authorization)
        self.allow(route, listener)
        return listener

    def allow(self, route: PublicRoute, listener: Listener | None) -> None:
        """Raises as `admit` does, but for the token."""
        if listener is not None:
            listener.require(route.scope)
        if route.access is Access.PUBLIC:
            return
        if listener is None:
            raise Unauthenticated("Sign in first: this needs an access token.")
        if route.role is not None and not listener.has_role(route.role):
            raise Forbidden(f"This needs the role {route.role.value}.")

    def recall(self, authorization: bytes) -> "Recalled | None":
        """Whose token was verified a moment ago; None where it, or its spelling, has to be looked into."""
        if not authorization.startswith(_BEARER):
            return None
        verified = self._verifier.recall(authorization[len(_BEARER) :])
        if verified is None or self._revocations.holds(verified.listener.session_id):
            return None
        return Recalled(verified.listener, verified.until, self._revocations.heard)

    def still_holds(self, recalled: "Recalled") -> bool:
        """Whether nothing has come between."""
        return recalled.until > time.time() and recalled.revocations == self._revocations.heard

    async def _recognise(self, authorization: bytes | None) -> Listener | None:
        if authorization is None:
            return None
        token = bearer_token([(b"authorization", authorization)])
        if token is None:
            return None
        listener = await self._verifier.verify(token)
        if self._revocations.holds(listener.session_id):
            raise Unauthenticated("This session was ended: sign in again.")
        return listener
