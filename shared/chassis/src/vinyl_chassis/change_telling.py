"""Who is told what a transaction made old: the answer to its request, or everybody on NATS."""

import asyncio
from collections.abc import Iterable, Sequence

import nats.errors
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from vinyl_chassis.changes import tell_no_more, tell_to
from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.changes import CHANGES_SUBJECT, MOST_NAMES, PURGE_HEADER, joined

_READING = frozenset(["GET", "HEAD", "OPTIONS"])
# More are the albums of a renamed artist, of which events tell as well.
_MOST_IN_AN_ANSWER = 100
_log = structlog.get_logger("changes")


def telling_changes(app: ASGIApp) -> ASGIApp:
    """Every write's answer says what it made old, so that who stands in front knows before the client."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] in _READING:
            await app(scope, receive, send)
            return
        changed: list[str] = []

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start" and changed:
                message = {**message, "headers": [*message["headers"], telling(changed)]}
            await send(message)

        before = tell_to(changed.extend)
        try:
            await app(scope, receive, send_told)
        finally:
            tell_no_more(before)

    return answer


def telling(changed: Sequence[str]) -> tuple[bytes, bytes]:
    """The header of an answer to a write."""
    return PURGE_HEADER.encode(), joined(changed[:_MOST_IN_AN_ANSWER])


class ChangeTelling:
    """For what changes without a request. Lost is what is told while NATS is away: who listens there keeps
    nothing for long then."""

    def __init__(self, service: str, broker: Broker) -> None:
        self._subject = f"{CHANGES_SUBJECT}.{service}"
        self._broker = broker
        self._names: set[str] = set()
        self._woken = asyncio.Event()

    def begin(self) -> None:
        """From now on, for this task and those that it starts."""
        tell_to(self._hear)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            names, self._names = sorted(self._names), set()
            try:
                client = await self._broker.client()
                for start in range(0, len(names), MOST_NAMES):
                    await client.publish(self._subject, joined(names[start : start + MOST_NAMES]))
            except nats.errors.Error as error:
                _log.warning("changes_untold", error=repr(error), names=len(names))

    def _hear(self, names: Iterable[str]) -> None:
        self._names.update(names)
        self._woken.set()
