"""The generic cell rate algorithm, and what a client is told of it."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_gateway.public_routes import RouteClass
from vinyl_gateway.rate_limits import DEFAULT_POLICIES, MOST_KEYS, Policy, RateLimits, limited_address

POLICY = Policy("read", per_second=10, burst=20)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def limits_of(policy: Policy, clock: Clock) -> RateLimits:
    return RateLimits(dict.fromkeys(RouteClass, policy), clock)


def test_a_burst_passes_and_then_the_rate() -> None:
    clock = Clock()
    limits = limits_of(POLICY, clock)
    decisions = [limits.take(RouteClass.READ, "a") for _ in range(25)]
    assert [decision.allowed for decision in decisions] == [True] * 20 + [False] * 5
    assert [decision.remaining for decision in decisions[:3]] == [19, 18, 17]
    assert decisions[-1].retry_seconds == 1
    clock.now += 0.1
    assert limits.take(RouteClass.READ, "a").allowed
    assert not limits.take(RouteClass.READ, "a").allowed
    clock.now += POLICY.window_seconds
    assert limits.take(RouteClass.READ, "a").remaining == 19


def test_addresses_and_classes_are_counted_apart() -> None:
    limits = limits_of(Policy("x", per_second=1, burst=1), Clock())
    assert limits.take(RouteClass.READ, "a").allowed
    assert limits.take(RouteClass.READ, "b").allowed
    assert limits.take(RouteClass.WRITE, "a").allowed
    assert not limits.take(RouteClass.READ, "a").allowed


@given(st.lists(st.floats(min_value=0, max_value=2), min_size=1, max_size=200))
def test_no_pattern_gets_more_than_burst_and_rate_allow(pauses: list[float]) -> None:
    clock = Clock()
    limits = limits_of(POLICY, clock)
    passed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if limits.take(RouteClass.READ, "a").allowed:
            passed.append(clock.now)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            allowed = POLICY.burst + POLICY.per_second * (passed[last] - passed[first])
            assert last - first + 1 <= allowed + 1e-3


def test_memory_is_bounded_and_debtors_are_kept() -> None:
    clock = Clock()
    limits = limits_of(Policy("x", per_second=0.01, burst=1), clock)
    for number in range(MOST_KEYS):
        limits.take(RouteClass.READ, str(number))
    clock.now += 200
    limits.take(RouteClass.READ, "debtor")
    assert len(limits._whole_at) == 1
    assert not limits.take(RouteClass.READ, "debtor").allowed


def test_the_defaults_leave_a_reader_what_is_promised() -> None:
    policy = DEFAULT_POLICIES[RouteClass.READ]
    assert policy.per_second >= 50
    assert policy.burst >= 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("no:address", "no:address"),
        ("", ""),
    ],
)
def test_an_address_is_counted_as_its_subscriber(address: str, counted: str) -> None:
    assert limited_address(address) == counted


async def test_a_client_sees_its_allowance_and_is_told_when_to_come_back(gateways: Any) -> None:
    address = await gateways(limits="on")
    policy = DEFAULT_POLICIES[RouteClass.SIGN_IN]
    async with httpx.AsyncClient(base_url=address) as client:
        said = await client.post("/api/v1/auth/login", json={})
        assert said.headers["ratelimit-policy"] == f'"sign_in";q={policy.burst};w={policy.window_seconds}'
        assert said.headers["ratelimit"].startswith(f'"sign_in";r={policy.burst - 1};t=')
        for _ in range(policy.burst * 2):
            said = await client.post("/api/v1/auth/login", json={})
            if said.status_code == 429:
                break
        assert (said.status_code, said.json()["code"]) == (429, "too_many_requests")
        assert int(said.headers["retry-after"]) >= 1
        assert said.headers["ratelimit"].startswith('"sign_in";r=0;')
        assert (await client.get("/api/v1/albums")).status_code == 200
        assert (await client.get("/health/live")).status_code == 200
