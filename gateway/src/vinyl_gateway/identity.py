"""Who asks, and whether the route is for them: decided here, and once more by the service itself."""

from vinyl_chassis.identity import Listener, TokenVerifier, bearer_token
from vinyl_contracts.errors import Forbidden, Unauthenticated
from vinyl_gateway.public_routes import Access, PublicRoute
from vinyl_gateway.revocations import Revocations

_BEARER = b"Bearer "


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

    def recall(self, authorization: bytes) -> Listener | None:
        """Whose token was verified a moment ago; None where it, or its spelling, has to be looked into."""
        if not authorization.startswith(_BEARER):
            return None
        listener = self._verifier.recall(authorization[len(_BEARER) :])
        return None if listener is None or self._revocations.holds(listener.session_id) else listener

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
