"""One request to the service that owns its route, and the service's answer back, both streamed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import structlog
from litestar.types import Send

from vinyl_chassis.problems import PROBLEM_JSON
from vinyl_contracts.changes import PURGE_HEADER, names_in
from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import BODY_FOLLOWS
from vinyl_gateway.deadlines import told
from vinyl_gateway.header_rules import for_one_reader, returned_headers
from vinyl_gateway.public_routes import Service
from vinyl_gateway.refusals import (
    ServiceAway,
    ServiceGarbled,
    ServiceOverloaded,
    ServiceRefused,
    ServiceTooSlow,
)
from vinyl_gateway.request_body import RequestBody
from vinyl_gateway.upstream.canary import Asker, Canary
from vinyl_gateway.upstream.connection import Connection, Head
from vinyl_gateway.upstream.errors import (
    AnswerGarbled,
    ConnectFailed,
    ConnectionBroken,
    Overloaded,
    PoolExhausted,
    UpstreamError,
)
from vinyl_gateway.upstream.instances import Instance, Instances
from vinyl_gateway.upstream.pool import Upstream
from vinyl_gateway.upstream.shadow import Shadow

IDLE_SECONDS = 30.0
RECONNECT_PAUSE_SECONDS = 0.2
MOST_JITTER_SECONDS = 0.02
ANSWER_LIMIT = 64 * 1024 * 1024

_READING = frozenset(["GET", "HEAD"])
_PURGE_HEADER = PURGE_HEADER.encode()
_IDEMPOTENT = frozenset(["GET", "HEAD", "PUT", "DELETE"])
# Others are quicker than what was asked for.
_CARRIED_OUT = range(200, 300)
_log = structlog.get_logger("forwarding")


class Errand(msgspec.Struct, frozen=True):
    """What a service is asked: `target` is path and query in normal form, `headers` all that it may see,
    `until` when who asks gives up, on the loop's clock. `kind` is what takes about the same time; the urgent
    are let through a while longer when there is too much to do. `asker` is None where the answer may be shown
    to others than who asks: a canary never makes it."""

    service: Service
    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
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

    def wire(self, host: bytes, deadline: bytes) -> bytes:
        """The request as far as it is here. HEAD is asked as GET: services need not know it."""
        method = "GET" if self.method == "HEAD" else self.method
        parts = [method.encode(), b" ", self.target, b" HTTP/1.1\r\nhost: ", host, b"\r\n"]
        for name, value in self.headers:
            parts += (name, b": ", value, b"\r\n")
        parts.append(deadline)
        if self.body is None:
            parts.append(b"\r\n")
        elif self.body.length is None:
            parts += (b"transfer-encoding: chunked\r\n\r\n", _chunk(self.body.first))
        else:
            parts += (b"content-length: %d\r\n\r\n" % self.body.length, self.body.first)
        return b"".join(parts)


class Answer(msgspec.Struct, frozen=True):
    """The whole of it; `headers` are all that the service sent, the names in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


Answering = tuple[Upstream, Connection, Head]


class AnswerCutShort(Exception):
    """The service stopped in the middle of its answer; the client's connection has to end likewise."""


