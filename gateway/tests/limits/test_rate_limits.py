"""What is counted, by one process and by several together."""

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from vinyl_chassis.messaging.broker import Broker
from vinyl_gateway.limits.policies import Policy
from vinyl_gateway.limits.rate_limits import MOST_ALLOWANCES, Ledger
from vinyl_gateway.limits.shared_counting import SharedCounting
from vinyl_gateway.limits.shared_store import SharedStore
from vinyl_gateway.refusals import LimitsUnavailable

SECOND = 1_000_000_000
POLICY = Policy("read", per_second=10, burst=20)
SIGN_IN = Policy("sign_in", per_second=0.001, burst=100, only_shared=True)
EXACT = Policy("read", per_second=0.001, burst=100)
CLAIMANT = Path(__file__).parent / "claimant.py"


async def test_a_burst_passes_and_then_the_rate(gateways_counting: Any, clock: Any) -> None:
    [counting] = gateways_counting(POLICY)
    decisions = [await counting.take() for _ in range(25)]
    assert [decision.allowed for decision in decisions] == [True] * 20 + [False] * 5
    assert [decision.remaining for decision in decisions[:3]] == [19, 18, 17]
    assert decisions[-1].retry_seconds == 1
    clock.pass_by(0.1)
    assert (await counting.take()).allowed
    assert not (await counting.take()).allowed
    clock.pass_by(POLICY.window_seconds)
    assert (await counting.take()).remaining == 19


async def test_everybody_is_counted_apart(gateways_counting: Any, clock: Any) -> None:
    [counting] = gateways_counting(Policy("x", per_second=1, burst=1))
    assert (await counting.take("a")).allowed
    assert (await counting.take("b")).allowed
    assert not (await counting.take("a")).allowed


async def test_what_is_told_of_the_limit(gateways_counting: Any, clock: Any) -> None:
    [counting] = gateways_counting(POLICY)
    decision = await counting.take()
    assert (decision.policy_field, decision.state_field) == (b'"read";q=20;w=2', b'"read";r=19;t=1')
    refused = [await counting.take() for _ in range(20)][-1]
    assert refused.state_field == b'"read";r=0;t=2'


@pytest.mark.parametrize("policy", [EXACT, SIGN_IN])
async def test_of_a_thousand_at_once_exactly_the_limit_passes(
    gateways_counting: Any, clock: Any, policy: Policy
) -> None:
    gateways = gateways_counting(policy, 3)
    asked = [gateways[number % 3].take() for number in range(1000)]
    assert sum(decision.allowed for decision in await asyncio.gather(*asked)) == 100


async def test_one_that_came_too_late_gets_what_becomes_free(gateways_counting: Any, clock: Any) -> None:
    early, late = gateways_counting(POLICY, 2)
    assert sum([(await early.take()).allowed for _ in range(30)]) == 20
    assert not (await late.take()).allowed
    clock.pass_by(0.3)
    assert [(await late.take()).allowed for _ in range(6)] == [True] * 3 + [False] * 3
    assert not (await early.take()).allowed


