import sys
from pathlib import Path

import httpx
import pytest

from vinyl_devstack.stack import Stack

sys.path.insert(0, str(Path(__file__).parent / "journeys"))

from journey import DUMP, import_dump


@pytest.fixture(scope="session")
def stocked(stack: Stack) -> Stack:
    """A running stack whose catalogue and sandbox have the records of ./journeys/dump."""
    import_dump(stack.home, *(DUMP / f"{kind}.xml" for kind in ("artists", "labels", "masters", "releases")))
    # The sandbox looks every few seconds; an inventory that a run read too early counts for minutes.
    httpx.post(f"{stack.sandbox_url}/sandbox/refresh").raise_for_status()
    return stack
