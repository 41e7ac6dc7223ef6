"""Sets up the shared environment: uv, the locked third-party packages, and every member of the workspace.

Runs on any Python >= 3.11 with the standard library alone, and does nothing when nothing changed,
so that a second `make dev` needs no network.
"""

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
READY = ENVIRONMENT / ".ready"
PRIVATE_UV = ROOT / ".uv"
UV_VERSION = "0.13.8"
MEMBERS = [
    "shared/contracts",
    "shared/chassis",
    "services/user",
    "services/catalog",
    "services/rating",
    "services/search",
    "gateway",
    "deploy/devstack",
]


def main() -> int:
    if sys.version_info < (3, 11):
        print(f"Vinylhound needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
        print("Install a newer one, or name it: make PYTHON=/path/to/python3.12 dev")
        return 1
    command = sys.argv[1] if len(sys.argv) > 1 else "setup"
    if command == "uv":
        return run(find_uv(), *sys.argv[2:])
    wanted = fingerprint()
    if READY.exists() and READY.read_text() == wanted:
        return 0
    return set_up(wanted)


def set_up(wanted: str) -> int:
    uv = find_uv()
    print("Setting up .venv (once; later starts need no network) …", flush=True)
    READY.unlink(missing_ok=True)
    if not (ENVIRONMENT / "bin" / "python").exists():
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    python = str(ENVIRONMENT / "bin" / "python")
    # compiled now: ten processes that start together would each compile all of it, or do so at every start
    locked = ("--require-hashes", "--compile-bytecode", "requirements/all.txt")
    run(uv, "pip", "sync", "--quiet", "--python", python, *locked)
    editable = [argument for member in MEMBERS for argument in ("--editable", member)]
    run(uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--python", python, *editable)
    READY.write_text(wanted)
    return 0


def find_uv() -> str:
    """The machine's own uv, else one of our own in a private environment."""
    if found := shutil.which("uv"):
        return found
    private = PRIVATE_UV / "bin" / "uv"
    if not private.exists():
        print("Fetching uv, the package manager …", flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(PRIVATE_UV))
        run(str(PRIVATE_UV / "bin" / "pip"), "install", "--quiet", f"uv=={UV_VERSION}")
    return str(private)


def fingerprint() -> str:
    """Changes when the lock, a member's metadata or the interpreter changes."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ["requirements/all.txt", *(f"{member}/pyproject.toml" for member in MEMBERS)]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def trusted() -> dict[str, str]:
    """uv's own certificates know nothing of a company's proxy; the machine's do, where it has any."""
    machine = ssl.get_default_verify_paths()
    return {"UV_SYSTEM_CERTS": "true"} if machine.cafile or machine.capath else {}


def run(*command: str) -> int:
    environment = trusted() | os.environ | {"UV_NO_PROGRESS": "1", "VIRTUAL_ENV": str(ENVIRONMENT)}
    finished = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
