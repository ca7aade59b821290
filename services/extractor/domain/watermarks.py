"""Large letters printed across a table: a watermark, which belongs to none of the cells that its letters happen to stand in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.extractor.domain.lattice import Lattice
from services.extractor.domain.page import Bools, Floats, PageContents

# A watermark's em against the page's usual one (seen 4 to 10; titles inside a table's first row reach 2.2), and against its cell's
# height: text that a row was made for is smaller.
_LARGER, _HIGHER = 2.5, 1.0


def watermark(page: PageContents, lattices: Sequence[Lattice], x: Floats, y: Floats) -> Bools:
    """Which glyphs are too large for the cell that they stand in. Args: x, y: the middles of the page's glyphs."""
    found = np.zeros(len(page.size), dtype=np.bool_)
    if not len(page.size) or not lattices:
        return found
    if page.size.max() <= _LARGER * page.size.min():
        return found
    large = np.flatnonzero(page.size > _LARGER * np.median(page.size))
    if not len(large):
        return found
    for lattice in lattices:
        x0, top, x1, bottom = lattice.box
        inside = large[(x[large] > x0) & (x[large] < x1) & (y[large] > top) & (y[large] < bottom)]
        if len(inside) and lattice.columns > 1:
            columns = np.clip(np.searchsorted(lattice.xs, x[inside]) - 1, 0, lattice.columns - 1)
            rows = np.clip(np.searchsorted(lattice.ys, y[inside]) - 1, 0, lattice.rows - 1)
            heights = np.array([box[3] - box[1] for box in lattice.cell_boxes()])[lattice.owner[rows, columns]]
            found[inside] = page.size[inside] > _HIGHER * heights
    return found
