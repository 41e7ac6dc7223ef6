"""ARCHITECTURE.md names every room, and every room says what lives in it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = [*sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml")), ROOT / "gateway"]
ROOMS = sorted(
    room
    for member in MEMBERS
    for room in (member / "src").rglob("*")
    if room.is_dir() and (room / "__init__.py").exists()
)


def test_there_are_rooms() -> None:
    assert len(ROOMS) > 30


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_says_what_lives_in_it(room: Path) -> None:
    tree = ast.parse((room / "__init__.py").read_text())
    assert ast.get_docstring(tree), f"{room}/__init__.py has no sentence"


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    missing = [room.name for room in ROOMS if f"`{room.name}/`" not in text and f"`{room.name}`" not in text]
    assert not missing


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "base", "core", "misc"])
def test_no_name_says_nothing(name: str) -> None:
    found = [path for member in MEMBERS for path in (member / "src").rglob(f"{name}*") if path.stem == name]
    assert not found
