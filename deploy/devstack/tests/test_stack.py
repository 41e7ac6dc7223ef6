"""The stack that tests stand on: real processes that come back."""

import os
import signal
from collections.abc import Callable

import httpx
import pytest

from vinyl_devstack.stack import Stack

EVERY_PROCESS = {
    "postgres",
    "nats",
    "sandbox",
    "gateway",
    *(
        f"{service}-{role}"
        for service in ("user", "catalog", "rating", "search")
        for role in ("serve", "work")
    ),
}
WaitUntil = Callable[..., None]


def status_of(url: str) -> int:
    try:
        return httpx.get(url).status_code
    except httpx.TransportError:
        return 0


def test_everything_runs_and_answers(stack: Stack) -> None:
    assert set(stack.processes) == EVERY_PROCESS
    assert status_of(f"{stack.gateway_url}/health/ready") == 200
    assert status_of(f"{stack.service_url('rating')}/health/ready") == 200
    assert status_of(f"{stack.sandbox_url}/sandbox") == 200
    assert status_of(f"{stack.service_url('user')}/.well-known/jwks.json") == 200


@pytest.mark.parametrize("name", sorted(EVERY_PROCESS))
def test_any_process_may_be_killed(stack: Stack, wait_until: WaitUntil, name: str) -> None:
    process = stack.process(name)
    killed, restarts = process.pid, process.restarts
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: process.restarts > restarts and process.pid != killed, 20)
    wait_until(lambda: status_of(f"{stack.gateway_url}/health/ready") == 200, 30)
    assert process.process.poll() is None


def test_commands_of_the_same_home_find_their_settings(stack: Stack) -> None:
    for name in ("user", "catalog", "rating", "search", "gateway"):
        settings = (stack.home / "settings" / f"{name}.env").read_text()
        assert f"VINYL_{name.upper()}_PORT=" in settings
