"""Painted marks → ruling lines: which marks are rules at all, then snapped to common positions and joined.

Rules come as strokes, as thin filled rectangles, as both at once, as one piece per cell side, as dashes drawn one by one. White and
transparent paint, zebra fills and other areas are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Bools, Floats, PageContents

# Thickest bar that is a rule: real ones are 0.5–1.5 pt, heavy frames 3 pt; the lowest row of text seen is 6 pt high.
THICKEST = 3.2
# A stroke may lean by this much and still be a rule (coordinates rounded to whole pixels by browser prints).
LEAN = 0.8
# Whiter than this in every channel, after transparency, is not seen on white paper.
WHITE = 250.0
# Rules of one border drawn by different rows lie up to 2 pt apart; double rules 1.5–2.5 pt.
SNAP_STEP, SNAP_SPAN = 2.0, 3.0
# Pieces of one rule: gaps of a point at the joints; dashes have gaps of up to 3 pt, drawn one by one up to 8 pt.
JOIN_GAP, DASH_GAP, DASH_LENGTH, DASH_COUNT = 3.0, 8.0, 9.0, 6
# Shorter joined rules are ticks, joint squares, underlines of one letter.
SHORTEST = 5.0


@dataclass(frozen=True, slots=True)
class Rulings:
    """Ruling lines in reading space, n×3 each: position across, start, end; sorted by position. One row per joined piece."""

    horizontal: Floats
    vertical: Floats


def find_rulings(page: PageContents) -> Rulings:
    """The page's ruling lines."""
    visible = _seen(page.paint)
    box = page.marks
    extent = box[:, 2:] - box[:, :2]
    along = extent.max(axis=1, initial=0.0) if len(box) else np.zeros(0)
    # A short, very wide stroke is a bar across its own direction.
    bar = ~page.filled & (page.weight > np.maximum(THICKEST, along))
    if bar.any():
        box, extent = _bars(box, extent, page.weight, bar)
    area = page.filled | bar
    limit = np.where(area, THICKEST, LEAN)
    thin_stroke = area | (page.weight <= THICKEST)
    flat = visible & thin_stroke & (extent[:, 1] <= limit) & (extent[:, 0] > extent[:, 1])
    tall = visible & thin_stroke & (extent[:, 0] <= limit) & (extent[:, 1] > extent[:, 0])
    return Rulings(_joined(box[flat], 0), _joined(box[tall], 1))


def _seen(paint: Floats) -> Bools:
    """Paint that differs from white paper."""
    cover = paint[:, 3:4] / 255.0
    on_paper = 255.0 - cover * (255.0 - paint[:, :3])
    return np.asarray((on_paper < WHITE).any(axis=1))


def _bars(box: Floats, extent: Floats, weight: Floats, bar: Bools) -> tuple[Floats, Floats]:
    box = box.copy()
    sideways = extent[:, 0] >= extent[:, 1]  # the stroke runs across: its width extends up and down
    for axis, chosen in ((1, bar & sideways), (0, bar & ~sideways)):
        box[chosen, axis] -= weight[chosen] / 2
        box[chosen, axis + 2] += weight[chosen] / 2
    return box, box[:, 2:] - box[:, :2]


def _joined(box: Floats, axis: int) -> Floats:
    """Snaps pieces that lie close across their direction and joins those that follow each other. `axis` 0: horizontal."""
    if not len(box):
        return np.zeros((0, 3))
    across = (box[:, 1 - axis] + box[:, 3 - axis]) / 2
    start, end = box[:, axis], box[:, axis + 2]
    order = np.lexsort((end, start, across))
    across, start, end = across[order], start[order], end[order]
    group = _snap(across)
    length = np.maximum(end - start, 0.01)
    position = np.bincount(group, across * length) / np.bincount(group, length)
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    # The furthest end so far inside the group: pieces overlap where a rule is drawn twice.
    offset = group * 1e6
    furthest = np.maximum.accumulate(end + offset) - offset
    gap = start[1:] - furthest[:-1]
    fresh = np.concatenate([[True], (group[1:] != group[:-1]) | (gap > _gap_allowed(group, start, end)[1:])])
    piece = np.cumsum(fresh) - 1
    count = piece[-1] + 1
    result = np.empty((count, 3))
    first = np.flatnonzero(fresh)
    result[:, 0] = position[group[first]]
    result[:, 1] = start[first]
    result[:, 2] = np.maximum.reduceat(end, first)
    return result[result[:, 2] - result[:, 1] >= SHORTEST]


def _snap(sorted_positions: Floats) -> NDArray[np.int64]:
    """Group number of each position: a new one where the step, or the group's span, grows too large."""
    if len(sorted_positions) > 1 and float(np.diff(sorted_positions).max()) == 0.0:
        return np.zeros(len(sorted_positions), dtype=np.int64)
    groups, first, last, number = [], -1e9, -1e9, -1
    for value in sorted_positions.tolist():
        if value - last > SNAP_STEP or value - first > SNAP_SPAN:
            number += 1
            first = value
        last = value
        groups.append(number)
    return np.array(groups, dtype=np.int64)


def _gap_allowed(group: NDArray[np.int64], start: Floats, end: Floats) -> Floats:
    """Per piece the gap before it that still belongs to its rule: more in groups of many short pieces, which are dashes."""
    pieces = np.bincount(group)
    long_ones = np.bincount(group, (end - start) > DASH_LENGTH)
    dashed = (pieces >= DASH_COUNT) & (long_ones == 0)
    return np.where(dashed[group], DASH_GAP, JOIN_GAP)
