"""How many requests an instance is given, by how long its answers take."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from vinyl_gateway.upstream.concurrency import FEWEST, MOST, RESERVED, ConcurrencyLimit


class Instance:
    """Answers `at_once` requests at a time, each in `seconds`, those before the others that came before."""

    def __init__(self, at_once: int, seconds: float) -> None:
        self.now = 0.0
        self.limit = ConcurrencyLimit(lambda: self.now)
        self.seconds = seconds
        self.answered = 0
        self.refused = 0
        self.longest = 0.0
        self._free_at = [0.0] * at_once
        self._ending: list[tuple[float, float, int]] = []

    def offer(self, per_second: float, for_seconds: float) -> float:
        """How many a second were answered."""
        began_at, before = self.now, self.answered
        self.longest = 0.0
        while self.now < began_at + for_seconds:
            self.now += 1 / per_second
            self._end()
            if self.limit.admits(len(self._ending), is_urgent=False):
                free_at = heapq.heappop(self._free_at)
                ends_at = max(free_at, self.now) + self.seconds
                heapq.heappush(self._free_at, ends_at)
                heapq.heappush(self._ending, (ends_at, self.now, len(self._ending) + 1))
            else:
                self.refused += 1
        return (self.answered - before) / for_seconds

    def _end(self) -> None:
        while self._ending and self._ending[0][0] <= self.now:
            ended_at, began_at, under_way = heapq.heappop(self._ending)
            self.limit.answered("kind", ended_at - began_at, under_way)
            self.answered += 1
            self.longest = max(self.longest, ended_at - began_at)


def test_within_its_capacity_nobody_is_refused() -> None:
    instance = Instance(at_once=10, seconds=0.01)
    instance.offer(900, 20)
    assert instance.refused == 0


def test_overload_is_refused_and_ends_with_it() -> None:
    instance = Instance(at_once=10, seconds=0.01)
    instance.offer(500, 5)
    assert instance.offer(3000, 60) > 0.95 * 1000
    instance.offer(3000, 300)
    assert instance.longest < 0.1
    refused = instance.refused
    instance.offer(900, 10)
    assert instance.refused - refused < 10
    assert instance.limit.limit == MOST


def test_one_that_starts_under_overload_finds_its_limit_too() -> None:
    instance = Instance(at_once=1, seconds=0.005)
    instance.offer(600, 10)
    assert instance.offer(600, 10) > 0.95 * 200
    assert instance.limit.limit == FEWEST


def test_one_that_answers_many_at_once_is_given_many() -> None:
    instance = Instance(at_once=200, seconds=0.05)
    instance.offer(3800, 20)
    assert instance.refused == 0


def test_a_burst_is_no_overload() -> None:
    limit = ConcurrencyLimit()
    assert limit.admits(1000, is_urgent=False)


def test_who_signs_in_is_refused_last() -> None:
    instance = Instance(at_once=1, seconds=0.005)
    instance.offer(600, 10)
    limit = instance.limit
    assert not limit.admits(FEWEST, is_urgent=False)
    assert limit.admits(FEWEST + RESERVED - 1, is_urgent=True)
    assert not limit.admits(FEWEST + RESERVED, is_urgent=True)


@given(st.lists(st.tuples(st.text(max_size=2), st.floats(1e-5, 60), st.integers(1, 300)), max_size=300))
def test_it_has_its_bounds(answers: list[tuple[str, float, int]]) -> None:
    now = 0.0
    limit = ConcurrencyLimit(lambda: now)
    for kind, seconds, under_way in answers:
        now += 0.02
        limit.answered(kind, seconds, under_way)
        assert FEWEST <= limit.limit <= MOST


def test_a_first_answer_that_was_slow_by_chance_does_not_look_usual() -> None:
    now = 0.0
    limit = ConcurrencyLimit(lambda: now)
    for seconds in (0.5, *[0.005] * 9):
        limit.answered("x", seconds, 1)
    for _ in range(200):
        now += 0.02
        limit.answered("x", 0.3, 60)
    assert limit.limit == FEWEST
