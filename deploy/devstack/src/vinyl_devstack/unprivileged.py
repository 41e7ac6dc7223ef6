"""Becomes an ordinary user and runs a command: PostgreSQL refuses to run as root.

Run as a plain script: `unprivileged.py UID GID REACH COMMAND…`. Where the user may not walk the folders on
the way to the data or the program (a clone under /root), REACH=1 keeps the one capability that lets it,
rather than opening those folders to everyone. Linux only; elsewhere such folders are refused by the system.
"""

import ctypes
import os
import sys

PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def become(uid: int, gid: int, *, reach: bool) -> None:
    libc = ctypes.CDLL(None, use_errno=True) if reach and sys.platform == "linux" else None
    if libc:
        # else setuid drops every capability, and access(2) would go on ignoring the one we keep
        demand(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if libc:
        keep_only_reach(libc)


def keep_only_reach(libc: ctypes.CDLL) -> None:
    bit = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable for the low 32 capabilities, then for the high ones
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    demand(libc.capset(header, data))
    demand(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def demand(status: int) -> None:
    if status:
        number = ctypes.get_errno()
        raise OSError(number, f"root's own folders cannot be opened to PostgreSQL: {os.strerror(number)}")


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), reach=sys.argv[3] == "1")
    os.execv(sys.argv[4], sys.argv[4:])
