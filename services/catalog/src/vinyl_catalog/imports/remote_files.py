"""A dump file read from a web address while it comes, without being kept.

Where the connection breaks it goes on from there: with a Range where the server knows them, else by reading
what it has had once more. A file that is another one by then is not mixed with the first.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Self

import httpx

from vinyl_catalog.imports.addresses import is_allowed
from vinyl_catalog.imports.kinds import UnreadableFile

_MOST_BYTES = 64 << 30
_MOST_SECONDS = 24 * 3600.0
_MOST_ATTEMPTS = 6
_MOST_REDIRECTS = 5
_FIRST_PAUSE_SECONDS = 0.2
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_BUSY = (408, 429, 500, 502, 503, 504)


class RemoteFile:
    """Raises UnreadableFile where there is no such file, or its host, or one it redirects to, is not allowed.
    `allowed_hosts` None allows every one."""

    def __init__(self, address: str, allowed_hosts: Sequence[str] | None) -> None:
        self.position = 0
        self._address = address
        self._allowed_hosts = allowed_hosts
        self._deadline = time.monotonic() + _MOST_SECONDS
        self._client = httpx.Client(
            timeout=_TIMEOUT, headers={"Accept-Encoding": "identity"}, trust_env=False
        )
        self._connection = ExitStack()
        self._failures = 0
        self._version: str | None = None
        try:
            self._connect()
        except (UnreadableFile, httpx.InvalidURL) as error:
            self.__exit__()
            raise UnreadableFile(str(error)) from None
        self.length = self._length
        self.mark = f"{self.length}:{self._version}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._client.close()

    def read(self, _most: int) -> bytes:
        """A chunk as it comes."""
        while True:
            if time.monotonic() > self._deadline or self.position > _MOST_BYTES:
                raise UnreadableFile("the file takes too long to come, or is too large")
            try:
                chunk = next(self._chunks, b"")
                if not chunk and self.length is not None and self.position < self.length:
                    raise httpx.RemoteProtocolError("it ended early")
            except httpx.TransportError as error:
                self._pause(str(error) or type(error).__name__)
                self._connect()
                continue
            self.position += len(chunk)
            self._failures = 0 if chunk else self._failures
            return chunk

    def _connect(self) -> None:
        while True:
            try:
                return self._open()
            except httpx.TransportError as error:
                self._pause(str(error) or type(error).__name__)

    def _open(self) -> None:
        response = self._answer()
        if response.status_code in _BUSY:
            raise httpx.RemoteProtocolError(f"it answers {response.status_code}")
        if response.status_code not in (200, 206):
            raise UnreadableFile(f"the address answers {response.status_code}")
        version = response.headers.get("etag") or response.headers.get("last-modified")
        if self.position and version != self._version:
            raise UnreadableFile("the file changed while it was read")
        is_rest = response.status_code == 206
        if is_rest and not response.headers.get("content-range", "").startswith(f"bytes {self.position}-"):
            raise UnreadableFile("the server sends another part of the file than it was asked for")
        self._version = version
        told = response.headers.get("content-length", "")
        self._length = int(told) if told.isdigit() and not self.position else getattr(self, "length", None)
        if self._length is not None and self._length > _MOST_BYTES:
            raise UnreadableFile("the file is too large")
        self._chunks: Iterator[bytes] = response.iter_raw()
        if not is_rest:
            self._pass_over(self.position)

    def _answer(self) -> httpx.Response:
        """The answer at the end of all redirects."""
        address = self._address
        for _ in range(_MOST_REDIRECTS + 1):
            if not is_allowed(address, self._allowed_hosts):
                raise UnreadableFile("the address, or one that it leads to, is not allowed here")
            self._connection.close()
            headers = {"Range": f"bytes={self.position}-"} if self.position else {}
            response = self._connection.enter_context(self._client.stream("GET", address, headers=headers))
            if not response.is_redirect:
                return response
            address = str(httpx.URL(address).join(response.headers["location"]))
        raise UnreadableFile("the address leads from one to the next")

    def _pass_over(self, count: int) -> None:
        """What was had before, of a server that knows no ranges."""
        while count:
            chunk = next(self._chunks, b"")
            if not chunk:
                raise httpx.RemoteProtocolError("it ended early")
            if len(chunk) > count:
                rest, chunks = chunk[count:], self._chunks
                self._chunks = _before(rest, chunks)
                return
            count -= len(chunk)

    def _pause(self, reason: str) -> None:
        """Raises UnreadableFile after too many failures without a byte between them."""
        self._failures += 1
        if self._failures >= _MOST_ATTEMPTS:
            raise UnreadableFile(f"the address cannot be read: {reason}")
        time.sleep(_FIRST_PAUSE_SECONDS * 2**self._failures)


def _before(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
