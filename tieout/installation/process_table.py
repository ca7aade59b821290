"""Processes of this machine, from /proc: who lives, since when, and whose it is. A pid alone proves nothing, since pids are used again."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "TIEOUT_PROCESS"
"""Variable in the environment of every process that a supervisor starts: INSTALLATION/NAME. Its children inherit it."""

_PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """A process for good: its pid and its start in clock ticks since the machine's start."""

    pid: int
    started: int


@dataclass(frozen=True)
class _Stat:
    state: str
    parent: int
    started: int


def boot_id() -> str:
    """What tells this boot of the machine from others; empty where the system does not say."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def identity(pid: int) -> Identity | None:
    """The process that has this pid now; None where there is none (a zombie counts as none)."""
    stat = _stat(pid)
    return None if stat is None or stat.state in "ZX" else Identity(pid, stat.started)


def alive(process: Identity) -> bool:
    """Whether exactly this process lives."""
    return identity(process.pid) == process


def is_stopped(process: Identity) -> bool:
    """Whether it was halted by SIGSTOP."""
    stat = _stat(process.pid)
    return stat is not None and stat.started == process.started and stat.state in "tT"


def send(process: Identity, number: int) -> bool:
    """Sends a signal to exactly this process; says whether it was there. Never hits a later process of the same pid."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    except OSError:  # kernels before 5.3, and sandboxes that lack the call: a moment between look and signal remains
        if not alive(process):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
        return True
    try:
        if not alive(process):
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def marked(installation: str, name: str | None = None) -> dict[Identity, str]:
    """All living processes that carry an installation's mark, with the name in it: those of one name, or all."""
    found = {}
    for pid in _pids():
        owner = _owner(pid)
        if owner is None or owner[0] != installation or (name is not None and owner[1] != name):
            continue
        process = identity(pid)
        if process is not None:
            found[process] = owner[1]
    return found


def heads(processes: dict[Identity, str]) -> dict[str, Identity]:
    """Of marked processes those that were started by a supervisor, by name: their parent does not carry the same mark."""
    names = {process.pid: name for process, name in processes.items()}
    found: dict[str, Identity] = {}
    for process, name in sorted(processes.items(), key=lambda item: item[0].started):
        stat = _stat(process.pid)
        if stat is not None and names.get(stat.parent) != name:
            found.setdefault(name, process)
    return found


def _owner(pid: int) -> tuple[str, str] | None:
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:  # gone meanwhile, or another user's
        return None
    prefix = f"{MARK}=".encode()
    for entry in environment.split(b"\0"):
        if entry.startswith(prefix):
            owner, _, name = entry[len(prefix) :].decode("utf-8", "replace").partition("/")
            return owner, name
    return None


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in os.scandir(_PROC) if entry.name.isdigit())


def _stat(pid: int) -> _Stat | None:
    try:
        text = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    fields = text[text.rindex(b")") + 2 :].split()  # the name before may hold spaces and brackets
    return _Stat(state=fields[0].decode(), parent=int(fields[1]), started=int(fields[19]))
