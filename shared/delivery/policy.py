"""What follows from a failure: try again here, try again alone, defer, or give up into the dead letters. Pure.

The kinds are those of `shared/failures.py`; docs/decisions/0006-services.md says why.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from traceback import walk_tb
from typing import Final, Literal

from shared.envelope import Envelope
from shared.failures import StageError, TransientError
from shared.ids import hashed
from shared.telemetry.cleaning import clean_text

Kind = Literal["transient", "poison"]
Step = Literal["again", "again_alone", "defer", "bury"]

MALFORMED: Final = "event.malformed"
TOO_LARGE: Final = "event.too_large"
ENDED_SERVICE: Final = "service.ended"
"""The service itself ended each time while it worked on the event."""
ARTIFACT_MISSING: Final = "artifact.missing"

# What no waiting in place mends: another stage has to work first.
_DEFERRED_AT_ONCE: Final = frozenset({ARTIFACT_MISSING})

_FIRST_DELAY: Final = 0.2
_LONGEST_DELAY: Final = 5.0
_DEFERRALS: Final = (10.0, 30.0, 120.0, 600.0)

_SAFE_ID: Final = re.compile(r"[A-Za-z0-9:._-]{1,200}")


@dataclass(frozen=True)
class Failure:
    """An error as it is counted and written down. `stack`: digest of where it came from, the same for the same place in the code."""

    kind: Kind
    code: str
    error_class: str
    text: str
    stack: str


def failure_of(error: BaseException, secrets: Sequence[str] = ()) -> Failure:
    """What an error means. Anything that is no StageError is poison, with the code `error.CLASS`.

    Args: secrets: values that must not be written down, whatever the error says.
    """
    kind: Kind = "transient" if isinstance(error, TransientError) else "poison"
    code = error.code if isinstance(error, StageError) else f"error.{type(error).__name__}"
    text = error.text if isinstance(error, StageError) else str(error)
    return Failure(kind, code[:100], _class_name(error), clean_text(text, secrets), stack_digest(error))


def _class_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"[:200]


def stack_digest(error: BaseException) -> str:
    """16 hexadecimal digits over the class of an error and the modules and functions it passed: no lines, paths or values, so that the
    same fault has the same digest on every machine and after edits elsewhere in a file. Causes count as well.
    """
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append(_class_name(current))
        parts += [f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}" for frame, _ in walk_tb(current.__traceback__)]
        current = current.__cause__
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def after(failure: Failure, attempt: int, seconds_left: float) -> Step:
    """What to do after a failure.

    Args: attempt: the one that failed, from 1. seconds_left: of the time for tries in place.
    Returns: `again` after a delay (transient), `defer` (transient, and waiting here helps no more), `again_alone` (poison, first attempt),
    `bury` (poison again).
    """
    if failure.kind == "transient":
        return "again" if seconds_left > 0 and failure.code not in _DEFERRED_AT_ONCE else "defer"
    return "again_alone" if attempt <= 1 else "bury"


def growing_delays(first: float = _FIRST_DELAY, longest: float = _LONGEST_DELAY) -> Iterator[float]:
    """Seconds between tries, for ever: 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5 …"""
    delay = first
    while True:
        yield delay
        delay = min(delay * 2, longest)


def deferral_seconds(count: int) -> float:
    """How long an event that is deferred for the `count`-th time (from 1) waits: 10 s, 30 s, 2 min, then 10 min each time."""
    return _DEFERRALS[min(max(count, 1), len(_DEFERRALS)) - 1]


def attempt_key(service: str, envelope: Envelope) -> str:
    """Key under which attempts on an event are counted: `SERVICE/EVENT-REDRIVE`. Ids of others' making that are unfit are hashed."""
    name = envelope.id if _SAFE_ID.fullmatch(envelope.id) and ".." not in envelope.id else "evt:" + hashed([envelope.id])
    return f"{service}/{name}-{envelope.redrive}"
