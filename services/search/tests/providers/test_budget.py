"""One budget of requests for everybody, counted where all processes can see it."""

import asyncio
from collections import Counter

import httpx
import pytest
from sqlalchemy import text

from vinyl_chassis.database import Database
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import LIMIT_HEADER, REMAINING_HEADER
from vinyl_search.providers.faults import NoSuchThing, RateLimited, Refused, Unreachable
from vinyl_search.providers.transport import Call, Patience, Transport
from vinyl_search.store.unit_of_work import Store

WINDOW = 1.5
PATIENT = Patience(turn_seconds=60.0, answer_seconds=5.0, attempts=1)


class CountingMarket:
    """Discogs' own sliding window, by the clock of its side; `foreign` requests of others are in it too."""

    def __init__(self, said, limit: int, window: float = WINDOW, foreign: int = 0) -> None:
        self._said, self.limit, self._window, self.foreign = said, limit, window, foreign
        self.arrivals: list[float] = []
        self.refused = 0

    def __call__(self, asked) -> object:
        recent = [at for at in self.arrivals if at > asked.at - self._window]
        used = len(recent) + self.foreign
        if used >= self.limit:
            self.refused += 1
            return self._said(status=429)
        self.arrivals.append(asked.at)
        headers = {LIMIT_HEADER: str(self.limit), REMAINING_HEADER: str(self.limit - used - 1)}
        return self._said(headers=headers)


def worker_of(
    database_url: str, url: str, limit: int
) -> tuple[Database, httpx.AsyncClient, Transport, Budget]:
    """A process of its own, as far as the ledger can tell: its own pool and its own client."""
    database = Database(database_url, pool_size=5)
    budget = Budget(Store(database), Provider.DISCOGS, Allowance(limit, WINDOW), longest_request_seconds=3.0)
    client = httpx.AsyncClient(base_url=url)
    return database, client, Transport(client, budget, LIMIT_HEADER, REMAINING_HEADER), budget


async def test_two_workers_together_never_pass_the_limit(
    market, said, budget: Budget, database_url: str
) -> None:
    market.answers = counting = CountingMarket(said, limit=12)
    workers = [worker_of(database_url, market.url, limit=12) for _ in range(2)]
    calls = [
        transport.get("/x", dict, Call(Urgency.PERSON, PATIENT))
        for _, _, transport, _ in workers
        for _ in range(20)
    ]
    await asyncio.gather(*calls)
    assert counting.refused == 0
    assert len(counting.arrivals) == 40
    for first, thirteenth in zip(counting.arrivals, counting.arrivals[12:], strict=False):
        assert thirteenth - first >= WINDOW * 0.97
    for database, client, _, _ in workers:
        await client.aclose()
        await database.close()


async def test_a_larger_limit_is_learnt(market, said, budget: Budget, store: Store, http) -> None:
    market.answers = CountingMarket(said, limit=500, window=60)
    small = Budget(store, Provider.DISCOGS, Allowance(2, 60.0))
    transport = Transport(http, small, LIMIT_HEADER, REMAINING_HEADER)
    quick = Call(Urgency.PERSON, Patience(turn_seconds=5.0, attempts=1))
    for _ in range(20):
        await transport.get("/x", dict, quick)
    async with store.begin() as unit:
        standing = await unit.requests.standing(Provider.DISCOGS)
    assert standing is not None
    assert (standing.request_limit, standing.used) == (500, 20)


async def test_others_at_our_address_are_left_room(market, said, budget: Budget, store: Store, http) -> None:
    market.answers = counting = CountingMarket(said, limit=20, window=60, foreign=15)
    ours = Budget(store, Provider.DISCOGS, Allowance(20, 60.0))
    transport = Transport(http, ours, LIMIT_HEADER, REMAINING_HEADER)
    quick = Call(Urgency.PERSON, Patience(turn_seconds=0.1, attempts=1))
    for _ in range(5):
        await transport.get("/x", dict, quick)
    with pytest.raises(RateLimited):
        await transport.get("/x", dict, quick)
    assert counting.refused == 0


async def test_a_refusal_stops_all_requests_for_a_while(
    market, said, budget: Budget, store: Store, http
) -> None:
    market.answers = lambda _: said(status=429) if len(market.asked) == 1 else said()
    transport = Transport(http, Budget(store, Provider.DISCOGS, Allowance(50, 60.0)))
    await transport.get(
        "/x", dict, Call(Urgency.PERSON, Patience(turn_seconds=20.0, attempts=2, pause_seconds=0.01))
    )
    first, second = market.asked
    assert second.at - first.at >= 1.5


async def test_a_person_goes_before_the_schedule(market, said, budget: Budget, store: Store, http) -> None:
    tight = Budget(store, Provider.DISCOGS, Allowance(4, WINDOW), longest_request_seconds=1.0)
    transport = Transport(http, tight)
    order: list[Urgency] = []

    async def ask(urgency: Urgency) -> None:
        await transport.get("/x", dict, Call(urgency, PATIENT))
        order.append(urgency)

    scheduled = [asyncio.create_task(ask(Urgency.SCHEDULE)) for _ in range(9)]
    await asyncio.sleep(0.4)
    assert Counter(order) == {Urgency.SCHEDULE: 3}, "a quarter is kept for people"
    await asyncio.gather(*(ask(Urgency.PERSON) for _ in range(5)))
    assert order.count(Urgency.SCHEDULE) <= 4, "people wait for no scheduled request"
    await asyncio.gather(*scheduled)
    assert len(order) == 14


async def test_whoever_cannot_wait_is_told(market, said, budget: Budget, store: Store, http) -> None:
    transport = Transport(http, Budget(store, Provider.DISCOGS, Allowance(1, 60.0)))
    hasty = Call(Urgency.PERSON, Patience(turn_seconds=0.2, attempts=1))
    await transport.get("/x", dict, hasty)
    with pytest.raises(RateLimited):
        await transport.get("/x", dict, hasty)
    assert len(market.asked) == 1


async def test_a_request_that_was_never_answered_counts_longer(
    market, said, budget: Budget, store: Store, http, database: Database
) -> None:
    market.answers = lambda _: said(after_seconds=5.0)
    own = Budget(store, Provider.DISCOGS, Allowance(10, 60.0), longest_request_seconds=30.0)
    hasty = Call(Urgency.PERSON, Patience(turn_seconds=1.0, answer_seconds=0.1, attempts=1))
    with pytest.raises(Unreachable):
        await Transport(http, own).get("/x", dict, hasty)
    async with database.transaction() as connection:
        left = await connection.scalar(
            text("select extract(epoch from counts_until - now()) from provider_requests where not settled")
        )
    assert 80 < float(left) <= 90


async def test_how_it_went_is_kept(budget: Budget, store: Store) -> None:
    async def standing() -> tuple[str, str | None, bool]:
        async with store.begin() as unit:
            found = await unit.requests.standing(Provider.DISCOGS)
        assert found is not None
        return found.credential_state, found.last_error, found.answered_at is not None

    with pytest.raises(Refused):
        async with budget.watched():
            raise Refused("no")
    assert await standing() == ("refused", "credentials_refused", False)
    with pytest.raises(NoSuchThing):
        async with budget.watched():
            raise NoSuchThing("nobody")
    assert await standing() == ("accepted", None, True)
    with pytest.raises(Unreachable):
        async with budget.watched():
            raise Unreachable("away")
    assert await standing() == ("accepted", "provider_unreachable", True)
