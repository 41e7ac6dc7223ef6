"""Who asks: access tokens verified against the user service's published keys, and remembered."""

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

import httpx
import jwt
import msgspec
import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from vinyl_contracts import claims as contract
from vinyl_contracts.claims import AccessClaims, Role, TokenScope
from vinyl_contracts.errors import Forbidden, InsufficientScope, Invalid, Unauthenticated, Unavailable
from vinyl_contracts.ids import SessionId, UserId

_log = structlog.get_logger("identity")
LONGEST_TOKEN = 4096
MOST_REMEMBERED = 20_000
COOLDOWN_SECONDS = 30.0
KEYS_LIVE_SECONDS = 230.0
REMEMBERED_SECONDS = 60.0
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_READING = frozenset(["GET", "HEAD", "OPTIONS"])


class Listener(msgspec.Struct, frozen=True):
    """The person behind a verified token; `expires_at` in Unix seconds. `scopes` are None where they signed
    in in person."""

    id: UserId
    username: str
    roles: tuple[Role, ...]
    session_id: SessionId
    expires_at: int
    scopes: tuple[TokenScope, ...] | None = None

    def has_role(self, role: Role) -> bool:
        return role in self.roles or Role.ADMIN in self.roles

    def require(self, scope: TokenScope | None) -> None:
        """None is for people alone, whatever a token's scopes are. Raises InsufficientScope."""
        if self.scopes is not None and scope not in self.scopes:
            raise InsufficientScope(scope)


class Keys(Protocol):
    """Where a token's verification key comes from, by its `kid`."""

    async def find(self, kid: str) -> jwt.PyJWK | None: ...


class PublishedKeys:
    """The keys at `url` (JWKS), by `kid`.

    Fetched anew when they are old or a `kid` is unknown, the latter at most every 30 s, so that
    invented ones cost nothing. A key that is no longer published is refused within 4 minutes,
    unless its publisher is away: what was good then stays good, so that one sick service stays alone.
    """

    def __init__(self, url: str, live_seconds: float = KEYS_LIVE_SECONDS) -> None:
        self._url = url
        self._live_seconds = live_seconds
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._renewed_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """Raises Unavailable where the key is unknown and they cannot be had."""
        age = time.monotonic() - self._fetched_at
        if kid not in self._keys and age > COOLDOWN_SECONDS:
            await self._refresh()
        elif age > self._live_seconds:
            await self._renew()
        return self._keys.get(kid)

    async def _renew(self) -> None:
        """One request at a time waits for it, and while the publisher is away one in 30 s."""
        if time.monotonic() - self._renewed_at < COOLDOWN_SECONDS:
            return
        self._renewed_at = time.monotonic()
        with suppress(Unavailable):
            await self._refresh()

    async def _refresh(self) -> None:
        before = self._fetched_at
        async with self._lock:
            if self._fetched_at != before:
                return
            try:
                async with httpx.AsyncClient(timeout=3.0) as client:
                    answer = (await client.get(self._url)).raise_for_status()
                keys = msgspec.json.decode(answer.content, type=dict[str, list[dict[str, Any]]])["keys"]
                self._keys = {str(key["kid"]): jwt.PyJWK(key, algorithm="EdDSA") for key in keys}
            except (httpx.HTTPError, msgspec.DecodeError, KeyError, jwt.PyJWTError) as error:
                _log.warning("keys_unreadable", url=self._url, error=repr(error))
                raise Unavailable("Sign-ins cannot be checked right now; try again in a moment.") from None
            self._fetched_at = time.monotonic()


class Verified(NamedTuple):
    """Whose token it is, as was found when it was verified; it has to be again after `until`."""

    listener: Listener
    until: float


