"""Argon2id, off the event loop: slow for whoever guesses, and for nobody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
import msgspec

from vinyl_contracts.errors import Unavailable
from vinyl_user.domain.passwords import normalised

T = TypeVar("T")


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
        self._threads = ThreadPoolExecutor(cost.threads, thread_name_prefix="argon2")
        self._most_waiting = cost.most_waiting
        self._waiting = 0
        self._of_nobody = self._hasher.hash("the password of nobody")

    async def make(self, password: str) -> str:
        """Raises Unavailable where too many wait already."""
        return await self._run(lambda: self._hasher.hash(normalised(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether `kept`, None where there is no account, is the password's. Raises Unavailable as `make`."""
        return await self._run(lambda: self._verify(kept, normalised(password)))

    def is_outdated(self, kept: str) -> bool:
        """Whether the cost was changed since the hash was made."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._of_nobody, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
        return kept is not None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._most_waiting:
            raise Unavailable("Too many people are signing in at this moment.", retry_after_seconds=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
