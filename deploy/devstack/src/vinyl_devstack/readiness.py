"""Waiting until the gateway says that all of it serves."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable


class NotReady(Exception):
    """The stack did not become ready in time; the message is the gateway's last answer."""


def wait_until_ready(gateway_url: str, within_seconds: float, given_up: Callable[[], bool]) -> bool:
    """True once `/health/ready` is 200; False when given up before. Raises NotReady."""
    deadline = time.monotonic() + within_seconds
    answer = "none"
    while not given_up():
        status, answer = ask(f"{gateway_url}/health/ready")
        if status == 200:
            return True
        if time.monotonic() > deadline:
            raise NotReady(f"Not ready after {within_seconds:.0f} s. The gateway's last answer: {answer}")
        time.sleep(0.1)
    return False


def ask(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - our own gateway's address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()
    except OSError as error:
        return 0, str(error)