class TokenVerifier:
    """Turns an access token into its Listener.

    A verified one is remembered by its hash, and for a minute only: its key may be retired meanwhile,
    and KEYS_LIVE_SECONDS later that has to be known everywhere within five minutes.
    """

    def __init__(self, keys: Keys, remembered_seconds: float = REMEMBERED_SECONDS) -> None:
        self._keys = keys
        self._remembered_seconds = remembered_seconds
        self._remembered: dict[bytes, Verified] = {}

    async def verify(self, token: str) -> Listener:
        """Raises Unauthenticated, or Unavailable while the keys cannot be had."""
        if (known := self.recall(token.encode())) is not None:
            return known.listener
        fingerprint = hashlib.sha256(token.encode()).digest()
        self._remembered.pop(fingerprint, None)
        listener = await self._check(token)
        if len(self._remembered) >= MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        until = min(listener.expires_at, time.time() + self._remembered_seconds)
        self._remembered[fingerprint] = Verified(listener, until)
        return listener

    def recall(self, token: bytes) -> "Verified | None":
        """Raises Unauthenticated for one that is too long."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The access token is too long to be one of ours.")
        known = self._remembered.get(hashlib.sha256(token).digest())
        return known if known is not None and known.until > time.time() else None

    async def _check(self, token: str) -> Listener:
        try:
            if not _COMPACT.fullmatch(token):
                raise jwt.InvalidTokenError
            header = jwt.get_unverified_header(token)
            if header.get("typ") != contract.ACCESS_TOKEN_TYPE or header.get("alg") != "EdDSA":
                raise jwt.InvalidTokenError
            key = await self._keys.find(str(header.get("kid", "")))
            if key is None:
                raise jwt.InvalidTokenError
            payload = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                issuer=contract.ISSUER,
                audience=contract.AUDIENCE,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
            claims = msgspec.convert(payload, AccessClaims)
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired: refresh it or sign in again.") from None
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
            raise Unauthenticated("The access token is not valid: sign in again.") from None
        return Listener(
            UserId(claims.sub),
            claims.username,
            claims.roles,
            SessionId(claims.sid),
            claims.exp,
            None if claims.scopes is msgspec.UNSET else claims.scopes,
        )


class IdentityMiddleware(ASGIMiddleware):
    """Puts the Listener of the bearer token, or None, where the routes find it; refused are a bad token, and
    one whose scopes are not for reading or not for writing."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        token = bearer_token(scope["headers"])
        listener = scope["user"] = None if token is None else await self._verifier.verify(token)
        if listener is not None:
            listener.require(scope_of(str(scope.get("method", "GET"))))
        await next_app(scope, receive, send)


def scope_of(method: str) -> TokenScope:
    """What a token needs for a method, where a route asks for nothing else."""
    return TokenScope.READ if method in _READING else TokenScope.WRITE


def bearer_token(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The one bearer token among raw headers. Raises Invalid for two, Unauthenticated for another kind."""
    given = [value for name, value in headers if name.lower() == b"authorization"]
    if not given:
        return None
    if len(given) > 1:
        raise Invalid("Send one Authorization header, not several.")
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send the access token as: Authorization: Bearer <token>.")
    return token.strip()


async def refuse_strangers(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard for every route: who is not signed in hears that first, not what is wrong with the body."""
    if "listener" in handler.parsed_fn_signature.parameters and connection.scope.get("user") is None:
        raise Unauthenticated("Sign in first: this needs an access token.")


async def refuse_scopes(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """A guard for what people do in person."""
    listener = connection.scope.get("user")
    if isinstance(listener, Listener):
        listener.require(None)


def provide_listener(request: Request[Any, Any, Any]) -> Listener:
    """The signed-in person a route requires. Raises Unauthenticated."""
    listener = request.scope.get("user")
    if not isinstance(listener, Listener):
        raise Unauthenticated("Sign in first: this needs an access token.")
    return listener


def requires(
    role: Role,
) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]:
    """A guard for routes that need `role`; admins pass every one."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        listener = connection.scope.get("user")
        if not isinstance(listener, Listener):
            raise Unauthenticated("Sign in first: this needs an access token.")
        if not listener.has_role(role):
            raise Forbidden(f"This needs the role {role.value}.")

    return guard


def owner_scope(scope: Any) -> str:
    """Whom a cursor or an idempotency key belongs to: the signed-in person, else nobody in particular."""
    listener = scope.get("user")
    return str(listener.id) if isinstance(listener, Listener) else ""
