"""Tables whose cells are told apart by their fills alone: coloured cells with white gaps between them, or next to cells of another colour."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.lattice import Lattice, find_lattices
from services.extractor.domain.page import Bools, Floats, PageContents
from services.extractor.domain.paint import coloured_areas, on_paper, seen
from services.extractor.domain.rulings import with_edges

# A colour this close in every channel is the same.
SAME_COLOUR = 3.0
# An edge is not seen where an area of the same colour reaches this far over it, in points.
OVER = 0.3
# Fewer cells with fills are tiles or a chart's key.
LEAST_CELLS = 4
# Share of a table's cells that have fills of their own: striped rows under a coloured boxhead have half.
FILLED = 0.3


def find_filled_tables(page: PageContents, found: list[Lattice]) -> list[Lattice]:
    """Lattices made of the visible edges of fills, where no rules are drawn (`found`: those that have rules), with two rows and columns."""
    if np.count_nonzero(page.filled) < LEAST_CELLS:
        return []
    chosen = coloured_areas(page, seen(page.paint))
    if np.count_nonzero(chosen) < LEAST_CELLS:
        return []
    chosen[chosen] = ~_inside_any(page.marks[chosen], found)
    if np.count_nonzero(chosen) < LEAST_CELLS:
        return []
    boxes, colours = page.marks[chosen], on_paper(page.paint[chosen])
    flat, tall = (_edges(boxes, colours, axis) for axis in (0, 1))
    lattices = find_lattices(with_edges(page, flat, tall))
    return [one for one in lattices if _is_filled_table(one, boxes) and not _inside_any(np.array([one.box]), found)[0]]


def _inside_any(boxes: Floats, lattices: list[Lattice]) -> Bools:
    """Which boxes have their middle inside a lattice."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = np.zeros(len(boxes), dtype=np.bool_)
    for x0, top, x1, bottom in (one.box for one in lattices):
        inside |= (x > x0) & (x < x1) & (y > top) & (y < bottom)
    return inside


def _edges(boxes: Floats, colours: Floats, axis: int) -> Floats:
    """Edges of areas as boxes without thickness (axis 0: upper and lower ones) where no area of the same colour goes on beyond them."""
    same: Bools = np.asarray((np.abs(colours[:, None, :] - colours[None, :, :]) <= SAME_COLOUR).all(axis=2))
    np.fill_diagonal(same, False)
    middle = (boxes[:, axis] + boxes[:, axis + 2]) / 2
    along = (boxes[None, :, axis] < middle[:, None]) & (boxes[None, :, axis + 2] > middle[:, None])
    edges = []
    for side, outwards in ((1 - axis, -OVER), (3 - axis, OVER)):
        at = boxes[:, side]
        beyond = at + outwards
        goes_on = same & along & (boxes[None, :, 1 - axis] < beyond[:, None]) & (boxes[None, :, 3 - axis] > beyond[:, None])
        edge = boxes.copy()
        edge[:, 1 - axis] = edge[:, 3 - axis] = at
        edges.append(edge[~goes_on.any(axis=1)])
    return np.concatenate(edges)


def _is_filled_table(lattice: Lattice, boxes: Floats) -> bool:
    """Whether fills make a table: two rows and columns, and enough of its cells are filled."""
    if lattice.rows < 2 or lattice.columns < 2 or len(lattice.cells) < LEAST_CELLS:
        return False
    cells = np.array(lattice.cell_boxes())
    x, y = (cells[:, 0] + cells[:, 2]) / 2, (cells[:, 1] + cells[:, 3]) / 2
    filled = (
        (boxes[None, :, 0] < x[:, None])
        & (boxes[None, :, 2] > x[:, None])
        & (boxes[None, :, 1] < y[:, None])
        & (boxes[None, :, 3] > y[:, None])
    ).any(axis=1)
    return bool(filled.mean() >= FILLED)
