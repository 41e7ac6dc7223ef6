"""What is logged, and what never is."""

import subprocess
import sys

import pytest

FAILING = """
import structlog
from vinyl_chassis import logs
logs.configure({format!r}, "info", "gateway")
def fail(authorization):
    raise ValueError("broken")
try:
    fail("Bearer " + "secret" * 3)
except ValueError:
    structlog.get_logger("any").exception("failed")
"""


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_traceback_shows_no_variables(log_format: str) -> None:
    code = FAILING.format(format=log_format)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "ValueError" in said
    assert "secretsecret" not in said
