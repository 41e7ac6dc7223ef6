"""What becomes of a service's answer."""

from collections.abc import Awaitable
from typing import Protocol

from litestar.types import Send

from vinyl_gateway.forwarding.errands import Errand
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.header_rules import lines_to_one
from vinyl_gateway.http1.whole_answer import whole_answer
from vinyl_gateway.records import Visit
from vinyl_gateway.upstream.connection import Head
from vinyl_gateway.upstream.instances import Asked


class Delivery(Protocol):
    def answer(self, head: Head, body: bytes, visit: Visit) -> bytes:
        """As it goes over the wire; the visit gets its status."""
        ...

    def go_on(self, errand: Errand, asked: Asked | None, visit: Visit, send: Send) -> Awaitable[int]:
        """For one that takes longer; gives the status of what it sent. `asked` is who was asked already."""
        ...


class ForOne:
    """Who asked gets it, and nobody else."""

    def __init__(self, forwarding: Forwarding) -> None:
        self._forwarding = forwarding

    def answer(self, head: Head, body: bytes, visit: Visit) -> bytes:
        visit.status = head.status
        return whole_answer(head.status, lines_to_one(head.headers) + visit.lines, body)

    async def go_on(self, errand: Errand, asked: Asked | None, visit: Visit, send: Send) -> int:
        return await self._forwarding.forward(errand, send, visit.added, asked)
