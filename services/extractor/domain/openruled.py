"""Tables ruled across only (three-line tables): rows and columns from text between horizontal rules that no vertical rule meets."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.lattice import MEET, Lattice
from services.extractor.domain.page import Bools, Floats, Ints, PageContents
from services.extractor.domain.rulings import Rulings

# Rules of one table: head, below the boxhead, foot. Two alone (a page's header and footer rule) make none.
LEAST_RULES = 3
# Columns are parted by a white strip this wide (ems) through all rows below the boxhead.
COLUMN_GAP = 0.9
_FIGURE = re.compile(r"^[-−－]?[\d,，]+(?:\.\d+)?%?$")


def find_open_tables(rulings: Rulings, page: PageContents, keep: Bools) -> list[Lattice]:
    """Lattices of tables without vertical rules; `keep`: the page's glyphs that are in no other table."""
    alone = rulings.horizontal[~_met(rulings.horizontal, rulings.vertical)].tolist()
    found = []
    for rules in _groups(alone):
        lattice = _lattice(rules, page, keep)
        if lattice is not None:
            found.append(lattice)
    return found


def _met(horizontal: Floats, vertical: Floats) -> Bools:
    """Which horizontal rules a vertical one meets."""
    position, start, end = horizontal.T[:, :, None]
    across = (vertical[:, 0] >= start - MEET) & (vertical[:, 0] <= end + MEET)
    return np.asarray((across & (vertical[:, 1] - MEET <= position) & (position <= vertical[:, 2] + MEET)).any(axis=1))


def _groups(rules: list[list[float]]) -> list[list[list[float]]]:
    """Rules of the same extent, from top to bottom."""
    groups: list[list[list[float]]] = []
    for rule in sorted(rules):
        home = next((g for g in groups if abs(g[0][1] - rule[1]) <= MEET and abs(g[0][2] - rule[2]) <= MEET), None)
        if home is None:
            groups.append([rule])
        else:
            home.append(rule)
    return [group for group in groups if len(group) >= LEAST_RULES]


def _lattice(rules: list[list[float]], page: PageContents, keep: Bools) -> Lattice | None:
    top, bottom, left, right = rules[0][0], rules[-1][0], rules[0][1], rules[0][2]
    x = (page.box[:, 0] + page.box[:, 2]) / 2
    y = page.origin[:, 1]
    inside = np.flatnonzero(keep & (x > left - MEET) & (x < right + MEET) & (y > top) & (y < bottom + MEET))
    body = inside[y[inside] > rules[1][0]]
    if len(body) < 2:
        return None
    em = float(np.median(page.size[body]))
    inner = _white_strips(page.box[body], em)
    if not inner:
        return None
    xs = np.array([left, *inner, right])
    ys = np.array(_row_borders([rule[0] for rule in rules], y[inside], em))
    if not _has_figures(page, body, xs, ys):
        return None
    cells, owner = _cells(page, inside, xs, ys, head=rules[1][0])
    columns = len(xs) - 1
    return Lattice(xs, ys, cells, owner, [False] * columns, [False] * columns)


def _white_strips(box: Floats, em: float) -> list[float]:
    """Middles of the strips that no glyph touches."""
    order = np.argsort(box[:, 0])
    reach = np.maximum.accumulate(box[order, 2])
    start = box[order, 0]
    gaps = np.flatnonzero(start[1:] - reach[:-1] > COLUMN_GAP * em)
    return [float(start[k + 1] + reach[k]) / 2 for k in gaps.tolist()]


def _row_borders(rules: list[float], baselines: Floats, em: float) -> list[float]:
    """The rules, and between lines of text that no rule parts."""
    borders = list(rules)
    lines: list[float] = []
    for value in np.sort(baselines).tolist():
        if not lines or value - lines[-1] > 0.5 * em:
            lines.append(value)
    for first, second in pairwise(lines):
        if not any(first < rule < second for rule in rules):
            borders.append(second - 0.95 * em)
    return sorted(borders)


def _has_figures(page: PageContents, body: NDArray[np.int64], xs: Floats, ys: Floats) -> bool:
    """Whether a column holds figures: prose between rules has none of its own."""
    columns = np.searchsorted(xs, page.box[body, 0] + 0.1) - 1
    rows = np.searchsorted(ys, page.origin[body, 1]) - 1
    texts: dict[tuple[int, int], str] = {}
    for k, row, col in zip(body.tolist(), rows.tolist(), columns.tolist(), strict=True):
        texts[row, col] = texts.get((row, col), "") + chr(int(page.codes[k]))
    return sum(bool(_FIGURE.match(text)) for (_, col), text in texts.items() if col > 0) >= 1


def _cells(
    page: PageContents, inside: NDArray[np.int64], xs: Floats, ys: Floats, head: float
) -> tuple[list[tuple[int, int, int, int]], Ints]:
    """One cell per row and column; in the boxhead a run of text over a border spans the columns."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = np.full((rows, columns), -1, dtype=np.int32)
    cells: list[tuple[int, int, int, int]] = []
    for row in range(rows):
        crossed = [False] * (columns + 1)
        if ys[row] < head:
            glyphs = inside[(page.origin[inside, 1] > ys[row]) & (page.origin[inside, 1] <= ys[row + 1])]
            for k in range(1, columns):
                crossed[k] = bool(((page.box[glyphs, 0] < xs[k]) & (page.box[glyphs, 2] > xs[k])).any())
        col = 0
        while col < columns:
            end = col + 1
            while end < columns and crossed[end]:
                end += 1
            owner[row, col:end] = len(cells)
            cells.append((row, col, 1, end - col))
            col = end
    return cells, owner
