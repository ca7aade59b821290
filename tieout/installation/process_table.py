"""Processes of this machine, from /proc: who lives, since when, and whose it is. A pid alone proves nothing, since pids are used again."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "TIEOUT_PROCESS"
"""Variable in the environment of every process that a supervisor starts: INSTALLATION/NAME/FINGERPRINT. Its children inherit it."""

_PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """A process for good: its pid and its start in clock ticks since the machine's start."""

    pid: int
    started: int


@dataclass(frozen=True)
class Mark:
    """What a process carries: the installation's id, its own name, and the fingerprint of the program that it runs."""

    installation: str
    name: str
    fingerprint: str = ""

    def __str__(self) -> str:
        return f"{self.installation}/{self.name}/{self.fingerprint}"


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


def marked(installation: str, name: str | None = None) -> dict[Identity, Mark]:
    """All living processes that carry an installation's mark: those of one name, or all."""
    found = {}
    for pid in _pids():
        mark = _mark(pid)
        if mark is None or mark.installation != installation or (name is not None and mark.name != name):
            continue
        process = identity(pid)
        if process is not None:
            found[process] = mark
    return found


def belongs(process: Identity, installation: str) -> bool:
    """Whether exactly this process lives and carries the mark of an installation."""
    mark = _mark(process.pid)
    return mark is not None and mark.installation == installation and alive(process)


def heads(processes: Mapping[Identity, Mark]) -> dict[str, Identity]:
    """Of marked processes those that a supervisor started, by name: their parent does not carry the same mark."""
    names = {process.pid: mark.name for process, mark in processes.items()}
    found: dict[str, Identity] = {}
    for process, mark in sorted(processes.items(), key=lambda item: item[0].started):
        stat = _stat(process.pid)
        if stat is not None and names.get(stat.parent) != mark.name:
            found.setdefault(mark.name, process)
    return found


def _mark(pid: int) -> Mark | None:
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:  # gone meanwhile, or another user's
        return None
    prefix = f"{MARK}=".encode()
    for entry in environment.split(b"\0"):
        if entry.startswith(prefix):
            fields = entry[len(prefix) :].decode("utf-8", "replace").split("/")
            return Mark(*fields) if len(fields) == 3 else None
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
