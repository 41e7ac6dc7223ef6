"""Who runs PostgreSQL: we ourselves, unless we are root, as which it refuses to run."""

import os
import pwd
import shutil
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

UNPRIVILEGED = Path(__file__).with_name("unprivileged.py")


def claim(folder: Path) -> None:
    """Gives a root-owned folder to the ordinary user that PostgreSQL runs as when we are root."""
    if os.geteuid() == 0 and folder.stat().st_uid == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def as_owner(folder: Path, command: Sequence[str]) -> list[str]:
    """The command, run as the folder's owner if we are root."""
    if os.geteuid() != 0:
        return list(command)
    owner = folder.stat()
    reach = not all(map(open_to_all, (folder.parent.resolve(), Path(command[0]).resolve())))
    identity = [str(owner.st_uid), str(owner.st_gid), "1" if reach else "0"]
    return [sys.executable, "-I", "-S", str(UNPRIVILEGED), *identity, *command]


def give(source: Path, folder: Path) -> None:
    """Lets the owner of the folder read the file."""
    if os.geteuid() == 0:
        shutil.chown(source, folder.stat().st_uid)


def open_to_all(path: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))
