"""Becomes an ordinary user and runs a command: PostgreSQL refuses to run as root.

Run as a plain script: `unprivileged.py UID GID REACH COMMAND…`. Where the user may not walk the folders on
the way to the data or the program (a clone under /root), REACH=1 keeps the one capability that lets it,
rather than opening those folders to everyone. Linux only; elsewhere such folders are refused by the system.
"""

import ctypes
import os
import sys

PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def become(uid: int, gid: int, *, reach: bool) -> None:
    libc = ctypes.CDLL(None, use_errno=True) if reach and sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if libc:
        keep_reach(libc)


def keep_reach(libc: ctypes.CDLL) -> None:
    bit = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable for the low 32 capabilities, then for the high ones
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    libc.capset(header, data)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), reach=sys.argv[3] == "1")
    os.execv(sys.argv[4], sys.argv[4:])
