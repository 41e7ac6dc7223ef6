from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_search.domain.provider import Urgency
from vinyl_search.domain.request_budget import (
    BudgetState,
    backoff_seconds,
    foreign_share,
    seconds_to_wait,
    usable,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def state(
    sent: int = 0,
    limit: int = 60,
    frees_in: float | None = 10,
    foreign: int = 0,
    foreign_for: float | None = None,
    blocked_for: float | None = None,
    person_waits_for: float | None = None,
) -> BudgetState:
    return BudgetState(
        limit=limit,
        sent=sent,
        frees_at=None if frees_in is None else later(frees_in),
        foreign=foreign,
        foreign_until=None if foreign_for is None else later(foreign_for),
        blocked_until=None if blocked_for is None else later(blocked_for),
        person_waits_until=None if person_waits_for is None else later(person_waits_for),
    )


def test_a_free_budget_makes_nobody_wait() -> None:
    for urgency in Urgency:
        assert seconds_to_wait(state(), urgency, NOW) == 0


def test_a_quarter_is_kept_for_people() -> None:
    assert seconds_to_wait(state(sent=45), Urgency.SCHEDULE, NOW) == 10
    assert seconds_to_wait(state(sent=44), Urgency.SCHEDULE, NOW) == 0
    assert seconds_to_wait(state(sent=59), Urgency.PERSON, NOW) == 0
    assert seconds_to_wait(state(sent=60), Urgency.PERSON, NOW) == 10


def test_others_at_the_same_address_count_as_long_as_they_were_told_of() -> None:
    assert seconds_to_wait(state(sent=10, foreign=50, foreign_for=7), Urgency.PERSON, NOW) == 7
    assert seconds_to_wait(state(sent=10, foreign=50, foreign_for=-1), Urgency.PERSON, NOW) == 0


def test_the_schedule_stands_back_for_a_person() -> None:
    waiting = state(person_waits_for=1.5)
    assert seconds_to_wait(waiting, Urgency.SCHEDULE, NOW) == 1.5
    assert seconds_to_wait(waiting, Urgency.PERSON, NOW) == 0


def test_a_refusal_stops_everybody() -> None:
    for urgency in Urgency:
        assert seconds_to_wait(state(blocked_for=4), urgency, NOW) == 4


def test_backing_off_grows_to_a_minute() -> None:
    assert [backoff_seconds(times) for times in (1, 2, 3, 6, 1000)] == [2, 4, 8, 60, 60]


@given(st.integers(1, 1000), st.integers(0, 2000), st.integers(0, 2000), st.sampled_from(Urgency))
def test_nothing_goes_when_the_limit_is_reached(
    limit: int, sent: int, foreign: int, urgency: Urgency
) -> None:
    waits = seconds_to_wait(state(sent=sent, limit=limit, foreign=foreign, foreign_for=5), urgency, NOW)
    assert (waits == 0) == (sent + foreign < usable(limit, urgency))


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_what_others_used_is_what_is_left_to_explain(limit: int, ours: int, theirs: int) -> None:
    remaining = max(0, limit - ours - theirs)
    found = foreign_share(limit, remaining, ours)
    assert found == min(theirs, max(0, limit - ours))


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_tiny_limit_still_lets_the_schedule_run(limit: int) -> None:
    assert usable(limit, Urgency.SCHEDULE) >= 1