class Forwarding:
    """`spread` is told what an answer names as changed, before the client has it."""

    def __init__(
        self,
        upstreams: Mapping[Service, Instances],
        answer_seconds: float,
        spread: Callable[[list[str]], Awaitable[None]],
        canaries: Mapping[Service, Canary],
        shadows: Mapping[Service, Shadow],
    ) -> None:
        self._upstreams = upstreams
        self.answer_seconds = answer_seconds
        self._spread = spread
        self.canaries = canaries
        self._shadows = shadows

    async def forward(self, errand: Errand, send: Send, added: list[tuple[bytes, bytes]]) -> int:
        """Answers the client and returns the status; `added` stands among the answer's headers.

        Raises ServiceAway, ServiceGarbled or ServiceTooSlow while nothing is sent yet, AnswerCutShort after.
        """
        asked_at = time.perf_counter()
        upstream, connection, head = await self._ask_safely(self._upstreams[errand.service], errand)
        seconds = time.perf_counter() - asked_at
        try:
            _refuse_bare_error(upstream.name, head)
            if errand.method not in _READING and (changed := _changed_in(head)):
                await self._spread(changed)
            headers = for_one_reader(returned_headers(head.headers)) + added
            start: Any = {"type": "http.response.start", "status": head.status, "headers": headers}
            start[BODY_FOLLOWS] = connection.complete
            await send(start)
            await _relay_body(connection, send, discard=errand.method == "HEAD")
        except (ConnectionBroken, AnswerGarbled, TimeoutError) as error:
            _log.warning("answer_cut_short", service=errand.service, error=repr(error))
            raise AnswerCutShort(errand.service) from error
        finally:
            upstream.release(connection)
        self._show_shadow(errand, head, seconds)
        return head.status

    async def collect(self, errand: Errand, most_bytes: int) -> Answer:
        """Raises as `forward` does while nothing is sent yet, whenever the answer breaks off."""
        asked_at = time.perf_counter()
        upstream, connection, head = await self._ask_safely(self._upstreams[errand.service], errand)
        seconds = time.perf_counter() - asked_at
        try:
            _refuse_bare_error(upstream.name, head)
            answer = Answer(head.status, head.headers, await _read_body(connection, most_bytes))
        except (ConnectionBroken, AnswerGarbled, TimeoutError) as error:
            refusal = _shown_as(error, upstream.name)
            _log.warning("answer_lost", service=errand.service, error=repr(error), shown=refusal.code)
            raise refusal from error
        finally:
            upstream.release(connection)
        self._show_shadow(errand, head, seconds)
        return answer

    def _show_shadow(self, errand: Errand, head: Head, seconds: float) -> None:
        """What only reads is shown, once its answer is made."""
        shadow = self._shadows.get(errand.service)
        if shadow is not None and errand.method == "GET" and errand.body is None:
            shadow.follow(errand.wire, head.status, seconds)

    async def _ask_safely(self, instances: Instances, errand: Errand) -> Answering:
        """Our own time begins when all of the request is here."""
        own = None if errand.is_streamed else asyncio.get_running_loop().time() + self.answer_seconds
        try:
            async with asyncio.timeout_at(_earlier(own, errand.until)) as limit:
                return await self._ask(instances, errand, limit)
        except (UpstreamError, TimeoutError) as error:
            refusal = _shown_as(error, instances.name)
            if not isinstance(error, Overloaded):
                _log.warning("service_failed", service=instances.name, error=repr(error), shown=refusal.code)
            raise refusal from error

    async def _ask(self, instances: Instances, errand: Errand, limit: asyncio.Timeout) -> Answering:
        """Asks once more where that is safe, of another instance if there is one that is well."""
        instances.retries.earn()
        canary = self.canaries.get(errand.service)
        chosen = canary.choose(errand.asker, is_urgent=errand.is_urgent) if canary else None
        instance = chosen or instances.choose(is_urgent=errand.is_urgent)
        try:
            return await self._ask_one(instance, errand, limit, fresh=False)
        except ConnectFailed:
            if instances.are_one and not chosen:  # which is away for a moment when it restarts
                await asyncio.sleep(RECONNECT_PAUSE_SECONDS)
        except ConnectionBroken as error:
            if error.answered or not errand.repeatable or not instances.retries.take():
                raise
            await asyncio.sleep(random.uniform(0, MOST_JITTER_SECONDS))  # noqa: S311 - not a secret
        other = instances.choose(other_than=instance, is_urgent=errand.is_urgent)
        return await self._ask_one(other, errand, limit, fresh=True)

    async def _ask_one(
        self, instance: Instance, errand: Errand, limit: asyncio.Timeout, *, fresh: bool
    ) -> Answering:
        ticket = instance.breaker.admit(is_sending=errand.is_streamed)
        under_way, began_at = instance.breaker.kept_waiting, time.perf_counter()
        try:
            upstream = instance.upstream
            connection = await upstream.acquire(fresh=fresh)
            try:
                head = await self._exchange(connection, upstream, errand, limit)
            except BaseException:
                upstream.release(connection)
                raise
        except BaseException as error:
            if _is_its_failure(error, errand, limit):
                instance.breaker.failed(ticket)
            else:
                instance.breaker.left(ticket)
            raise
        instance.breaker.answered(ticket)
        if head.status in _CARRIED_OUT and not errand.is_streamed:
            instance.concurrency.answered(errand.kind, time.perf_counter() - began_at, under_way)
        return upstream, connection, head

    async def _exchange(
        self, connection: Connection, upstream: Upstream, errand: Errand, limit: asyncio.Timeout
    ) -> Head:
        until = limit.when()
        connection.begin(errand.wire(upstream.host, b"" if until is None else told(until)))
        if errand.body is not None and errand.body.streamed:
            await _send_rest(connection, errand.body)
            own = asyncio.get_running_loop().time() + self.answer_seconds
            limit.reschedule(_earlier(own, errand.until))
        else:
            connection.end_request()
        return await connection.head()


