"""Access tokens and the key set that vouches for them, for tests of services that only verify."""

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from vinyl_contracts.claims import ACCESS_TOKEN_TYPE, AccessClaims, Role, TokenScope
from vinyl_devstack.ports import LOOPBACK

ALGORITHM = "EdDSA"
JWKS_PATH = "/.well-known/jwks.json"


class TokenIssuer:
    """Stands where the user service stands: one Ed25519 key, served as a JWKS over HTTP while entered."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self._key_id = uuid4().hex
        self._server = ThreadingHTTPServer((LOOPBACK, 0), key_set_handler(self.key_set()))
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._serving.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._serving.join()
        self._server.server_close()

    @property
    def jwks_url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}{JWKS_PATH}"

    def token_for(
        self,
        username: str,
        user_id: UUID | None = None,
        roles: Sequence[str] = ("listener",),
        session_id: UUID | None = None,
        expires_in: int = 600,
        scopes: Sequence[str] | None = None,
    ) -> str:
        """An access token of `expires_in` seconds; negative for one that has expired.

        The same username is the same person: its `user_id` follows from it unless given.
        """
        now = int(time.time())
        claims = AccessClaims(
            sub=user_id or user_id_of(username),
            username=username,
            roles=tuple(map(Role, roles)),
            sid=session_id or uuid4(),
            jti=uuid4().hex,
            iat=min(now, now + expires_in),
            exp=now + expires_in,
            scopes=msgspec.UNSET if scopes is None else tuple(map(TokenScope, scopes)),
        )
        headers = {"kid": self._key_id, "typ": ACCESS_TOKEN_TYPE}
        return jwt.encode(msgspec.to_builtins(claims), self._key, ALGORITHM, headers)

    def key_set(self) -> dict[str, object]:
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": self._key_id, "use": "sig", "alg": ALGORITHM}]}


def user_id_of(username: str) -> UUID:
    """The id that tokens for this username carry when none is given."""
    return uuid5(NAMESPACE_OID, username)


def key_set_handler(key_set: dict[str, object]) -> type[BaseHTTPRequestHandler]:
    document = json.dumps(key_set).encode()

    class KeySetHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == JWKS_PATH else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has upstream
            """Says nothing: tests read their own output."""

    return KeySetHandler
