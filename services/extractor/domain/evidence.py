"""What speaks against a cell as read: the kinds of evidence, and the arrays of a table's text in which they are looked for.

Damage leaves traces: glyphs that overlap, gaps inside a figure, ink over a rule, a border that one row alone has. A trace proves nothing;
`domain/confidence.py` says what each was worth where it was measured. `domain/doubts.py` gathers them, once per table of a page.
"""

from __future__ import annotations

from enum import IntFlag, auto

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import TextMaker, starts_of
from services.extractor.domain.page import Bools, Floats, Ints

Indices = NDArray[np.int64]
"""Numbers of glyphs, cells or lines."""


class Doubt(IntFlag):
    """Kinds of evidence against a cell, each named by what is seen."""

    OVERLAP = auto()  # glyphs of one line stand on each other
    LINES_CLOSE = auto()  # lines stand on each other
    GAP = auto()  # a gap between two characters of a figure
    OFF_LINE = auto()  # characters of a figure on different baselines
    SIZES = auto()  # characters of a figure in different sizes
    ADVANCE = auto()  # a digit wider or narrower than that digit is elsewhere on the page
    OVER_SIDE = auto()  # a glyph reaches over the left or right border
    OVER_RULE = auto()  # a glyph reaches over the upper or lower border
    TOUCHING = auto()  # the text and its neighbour's touch the border between them
    CUT = auto()  # the clip or the edge of the page hides characters of the text
    BEYOND = auto()  # text beside the table touches the cell
    PULLED_BACK = auto()  # text had overrun the border and was pulled back
    NO_UNICODE = auto()  # a character without meaning
    GRAMMAR = auto()  # digits, points and commas that are no figure
    GLUED = auto()  # a figure right after or before a name
    DECIMALS = auto()  # other decimals than the column's
    ASIDE = auto()  # a figure out of its column's alignment
    BESIDE = auto()  # empty, beside a cell whose text is out of place
    MERGED = auto()  # one row or column lacks a border here that its neighbours have, and the text is not set for both
    MERGED_TEXTS = auto()  # the same, and text stands on both sides of the place
    STRAY = auto()  # a border that a single row or column of the table has
    HALF_RULE = auto()  # a rule covers a side in part
    AGAIN = auto()  # a tall cell's figure stands again below a page break
    PLACE = auto()  # columns told from white space alone: its row or column may be another one
    MENDED = auto()  # put together from two pages by how the text reads


class Doubted:
    """Doubts per cell, being gathered."""

    def __init__(self, cells: int) -> None:
        self.found = np.zeros(cells, dtype=np.int64)

    def add(self, doubt: Doubt, cells: Indices) -> None:
        """Adds a doubt to cells."""
        if len(cells):
            self.found[cells] |= int(doubt)


def _figure_table() -> Bools:
    """By code point below U+2213: characters of figures (digits, comma, hyphen, point, percent, minus)."""
    table = np.zeros(0x2214, dtype=np.bool_)
    table[[*range(0x30, 0x3A), *map(ord, ",-.%\u2212")]] = True
    return table


_FIGURE = _figure_table()


class Filled:
    """A table's glyphs in reading order, and its cells.

    `index`, `owner`, `line`: glyphs of the page, their cells, their lines; `starts`, `ends`: where each cell with text begins and ends in these; `cells`:
    which ones they are. `whole`: which of those are figures; `boxes`: of all cells; `em`: a size of type of the table.
    """

    def __init__(self, maker: TextMaker, index: Indices, owner: Indices, line: Indices, boxes: Floats) -> None:
        page = maker.page
        self.page, self.index, self.owner, self.line, self.boxes = page, index, owner, line, boxes
        self.start, self.end, self.across, self.size = maker.start[index], maker.end[index], maker.across[index], page.size[index]
        self.codes: Ints = page.codes[index]
        self.box: Floats = page.box[index]
        self.figure: Bools = _FIGURE.take(self.codes, mode="clip")
        self.starts = starts_of(owner)
        self.ends = np.append(self.starts[1:], len(owner))
        self.cells: Indices = owner[self.starts]
        self.whole: Bools = np.logical_and.reduceat(self.figure, self.starts)
        self.em = float(self.size[len(self.size) // 2])

    def extent(self, cell: int) -> tuple[float, float, float, float]:
        """The box around a cell's text; NaN where it has none."""
        box = self.box[self.glyphs_of(cell)]
        if not len(box):
            return (np.nan, np.nan, np.nan, np.nan)
        x0, top = box[:, :2].min(0).tolist()
        x1, bottom = box[:, 2:].max(0).tolist()
        return (x0, top, x1, bottom)

    def glyphs_of(self, cell: int) -> slice:
        """Where a cell's glyphs stand in the arrays."""
        place = int(self.cells.searchsorted(cell))
        if place == len(self.cells) or self.cells[place] != cell:
            return slice(0, 0)
        return slice(int(self.starts[place]), int(self.ends[place]))
