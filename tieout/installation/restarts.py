"""When a process that died is started again: soon the first time, then later and later; a process that ran well begins anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DELAYS: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
STEADY_SECONDS: Final = 60.0
"""A process that ran for so long was well."""


@dataclass(frozen=True)
class Restarts:
    """How often a process died one after another without having run well."""

    in_a_row: int = 0

    def after(self, ran_seconds: float) -> tuple[Restarts, float]:
        """The process died after so many seconds. Returns: what to remember, and the seconds until the next start."""
        in_a_row = 0 if ran_seconds >= STEADY_SECONDS else self.in_a_row
        return Restarts(in_a_row + 1), DELAYS[min(in_a_row, len(DELAYS) - 1)]
