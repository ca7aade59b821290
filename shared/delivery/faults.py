"""Named points at which a test may kill, stop, delay or break the process. Refused in production; cost nothing when unset."""

from __future__ import annotations

from typing import Final

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


def fault_point(name: str) -> None:
    """Marks a point in synchronous code. Does nothing unless TIEOUT_FAULT_POINTS names it."""


async def fault_point_async(name: str) -> None:
    """The same in code of the event loop: a delay does not block the loop (`block` does)."""
