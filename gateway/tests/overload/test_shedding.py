"""How much is refused, of what, and when it ends."""

import asyncio
import time

from vinyl_gateway.overload.shedding import (
    LATE_SECONDS,
    MOST,
    URGENT_FROM,
    WINDOW_SECONDS,
    Shedding,
    next_share,
    share_of_urgent,
)


def refused(shedding: Shedding, *, is_urgent: bool = False, of: int = 1000) -> int:
    return sum(not shedding.admits(is_urgent=is_urgent) for _ in range(of))


def test_nothing_is_refused_while_the_loop_is_in_time() -> None:
    assert next_share(0.0, 0.0) == next_share(0.0, LATE_SECONDS) == 0.0
    assert refused(Shedding()) == 0


def test_the_later_the_more_and_never_all() -> None:
    slightly, much = next_share(0.0, LATE_SECONDS * 1.01), next_share(0.0, LATE_SECONDS * 10)
    assert 0 < slightly < next_share(0.0, LATE_SECONDS * 1.5) < much <= 0.25
    share = 0.0
    for _ in range(20):
        share = next_share(share, LATE_SECONDS * 10)
    assert share == MOST


def test_it_ends_within_seconds() -> None:
    share, windows = MOST, 0
    while share:
        share, windows = next_share(share, 0.0), windows + 1
    assert windows <= 10


def test_the_share_is_refused_evenly() -> None:
    shedding = Shedding()
    shedding.window_ended(LATE_SECONDS * 2)
    assert shedding.share == 0.25
    assert [shedding.admits(is_urgent=False) for _ in range(8)] == [True, True, True, False] * 2
    shedding.window_ended(0.0)
    assert 145 <= refused(shedding) <= 155


def test_who_signs_in_is_refused_last() -> None:
    assert share_of_urgent(URGENT_FROM) == 0.0
    shedding = Shedding()
    for _ in range(3):
        shedding.window_ended(1.0)
    assert (refused(shedding, is_urgent=True), refused(shedding)) == (0, 750)
    shedding.window_ended(1.0)
    assert 700 < refused(shedding, is_urgent=True) < 900 < refused(shedding) <= 950


async def test_a_loop_that_is_never_in_time_is_noticed_and_one_long_turn_is_not() -> None:
    async def busy(seconds: float) -> None:
        while True:
            time.sleep(seconds)  # noqa: ASYNC251 - what the loop is to suffer from
            await asyncio.sleep(0)

    shares: list[float] = []

    class Watched(Shedding):
        def window_ended(self, late_seconds: float) -> None:
            super().window_ended(late_seconds)
            shares.append(self.share)

    shedding = Watched()
    async with shedding.watching(None), asyncio.timeout(20):
        await asyncio.sleep(0.05)
        time.sleep(WINDOW_SECONDS * 2)  # noqa: ASYNC251
        await asyncio.sleep(WINDOW_SECONDS * 2)
        assert set(shares) == {0.0}
        overloading = asyncio.create_task(busy(0.2))
        while not shedding.share:
            await asyncio.sleep(0.1)
        assert shedding.late_seconds > LATE_SECONDS
        overloading.cancel()
        while shedding.share:
            await asyncio.sleep(0.1)
