"""Reads that come together are asked for together: one request of a service for all of a turn of the loop."""

import asyncio
from collections.abc import Sequence

import msgspec

from vinyl_contracts.batches import MOST_READS, READS_PATH, Reply, replies_in, target_of
from vinyl_contracts.errors import Refusal
from vinyl_gateway.forwarding.errands import Errand, own_lines
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.forwarding.passages import Passage, Passages
from vinyl_gateway.public_routes import Service
from vinyl_gateway.refusals import ServiceAway, ServiceOverloaded
from vinyl_gateway.tracing import request_id_of, trace_of
from vinyl_gateway.upstream.connection import Head

MOST_BATCHES = 16
MOST_BYTES = 16 * 1024 * 1024
LONGEST_PATH_BYTES = 128
# A hanging instance is noticed by how many wait for it, and a batch waits as one. Records take milliseconds.
PATIENCE_SECONDS = 2.0
# A service that did not answer one as it should is asked for each read by itself for so long.
PAUSE_SECONDS = 10.0
_KIND = "GET" + READS_PATH


class Batches:
    """Of one service. Whatever a batch does not bring is asked for by itself."""

    def __init__(self, service: Service, forwarding: Forwarding, passages: Passages) -> None:
        self._service = service
        self._forwarding = forwarding
        self._passages = passages
        self._waiting: list[Passage] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._paused_until = 0.0

    def takes(self, path: bytes, loop: asyncio.AbstractEventLoop) -> bool:
        """Only while others are under way: who asks alone waits for nobody."""
        if not self._passages.under_way or len(self._under_way) >= MOST_BATCHES:
            return False
        is_plain = len(path) <= LONGEST_PATH_BYTES and b"&" not in path and b"=" not in path
        return is_plain and loop.time() >= self._paused_until

    def add(self, passage: Passage, loop: asyncio.AbstractEventLoop) -> None:
        self._waiting.append(passage)
        if len(self._waiting) == 1:
            loop.call_soon(self._ask_all, loop)

    def _ask_all(self, loop: asyncio.AbstractEventLoop) -> None:
        waiting, self._waiting = self._waiting, []
        for begin in range(0, len(waiting), MOST_READS):
            taken = waiting[begin : begin + MOST_READS]
            if len(taken) == 1:
                taken[0].ask_alone()
                continue
            task = loop.create_task(self._ask(taken, loop))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _ask(self, taken: Sequence[Passage], loop: asyncio.AbstractEventLoop) -> None:
        replies = await self._collect(taken, loop)
        if replies is None or len(replies) != len(taken):
            self._paused_until = loop.time() + PAUSE_SECONDS
            replies = [None] * len(taken)
        for passage, reply in zip(taken, replies, strict=True):
            if passage not in self._passages.under_way:
                continue  # its time was over before
            if reply is None or not _is_sound(reply):
                passage.ask_alone()
            else:
                status, headers, body = reply
                passage.end(Head(status, headers), body)

    async def _collect(
        self, taken: Sequence[Passage], loop: asyncio.AbstractEventLoop
    ) -> list[Reply | None] | None:
        """None where the service did not answer it as it should."""
        target = target_of([(each.order.visit.request_id, each.order.errand.target) for each in taken])
        lines = own_lines(request_id_of(None), "", trace_of(None))
        until = loop.time() + PATIENCE_SECONDS
        errand = Errand(self._service, "GET", target, lines, None, until=until, kind=_KIND)
        try:
            answer = await self._forwarding.collect(errand, MOST_BYTES)
            return replies_in(answer.body) if answer.status == 200 else None
        except (ServiceOverloaded, ServiceAway):
            return [None] * len(taken)
        except (Refusal, msgspec.DecodeError):
            return None


def _is_sound(reply: Reply) -> bool:
    """What nobody has read as HTTP yet may be passed on as HTTP."""
    status, headers, body = reply
    said = b"".join([value for _, value in headers])
    lengths = [value for name, value in headers if name == b"content-length"]
    return status == 200 and b"\r" not in said and b"\n" not in said and lengths == [b"%d" % len(body)]
