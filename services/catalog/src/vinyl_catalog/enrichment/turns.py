"""Waiting for a source's turn, among all processes, and noting how what was sent went."""

import asyncio
import random

import msgspec

from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Source
from vinyl_catalog.enrichment.faults import BadAnswer, NoTurn, RateLimited, Refused, SourceFault, Unreachable
from vinyl_catalog.store.unit_of_work import Store

_LONGEST_NAP_SECONDS = 1.0


class Patience(msgspec.Struct, frozen=True):
    """`turn_seconds` for a place in the budget, `answer_seconds` for a whole answer, `attempts` in all; the
    pause before another attempt doubles. The breaker stays open for `breaker_seconds`, twice as long each
    time, and for `refused_seconds` where the credential is wrong."""

    turn_seconds: float = 30.0
    answer_seconds: float = 15.0
    attempts: int = 3
    pause_seconds: float = 1.0
    breaker_seconds: float = 30.0
    longest_breaker_seconds: float = 1800.0
    refused_seconds: float = 3600.0


class Turns:
    def __init__(self, store: Store, source: Source, allowance: Allowance, patience: Patience) -> None:
        self.source = source
        self.patience = patience
        self._store = store
        self._allowance = allowance

    async def enter(self) -> None:
        async with self._store.begin() as unit:
            await unit.source_ledger.enter(self.source)

    async def seconds_to_wait(self) -> float:
        async with self._store.begin() as unit:
            return await unit.source_ledger.seconds_to_wait(self.source, self._allowance)

    async def take(self) -> None:
        """Comes back when a request may be sent, which then counts. Raises NoTurn."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.patience.turn_seconds
        while True:
            async with self._store.begin() as unit:
                if await unit.source_ledger.take(self.source, self._allowance):
                    return
                wait = await unit.source_ledger.seconds_to_wait(self.source, self._allowance)
            if clock() + wait > deadline:
                raise NoTurn(f"no request may be sent for another {wait:.0f} s")
            await asyncio.sleep(min(wait, _LONGEST_NAP_SECONDS) + random.uniform(0, 0.02))  # noqa: S311

    async def note_answer(self) -> None:
        async with self._store.begin() as unit:
            await unit.source_ledger.note_answer(self.source)

    async def note_fault(self, fault: SourceFault) -> None:
        error = f"{fault.code}: {fault}"[:300]
        async with self._store.begin() as unit:
            ledger = unit.source_ledger
            if isinstance(fault, RateLimited):
                await ledger.block(self.source, error, fault.seconds)
            elif isinstance(fault, Refused):
                await ledger.shut(self.source, error, self.patience.refused_seconds)
            elif isinstance(fault, Unreachable | BadAnswer):
                await ledger.note_failure(
                    self.source, error, self.patience.breaker_seconds, self.patience.longest_breaker_seconds
                )

    async def hold_back(self, seconds: float) -> None:
        async with self._store.begin() as unit:
            await unit.source_ledger.hold_back(self.source, seconds)
