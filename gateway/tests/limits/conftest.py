"""Ledgers that count together over a real NATS, at a time that a test sets."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from vinyl_chassis.messaging.broker import Broker
from vinyl_gateway.limits.policies import Policy
from vinyl_gateway.limits.rate_limits import Decision, Ledger
from vinyl_gateway.limits.shared_counting import SharedCounting
from vinyl_gateway.limits.shared_store import SharedStore

SECOND = 1_000_000_000


class Clock:
    """In nanoseconds, of any beginning; it stands still by itself."""

    def __init__(self, now: int = 1000 * SECOND) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


class Counting:
    """What one gateway has of a policy."""

    def __init__(self, policy: Policy, store: SharedStore) -> None:
        self.store = store
        self.ledger = Ledger(policy, store, SharedCounting(store))

    async def take(self, who: str = "a") -> Decision:
        return self.ledger.take(who) or await self.ledger.wait(who)


@contextlib.asynccontextmanager
async def shared_store(nats_url: str, clock: Callable[[], int]) -> AsyncIterator[SharedStore]:
    broker = Broker(nats_url, "test")
    store = SharedStore(broker, kept_seconds=3600.0, clock=clock)
    watching = asyncio.create_task(store.watch())
    await store.wait_until_present(5)
    yield store
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await broker.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gateways_counting(
    nats_url: str, clock: Clock
) -> AsyncIterator[Callable[[Policy, int], list[Counting]]]:
    """`gateways_counting(policy, 3)`: three that know of one another by NATS alone, and have one `clock`."""
    async with shared_store(nats_url, clock) as store:
        yield lambda policy, count=1: [Counting(policy, store) for _ in range(count)]


@pytest.fixture
def count_over() -> Callable[..., AbstractAsyncContextManager[Counting]]:
    """`async with count_over(policy, nats_url)`: a gateway, by the machine's clock or the one given."""

    @contextlib.asynccontextmanager
    async def count(
        policy: Policy, nats_url: str, clock: Callable[[], int] = time.monotonic_ns
    ) -> AsyncIterator[Counting]:
        async with shared_store(nats_url, clock) as store:
            yield Counting(policy, store)

    return count
