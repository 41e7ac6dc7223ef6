"""The import contracts hold, and would not if a wall were broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "vinyl_contracts": "shared/contracts",
    "vinyl_chassis": "shared/chassis",
    "vinyl_user": "services/user",
    "vinyl_catalog": "services/catalog",
    "vinyl_rating": "services/rating",
    "vinyl_search": "services/search",
    "vinyl_gateway": "gateway",
    "vinyl_devstack": "deploy/devstack",
}
LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources alone, side by side, so that a wall can be broken without touching ours."""
    for package, folder in SOURCES.items():
        source = ROOT / folder / "src" / package
        shutil.copytree(source, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.xml*"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_contract_is_kept(copy: Path) -> None:
    finished = lint(copy)
    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        (
            "vinyl_rating/service/ratings.py",
            "import vinyl_user.domain",
            "Members know only what they stand on",
        ),
        ("vinyl_rating/domain/rating.py", "import sqlalchemy", "Domains are pure"),
        ("vinyl_rating/service/ratings.py", "import sqlalchemy", "SQL lives in store"),
        ("vinyl_rating/service/ratings.py", "import litestar", "The web framework stays at the door"),
        ("vinyl_rating/store/ratings.py", "import vinyl_rating.service.ratings", "The rooms of rating"),
        ("vinyl_contracts/ids.py", "import httpx", "Contracts need msgspec"),
        ("vinyl_chassis/clock.py", "import vinyl_rating.domain", "Members know only what they stand on"),
    ],
)
def test_a_broken_wall_is_noticed(copy: Path, file: str, line: str, broken: str) -> None:
    with (copy / file).open("a") as source:
        source.write(f"\n{line}\n")
    finished = lint(copy)
    assert finished.returncode == 1
    assert any(broken in report and "BROKEN" in report for report in finished.stdout.splitlines()), (
        finished.stdout
    )


def test_a_room_without_a_name_is_noticed(copy: Path) -> None:
    (copy / "vinyl_rating" / "helpers.py").write_text('"""A corner."""\n')
    finished = lint(copy)
    assert finished.returncode == 1
    assert "helpers" in finished.stdout
