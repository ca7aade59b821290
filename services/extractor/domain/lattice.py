"""Ruling lines → lattices: which lines belong together, their joints, and the cells with spans between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from services.extractor.domain.meeting import components, touching, with_plain_strips
from services.extractor.domain.outerborders import NARROWEST, run_on
from services.extractor.domain.page import Bools, Floats, Ints
from services.extractor.domain.rulings import Rulings

# A rule belongs to a cell's border if it covers more than half of it: a fixed tolerance breaks header rows 6 pt high.
COVER = 0.5
# Shares of a side within which a rule covers it in part: rules that stop short of a joint, or overshoot it, lie outside.
HALF = (0.15, 0.8)
# Share of cells with an inner side that is mostly not drawn, at most: .00 in each of 800 tables, .17 and more in charts.
RAGGED = 0.1
# A grid without outer borders has so many cells: two axes that cross make four.
INNER_CELLS = 6


@dataclass(frozen=True, slots=True)
class Lattice:
    """A grid drawn on a page: `xs` and `ys` are its rules (columns + 1, rows + 1), `cells` rows of (row, col, rowspan, colspan).

    `owner`: rows × columns, the index in `cells`. `open_top`: per column whether the upper border is not drawn; `open_bottom` likewise:
    where a page break cut a cell. `half`: (row, col) beside whose side a rule is drawn in part, so that its being a border is a near thing.
    """

    xs: Floats
    ys: Floats
    cells: list[tuple[int, int, int, int]]
    owner: Ints
    open_top: list[bool]
    open_bottom: list[bool]
    half: list[tuple[int, int]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of the grid."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Columns of the grid."""
        return len(self.xs) - 1

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(x0, top, x1, bottom) in reading space."""
        return (float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1]))

    def cell_boxes(self) -> list[tuple[float, float, float, float]]:
        """(x0, top, x1, bottom) of each cell."""
        xs, ys = self.xs.tolist(), self.ys.tolist()
        return [(xs[c], ys[r], xs[c + colspan], ys[r + rowspan]) for r, c, rowspan, colspan in self.cells]


def find_lattices(rulings: Rulings) -> list[Lattice]:
    """All lattices of a page, top to bottom, then left to right; also those that turn out to be boxes."""
    h, v = rulings.horizontal, rulings.vertical
    if len(h) < 1 or len(v) < 1:
        return []
    found = []
    touch = touching(h, v)
    lone: Bools = np.asarray(~touch.any(axis=1))
    standing: Bools = np.asarray(~touch.any(axis=0))
    for rows, columns in components(touch):
        across, down = with_plain_strips(h, rows, v[columns], lone), with_plain_strips(v, columns, h[rows], standing)
        lattice = _lattice(across, down)
        if lattice is not None:
            found.append(lattice)
    return sorted(_outermost(found), key=lambda one: (one.box[1], one.box[0]))


def _lattice(h: Floats, v: Floats) -> Lattice | None:
    drawn_xs, drawn_ys = _positions(v[:, 0]), _positions(h[:, 0])
    left, right = run_on(drawn_xs, h, v)
    top, bottom = run_on(drawn_ys, v, h)
    xs: Floats = np.array([*left, *drawn_xs, *right])
    ys: Floats = np.array([*top, *drawn_ys, *bottom])
    if len(xs) < 2 or len(ys) < 2:
        return None
    upright, level = _cover(xs, ys, v), _cover(ys, xs, h).T  # rows × lines; lines × columns
    vertical, horizontal = upright > COVER, level > COVER
    used: Bools = np.asarray(vertical.any(axis=0))
    used[0] = used[-1] = True
    kept: Bools = np.asarray(horizontal.any(axis=1))
    kept[0] = kept[-1] = True
    if not used.all() or not kept.all():
        xs, ys = xs[used], ys[kept]
        upright, level = _cover(xs, ys, v), _cover(ys, xs, h).T
        vertical, horizontal = upright > COVER, level > COVER
    vertical_list, horizontal_list = vertical.tolist(), horizontal.tolist()
    cells, owner = _cells(vertical_list, horizontal_list, len(ys) - 1, len(xs) - 1)
    if not (_all_drawn(owner, vertical, horizontal) or _closed(cells, xs, ys, vertical, horizontal)):
        return None
    return Lattice(xs, ys, cells, owner, [not x for x in horizontal_list[0]], [not x for x in horizontal_list[-1]], _half(upright, level))


def _half(upright: Floats, level: Floats) -> list[tuple[int, int]]:
    """Cells of the grid beside sides that are drawn in part. Args: shares drawn: rows × lines, lines × columns."""
    low, high = HALF
    rows, columns = len(upright), level.shape[1]
    beside, around = (zip(*(at.tolist() for at in ((share > low) & (share < high)).nonzero()), strict=True) for share in (upright, level))
    found = [(row, col) for row, line in beside for col in (line - 1, line) if 0 <= col < columns]
    return found + [(row, col) for line, col in around for row in (line - 1, line) if 0 <= row < rows]


def _positions(values: Floats) -> list[float]:
    """Distinct positions; those closer than a strip of text are one."""
    result: list[float] = []
    for value in sorted(set(values.tolist())):
        if not result or value - result[-1] >= NARROWEST:
            result.append(value)
    return result


def _cover(lines: Floats, across: Floats, rules: Floats) -> Floats:
    """(intervals of `across`) × (lines): the share of an interval that the rules at a line cover; two beside each other (a double rule)
    count once."""
    at = np.abs(rules[:, 0:1] - lines[None, :]).argmin(axis=1)
    start, end = rules[:, 1], rules[:, 2]
    several = np.count_nonzero(np.bincount(at) > 1)
    if several:
        order = np.lexsort((start, at))
        at, start, end = at[order], start[order], end[order]
        offset = at * 1e6
        before = np.empty(len(at))  # how far those at the same line reach already
        before[0] = -1e9
        np.maximum.accumulate((end + offset)[:-1], out=before[1:])
        start = np.maximum(start, before - offset)
    drawn = np.maximum(np.minimum(end[:, None], across[None, 1:]) - np.maximum(start[:, None], across[None, :-1]), 0.0)
    result = np.zeros((len(lines), len(across) - 1))
    if several:
        np.add.at(result, at, drawn)
    else:
        result[at] = drawn
    return np.asarray((result / (across[1:] - across[:-1])).T)


def _cells(
    vertical: list[list[bool]], horizontal: list[list[bool]], rows: int, columns: int
) -> tuple[list[tuple[int, int, int, int]], Ints]:
    """Cells in reading order: each grows right until a border, then down while nothing separates it from the row below."""
    owner = [[-1] * columns for _ in range(rows)]
    cells: list[tuple[int, int, int, int]] = []
    for row in range(rows):
        if max(owner[row]) < 0 and all(vertical[row][1:columns]) and (row + 1 == rows or all(horizontal[row + 1])):
            owner[row] = list(range(len(cells), len(cells) + columns))  # a row of single cells, as most are
            cells += [(row, col, 1, 1) for col in range(columns)]
            continue
        for col in range(columns):
            if owner[row][col] >= 0:
                continue
            end = col + 1
            while end < columns and not vertical[row][end] and owner[row][end] < 0:
                end += 1
            low = row + 1
            while low < rows and not any(horizontal[low][col:end]) and _open_row(vertical[low], owner[low], col, end):
                low += 1
            for r in range(row, low):
                owner[r][col:end] = [len(cells)] * (end - col)
            cells.append((row, col, low - row, end - col))
    return cells, np.array(owner, dtype=np.int32).reshape(rows, columns)


def _open_row(borders: list[bool], owner: list[int], col: int, end: int) -> bool:
    """Whether a row can join the cell above it: nothing divides it there, nothing of it is taken."""
    return not any(borders[col + 1 : end]) and all(one < 0 for one in owner[col:end])


def _all_drawn(owner: Ints, vertical: Bools, horizontal: Bools) -> bool:
    """Whether the frame and all borders between cells are drawn in full, as in most tables."""
    if not (vertical[:, 0].all() and vertical[:, -1].all() and horizontal[0].all() and horizontal[-1].all()):
        return False
    beside, below = (owner[:, 1:] != owner[:, :-1]) & ~vertical[:, 1:-1], (owner[1:] != owner[:-1]) & ~horizontal[1:-1]
    return not np.count_nonzero(beside) and not np.count_nonzero(below)


def _closed(cells: list[tuple[int, int, int, int]], xs: Floats, ys: Floats, vertical: Bools, horizontal: Bools) -> bool:
    """Whether rules close cells, as in a table: the boxes and connecting lines of an organisation chart meet as well, but leave most of the
    areas between them open, and so do the bars of a chart on its grid.

    At least two sides of the whole are drawn (no left and right border; no upper one after a page break), or none of the outer borders of
    a larger grid; and few cells have a side inside that is mostly not drawn.
    """
    across = np.zeros((len(ys), len(xs)))  # up to each border, the length of the rule that is drawn
    np.cumsum(horizontal * np.diff(xs), axis=1, out=across[:, 1:])
    down = np.zeros((len(ys), len(xs)))
    np.cumsum(vertical * np.diff(ys)[:, None], axis=0, out=down[1:])
    wide, high = float(xs[-1] - xs[0]), float(ys[-1] - ys[0])
    sides = (across[0, -1] / wide, across[-1, -1] / wide, down[-1, 0] / high, down[-1, -1] / high)
    drawn = sum(side > COVER for side in sides)
    if drawn < 2 and len(cells) < INNER_CELLS:
        return False
    row, col, rows, columns = np.array(cells).T
    low, right = row + rows, col + columns
    half_wide, half_high = COVER * (xs[right] - xs[col]), COVER * (ys[low] - ys[row])
    ragged = (
        ((row > 0) & (across[row, right] - across[row, col] < half_wide))
        | ((low < len(ys) - 1) & (across[low, right] - across[low, col] < half_wide))
        | ((col > 0) & (down[low, col] - down[row, col] < half_high))
        | ((right < len(xs) - 1) & (down[low, right] - down[row, right] < half_high))
    )
    return bool(ragged.sum() <= (max(1.0, RAGGED * len(cells)) if drawn >= 2 else 0))


def _outermost(lattices: list[Lattice]) -> list[Lattice]:
    """Lattices that are not the same place twice: of two that lie over each other the one with more cells is kept.

    A frame around a table stays a frame, and the table inside counts. A table that lies inside one cell of another one is a table of its
    own, and both are kept.
    """
    kept: list[Lattice] = []
    for one in sorted(lattices, key=lambda item: -len(item.cells)):
        if not any(_nested(one.box, other.box) and not _in_a_cell(one, other) for other in kept):
            kept.append(one)
    return kept


def _in_a_cell(first: Lattice, second: Lattice) -> bool:
    """Whether one of two lattices lies inside a single cell of the other, which has others besides."""
    inner, outer = sorted((first, second), key=lambda one: (one.box[2] - one.box[0]) * (one.box[3] - one.box[1]))
    if min(outer.rows, outer.columns) < 2:
        return False
    x0, top, x1, bottom = inner.box
    return any(x0 > c[0] and x1 < c[2] and top > c[1] and bottom < c[3] for c in outer.cell_boxes())


def _nested(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    """Whether one box lies inside the other, by more than half of the smaller one's area."""
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (first, second))
    return wide > 0 and high > 0 and wide * high > 0.5 * smaller
