"""Reads that are gathered, and those whose askers leave."""

import asyncio
from collections.abc import Mapping, Sequence

from vinyl_catalog.service.gathering import Gathering


class Slowly:
    """Every number's word, once it is let go."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.ended = 0
        self.let_go = asyncio.Event()

    async def read_all(self, keys: Sequence[int]) -> Mapping[int, str]:
        self.asked.append(sorted(keys))
        try:
            await self.let_go.wait()
        finally:
            self.ended += 1
        return {key: str(key) for key in keys}


async def test_what_is_asked_for_at_once_is_read_together() -> None:
    slowly = Slowly()
    gathering = Gathering(slowly.read_all)
    slowly.let_go.set()
    assert await asyncio.gather(*(gathering.read(key) for key in (1, 2, 1))) == ["1", "2", "1"]
    assert slowly.asked == [[1, 2]]


async def test_what_is_asked_for_meanwhile_is_read_together_afterwards() -> None:
    slowly = Slowly()
    gathering = Gathering(slowly.read_all)
    asking = []
    for key in (1, 2, 3):
        asking.append(asyncio.create_task(gathering.read(key)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    slowly.let_go.set()
    assert await asyncio.gather(*asking) == ["1", "2", "3"]
    assert slowly.asked == [[1], [2, 3]]


async def test_a_read_that_takes_long_is_not_waited_for() -> None:
    slowly = Slowly()
    gathering = Gathering(slowly.read_all)
    first = asyncio.create_task(gathering.read(1))
    await asyncio.sleep(0)
    second = asyncio.create_task(gathering.read(2))
    async with asyncio.timeout(5):
        while len(slowly.asked) < 2:
            await asyncio.sleep(0.01)
    slowly.let_go.set()
    assert await asyncio.gather(first, second) == ["1", "2"]


async def test_a_read_ends_when_the_last_of_its_askers_leaves() -> None:
    slowly = Slowly()
    gathering = Gathering(slowly.read_all)
    asking = [asyncio.create_task(gathering.read(key)) for key in (1, 2)]
    await asyncio.sleep(0.01)
    for left, task in enumerate(asking):
        task.cancel()
        await asyncio.wait([task])
        await asyncio.sleep(0.01)
        assert slowly.ended == left


async def test_nothing_is_read_for_who_left_while_it_waited_its_turn() -> None:
    slowly = Slowly()
    gathering = Gathering(slowly.read_all)
    busy = []
    for key in range(4):
        busy.append(asyncio.create_task(gathering.read(key)))
        while len(slowly.asked) <= key:
            await asyncio.sleep(0.01)
    leaving, staying = (asyncio.create_task(gathering.read(key)) for key in (8, 9))
    await asyncio.sleep(0.01)
    leaving.cancel()
    slowly.let_go.set()
    assert await staying == "9"
    assert await asyncio.gather(*busy) == ["0", "1", "2", "3"]
    assert slowly.asked[4:] == [[9]]
