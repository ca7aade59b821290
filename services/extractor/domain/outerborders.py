"""Outer borders of a lattice that are not drawn: where the rules that cross the outermost drawn one run on to a common end."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.meeting import MEET, RUN_ON
from services.extractor.domain.page import Floats

# A strip between two rules that is narrower holds no text: the rules are one (a double rule).
NARROWEST = 3.6
# A rule this much of the table's width is a border between whole rows.
WHOLE = 0.9
# No rule overshoots this far: 5.4 pt is the most seen, and a column of two digits is 15 pt wide.
RUN_FAR = 12.0
# Fewer rules than this cannot outvote a merged cell, which takes one away: then one is enough that goes further than any overshoot seen.
FEW, ALONE_FAR = 4, 6.5


def run_on(positions: list[float], crossing: Floats, along: Floats) -> tuple[list[float], list[float]]:
    """Undrawn outer borders: where crossing rules run on beyond the first or last drawn one to a common end.

    Args: along: the rules at `positions`. Two crossing rules of many may be overshooting ones at the head and foot (seen: 5.4 pt on both
    sides, made by a word processor).
    """
    low, high = float(crossing[:, 1].min()), float(crossing[:, 2].max())
    first, last = positions[0], positions[-1]
    before = [low] if low < first - RUN_ON and _agree(crossing[:, 1], low, first - low, _whole(along, first)) else []
    after = [high] if high > last + RUN_ON and _agree(crossing[:, 2], high, high - last, _whole(along, last)) else []
    return before, after


def _whole(rules: Floats, position: float) -> bool:
    """Whether the rules at a position are about as long as all rules together."""
    at = rules[np.abs(rules[:, 0] - position) < NARROWEST]
    return float((at[:, 2] - at[:, 1]).sum()) > WHOLE * float(rules[:, 2].max() - rules[:, 1].min())


def _agree(ends: Floats, end: float, beyond: float, whole: bool) -> bool:
    """Whether enough rules end there: most of them; two that reach a column's width further (merged cells take away the others); or one,
    where they are few, or the last drawn rule is not `whole`: it lies inside a merged cell's neighbour."""
    if beyond > ALONE_FAR and (len(ends) < FEW or not whole):
        return True
    least = max(2, len(ends) // 2 + 1)
    return int((np.abs(ends - end) <= MEET).sum()) >= (min(2, least) if beyond > RUN_FAR else least)
