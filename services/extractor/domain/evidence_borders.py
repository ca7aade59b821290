"""What speaks against a cell as read: borders that one row or column alone has, or alone lacks, and rules that cover a side in part."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.evidence import Doubt, Doubted, Filled
from services.extractor.domain.lattice import Lattice
from services.extractor.domain.page import Bools, Ints

# Text of which the middles agree this closely (ems) with its cell's is set for the whole cell.
CENTRED = 0.5
# A text on each side of a missing border leaves at least this much free there, ems: side by side, one above the other.
BETWEEN = (0.5, 0.1)
# A line with less room than this beside it, ems, is full: margins, and a character that did not fit.
FULL = 2.0
# Texts further than this (ems) from a border that they alone have were written with regard to it.
NEAR_STRAY = 0.3
# Rows, and columns, that a table has at least, of which a border may be one alone.
LEAST_LINES = (4, 3)


def border_doubts(doubted: Doubted, text: Filled, lattice: Lattice) -> None:
    """Doubts that a table's borders raise."""
    grid = lattice.owner
    upright, level = grid[:, 1:] != grid[:, :-1], grid[1:] != grid[:-1]
    if not upright.all():
        _strays(doubted, text, grid, upright, 0)
        alone = ~upright
        alone[0] = False  # the first row of a boxhead has groups
        alone[1:] &= upright[:-1]
        alone[:-1] &= upright[1:]
        for row, k in zip(*(one.tolist() for one in alone.nonzero()), strict=True):
            _merged(doubted, text, int(grid[row, k]), float(lattice.xs[k + 1]), 0)
    if not level.all():
        _strays(doubted, text, grid.T, level.T, 1)
        alone = ~level
        alone[:, 1:] &= level[:, :-1]
        alone[:, :-1] &= level[:, 1:]
        for k, col in zip(*(one.tolist() for one in alone.nonzero()), strict=True):
            _merged(doubted, text, int(grid[k, col]), float(lattice.ys[k + 1]), 1)
    for row, col in lattice.half:
        doubted.add(Doubt.HALF_RULE, grid[row : row + 1, col].astype(np.int64))


def _strays(doubted: Doubted, text: Filled, lines: Ints, pairs: Bools, axis: int) -> None:
    """A border between one cell and another that no other cells of the table have, with an empty one beside it, or text up to it."""
    if len(pairs) < LEAST_LINES[axis]:
        return
    count = pairs.sum(0)
    for k in ((count <= 3) & (count * 2 < len(pairs))).nonzero()[0].tolist():
        at = pairs[:, k].nonzero()[0]
        sides = {(int(one), int(other)) for one, other in zip(lines[at, k], lines[at, k + 1], strict=True)}
        if len(sides) == 1:
            one, other = sides.pop()
            before = text.boxes[one, axis + 2] - text.extent(one)[axis + 2]
            after = text.extent(other)[axis] - text.boxes[other, axis]
            if not (before > NEAR_STRAY * text.em and after > NEAR_STRAY * text.em):  # empty cells have no extent
                doubted.add(Doubt.STRAY, np.array([one, other]))


def _merged(doubted: Doubted, text: Filled, cell: int, border: float, axis: int) -> None:
    """A cell that lacks a border where the rows (columns) on both sides have it: does its text stand as in one cell?"""
    extent, box = text.extent(cell), text.boxes[cell]
    if extent[axis] < border < extent[axis + 2]:
        glyphs = text.box[text.glyphs_of(cell)]
        low, high = border + 0.1 * text.em, border - 0.1 * text.em
        upper, lower = glyphs[glyphs[:, axis + 2] <= low], glyphs[glyphs[:, axis] >= high]
        if len(upper) and len(lower) and len(upper) + len(lower) == len(glyphs):
            # A text that goes on in a second line fills its first one.
            room = box[2] - box[0] - (upper[:, 2].max() - upper[:, 0].min()) if axis == 1 else np.inf
            free = lower[:, axis].min() - upper[:, axis + 2].max()
            if free > BETWEEN[axis] * text.em and room > FULL * text.em:
                doubted.add(Doubt.MERGED_TEXTS, np.array([cell]))
    before, after = extent[axis] - box[axis], box[axis + 2] - extent[axis + 2]
    if not abs(before - after) < CENTRED * text.em:
        doubted.add(Doubt.MERGED, np.array([cell]))
