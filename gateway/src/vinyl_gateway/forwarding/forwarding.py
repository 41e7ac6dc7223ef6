"""One request to the service that owns its route, and the service's answer back, both streamed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from litestar.types import Send

from vinyl_chassis.problems import PROBLEM_JSON
from vinyl_contracts.changes import PURGE_HEADER, names_in
from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import BODY_FOLLOWS
from vinyl_gateway.deadlines import told
from vinyl_gateway.forwarding.errands import Answer, Errand
from vinyl_gateway.forwarding.relaying import read_body, relay_body, send_rest
from vinyl_gateway.header_rules import returned_to_one
from vinyl_gateway.public_routes import Service
from vinyl_gateway.refusals import (
    ServiceAway,
    ServiceGarbled,
    ServiceOverloaded,
    ServiceRefused,
    ServiceTooSlow,
)
from vinyl_gateway.upstream.canary import Canary
from vinyl_gateway.upstream.connection import Connection, Head
from vinyl_gateway.upstream.errors import (
    AnswerGarbled,
    ConnectFailed,
    ConnectionBroken,
    ConnectRefused,
    Overloaded,
    PoolExhausted,
    UpstreamError,
)
from vinyl_gateway.upstream.instances import Asked, Instances
from vinyl_gateway.upstream.pool import Upstream
from vinyl_gateway.upstream.shadow import Shadow

MOST_JITTER_SECONDS = 0.02

_READING = frozenset(["GET", "HEAD"])
_PURGE_HEADER = PURGE_HEADER.encode()
# Others are quicker than what was asked for.
CARRIED_OUT = range(200, 300)
_log = structlog.get_logger("forwarding")


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

    async def forward(
        self, errand: Errand, send: Send, added: list[tuple[bytes, bytes]], asked: Asked | None = None
    ) -> int:
        """Answers the client and returns the status; `added` stands among the answer's headers, `asked` is
        who was asked already.

        Raises ServiceAway, ServiceGarbled or ServiceTooSlow while nothing is sent yet, AnswerCutShort after.
        """
        asked_at = time.perf_counter()
        upstream, connection, head = await self._ask_safely(self._upstreams[errand.service], errand, asked)
        seconds = time.perf_counter() - asked_at
        try:
            _refuse_bare_error(upstream.name, head)
            if errand.method not in _READING and (changed := _changed_in(head)):
                await self._spread(changed)
            headers = returned_to_one(head.headers) + added
            start: Any = {"type": "http.response.start", "status": head.status, "headers": headers}
            start[BODY_FOLLOWS] = connection.complete
            await send(start)
            await relay_body(connection, send, discard=errand.method == "HEAD")
        except (ConnectionBroken, AnswerGarbled, TimeoutError) as error:
            _log.warning("answer_cut_short", service=errand.service, error=repr(error))
            raise AnswerCutShort(errand.service) from error
        finally:
            upstream.release(connection)
        self._show_shadow(errand, head, seconds)
        return head.status

    async def collect(self, errand: Errand, most_bytes: int, asked: Asked | None = None) -> Answer:
        """Raises as `forward` does while nothing is sent yet, whenever the answer breaks off."""
        asked_at = time.perf_counter()
        upstream, connection, head = await self._ask_safely(self._upstreams[errand.service], errand, asked)
        seconds = time.perf_counter() - asked_at
        try:
            _refuse_bare_error(upstream.name, head)
            answer = Answer(head.status, head.headers, await read_body(connection, most_bytes))
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

    async def _ask_safely(
        self, instances: Instances, errand: Errand, asked: Asked | None = None
    ) -> Answering:
        """Our own time begins when all of the request is here."""
        own = asked.until if asked else None if errand.is_streamed else self._end_of_time()
        until = _earlier(own, errand.until)
        try:
            if asked is None and until is not None and until <= asyncio.get_running_loop().time():
                raise TimeoutError("nothing is begun when the time is over")
            async with asyncio.timeout_at(until) as limit:
                return await self._ask(instances, errand, limit, asked)
        except (UpstreamError, TimeoutError) as error:
            refusal = _shown_as(error, instances.name)
            if not isinstance(error, Overloaded):
                _log.warning("service_failed", service=instances.name, error=repr(error), shown=refusal.code)
            raise refusal from error

    async def _ask(
        self, instances: Instances, errand: Errand, limit: asyncio.Timeout, asked: Asked | None
    ) -> Answering:
        """Asks again where that is safe, of another instance if there is one that is well: once, and for as
        long as it may be that instances only restart."""
        asked, is_first, is_repeated = asked or await self._choose(instances, errand), True, False
        while True:
            try:
                return await self._ask_one(asked, errand, limit, fresh=not is_first)
            except ConnectFailed:
                if not is_first and not instances.may_be_restarting(errand.until):
                    raise
            except ConnectionBroken as error:
                if error.answered or not errand.repeatable or is_repeated or not instances.retries.take():
                    raise
                is_repeated = True
                await asyncio.sleep(random.uniform(0, MOST_JITTER_SECONDS))  # noqa: S311 - not a secret
            is_first = False
            other = await instances.choose_or_wait(
                errand.manner, until=errand.until, other_than=asked.instance
            )
            asked = Asked(other, errand.manner)

    async def _choose(self, instances: Instances, errand: Errand) -> Asked:
        instances.retries.earn()
        canary = self.canaries.get(errand.service)
        chosen = canary.choose(errand.asker, errand.manner) if canary else None
        chosen = chosen or await instances.choose_or_wait(errand.manner, until=errand.until)
        return Asked(chosen, errand.manner)

    async def _ask_one(
        self, asked: Asked, errand: Errand, limit: asyncio.Timeout, *, fresh: bool
    ) -> Answering:
        upstream = asked.instance.upstream
        try:
            connection = asked.connection or await upstream.acquire(fresh=fresh)
            try:
                if asked.connection is None:
                    await self._send(connection, upstream, errand, limit)
                head = await connection.head()
            except BaseException:
                upstream.release(connection)
                raise
        except BaseException as error:
            is_refused = isinstance(error, ConnectRefused)
            asked.ended(is_its_failure=_is_its_failure(error, errand, limit), is_refused=is_refused)
            raise
        tells = head.status in CARRIED_OUT and not errand.is_streamed
        asked.answered(errand.kind if tells else None)
        return upstream, connection, head

    async def _send(
        self, connection: Connection, upstream: Upstream, errand: Errand, limit: asyncio.Timeout
    ) -> None:
        until = limit.when()
        request = errand.wire(upstream.host, b"" if until is None else told(until))
        if errand.body is not None and errand.body.streamed:
            connection.begin(request)
            await send_rest(connection, errand.body)
            limit.reschedule(_earlier(self._end_of_time(), errand.until))
        else:
            connection.ask(request)

    def _end_of_time(self) -> float:
        return asyncio.get_running_loop().time() + self.answer_seconds


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


def _changed_in(head: Head) -> list[str]:
    return [name for key, value in head.headers if key == _PURGE_HEADER for name in names_in(value)]
