"""Argon2id, off the event loop: slow for whoever guesses, and for nobody else."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
import msgspec

from vinyl_contracts.errors import Unavailable
from vinyl_user.domain.passwords import normalised

T = TypeVar("T")
LONGEST_WAIT_SECONDS = 10.0
_NICENESS = 5


class HashingCost(msgspec.Struct, frozen=True):
    """Argon2id's memory in KiB, its passes and lanes, and how many hashes may be made at once or wait."""

    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1
    threads: int = 1
    most_waiting: int = 256


class PasswordHashes:
    """Makes and checks hashes on a few threads of its own.

    Every check costs one Argon2 call, also where there is no account, so that nothing can be timed.
    """

    def __init__(self, cost: HashingCost) -> None:
        self._hasher = argon2.PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._threads = ThreadPoolExecutor(cost.threads, "argon2", initializer=_yield_to_others)
        self._most_waiting = cost.most_waiting
        self._waiting = 0
        self._closed = False
        self._of_nobody = self._hasher.hash("the password of nobody")

    async def make(self, password: str) -> str:
        """Raises Unavailable where too many wait, or the turn is not come in LONGEST_WAIT_SECONDS."""
        return await self._run(lambda: self._hasher.hash(normalised(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether `kept`, None where there is no account, is the password's. Raises Unavailable as `make`."""
        return await self._run(lambda: self._verify(kept, normalised(password)))

    def is_outdated(self, kept: str) -> bool:
        """Whether the cost was changed since the hash was made."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._of_nobody, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
        return kept is not None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._closed or self._waiting >= self._most_waiting:
            raise _overcrowded()
        self._waiting += 1
        patience = time.monotonic() + LONGEST_WAIT_SECONDS
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, _unless_late, work, patience
            )
        finally:
            self._waiting -= 1


def _unless_late(work: Callable[[], T], patience: float) -> T:
    """Who waited so long has gone: their turn is worth more to the next."""
    if time.monotonic() > patience:
        raise _overcrowded()
    return work()


def _overcrowded() -> Unavailable:
    return Unavailable("Too many people are signing in at this moment.", retry_after_seconds=2)


def _yield_to_others() -> None:
    """Linux schedules each thread for itself: whoever does not sign in comes first."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
