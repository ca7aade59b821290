"""Bars that stand on one line with different heights: a chart, whose labels may look like columns of figures."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.page import Floats, PageContents
from services.extractor.domain.paint import coloured_areas, seen
from services.extractor.domain.rulings import Rulings

Rect = tuple[float, float, float, float]

# So many different heights on one line: fills of a boxhead with merged cells have two or three, its rules stand in a lattice.
HEIGHTS = 3
# Ends within this many points are on one line.
LEVEL = 0.6
# Figures that look like a table stand above some of a chart's bars: the others begin this far beside them, and end this far below, in points.
BESIDE, BELOW = 150.0, 200.0


def stands_in_chart(box: Rect, page: PageContents, rulings: Rulings) -> bool:
    """Whether bars, filled or outlined, stand or lie side by side on one line in a region (reading space), each of its own length."""
    areas = page.marks[coloured_areas(page, seen(page.paint))]
    upright = np.concatenate([areas, _sides(rulings.vertical, 1)])
    lying = np.concatenate([areas, _sides(rulings.horizontal, 0)])
    return _bars(upright, box, 1) or _bars(lying[lying[:, 3] - lying[:, 1] > LEVEL], box, 0)


def _sides(rules: Floats, axis: int) -> Floats:
    at, start, end = rules.T
    return np.stack([at, start, at, end] if axis == 1 else [start, at, end, at], axis=1)


def _bars(boxes: Floats, box: Rect, axis: int) -> bool:
    """Whether enough boxes share a foot (axis 1: their lower edge; 0: their left one) and reach differently far from it."""
    x0, top, x1, bottom = box
    near = boxes[(boxes[:, 0] < x1 + BESIDE) & (boxes[:, 2] > x0 - BESIDE) & (boxes[:, 1] < bottom + BELOW) & (boxes[:, 3] > top)]
    foot, tip = (near[:, 3], near[:, 1]) if axis == 1 else (near[:, 0], near[:, 2])
    for level in np.unique(np.round(foot, 0)).tolist():
        tips = np.sort(tip[np.abs(foot - level) <= LEVEL])
        if len(tips) >= HEIGHTS and int((np.diff(tips) > 2 * LEVEL).sum()) + 1 >= HEIGHTS:
            return True
    return False
