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
    if not len(page.marks):
        return Rulings(_joined(flat_edges, 0), _joined(tall_edges, 1))
    visible = seen(page.paint)
    flat, tall, box = _thin(page)
    dotted, stacked = _dots(box, flat, tall, page.filled & visible)
    areas = page.marks[coloured_areas(page, visible)]
    found = []
    for axis, thin, dots, edges in ((0, flat, dotted, flat_edges), (1, tall, stacked, tall_edges)):
        rules = box[(thin & visible) | dots]
        if len(edges):
            rules = np.concatenate([rules, edges])
        if len(areas) and np.count_nonzero(hidden := thin & ~visible & (page.paint[:, 3] > 0)):
            white = _joined(box[hidden], axis)
            white = white[shows_on(white, axis, areas) > SHOWN * (white[:, 2] - white[:, 1])]
            rules = np.concatenate([rules, _as_boxes(white, axis)])
        found.append(_joined(rules, axis))
    return Rulings(*found)


def _thin(page: PageContents) -> tuple[Bools, Bools, Floats]:
    """Which marks, whatever their colour, are thin enough for a horizontal or a vertical rule, and their boxes."""
    box = page.marks
    extent = box[:, 2:] - box[:, :2]
    area, thin_stroke = page.filled, None
    if page.weight.max() > THICKEST:
        # A short, very wide stroke is a bar across its own direction.
        bar = ~page.filled & (page.weight > np.maximum(THICKEST, extent.max(axis=1)))
        box, extent = _bars(box, extent, page.weight, bar)
        area = page.filled | bar
        thin_stroke = area | (page.weight <= THICKEST)
    limit = np.where(area, THICKEST, LEAN)
    wide, high = extent[:, 0], extent[:, 1]
    flat, tall = (high <= limit) & (wide > high), (wide <= limit) & (high > wide)
    return (flat, tall, box) if thin_stroke is None else (flat & thin_stroke, tall & thin_stroke, box)


def _dots(box: Floats, flat: Bools, tall: Bools, candidates: Bools) -> tuple[Bools, Bools]:
    """Small squares that others follow in a row, and those that others follow downwards."""
    found = np.zeros((2, len(box)), dtype=np.bool_)
    wide, high = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    small = candidates & (wide <= DOT) & (high <= DOT)
    if np.count_nonzero(small) < DASH_COUNT:
        return found[0], found[1]
    rows = (small & (np.abs(wide - high) <= 0.25 * np.maximum(wide, high))).nonzero()[0]
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
    order = across.argsort()
    group = np.empty(len(order), dtype=np.int64)
    group[order] = _snap(across[order])
    order = np.lexsort((across, end, start, group))
    group, across, start, end = group[order], across[order], start[order], end[order]
    # The furthest end so far inside the group: pieces overlap where a rule is drawn twice.
    offset = group * 1e6
    furthest = np.maximum.accumulate(end + offset) - offset
    gap = start[1:] - furthest[:-1]
    fresh = np.ones(len(group), dtype=np.bool_)
    np.logical_or(group[1:] != group[:-1], gap > _gap_allowed(group, start, end)[1:], out=fresh[1:])
    piece = fresh.cumsum() - 1
    first = fresh.nonzero()[0]
    result = np.empty((len(first), 3))
    # Of the pieces joined here alone: another table above or below has its borders elsewhere.
    length = np.maximum(end - start, 0.01)
    result[:, 0] = np.bincount(piece, across * length) / np.bincount(piece, length)
    result[:, 1] = start[first]
    result[:, 2] = np.maximum.reduceat(end, first)
    result = result[result[:, 2] - result[:, 1] >= SHORTEST]
    return result[np.lexsort((result[:, 1], result[:, 0]))]


def _snap(sorted_positions: Floats) -> NDArray[np.int64]:
    """Group number of each position: a new one where the step, or the group's span, grows too large."""
    fresh = np.zeros(len(sorted_positions), dtype=np.int64)
    changes = (sorted_positions[1:] != sorted_positions[:-1]).nonzero()[0] + 1  # pieces of one rule mostly stand at one place exactly
    first = last = float(sorted_positions[0])
    for k, value in zip(changes.tolist(), sorted_positions[changes].tolist(), strict=True):
        if value - last > SNAP_STEP or value - first > SNAP_SPAN:
            fresh[k] = 1
            first = value
        last = value
    return fresh.cumsum()


def _gap_allowed(group: NDArray[np.int64], start: Floats, end: Floats) -> Floats:
    """Per piece the gap before it that still belongs to its rule: more in groups of many short pieces, which are dashes."""
    pieces = np.bincount(group)
    if pieces.max() < DASH_COUNT:
        return np.full(len(group), JOIN_GAP)
    long_ones = np.bincount(group, (end - start) > DASH_LENGTH)
    dashed = (pieces >= DASH_COUNT) & (long_ones == 0)
    return np.where(dashed[group], DASH_GAP, JOIN_GAP)
