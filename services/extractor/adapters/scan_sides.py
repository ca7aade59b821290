"""Which sides of a grid's cells are drawn: each side's own ink, weighed against how rules can meet.

Cells are rectangles, so at a joint inside a table a rule passes through, or ends on one that does. A rule that ends in the open, or two
that turn a corner there, are a side that is missing or a stroke too many. Pure: nothing but arrays of shares.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from services.extractor.domain.page import Bools, Floats

# Share of a side that is inked → how much speaks for it: a stroke of a character has up to .15, a rule that lacks a third .65.
BLANK, DRAWN = 0.3, 0.85
# What a joint costs that cannot be, against a side's ink.
JOINT_COST = 0.7
OPEN_END, INNER_CORNER, BORDER_CORNER, BORDER_END = 1.0, 0.8, 0.3, 0.4
# Looks at all sides; two settle nearly all.
ROUNDS = 6


def decided(flat: Floats, tall: Floats, open_left: bool, open_right: bool) -> tuple[Bools, Bools]:
    """Which sides are drawn.

    Args: flat: share of ink of horizontal sides, lines × intervals between vertical lines; tall: of vertical sides, lines × intervals
    between horizontal ones. open_left, open_right: the first, last vertical line is none: rules just end there.
    """
    return _Sides(_spoken_for(flat), _spoken_for(tall), open_left, open_right).settled()


def _spoken_for(share: Floats) -> Floats:
    return np.asarray(np.clip((share - BLANK) / (DRAWN - BLANK), 0.0, 1.0))


class _Sides:
    def __init__(self, flat: Floats, tall: Floats, open_left: bool, open_right: bool) -> None:
        self._weight = (flat.tolist(), tall.tolist())
        self._drawn: tuple[list[list[bool]], list[list[bool]]] = ((flat > 0.5).tolist(), (tall > 0.5).tolist())
        self._rows, self._columns = len(flat), len(tall)  # lines
        self._open = {0} if open_left else set()
        self._open |= {self._columns - 1} if open_right else set()

    def settled(self) -> tuple[Bools, Bools]:
        """Changes one side after the other while that makes the whole likelier."""
        for _ in range(ROUNDS):
            changed = False
            for axis, line, place in self._doubtful():
                changed |= self._better(axis, line, place)
            if not changed:
                break
        flat = np.array(self._drawn[0], dtype=np.bool_).reshape(self._rows, -1)
        tall = np.array(self._drawn[1], dtype=np.bool_).reshape(self._columns, -1)
        return flat, tall

    def _doubtful(self) -> Iterator[tuple[int, int, int]]:
        """Sides with some ink but not all, and those at a joint that cannot be."""
        bad = {(i, j) for i in range(self._rows) for j in range(self._columns) if self._joint(i, j) > 0}
        for axis, weights in enumerate(self._weight):
            for line, row in enumerate(weights):
                if axis == 1 and line in self._open:
                    continue
                for place, weight in enumerate(row):
                    ends = ((line, place), (line, place + 1)) if axis == 0 else ((place, line), (place + 1, line))
                    if 0.02 < weight < 0.98 or ends[0] in bad or ends[1] in bad:
                        yield axis, line, place

    def _better(self, axis: int, line: int, place: int) -> bool:
        """Changes a side if that costs less."""
        before = self._cost(axis, line, place)
        self._drawn[axis][line][place] ^= True
        if self._cost(axis, line, place) < before - 1e-9:
            return True
        self._drawn[axis][line][place] ^= True
        return False

    def _cost(self, axis: int, line: int, place: int) -> float:
        weight: float = self._weight[axis][line][place]
        ends = ((line, place), (line, place + 1)) if axis == 0 else ((place, line), (place + 1, line))
        ink = 1 - weight if self._drawn[axis][line][place] else weight
        return float(ink) + JOINT_COST * (self._joint(*ends[0]) + self._joint(*ends[1]))

    def _joint(self, i: int, j: int) -> float:
        """What the joint of horizontal line i and vertical line j costs as it is."""
        flat, tall = self._drawn
        left, right = j > 0 and flat[i][j - 1], j < self._columns - 1 and flat[i][j]
        up, down = i > 0 and tall[j][i - 1], i < self._rows - 1 and tall[j][i]
        if (left and right) or (up and down) or not (left or right or up or down) or j in self._open:
            return 0.0
        on_side, on_end = j in (0, self._columns - 1), i in (0, self._rows - 1)
        if (left or right) and (up or down):
            return 0.0 if on_side and on_end else BORDER_CORNER if on_side or on_end else INNER_CORNER
        return BORDER_END if on_side or on_end else OPEN_END
