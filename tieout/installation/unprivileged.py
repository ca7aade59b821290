"""Runs a program as another user, for PostgreSQL, which refuses to run as root. Standard library only; it is run as a script.

`unprivileged.py UID GID PROGRAM ARGUMENT…` replaces itself by the program. Data folders and virtual environments are often closed to
others (0700, below /root), and opening them for everyone is not ours to do. So the program keeps one capability of root's: to pass through
folders whatever their mode. Needs Linux 4.3 (ambient capabilities).
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
# Without it access(2) ignores capabilities, and PostgreSQL asks by access(2) whether its own binary may be run.
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2  # is enough, but containers often lack it


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(uid: int, gid: int) -> None:
    """Gives up root for a user and a group, but for passing through folders. Raises OSError where the system does not let us."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *arguments: object) -> None:
        if getattr(libc, name)(*arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{name}{arguments}: {os.strerror(number)}")

    header, sets = _Header(_CAPABILITY_VERSION_3, 0), (_Sets * 2)()
    call("capget", ctypes.byref(header), sets)
    kept = _CAP_DAC_READ_SEARCH if sets[0].permitted & 1 << _CAP_DAC_READ_SEARCH else _CAP_DAC_OVERRIDE
    call("prctl", _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    sets = (_Sets * 2)()
    sets[0].effective = sets[0].permitted = sets[0].inheritable = 1 << kept
    call("capset", ctypes.byref(header), sets)
    call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, kept, 0, 0)


if __name__ == "__main__":
    try:
        become(int(sys.argv[1]), int(sys.argv[2]))
    except OSError as problem:
        sys.exit(f"cannot run {sys.argv[3]} as user {sys.argv[1]}: {problem}; run tieout as another user than root")
    os.execv(sys.argv[3], sys.argv[3:])
