"""Reserving places in the shared store: one question at a time for each allowance, for all who wait."""

import asyncio

from vinyl_gateway.limits.places import NEVER, Allowance, Reservation, reserve
from vinyl_gateway.limits.policies import Policy
from vinyl_gateway.limits.shared_store import SharedStore, StoreAway

MOST_TRIES = 32


class SharedCounting:
    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._asking: set[asyncio.Task[None]] = set()

    def wait_for_place(self, allowance: Allowance, policy: Policy) -> asyncio.Future[bool | None]:
        """Whether there was one, None where the store did not say."""
        waiter = asyncio.get_running_loop().create_future()
        allowance.waiting.append(waiter)
        self.renew(allowance, policy)
        return waiter

    def renew(self, allowance: Allowance, policy: Policy) -> None:
        allowance.renew_from = NEVER
        if not allowance.is_asking:
            allowance.is_asking = True
            task = asyncio.create_task(self._ask(allowance, policy))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _ask(self, allowance: Allowance, policy: Policy) -> None:
        try:
            await self._reserve(allowance, policy)
            while allowance.waiting:
                await self._reserve(allowance, policy)
        except StoreAway:
            pass
        finally:
            allowance.is_asking = False
            _tell(allowance, len(allowance.waiting), None)

    async def _reserve(self, allowance: Allowance, policy: Policy) -> None:
        """Supposes first that nobody reserved since: then what was left over is given back."""
        _serve(allowance, self._store.now(), policy.interval)
        begin, known = allowance.spent_to, allowance.revision
        for _ in range(MOST_TRIES):
            now = self._store.now()
            wanted = len(allowance.waiting)
            reserved = reserve(policy, begin=begin, now=now, wanted=wanted)
            if reserved.end <= max(allowance.reserved_to, reserved.begin):
                _refuse(allowance, wanted, reserved, policy)
                return
            revision = await self._store.swap(allowance.subject, reserved.end, known)
            if revision is not None:
                allowance.revision = revision
                allowance.hold(reserved, policy)
                _tell(allowance, reserved.granted, True)
                _refuse(allowance, wanted - reserved.granted, reserved, policy)
                return
            last, known = await self._store.read(allowance.subject)
            # no gateway reserves more than a burst ahead, unless its clock was wrong
            last = min(last, self._store.now() + policy.depth)
            begin = max(last, allowance.reserved_to, allowance.spent_to)
        raise StoreAway


def _serve(allowance: Allowance, now: int, interval: int) -> None:
    """Who came while places were reserved ahead of need finds some."""
    served = 0
    while served < len(allowance.waiting) and allowance.take(now, interval):
        served += 1
    _tell(allowance, served, True)


def _refuse(allowance: Allowance, refused: int, reserved: Reservation, policy: Policy) -> None:
    if refused:
        allowance.full_until = reserved.end + policy.interval - policy.depth
        _tell(allowance, refused, False)


def _tell(allowance: Allowance, count: int, answer: bool | None) -> None:
    told = allowance.waiting[:count]
    del allowance.waiting[:count]
    for waiter in told:
        if not waiter.done():
            waiter.set_result(answer)
