"""A catalogue to write about: masters in the dump's own format."""

import os
import subprocess
import sys
from pathlib import Path

ALBUMS = 500
_MASTER = (
    '<master id="{id}"><main_release>{id}</main_release><artists><artist><id>920000001</id>'
    "<name>The Drill Bits</name></artist></artists><genres><genre>Rock</genre></genres>"
    "<year>1979</year><title>Drill {number}</title><data_quality>Correct</data_quality></master>"
)


def import_albums(home: Path, file: Path) -> None:
    masters = (_MASTER.format(id=920000000 + number, number=number) for number in range(1, ALBUMS + 1))
    file.write_text(f"<masters>\n{chr(10).join(masters)}\n</masters>\n")
    command = [sys.executable, "-m", "vinyl_catalog", "import", str(file)]
    subprocess.run(command, env={**os.environ, "VINYL_HOME": str(home)}, check=True, timeout=120)
