"""How fast dump files enter the catalogue, end to end, and how fast the same files do so again.

    .venv/bin/python bench/imports.py --releases 50000

Runs a whole stack of its own, as `make dev` does, with the services that hear of the imported albums.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from dumps import Dump

from vinyl_devstack.stack import Stack

COMMAND = [sys.executable, "-m", "vinyl_catalog", "import"]


def measure(home: Path, file: Path) -> tuple[float, float]:
    """Seconds, and MiB resident at most."""
    began = time.monotonic()
    process = os.posix_spawn(sys.executable, [*COMMAND, str(file)], {**os.environ, "VINYL_HOME": str(home)})
    _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit(f"The import of {file.name} failed.")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return time.monotonic() - began, used.ru_maxrss / scale


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=20_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vinyl-bench-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        dump = Dump(chosen.releases, seed=1)
        files = dump.write(place / "dumps")
        counts = [dump.artists, dump.labels, dump.masters, dump.releases]
        with Stack(place / "home") as stack:
            runs = [[measure(stack.home, file) for file in files] for _ in range(2)]
    print(f"\n{'file':30} {'records':>9} {'first/s':>9} {'again/s':>9} {'faster':>7} {'MiB':>6}")
    for file, count, (first, memory), (again, _) in zip(files, counts, *runs, strict=True):
        print(
            f"{file.name:30} {count:9,} {count / first:9,.0f} {count / again:9,.0f} {first / again:6.1f}x {memory:6.0f}"
        )


if __name__ == "__main__":
    main()
