"""What speaks against a cell as read, from its place: its column's figures, the borders around it, its text's grammar."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

import numpy as np

from services.extractor.domain.evidence import Doubt, Indices, Marks, glyph_doubts
from services.extractor.domain.glyphs import TextMaker
from services.extractor.domain.lattice import Lattice
from services.extractor.domain.page import Bools, Floats, Ints

# Text beside a table that is nearer to it than this, ems, may be a part of it.
BEYOND = 0.3
# A column says how its figures are set, and with how many decimals, where it has this many, and this share of them agrees.
LEAST_FIGURES, AGREED = 4, 0.8
# Margins that differ by less than this many ems are the same.
SAME_MARGIN = 0.2
# Text of which the middles agree this closely (ems) with its cell's is set for the whole cell.
CENTRED = 0.5
# A text on each side of a missing border leaves at least this much free there, ems: side by side, one above the other.
BETWEEN = (0.5, 0.1)
# A line with less room than this beside it, ems, is full: margins, and a character that did not fit.
FULL = 2.0
# Digits with points, commas and hyphens that are neither a figure nor an ordinal ("3."): 1,23.4, two points, two figures in one.
_GRAMMAR = re.compile(r"^(?!(?:[-−－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?%?|\d\d?\.)$)[-−－.,，]*\d[-−－\d,，. ]*%?$", re.MULTILINE)
# Texts further than this (ems) from a border that they alone have were written with regard to it.
NEAR_STRAY = 0.3
_GLUED = re.compile(r"[\u4e00-\u9fff] ?[-−－]?[\d,，]*\d\.\d{0,2}$|^[-−－]?[\d,，]*\d\.\d\d[\u4e00-\u9fff]", re.MULTILINE)
# Control characters, the private use area, the replacement character: what stands where a font has no Unicode values.
_NAMELESS = re.compile("[\x00-\x09\x0b-\x1f\ue000-\uf8ff\ufffd-\uffff]")


def doubts(
    lattice: Lattice,
    maker: TextMaker,
    glyphs: tuple[Indices, Indices, Indices],
    boxes: Floats,
    texts: list[str],
    moved: set[int],
    outside: Indices,
) -> list[int]:
    """The doubts about each cell of a table (`Doubt`, put together).

    Args: glyphs: the table's in reading order, their cells, their lines. boxes, texts: of the cells. moved: cells that text was pulled
    back into. outside: glyphs of the page beside the table.
    """
    index, owner, line = glyphs
    marks = Marks(len(boxes))
    codes = maker.page.codes[index]
    figure = ((codes >= 48) & (codes <= 57)) | ((codes >= 44) & (codes <= 46))  # digits , - .
    glyph_doubts(marks, maker, index, owner, line, boxes, figure)
    starts = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    cells = owner[starts]
    extent = np.full((len(boxes), 4), np.nan)
    box = maker.page.box[index]
    extent[cells, :2] = np.minimum.reduceat(box[:, :2], starts, axis=0)
    extent[cells, 2:] = np.maximum.reduceat(box[:, 2:], starts, axis=0)
    em = float(np.median(maker.page.size[index]))
    whole = np.logical_and.reduceat(figure, starts)
    _columns(marks, lattice, cells[whole], extent, boxes, em)
    _decimals(marks, lattice, owner, codes, figure, starts, whole)
    _borders(marks, lattice, boxes, extent, maker.page.box, index, owner, em)
    _texts(marks, texts)
    marks.add(Doubt.PULLED_BACK, np.array(sorted(moved), dtype=np.int64))
    if len(outside):
        _beyond(marks, lattice, maker, outside, em)
    return _beside(marks, lattice, texts)


def _texts(marks: Marks, texts: list[str]) -> None:
    """Digits that are no figure, figures grown together with names, characters without meaning: one search of each over all texts."""
    everything = "\n".join(texts)
    for pattern, doubt in ((_GRAMMAR, Doubt.GRAMMAR), (_GLUED, Doubt.GLUED), (_NAMELESS, Doubt.NO_UNICODE)):
        places = [match.start() for match in pattern.finditer(everything)]
        if places:
            starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
            marks.add(doubt, np.array([bisect_right(starts, place) - 1 for place in places]))


def _groups(lattice: Lattice, cells: Indices) -> Indices:
    """A number per cell: its columns."""
    spans = np.array([lattice.cells[k] for k in cells.tolist()])
    return np.asarray(spans[:, 1] * (lattice.columns + 1) + spans[:, 3])


def _columns(marks: Marks, lattice: Lattice, cells: Indices, extent: Floats, boxes: Floats, em: float) -> None:
    """Figures that are not set as the others of their column: to the right, to the left, or in the middle."""
    if len(cells) < LEAST_FIGURES:
        return
    group = _groups(lattice, cells)
    left, right = extent[cells, 0] - boxes[cells, 0], boxes[cells, 2] - extent[cells, 2]
    aligned = np.zeros(len(cells), dtype=np.bool_)
    count = np.bincount(group)
    agreed = np.zeros(len(count), dtype=np.bool_)
    for margin in (right, left, (left - right) / 2):
        same = np.abs(margin - _medians(group, margin)[group]) < SAME_MARGIN * em
        agreed |= np.bincount(group, same) >= AGREED * count
        aligned |= same
        if aligned.all():
            return
    long = extent[cells, 2] - extent[cells, 0] > 1.6 * em  # shorter ones are numbers of columns and rows
    marks.add(Doubt.ASIDE, cells[~aligned & long & agreed[group] & (count[group] >= LEAST_FIGURES)])


def _medians(group: Indices, values: Floats) -> Floats:
    """The lower median of the values of each group."""
    order = np.lexsort((values, group))
    count = np.bincount(group)
    first = np.cumsum(count) - count
    middle = np.minimum(first + (count - 1) // 2, len(values) - 1)
    return np.asarray(values[order][middle])


def _decimals(marks: Marks, lattice: Lattice, owner: Indices, codes: Ints, figure: Bools, starts: Indices, whole: Bools) -> None:
    """Figures with more or fewer decimals than nearly all of their column."""
    point = np.flatnonzero((codes == 46) & figure)
    if len(point) < LEAST_FIGURES:
        return
    place = np.searchsorted(starts, point, side="right") - 1
    point = point[whole[place]]
    if len(point) < LEAST_FIGURES:
        return
    last = np.append(starts[1:], len(owner)) - 1
    place = np.searchsorted(starts, point, side="right") - 1
    decimals = np.minimum(last[place] - point, 9)
    if decimals.min() == decimals.max():
        return
    cells = owner[point]
    group = _groups(lattice, cells)
    table = np.zeros((int(group.max()) + 1, 10))
    np.add.at(table, (group, decimals), 1)
    usual, count = table.argmax(1), table.sum(1)
    sure = (table.max(1) >= AGREED * count) & (count >= LEAST_FIGURES)
    marks.add(Doubt.DECIMALS, cells[sure[group] & (decimals != usual[group])])


def _borders(marks: Marks, lattice: Lattice, boxes: Floats, extent: Floats, box: Floats, index: Indices, owner: Indices, em: float) -> None:
    """Borders that one row (column) alone has, or alone lacks; rules that cover a side in part."""
    grid = lattice.owner
    upright, level = grid[:, 1:] != grid[:, :-1], grid[1:] != grid[:-1]
    _strays(marks, lattice, boxes, extent, em)
    if not upright.all():
        alone = ~upright
        alone[0] = False
        alone[1:] &= upright[:-1]
        alone[:-1] &= upright[1:]
        for row, k in zip(*(one.tolist() for one in np.nonzero(alone)), strict=True):
            _merged(marks, int(grid[row, k]), float(lattice.xs[k + 1]), 0, (boxes, extent, box[index], owner), em)
    if not level.all():
        alone = ~level
        alone[:, 1:] &= level[:, :-1]
        alone[:, :-1] &= level[:, 1:]
        for k, col in zip(*(one.tolist() for one in np.nonzero(alone)), strict=True):
            _merged(marks, int(grid[k, col]), float(lattice.ys[k + 1]), 1, (boxes, extent, box[index], owner), em)
    for row, col in lattice.half:
        marks.add(Doubt.HALF_RULE, np.array([grid[row, col]]))


def _strays(marks: Marks, lattice: Lattice, boxes: Floats, extent: Floats, em: float) -> None:
    """A border between one cell and another that no other cells of the table have, with an empty one beside it, or text up to it."""
    grid = lattice.owner
    for axis, pairs in ((0, grid[:, 1:] != grid[:, :-1]), (1, (grid[1:] != grid[:-1]).T)):
        lines = grid if axis == 0 else grid.T
        count = pairs.sum(0)
        if len(pairs) < (4, 3)[axis]:
            continue
        for k in np.flatnonzero((count <= 3) & (count * 2 < len(pairs))).tolist():
            at = np.flatnonzero(pairs[:, k])
            sides = {(int(one), int(other)) for one, other in zip(lines[at, k], lines[at, k + 1], strict=True)}
            if len(sides) == 1:
                one, other = sides.pop()
                before, after = boxes[one, axis + 2] - extent[one, axis + 2], extent[other, axis] - boxes[other, axis]
                if not (before > NEAR_STRAY * em and after > NEAR_STRAY * em):  # empty cells have no extent
                    marks.add(Doubt.STRAY, np.array([one, other]))


def _merged(marks: Marks, cell: int, border: float, axis: int, arrays: tuple[Floats, Floats, Floats, Indices], em: float) -> None:
    """A cell that lacks a border where the rows (columns) on both sides have it: does its text stand as in one cell?"""
    boxes, extent, box, owner = arrays
    before, after = extent[cell, axis] - boxes[cell, axis], boxes[cell, axis + 2] - extent[cell, axis + 2]
    mine = np.flatnonzero(owner == cell)
    if len(mine):
        below, above = box[mine, axis + 2] <= border + 0.1 * em, box[mine, axis] >= border - 0.1 * em
        if (below | above).all() and below.any() and above.any():
            upper, lower = box[mine[below]], box[mine[above]]
            # A text that goes on in a second line fills its first one.
            room = boxes[cell, 2] - boxes[cell, 0] - (upper[:, 2].max() - upper[:, 0].min()) if axis == 1 else np.inf
            if lower[:, axis].min() - upper[:, axis + 2].max() > BETWEEN[axis] * em and room > FULL * em:
                marks.add(Doubt.MERGED_TEXTS, np.array([cell]))
    if not abs(before - after) < CENTRED * em:
        marks.add(Doubt.MERGED, np.array([cell]))


def _beyond(marks: Marks, lattice: Lattice, maker: TextMaker, outside: Indices, em: float) -> None:
    """Text right beside the table: cells at its edge on that line."""
    page = maker.page
    x0, _, x1, _ = lattice.box
    box, middle = page.box[outside], page.origin[outside, 1] - 0.35 * page.size[outside]
    rows = np.clip(np.searchsorted(lattice.ys, middle) - 1, 0, lattice.rows - 1)
    for near, col in ((np.abs(box[:, 2] - x0) < BEYOND * em, 0), (np.abs(box[:, 0] - x1) < BEYOND * em, -1)):
        marks.add(Doubt.BEYOND, lattice.owner[rows[near], col].astype(np.int64))


_OUT_OF_PLACE = int(Doubt.OVER_SIDE | Doubt.TOUCHING | Doubt.PULLED_BACK | Doubt.ASIDE | Doubt.GLUED | Doubt.OVERLAP | Doubt.GRAMMAR)


def _beside(marks: Marks, lattice: Lattice, texts: list[str]) -> list[int]:
    """Empty cells left or right of one whose text is out of place: it may be theirs."""
    found = marks.found
    for k in np.flatnonzero(found & _OUT_OF_PLACE).tolist():
        row, col, _, wide = lattice.cells[k]
        for beside in (col - 1, col + wide):
            if 0 <= beside < lattice.columns and not texts[other := int(lattice.owner[row, beside])]:
                found[other] |= int(Doubt.BESIDE)
    return list(found.tolist())
