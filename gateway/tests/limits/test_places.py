"""The generic cell rate algorithm on a line of time."""

from hypothesis import given
from hypothesis import strategies as st

from vinyl_gateway.limits.places import Allowance, reserve
from vinyl_gateway.limits.policies import (
    ACCOUNT_POLICIES,
    ADDRESS_POLICIES,
    TOKEN_POLICIES,
    Policy,
)
from vinyl_gateway.limits.shared_store import KEPT_SECONDS
from vinyl_gateway.public_routes import RouteClass

SECOND = 1_000_000_000
POLICY = Policy("read", per_second=10, burst=20)


@given(st.lists(st.integers(min_value=0, max_value=2 * SECOND), min_size=1, max_size=200))
def test_no_pattern_gets_more_than_burst_and_rate_allow(pauses: list[int]) -> None:
    now = 1000 * SECOND
    allowance = Allowance("a")
    passed: list[int] = []
    for pause in pauses:
        now += pause
        if allowance.take_unshared(now, POLICY):
            passed.append(now)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert (last - first) * POLICY.interval <= POLICY.depth + passed[last] - passed[first]


@given(
    st.integers(min_value=0, max_value=40 * SECOND),
    st.integers(min_value=0, max_value=500),
    st.booleans(),
)
def test_nothing_is_reserved_past_a_burst(begin: int, wanted: int, only_shared: bool) -> None:
    now = 10 * SECOND
    policy = Policy("read", per_second=10, burst=200, only_shared=only_shared)
    reserved = reserve(policy, begin=begin, now=now, wanted=wanted)
    places = (reserved.end - reserved.begin) // policy.interval
    assert reserved.begin >= now
    assert reserved.end == reserved.begin or reserved.end <= now + policy.depth
    assert places == reserved.granted + reserved.ahead
    free = max(0, (now + policy.depth - reserved.begin) // policy.interval)
    assert reserved.granted == min(wanted, free)
    assert reserved.ahead <= (0 if only_shared else (free - reserved.granted) / 8)


def test_what_is_reserved_ahead_goes_with_the_time() -> None:
    now = 10 * SECOND
    allowance = Allowance("a")
    reserved = reserve(POLICY, begin=0, now=now, wanted=1)
    allowance.hold(reserved, POLICY)
    assert reserved.ahead == 2
    now += POLICY.interval
    assert [allowance.take(now, POLICY.interval) for _ in range(3)] == [True, True, False]
    allowance.hold(reserved, POLICY)
    assert not allowance.take(now + 3 * POLICY.interval, POLICY.interval)


def test_the_defaults_leave_a_reader_what_is_promised() -> None:
    for policies in (ADDRESS_POLICIES, ACCOUNT_POLICIES, TOKEN_POLICIES):
        policy = policies[RouteClass.READ]
        assert policy.per_second >= 50
        assert policy.burst >= 200


def test_no_debt_is_forgotten_before_it_is_paid() -> None:
    for policies in (ADDRESS_POLICIES, ACCOUNT_POLICIES, TOKEN_POLICIES):
        assert all(policy.window_seconds * 2 <= KEPT_SECONDS for policy in policies.values())