def _earlier(own: float | None, given: float | None) -> float | None:
    return own if given is None else given if own is None else min(own, given)


def _is_its_failure(error: BaseException, errand: Errand, limit: asyncio.Timeout) -> bool:
    """A pool is exhausted by others who wait: they will say themselves what comes of it. A client that does
    not wait for long says nothing of the instance."""
    if limit.expired():
        return limit.when() != errand.until
    return isinstance(error, UpstreamError | TimeoutError) and not isinstance(error, PoolExhausted)


def _shown_as(error: UpstreamError | TimeoutError, service: str) -> Refusal:
    if isinstance(error, TimeoutError):
        return ServiceTooSlow(service)
    if isinstance(error, Overloaded):
        return ServiceOverloaded(service)
    if isinstance(error, AnswerGarbled) or (isinstance(error, ConnectionBroken) and error.answered):
        return ServiceGarbled(service)
    return ServiceAway(service)


def _refuse_bare_error(service: str, head: Head) -> None:
    """Every error is a problem document, the ones of a service's HTTP server included."""
    if head.status < 400 or dict(head.headers).get(b"content-type", b"").startswith(PROBLEM_JSON.encode()):
        return
    _log.warning("error_without_problem", service=service, status=head.status)
    raise ServiceGarbled(service) if head.status >= 500 else ServiceRefused(head.status)


async def _send_rest(connection: Connection, body: RequestBody) -> None:
    """Stops where the service has answered already: it does not want the rest."""
    async for part in body.rest():
        if connection.answered:
            await body.drain()
            return
        await connection.write(_chunk(part) if body.length is None else part, IDLE_SECONDS)
    if body.length is None:
        await connection.write(b"0\r\n\r\n", IDLE_SECONDS)
    connection.end_request()


async def _relay_body(connection: Connection, send: Send, *, discard: bool) -> None:
    relayed = 0
    complete = False
    while not complete:
        data = await connection.read(IDLE_SECONDS)
        complete = connection.complete
        relayed += len(data)
        if relayed > ANSWER_LIMIT:
            raise AnswerGarbled("The answer is longer than any that is passed on.")
        if complete or not discard:
            body = b"" if discard else data
            await send({"type": "http.response.body", "body": body, "more_body": not complete})


async def _read_body(connection: Connection, most_bytes: int) -> bytes:
    parts: list[bytes] = []
    room = most_bytes
    while not connection.complete or not parts:
        parts.append(await connection.read(IDLE_SECONDS))
        room -= len(parts[-1])
        if room < 0:
            raise AnswerGarbled("The answer is longer than any that is taken in whole.")
    return b"".join(parts)


def _changed_in(head: Head) -> list[str]:
    return [name for key, value in head.headers if key == _PURGE_HEADER for name in names_in(value)]


def _chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part) if part else b""
