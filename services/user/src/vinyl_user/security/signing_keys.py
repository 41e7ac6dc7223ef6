"""The Ed25519 keys that sign access tokens: a folder of PKCS#8 PEM files."""

import base64
import hashlib
import os
import tempfile
import time
from pathlib import Path

import jwt
import msgspec
import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_log = structlog.get_logger("signing_keys")
_FIRST = "first.pem"
_LOOK_AGAIN_SECONDS = 1.0


class Jwk(msgspec.Struct, frozen=True, kw_only=True):
    """A public key as RFC 8037 writes it; `kid` is its RFC 7638 thumbprint."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = "EdDSA"
    use: str = "sig"


class Jwks(msgspec.Struct, frozen=True):
    keys: list[Jwk]


class SigningKey(msgspec.Struct, frozen=True):
    """`added_at` in Unix seconds: when the file came into the folder."""

    private: Ed25519PrivateKey
    public: Jwk
    added_at: float


class SigningKeys:
    """Every key of the folder is published; the newest signs.

    A new one signs only after `announced_seconds`, once every service can have learned of it. The folder
    is looked at again when it changed, at most once a second; where it holds no key, one is made.
    """

    def __init__(self, folder: Path, announced_seconds: float) -> None:
        self._folder = folder
        self._announced_seconds = announced_seconds
        self._keys: list[SigningKey] = []
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._looked_at = float("-inf")

    def sign(self, claims: dict[str, object], kind: str) -> str:
        """A JWT of the claims; `kind` is its `typ`."""
        key = self.current()
        return jwt.encode(claims, key.private, "EdDSA", {"typ": kind, "kid": key.public.kid})

    def current(self) -> SigningKey:
        keys = self._look()
        announced = [key for key in keys if time.time() - key.added_at >= self._announced_seconds]
        return (announced or keys[-1:])[0]

    def published(self) -> Jwks:
        return Jwks([key.public for key in self._look()])

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The public key of that id, to verify this service's own tokens with."""
        found = next((key.public for key in self._look() if key.public.kid == kid), None)
        return None if found is None else jwt.PyJWK(msgspec.to_builtins(found))

    def _look(self) -> list[SigningKey]:
        """The keys, newest first."""
        if time.monotonic() - self._looked_at < _LOOK_AGAIN_SECONDS:
            return self._keys
        seen = _listing(self._folder)
        if seen != self._seen or not self._keys:
            self._keys = _read(self._folder) or self._make_first()
            self._seen = seen
        self._looked_at = time.monotonic()
        return self._keys

    def _make_first(self) -> list[SigningKey]:
        _make_key(self._folder)
        return _read(self._folder)


def _listing(folder: Path) -> frozenset[tuple[str, int, int]]:
    if not folder.is_dir():
        return frozenset()
    stats = ((file.name, file.stat()) for file in folder.glob("*.pem"))
    return frozenset((name, stat.st_ctime_ns, stat.st_size) for name, stat in stats)


def _read(folder: Path) -> list[SigningKey]:
    found = (_read_key(file) for file in folder.glob("*.pem"))
    return sorted((key for key in found if key), key=lambda key: (key.added_at, key.public.kid), reverse=True)


def _read_key(file: Path) -> SigningKey | None:
    """None, and a line in the log, for a file that is no Ed25519 key, such as one half written."""
    try:
        private = serialization.load_pem_private_key(file.read_bytes(), password=None)
        added_at = file.stat().st_ctime
    except (OSError, ValueError, TypeError) as error:
        _log.warning("signing_key_unreadable", file=file.name, error=repr(error))
        return None
    if not isinstance(private, Ed25519PrivateKey):
        _log.warning("signing_key_not_ed25519", file=file.name)
        return None
    return SigningKey(private, _jwk(private), added_at)


def _jwk(private: Ed25519PrivateKey) -> Jwk:
    raw = private.public_key().public_bytes_raw()
    x = _base64url(raw)
    thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return Jwk(kid=_base64url(thumbprint), x=x)


def _make_key(folder: Path) -> None:
    """Several processes may do this at once: the link to one name lets one of them win, with a whole file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-") as draft:
        draft.write(pem)
        draft.flush()
        os.fsync(draft.fileno())
        try:
            (folder / _FIRST).hardlink_to(draft.name)
        except FileExistsError:
            _log.info("signing_key_made_elsewhere")


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
