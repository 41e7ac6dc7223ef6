import sys
from pathlib import Path

import pytest

from vinyl_devstack.stack import Stack

sys.path.insert(0, str(Path(__file__).parent))

from journey import DUMP, import_dump


@pytest.fixture(scope="session")
def stocked(stack: Stack) -> Stack:
    """A running stack whose catalogue, and so whose sandbox, has the records of ./dump."""
    kinds = ("artists", "labels", "masters", "releases")
    import_dump(stack.home, *(DUMP / f"{kind}.xml" for kind in kinds))
    return stack
