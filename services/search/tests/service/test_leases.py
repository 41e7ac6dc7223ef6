import asyncio
from datetime import datetime

import pytest

from vinyl_search.service.leases import LeaseLost, held


async def work(answers: list[bool], seconds: float = 1.0) -> int:
    """How often the lease was extended while the work went on."""
    times = 0

    async def extend(_until: datetime) -> bool:
        nonlocal times
        times += 1
        return answers[min(times, len(answers)) - 1]

    async with held(extend, seconds=0.06), asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(seconds))
    return times


async def test_a_lease_is_extended_while_the_work_goes_on() -> None:
    assert await work([True], seconds=0.3) >= 3


async def test_a_lost_lease_ends_the_work() -> None:
    with pytest.raises(LeaseLost):
        await work([True, True, False])
    assert asyncio.current_task().cancelling() == 0


async def test_an_extension_that_fails_does_not() -> None:
    async def extend(_until: datetime) -> bool:
        raise OSError

    async with held(extend, seconds=0.03):
        await asyncio.sleep(0.1)


async def test_who_cancels_from_outside_is_obeyed() -> None:
    working = asyncio.create_task(work([True]))
    await asyncio.sleep(0.1)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_what_goes_wrong_inside_comes_out() -> None:
    async def extend(_until: datetime) -> bool:
        return True

    with pytest.raises(ZeroDivisionError):
        async with held(extend):
            _ = 1 / 0
