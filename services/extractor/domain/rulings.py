"""Painted marks → ruling lines: which marks are rules at all, then snapped to common positions and joined.

Rules come as strokes, as thin filled rectangles, as both at once, as one piece per cell side, as dashes or dots drawn one by one. White
rules count where coloured areas make them seen. Transparent paint, zebra fills and other areas are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Bools, Floats, PageContents, no_floats
from services.extractor.domain.paint import coloured_areas, seen, shows_on

# Thickest bar that is a rule: real ones are 0.5–1.5 pt, heavy frames 3 pt; the lowest row of text seen is 6 pt high.
THICKEST = 3.2
# A stroke may lean by this much and still be a rule (coordinates rounded to whole pixels by browser prints).
LEAN = 0.8
# Rules of one border drawn by different rows lie up to 2 pt apart; double rules 1.5–2.5 pt.
SNAP_STEP, SNAP_SPAN = 2.0, 3.0
# Pieces of one rule: gaps of a point at the joints, 2.4 in all; borders of two tables stand 3 pt apart. Dashes drawn one by one have up to 8.
JOIN_GAP, DASH_GAP, DASH_LENGTH, DASH_COUNT = 2.8, 8.0, 9.0, 6
# A square up to this size is a dot, which may be of a dotted rule in either direction if another one follows within this gap.
DOT, DOT_GAP = 2.0, 3.0
# A white rule counts as a whole if coloured areas show this much of it: between striped rows that is half.
SHOWN = 1 / 3
# Shorter joined rules are ticks, joint squares, underlines of one letter.
SHORTEST = 5.0


@dataclass(frozen=True, slots=True)
class Rulings:
    """Ruling lines in reading space, n×3 each: position across, start, end; sorted by position. One row per joined piece."""

    horizontal: Floats
    vertical: Floats


def find_rulings(page: PageContents) -> Rulings:
    """The page's ruling lines."""
    return with_edges(page, no_floats(4), no_floats(4))


def with_edges(page: PageContents, flat_edges: Floats, tall_edges: Floats) -> Rulings:
    """The page's ruling lines and other edges, as boxes without thickness, taken for rules."""
    visible = seen(page.paint)
    flat, tall, box = _thin(page)
    dotted, stacked = _dots(box, flat, tall, page.filled & visible)
    areas = page.marks[coloured_areas(page, visible)]
    found = []
    for axis, thin, dots, edges in ((0, flat, dotted, flat_edges), (1, tall, stacked, tall_edges)):
        rules = np.concatenate([box[(thin & visible) | dots], edges])
        hidden = thin & ~visible & (page.paint[:, 3] > 0)
        if len(areas) and hidden.any():
            white = _joined(box[hidden], axis)
            white = white[shows_on(white, axis, areas) > SHOWN * (white[:, 2] - white[:, 1])]
            rules = np.concatenate([rules, _as_boxes(white, axis)])
        found.append(_joined(rules, axis))
    return Rulings(*found)


def _thin(page: PageContents) -> tuple[Bools, Bools, Floats]:
    """Which marks, whatever their colour, are thin enough for a horizontal or a vertical rule, and their boxes."""
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
    flat = thin_stroke & (extent[:, 1] <= limit) & (extent[:, 0] > extent[:, 1])
    tall = thin_stroke & (extent[:, 0] <= limit) & (extent[:, 1] > extent[:, 0])
    return flat, tall, box


def _dots(box: Floats, flat: Bools, tall: Bools, candidates: Bools) -> tuple[Bools, Bools]:
    """Small squares that others follow in a row, and those that others follow downwards."""
    extent = box[:, 2:] - box[:, :2]
    even = np.abs(extent[:, 0] - extent[:, 1]) <= 0.25 * extent.max(axis=1, initial=0.0) if len(box) else np.zeros(0, dtype=np.bool_)
    rows = np.flatnonzero(candidates & even & (extent <= DOT).all(axis=1))
    found = np.zeros((2, len(box)), dtype=np.bool_)
    for axis in (0, 1):
        if len(rows) < DASH_COUNT:
            break
        place = np.round(box[rows, 1 - axis], 1)
        order = rows[np.lexsort((box[rows, axis], place))]
        place = np.round(box[order, 1 - axis], 1)
        near = (np.diff(place) == 0) & (box[order[1:], axis] - box[order[:-1], axis + 2] < DOT_GAP)
        found[axis, order[1:][near]] = True
        found[axis, order[:-1][near]] = True
    return found[0] & ~flat, found[1] & ~tall


def _as_boxes(rules: Floats, axis: int) -> Floats:
    """Rules (position, start, end) as boxes without thickness."""
    at, start, end = rules.T
    return np.stack([start, at, end, at] if axis == 0 else [at, start, at, end], axis=1)


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
    order = np.lexsort((end, start, group))
    group, across, start, end = group[order], across[order], start[order], end[order]
    # The furthest end so far inside the group: pieces overlap where a rule is drawn twice.
    offset = group * 1e6
    furthest = np.maximum.accumulate(end + offset) - offset
    gap = start[1:] - furthest[:-1]
    fresh = np.concatenate([[True], (group[1:] != group[:-1]) | (gap > _gap_allowed(group, start, end)[1:])])
    piece = np.cumsum(fresh) - 1
    count = piece[-1] + 1
    result = np.empty((count, 3))
    first = np.flatnonzero(fresh)
    # Of the pieces joined here alone: another table above or below has its borders elsewhere.
    length = np.maximum(end - start, 0.01)
    result[:, 0] = np.bincount(piece, across * length) / np.bincount(piece, length)
    result[:, 1] = start[first]
    result[:, 2] = np.maximum.reduceat(end, first)
    result = result[result[:, 2] - result[:, 1] >= SHORTEST]
    return result[np.lexsort((result[:, 1], result[:, 0]))]


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
