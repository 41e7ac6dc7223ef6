import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from vinyl_devstack.stack import Stack

sys.path.insert(0, str(Path(__file__).parent))

from albums import import_albums
from listener import Listener
from surroundings import environment

_figures: list[str] = []


@pytest.fixture(scope="session")
def drilled(test_folder: Path) -> Iterator[Stack]:
    """A stack for faults, without rate limits, whose catalogue has the albums of `albums.py`."""
    with Stack(test_folder / "drilled", environment=environment()) as running:
        import_albums(running.home, test_folder / "masters.xml")
        yield running


@pytest.fixture
async def sign_up(drilled: Stack) -> AsyncIterator[Callable[[], Awaitable[Listener]]]:
    """Makes a listener, whose connections end with the drill."""
    async with AsyncExitStack() as ending:

        async def sign_up() -> Listener:
            listener = Listener(drilled.gateway_url)
            ending.push_async_callback(listener.client.aclose)
            await listener.sign_up()
            return listener

        yield sign_up


@pytest.fixture
def figure() -> Callable[[str], None]:
    """Takes a sentence with a figure, to be shown after the run."""
    return _figures.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("figures")
    for sentence in _figures:
        terminalreporter.line(sentence)
