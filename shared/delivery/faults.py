"""Named points at which a test may kill, stop, delay or break the process. Refused in production; cost nothing when unset.

TIEOUT_FAULT_POINTS holds faults separated by commas, or `file:PATH` of a file with one a line, which may be changed meanwhile:

    SERVICE:POINT:ACTION[=SECONDS][@N][!]

SERVICE may be `*`. Actions: `kill` (SIGKILL of itself), `stop` (SIGSTOP), `delay=S`, `block=S` (stands still, with the event loop),
`raise` (an exception of no known kind: poison), `transient`. `@N`: at the N-th time only (else each time; counted per process). `!`: once
for all processes (of a file only). With a file, `PATH.fired` gets a line for each fault that came to pass.

`SERVICE:BUG:bug` puts a known bug in, so that a test can show that it would be caught: `ack_first` (offsets are committed before the
work), `ack_before_publish`.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from shared.failures import TransientError
from shared.settings import Settings

POINTS: Final = (
    "before_attempt",
    "before_handler",
    "in_worker",
    "after_artifact",
    "before_publish",
    "after_publish",
    "before_database_commit",
    "after_database_commit",
    "before_commit",
    "before_dispatch",
)
BUGS: Final = ("ack_first", "ack_before_publish")
_ACTIONS: Final = ("kill", "stop", "delay", "block", "raise", "transient", "bug")
_FAULT: Final = re.compile(r"(?P<service>[\w*-]+):(?P<point>\w+):(?P<action>\w+)(?:=(?P<seconds>[\d.]+))?(?:@(?P<nth>\d+))?(?P<once>!)?")


class FaultPointsError(ValueError):
    """The faults cannot be understood, or this is production; the text says which and what was expected."""


class InjectedError(Exception):
    """A fault that a test put in."""


@dataclass(frozen=True)
class Fault:
    """What shall happen at a point. `nth` null: each time."""

    service: str
    point: str
    action: str
    seconds: float = 0.0
    nth: int | None = None
    once: bool = False


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Faults as they are written. Raises FaultPointsError."""
    return tuple(_parse_fault(piece.strip()) for piece in re.split(r"[,\n]", text) if piece.strip())


def _parse_fault(text: str) -> Fault:
    found = _FAULT.fullmatch(text)
    known = (*POINTS, *BUGS)
    if not found or found["point"] not in known or found["action"] not in _ACTIONS:
        raise FaultPointsError(
            f"fault {text!r}: expected SERVICE:POINT:ACTION[=SECONDS][@N][!], points: {', '.join(known)}; actions: {', '.join(_ACTIONS)}"
        )
    nth = int(found["nth"]) if found["nth"] else None
    return Fault(found["service"], found["point"], found["action"], float(found["seconds"] or 0), nth, bool(found["once"]))


@dataclass
class _Active:
    """The faults of this process."""

    service: str
    fixed: tuple[Fault, ...] = ()
    file: Path | None = None
    times: dict[str, int] = field(default_factory=dict)

    def faults(self) -> tuple[Fault, ...]:
        if self.file is None:
            return self.fixed
        try:
            return parse_faults(self.file.read_text())
        except (OSError, FaultPointsError):
            return ()

    def due(self, point: str) -> Fault | None:
        """The fault that shall come to pass now; counts that the point was reached."""
        times = self.times[point] = self.times.get(point, 0) + 1
        for fault in self.faults():
            if fault.point == point and fault.service in (self.service, "*") and fault.nth in (None, times) and self._note(fault):
                return fault
        return None

    def _note(self, fault: Fault) -> bool:
        """Writes down that the fault comes to pass; False where it must not any more."""
        if self.file is None:
            return True
        fired = self.file.with_name(self.file.name + ".fired")
        name = f"{fault.service}:{fault.point}:{fault.action}"
        if fault.once and fired.exists() and name in {line.split(" ")[0] for line in fired.read_text().splitlines()}:
            return False
        with fired.open("a") as out:
            out.write(f"{name} {self.service} {os.getpid()} {time.time():.3f}\n")
        return True


_active: _Active | None = None


def set_up_faults(service: str, settings: Settings) -> None:
    """Arms the faults of the settings in this process. Raises FaultPointsError: in production, or where they cannot be understood."""
    global _active  # noqa: PLW0603  one process, one set of faults; a point must cost one comparison when there are none
    _active = None
    if not settings.fault_points:
        return
    if settings.production:
        raise FaultPointsError("TIEOUT_FAULT_POINTS is set, and TIEOUT_PRODUCTION forbids it: take one of them away")
    if settings.fault_points.startswith("file:"):
        _active = _Active(service, file=Path(settings.fault_points.removeprefix("file:")))
    else:
        _active = _Active(service, fixed=parse_faults(settings.fault_points))


def fault_point(name: str) -> None:
    """Marks a point in synchronous code. Does nothing unless TIEOUT_FAULT_POINTS names it."""
    if _active is not None and (fault := _active.due(name)):
        strike(fault)


async def fault_point_async(name: str) -> None:
    """The same in code of the event loop: a `delay` does not block the loop (`block` does)."""
    if _active is not None and (fault := _active.due(name)):
        if fault.action == "delay":
            await asyncio.sleep(fault.seconds)
        else:
            strike(fault)


def fault_due(name: str) -> Fault | None:
    """The fault to be carried out elsewhere (in a child process) by `strike`; null nearly always."""
    return None if _active is None else _active.due(name)


def bug_in(name: str) -> bool:
    """Whether a known bug was put in for a test that has to catch it."""
    if _active is None:
        return False
    return any(fault.point == name and fault.action == "bug" and fault.service in (_active.service, "*") for fault in _active.faults())


def strike(fault: Fault, *_: Any) -> None:
    """Lets a fault come to pass in this process."""
    match fault.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "delay" | "block":
            time.sleep(fault.seconds)
        case "raise":
            raise InjectedError(fault.point)
        case "transient":
            raise TransientError("test.injected", fault.point)
        case _:
            pass
