"""What a service is asked, and what it says."""

import msgspec

from vinyl_gateway.public_routes import Service
from vinyl_gateway.request_body import RequestBody
from vinyl_gateway.upstream.canary import Asker
from vinyl_gateway.upstream.instances import Manner

_IDEMPOTENT = frozenset(["GET", "HEAD", "PUT", "DELETE"])


class Errand(msgspec.Struct, frozen=True):
    """`target` is path and query in normal form, `lines` all the headers that the service may see, as they go
    over the wire, `until` when who asks gives up, on the loop's clock. `kind` is what takes about the same
    time; the urgent are let through a while longer when there is too much to do. `asker` is None where the
    answer may be shown to others than who asks: a canary never makes it."""

    service: Service
    method: str
    target: bytes
    lines: bytes
    body: RequestBody | None
    until: float | None = None
    kind: str = ""
    is_urgent: bool = False
    asker: Asker | None = None

    @property
    def repeatable(self) -> bool:
        """Doing it twice does no more than doing it once, and all of it is at hand."""
        return self.method in _IDEMPOTENT and not self.is_streamed

    @property
    def is_streamed(self) -> bool:
        return self.body is not None and self.body.streamed

    @property
    def manner(self) -> Manner:
        return Manner(self.is_urgent, self.is_streamed)

    def wire(self, host: bytes, deadline: bytes) -> bytes:
        """The request as far as it is here. HEAD is asked as GET: services need not know it."""
        method = b"GET" if self.method == "HEAD" else self.method.encode()
        parts = [method, b" ", self.target, b" HTTP/1.1\r\nhost: ", host, b"\r\n", self.lines, deadline]
        if self.body is None:
            parts.append(b"\r\n")
        elif self.body.length is None:
            parts += (b"transfer-encoding: chunked\r\n\r\n", chunk(self.body.first))
        else:
            parts += (b"content-length: %d\r\n\r\n" % self.body.length, self.body.first)
        return b"".join(parts)


class Answer(msgspec.Struct, frozen=True):
    """The whole of it; `headers` are all that the service sent, the names in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def own_lines(request_id: str, address: str, trace: bytes) -> bytes:
    """What the gateway itself says to a service of a request."""
    return b"x-request-id: %b\r\nx-vinyl-client-address: %b\r\ntraceparent: %b\r\n" % (
        request_id.encode(),
        address.encode(),
        trace,
    )


def chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part) if part else b""
