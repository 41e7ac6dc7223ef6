"""When an instance is left alone, and when it is trusted again."""

import pytest

from vinyl_gateway.upstream.breaker import (
    FEWEST_OUTCOMES,
    FEWEST_WAITING,
    FIRST_PAUSE_SECONDS,
    PROBES,
    REFUSED_PAUSE_SECONDS,
    RESTART_SECONDS,
    STALL_SECONDS,
    WINDOW_SECONDS,
    Breaker,
)
from vinyl_gateway.upstream.retry_budget import MOST, RetryBudget

LONGER = 1.3  # pauses are drawn out by up to a fifth


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.failed(breaker.admit(is_sending=False))


def answer(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.answered(breaker.admit(is_sending=False))


def test_a_few_failures_are_no_reason(breaker: Breaker) -> None:
    fail(breaker, FEWEST_OUTCOMES - 1)
    assert breaker.admits()
    fail(breaker)
    assert not breaker.admits()


def test_half_of_many_may_fail(breaker: Breaker) -> None:
    for _ in range(100):
        answer(breaker)
        fail(breaker)
        assert breaker.admits()
    fail(breaker)
    assert not breaker.admits()


def test_what_is_long_past_does_not_count(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FEWEST_OUTCOMES - 1)
    clock.now += WINDOW_SECONDS + 1
    fail(breaker)
    assert breaker.admits()


def test_after_the_pause_one_at_a_time_is_let_through_until_it_is_trusted(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, FEWEST_OUTCOMES)
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    for _ in range(PROBES):
        assert breaker.admits()
        probe = breaker.admit(is_sending=False)
        assert not breaker.admits()
        breaker.answered(probe)
    assert breaker.admits()
    breaker.admit(is_sending=False)
    assert breaker.admits()


def test_a_probe_that_fails_doubles_the_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FEWEST_OUTCOMES)
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    fail(breaker)
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    assert not breaker.admits()
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    assert breaker.admits()


def test_a_probe_whose_client_left_says_nothing(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FEWEST_OUTCOMES)
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    breaker.left(breaker.admit(is_sending=False))
    assert breaker.admits()


def test_one_that_lets_several_wait_and_answers_nobody_is_left_alone(breaker: Breaker, clock: Clock) -> None:
    waiting = [breaker.admit(is_sending=False) for _ in range(FEWEST_WAITING)]
    clock.now += STALL_SECONDS + 0.1
    assert not breaker.admits()
    clock.now += FIRST_PAUSE_SECONDS * LONGER
    for ticket in waiting:  # their time-outs are no news
        breaker.failed(ticket)
    assert breaker.admits()


def test_one_that_answers_somebody_may_let_others_wait(breaker: Breaker, clock: Clock) -> None:
    for _ in range(FEWEST_WAITING):
        breaker.admit(is_sending=False)
    for _ in range(10):
        clock.now += STALL_SECONDS - 0.5
        answer(breaker)
        assert breaker.admits()


def test_slow_senders_are_no_reason(breaker: Breaker, clock: Clock) -> None:
    for _ in range(100):
        breaker.admit(is_sending=True)
    breaker.admit(is_sending=False)
    clock.now += 60
    assert breaker.admits()


def test_a_fifth_may_be_sent_again() -> None:
    budget = RetryBudget()
    assert sum(budget.take() for _ in range(100)) == MOST
    for _ in range(50):
        budget.earn()
    assert sum(budget.take() for _ in range(100)) in (9, 10)


def test_where_nobody_listens_a_restart_is_looked_for_often_and_not_for_long(
    breaker: Breaker, clock: Clock
) -> None:
    def refuse() -> None:
        breaker.failed(breaker.admit(is_sending=False), is_refused=True)

    for _ in range(FEWEST_OUTCOMES):
        refuse()
    assert breaker.may_be_restarting()
    assert not breaker.admits()
    clock.now += REFUSED_PAUSE_SECONDS * LONGER
    assert breaker.admits()
    clock.now += RESTART_SECONDS
    assert not breaker.may_be_restarting()
    refuse()
    clock.now += REFUSED_PAUSE_SECONDS * LONGER
    assert not breaker.admits()


def test_one_that_is_back_proves_itself_before_it_counts_as_well(breaker: Breaker, clock: Clock) -> None:
    for _ in range(FEWEST_OUTCOMES):
        breaker.failed(breaker.admit(is_sending=False), is_refused=True)
    clock.now += RESTART_SECONDS - 0.1
    answer(breaker, PROBES - 1)
    clock.now += 0.2
    assert breaker.may_be_restarting()
    assert not breaker.is_closed
    answer(breaker)
    assert breaker.is_closed
    assert not breaker.may_be_restarting()
