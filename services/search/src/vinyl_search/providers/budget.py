"""Waiting for one's turn to send a request, among all processes of this instance."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from vinyl_contracts.ids import new_id
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.request_budget import Allowance, backoff_seconds, foreign_share, seconds_to_wait
from vinyl_search.providers.faults import NoSuchThing, ProviderFault, RateLimited, Refused
from vinyl_search.store.request_ledger import after
from vinyl_search.store.unit_of_work import Store

LONGEST_LIMIT = 100_000
LONGEST_NAP_SECONDS = 1.0
# A waiting person says so again within a nap; a scheduled request stands back a little longer.
STAND_BACK_SECONDS = 1.5


class Budget:
    """`longest_request_seconds` bounds how late a market may count a request that was never answered."""

    def __init__(
        self, store: Store, provider: Provider, allowance: Allowance, longest_request_seconds: float = 30.0
    ) -> None:
        self.provider = provider
        self._store = store
        self._allowance = allowance
        self._unanswered_seconds = allowance.window_seconds + longest_request_seconds

    async def take_turn(self, urgency: Urgency, patience_seconds: float) -> UUID:
        """The request's place in the ledger. Raises RateLimited when no turn comes in time."""
        deadline = asyncio.get_running_loop().time() + patience_seconds
        while True:
            request_id, wait = await self._try(urgency)
            if request_id is not None:
                return request_id
            if asyncio.get_running_loop().time() + wait > deadline:
                raise RateLimited(f"no request may be sent for another {wait:.1f} s")
            nap = min(wait, LONGEST_NAP_SECONDS) + random.uniform(0, 0.02)  # noqa: S311 - spreads the waiting
            await asyncio.sleep(nap)

    async def settle(self, request_id: UUID, limit: int | None, remaining: int | None) -> None:
        """`limit` and `remaining` are what the answer said of the market's own count."""
        async with self._store.begin_apart() as unit:
            _, now = await unit.requests.lock(self.provider, self._allowance.limit)
            until = after(now, self._allowance.window_seconds)
            await unit.requests.settle(request_id, until)
            if limit is not None and remaining is not None and 0 < limit <= LONGEST_LIMIT:
                settled = await unit.requests.count_settled(self.provider)
                foreign = foreign_share(limit, remaining, settled)
                await unit.requests.learn(self.provider, limit, foreign, until)

    async def back_off(self, request_id: UUID) -> None:
        """After a refusal that says no time: longer with each one in a row."""
        async with self._store.begin_apart() as unit:
            _, now = await unit.requests.lock(self.provider, self._allowance.limit)
            await unit.requests.settle(request_id, after(now, self._allowance.window_seconds))
            seconds = backoff_seconds(await unit.requests.refusals_in_a_row(self.provider) + 1)
            spread = random.uniform(0.8, 1.2)  # noqa: S311 - spreads the return
            await unit.requests.block(self.provider, after(now, seconds * spread))

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Keeps how what happens inside went, for whoever wonders why an alert is late."""
        try:
            yield
        except ProviderFault as fault:
            await self._note(None if isinstance(fault, NoSuchThing) else fault)
            raise
        await self._note(None)

    async def _note(self, fault: ProviderFault | None) -> None:
        async with self._store.begin_apart() as unit:
            _, now = await unit.requests.lock(self.provider, self._allowance.limit)
            if fault is None:
                await unit.requests.note_answer(self.provider, now)
            else:
                refused = isinstance(fault, Refused)
                await unit.requests.note_fault(self.provider, now, fault.code, refused=refused)

    async def _try(self, urgency: Urgency) -> tuple[UUID | None, float]:
        async with self._store.begin_apart() as unit:
            state, now = await unit.requests.lock(self.provider, self._allowance.limit)
            wait = seconds_to_wait(state, urgency, now)
            if wait == 0.0:
                request_id = new_id()
                until = after(now, self._unanswered_seconds)
                await unit.requests.admit(self.provider, request_id, until)
                return request_id, 0.0
            if urgency is Urgency.PERSON:
                await unit.requests.let_person_first(self.provider, after(now, STAND_BACK_SECONDS))
            return None, wait
