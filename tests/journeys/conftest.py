from collections.abc import AsyncIterator, Generator

import pytest
from journey import Journey

from vinyl_devstack.stack import Stack


@pytest.fixture
async def journey(stocked: Stack) -> AsyncIterator[Journey]:
    """A listener who has just signed up and found the album."""
    journey = Journey(stocked.gateway_url)
    async with journey.client:
        await journey.sign_up()
        await journey.find_album()
        yield journey


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the processes said goes with the report of a test that failed."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and stack is not None:
        said = (stack.home / "stack.log").read_text(errors="replace").splitlines()
        telling = [line for line in said if '"event":"answered"' not in line]
        report.sections.append(("the stack's last words", "\n".join(telling[-80:])))
    return report
