import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_the_public_document_is_the_same_whatever_order_a_process_keeps_its_sets_in(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "vinyl_devstack.openapi", "--check"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
