"""The files of the built web app, held in memory with their encodings, read again after a new build."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Collection
from pathlib import Path

import msgspec

INDEX = "index.html"
_HASHED = re.compile(
    r"(?:^|/)(?:_app/immutable|assets)/|[.-][A-Za-z0-9_-]{8,}\.(?:js|css|woff2?|svg|png|webp|avif)$"
)
_FOREVER = b"public, max-age=31536000, immutable"
_ALWAYS_ASK = b"no-cache"
_COMPRESSIBLE = re.compile(r"text/|application/(?:javascript|json|manifest\+json|wasm)|image/svg")
_WORTH_COMPRESSING_BYTES = 1024
_SIDECARS = {".br": b"br", ".gz": b"gzip"}
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


class Asset(msgspec.Struct, frozen=True):
    """`bodies` by content coding; b"" is the plain one, which is always there."""

    media_type: bytes
    cache_control: bytes
    digest: bytes
    bodies: dict[bytes, bytes]

    def choose(self, accepted: Collection[bytes]) -> tuple[bytes, bytes]:
        """The coding to use, the best first, and the body in it."""
        coding = next(
            (known for known in (b"br", b"gzip") if known in accepted and known in self.bodies), b""
        )
        return coding, self.bodies[coding]

    def etag(self, coding: bytes) -> bytes:
        suffix = b"-" + coding if coding else b""
        return b'"' + self.digest + suffix + b'"'


class Assets:
    """`root` may not exist yet: the web app is built while the rest already runs."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._built: tuple[int, int] | None = None
        self._files: dict[str, Asset] = {}

    def find(self, name: str) -> Asset | None:
        """Looks names up among the files there are, so no name can lead outside of the folder."""
        self._follow_build()
        return self._files.get(name)

    def _follow_build(self) -> None:
        if self._root is None:
            return
        try:
            state = (self._root / INDEX).stat()
        except OSError:
            self._built, self._files = None, {}
            return
        built = (state.st_mtime_ns, state.st_ino)
        if built != self._built:
            self._files = _read_all(self._root)
            self._built = built


def _read_all(root: Path) -> dict[str, Asset]:
    inside = [
        file for file in root.rglob("*") if file.is_file() and file.resolve().is_relative_to(root.resolve())
    ]
    names = [file.relative_to(root).as_posix() for file in inside]
    shown = [name for name in names if not _is_hidden(name) and Path(name).suffix not in _SIDECARS]
    return {name: _read(root, name) for name in shown}


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part != ".well-known" for part in name.split("/"))


def _read(root: Path, name: str) -> Asset:
    plain = (root / name).read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    bodies = {b"": plain}
    for suffix, coding in _SIDECARS.items():
        sidecar = root / f"{name}{suffix}"
        if sidecar.is_file():
            bodies[coding] = sidecar.read_bytes()
    if len(bodies) == 1 and len(plain) > _WORTH_COMPRESSING_BYTES and _COMPRESSIBLE.match(media_type):
        bodies[b"gzip"] = gzip.compress(plain, 6, mtime=0)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Asset(
        media_type=f"{media_type}{charset}".encode(),
        cache_control=_FOREVER if _HASHED.search(name) else _ALWAYS_ASK,
        digest=hashlib.sha256(plain).hexdigest()[:24].encode(),
        bodies=bodies,
    )
