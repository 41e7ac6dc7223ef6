"""The instances of one service, any of which may answer."""

import asyncio
import random
from collections.abc import Sequence

import msgspec

from vinyl_gateway.upstream.breaker import Breaker
from vinyl_gateway.upstream.concurrency import ConcurrencyLimit
from vinyl_gateway.upstream.connection import Connection
from vinyl_gateway.upstream.errors import NoneAdmits, Overloaded, UpstreamError
from vinyl_gateway.upstream.pool import Upstream
from vinyl_gateway.upstream.retry_budget import RetryBudget

_LOOK_AGAIN_SECONDS = 0.1
# However slowly they do, the other connections are left to the others.
MOST_SENDING = 64


class Manner(msgspec.Struct, frozen=True, gc=False):
    """Of a request. The urgent are let through a while longer when there is too much to do; of one that
    `is_sending` the body is not here yet."""

    is_urgent: bool = False
    is_sending: bool = False


PLAIN = Manner()


class Instance:
    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.breaker = Breaker()
        self.concurrency = ConcurrencyLimit()

    def has_room(self, manner: "Manner") -> bool:
        if manner.is_sending and self.breaker.sending >= MOST_SENDING:
            return False
        return self.concurrency.admits(self.breaker.kept_waiting, is_urgent=manner.is_urgent)


class Place(msgspec.Struct, frozen=True, gc=False):
    """With an instance that is well, over a connection that is open. Who does not ask gives it back."""

    instance: Instance
    connection: Connection

    def give_back(self) -> None:
        self.instance.upstream.give_back(self.connection)


class Asked:
    """One request of an instance, from when it was let through. Where it is sent already, `connection` is
    over what, and `until` when it has to be answered, on the loop's clock."""

    __slots__ = ("_ticket", "_under_way", "connection", "instance", "until")

    def __init__(self, instance: Instance, manner: Manner = PLAIN) -> None:
        self.instance = instance
        self.connection: Connection | None = None
        self.until = 0.0
        self._ticket = instance.breaker.admit(is_sending=manner.is_sending)
        self._under_way = instance.breaker.kept_waiting

    def answered(self, kind: str | None) -> None:
        """`kind` is None where the time that it took says nothing."""
        seconds = self.instance.breaker.answered(self._ticket)
        if kind is not None:
            self.instance.concurrency.answered(kind, seconds, self._under_way)

    def ended(self, *, is_its_failure: bool, is_refused: bool) -> None:
        if is_its_failure:
            self.instance.breaker.failed(self._ticket, is_refused=is_refused)
        else:
            self.instance.breaker.left(self._ticket)


class Instances:
    """`urls` are all of one service."""

    def __init__(self, name: str, urls: Sequence[str]) -> None:
        self.name = name
        self.retries = RetryBudget()
        self._each = [Instance(Upstream(name, url)) for url in urls]

    def place_at_once(self) -> Place | None:
        """Where that needs no waiting."""
        try:
            instance = self.choose()
        except UpstreamError:
            return None
        connection = instance.upstream.acquire_kept()
        return None if connection is None else Place(instance, connection)

    def any_is_well(self) -> bool:
        return any(instance.breaker.is_closed for instance in self._each)

    def may_be_restarting(self, until: float | None) -> bool:
        """And so soon that whoever waits `until` then, on the loop's clock, may hear of it."""
        if until is not None and until < asyncio.get_running_loop().time() + _LOOK_AGAIN_SECONDS:
            return False
        return any(instance.breaker.may_be_restarting() for instance in self._each)

    async def choose_or_wait(
        self, manner: Manner, *, until: float | None, other_than: Instance | None = None
    ) -> Instance:
        """As `choose`, but one that may be restarting is waited for where there is no other."""
        while True:
            try:
                chosen = self.choose(manner, other_than=other_than)
            except NoneAdmits:
                if not self.may_be_restarting(until):
                    raise
            else:
                if chosen is not other_than:
                    return chosen
                other_than = None
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def choose(self, manner: Manner = PLAIN, *, other_than: Instance | None = None) -> Instance:
        """The one with the fewest who wait, of those that are well. Raises NoneAdmits or Overloaded."""
        first = self._each[0]
        if len(self._each) == 1 and first.breaker.admits() and first.has_room(manner):
            return first
        well = [instance for instance in self._each if instance.breaker.admits()]
        if not well:
            raise NoneAdmits(
                f"{self.name} failed too often, or does not answer: it is left alone for a moment"
            )
        free = [instance for instance in well if instance.has_room(manner)]
        if not free:
            raise Overloaded(f"{self.name} has as many requests as it can answer in good time")
        others = [instance for instance in free if instance is not other_than] or free
        fewest = min(instance.breaker.waiting for instance in others)
        return random.choice([each for each in others if each.breaker.waiting == fewest])  # noqa: S311

    def close(self) -> None:
        for instance in self._each:
            instance.upstream.close()
