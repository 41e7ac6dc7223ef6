import asyncio
import time
from collections.abc import Iterator

import pytest

from vinyl_contracts.errors import Unavailable
from vinyl_user.security.password_hashes import HashingCost, PasswordHashes

CHEAP = HashingCost(memory_kib=64, passes=1)


@pytest.fixture
def hashes() -> Iterator[PasswordHashes]:
    made = PasswordHashes(CHEAP)
    yield made
    made.close()


async def test_a_password_matches_its_own_hash_alone(hashes: PasswordHashes) -> None:
    kept = await hashes.make("seven turning tables")
    assert kept.startswith("$argon2id$")
    assert await hashes.matches(kept, "seven turning tables")
    assert not await hashes.matches(kept, "Seven turning tables")


async def test_nobody_has_no_password(hashes: PasswordHashes) -> None:
    assert not await hashes.matches(None, "the password of nobody")


async def test_another_cost_outdates_hashes(hashes: PasswordHashes) -> None:
    kept = await hashes.make("seven turning tables")
    dearer = PasswordHashes(HashingCost(memory_kib=128, passes=1))
    assert not hashes.is_outdated(kept)
    assert dearer.is_outdated(kept)
    assert await dearer.matches(kept, "seven turning tables")
    dearer.close()


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    slow = PasswordHashes(HashingCost(memory_kib=65_536, passes=4))
    hashing = asyncio.gather(*(slow.make(f"password number {number}") for number in range(4)))
    longest = 0.0
    while not hashing.done():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - begun)
    await hashing
    slow.close()
    assert longest < 0.1


async def test_who_comes_when_too_many_wait_is_sent_away() -> None:
    small = PasswordHashes(HashingCost(memory_kib=8192, passes=2, most_waiting=3))
    results = await asyncio.gather(
        *(small.make(f"password number {number}") for number in range(8)), return_exceptions=True
    )
    small.close()
    assert sum(isinstance(result, Unavailable) for result in results) == 5
    assert sum(isinstance(result, str) for result in results) == 3