async def test_processes_count_together(nats_url: str) -> None:
    claimants = [
        await asyncio.create_subprocess_exec(
            sys.executable, CLAIMANT, nats_url, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = await asyncio.gather(*(claimant.communicate(b"now\n") for claimant in claimants))
    assert sum(int(output.splitlines()[-1]) for output, _ in said) == 100


async def test_no_pattern_over_several_gateways_gets_more_than_the_limit(
    gateways_counting: Any, clock: Any
) -> None:
    chance = random.Random(5)
    gateways = gateways_counting(POLICY, 3)
    for who in range(20):
        passed = []
        busy = chance.choice([0.02, 0.1, 0.3])
        for _ in range(80):
            clock.pass_by(chance.expovariate(1 / busy))
            if (await chance.choice(gateways).take(str(who))).allowed:
                passed.append(clock.now)
        assert len(passed) > POLICY.burst
        for first in range(len(passed)):
            for last in range(first, len(passed)):
                allowed = POLICY.burst + POLICY.per_second * (passed[last] - passed[first]) / SECOND
                assert last - first + 1 <= allowed


async def test_what_one_reserved_ahead_is_no_loss_to_itself(gateways_counting: Any, clock: Any) -> None:
    policy = Policy("read", per_second=100, burst=400)
    [counting] = gateways_counting(policy)
    for _ in range(5):
        assert (await counting.take()).remaining == 399
        clock.pass_by(0.02)
        passed = [(await counting.take()).allowed for _ in range(401)]
        assert sum(passed) == 400
        clock.pass_by(policy.window_seconds)


async def test_far_from_the_limit_hardly_any_request_waits(gateways_counting: Any, clock: Any) -> None:
    [counting] = gateways_counting(Policy("read", per_second=100, burst=400))
    waited = 0
    for _ in range(200):
        clock.pass_by(0.012)
        if counting.ledger.take("a") is None:
            waited += 1
            await counting.ledger.wait("a")
        await asyncio.sleep(0.002)  # NATS' answer to what is asked ahead of need
    assert waited <= 3


async def test_gateways_with_other_clocks_count_as_one(count_over: Any, nats_url: str) -> None:
    def late() -> int:
        return time.monotonic_ns() + 3600 * SECOND

    async with count_over(EXACT, nats_url) as one, count_over(EXACT, nats_url, late) as other:
        assert sum([(await one.take()).allowed for _ in range(60)]) == 60
        assert sum([(await other.take()).allowed for _ in range(60)]) == 40
        assert abs(one.store.now() - other.store.now()) < SECOND / 4


async def test_without_nats_reads_are_counted_alone_and_sign_ins_refused(
    count_over: Any, broker: Any
) -> None:
    loop = asyncio.get_running_loop()
    async with count_over(EXACT, broker.url) as reads, count_over(SIGN_IN, broker.url) as sign_ins:
        assert (await reads.take()).allowed
        assert (await sign_ins.take()).allowed
        broker.kill()
        for _ in range(30):
            assert (await reads.take()).allowed
        with pytest.raises(LimitsUnavailable):
            await sign_ins.take()
        began_at = loop.time()
        for _ in range(100):
            with pytest.raises(LimitsUnavailable):
                await sign_ins.take()
        assert sum([(await reads.take()).allowed for _ in range(200)]) == 69
        assert loop.time() - began_at < 0.1
        broker.start()
        for counting in (reads, sign_ins):
            await counting.store.wait_until_present(20)
            assert counting.store.is_present
        assert (await sign_ins.take()).allowed
        assert not (await reads.take()).allowed
    async with count_over(EXACT, broker.url) as another:
        assert (await another.take()).allowed, "what is counted alone is not known to others"


async def test_what_nats_forgot_is_shared_again(count_over: Any, broker: Any) -> None:
    async with count_over(EXACT, broker.url) as one, count_over(EXACT, broker.url) as other:
        for counting in (one, other):
            assert (await counting.take()).allowed
        broker.kill()
        broker.start()
        for _ in range(2):
            await one.take("probe"), await other.take("probe")
            for counting in (one, other):
                await counting.store.wait_until_present(20)
        asked = [counting.take("new") for counting in (one, other) for _ in range(300)]
        assert sum(decision.allowed for decision in await asyncio.gather(*asked)) == 100


async def test_a_hung_nats_holds_nobody_up_for_long(count_over: Any, broker: Any) -> None:
    loop = asyncio.get_running_loop()
    async with count_over(SIGN_IN, broker.url) as counting:
        assert (await counting.take()).allowed
        broker.freeze()
        began_at = loop.time()
        refused = await asyncio.gather(
            *(counting.take(str(number)) for number in range(50)), return_exceptions=True
        )
        assert loop.time() - began_at < 0.5
        assert all(isinstance(each, LimitsUnavailable) for each in refused)
        broker.thaw()
        await counting.store.wait_until_present(20)
        assert (await counting.take()).allowed


def test_memory_is_bounded_and_debtors_are_kept(clock: Any) -> None:
    store = SharedStore(Broker("nats://127.0.0.1:9", "test"), clock=clock)
    ledger = Ledger(Policy("x", per_second=0.01, burst=1), store, SharedCounting(store))
    for number in range(MOST_ALLOWANCES):
        ledger.take(number)
    clock.pass_by(200)
    ledger.take("debtor")
    assert len(ledger._allowances) == 1
    refused = ledger.take("debtor")
    assert refused is not None
    assert not refused.allowed


async def test_a_client_that_leaves_while_it_waits_harms_nobody(gateways_counting: Any, clock: Any) -> None:
    [counting] = gateways_counting(EXACT)
    leaving = [asyncio.create_task(counting.take()) for _ in range(20)]
    staying = [asyncio.create_task(counting.take()) for _ in range(20)]
    await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    assert all(decision.allowed for decision in await asyncio.gather(*staying))
    assert sum([(await counting.take()).allowed for _ in range(100)]) in range(60, 81)
