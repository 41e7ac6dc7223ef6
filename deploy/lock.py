"""Compiles requirements/*.txt: everything for developers, and each member for its own image.

Universal, with hashes, and without download addresses (see docs/decisions).
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bootstrap import MEMBERS, ROOT, find_uv, run

OPTIONS = [
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--python-version=3.11",
    "--no-sources",
]


def main() -> None:
    uv = find_uv()
    third_party: dict[str, list[str]] = {}
    members = {f"vinyl-{Path(member).name}": member for member in MEMBERS}
    for name, member in members.items():
        third_party[name] = resolve(member, members, third_party)
    for name in ["vinyl-user", "vinyl-catalog", "vinyl-rating", "vinyl-search", "vinyl-gateway"]:
        compile_lock(uv, name.removeprefix("vinyl-"), third_party[name])
    everything = sorted({line for lines in third_party.values() for line in lines} | set(development()))
    compile_lock(uv, "all", everything)


def resolve(member: str, members: dict[str, str], known: dict[str, list[str]]) -> list[str]:
    """Third-party requirements of a member and of the members it stands on."""
    found: set[str] = set()
    for requirement in read_toml(ROOT / member / "pyproject.toml")["project"]["dependencies"]:
        if requirement in members:
            found.update(known[requirement])
        else:
            found.add(requirement)
    return sorted(found)


def development() -> list[str]:
    return list(read_toml(ROOT / "pyproject.toml")["dependency-groups"]["dev"])


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def compile_lock(uv: str, name: str, requirements: list[str]) -> None:
    source = ROOT / "requirements" / f"{name}.in"
    source.write_text("\n".join(requirements) + "\n")
    run(uv, *OPTIONS, "--output-file", f"requirements/{name}.txt", f"requirements/{name}.in")
    source.unlink()
    print(f"requirements/{name}.txt")


if __name__ == "__main__":
    main()
