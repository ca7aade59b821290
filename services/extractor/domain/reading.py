"""One page read: its lattices filled with text, and the lines of text outside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.aligned import aligned_regions
from services.extractor.domain.charts import stands_in_chart
from services.extractor.domain.doubts import doubts
from services.extractor.domain.evidence import Doubt, Filled
from services.extractor.domain.fills import find_filled_tables
from services.extractor.domain.glyphs import TextMaker, distinct, starts_of
from services.extractor.domain.halfopen import crowded_cells, keeps, names_side_by_side
from services.extractor.domain.lattice import Lattice, find_lattices
from services.extractor.domain.opencolumns import White, homes_of
from services.extractor.domain.opentable import OpenTable, find_open_tables
from services.extractor.domain.overrun import pull_back
from services.extractor.domain.page import Bools, Floats, PageContents
from services.extractor.domain.rulings import Rulings, find_rulings
from services.extractor.domain.watermarks import watermark
from shared.contracts.extracted import EngineName

Rect = tuple[float, float, float, float]
Indices = NDArray[np.int64]

# Height of a glyph's middle above its baseline, in ems: between that of digits (.36) and of ideographs (.38).
MIDDLE = 0.37
# A gap of more than this many ems parts a line of text into pieces (entity label at the left, unit label at the right).
PIECE_GAP = 3.0
# Text this near to a table's left or right border, in points, is looked at: it may have overrun it.
NEAR = 12.0
# Certainty of characters recognised in a table without rules, at most: as the confidence of such tables elsewhere.
_NOT_RULED = 0.85


@dataclass(slots=True)
class PageCell:
    """A cell on one page. `box` in reading space; `left`, `right`: margins beside its first and last line in ems; `filled`: the last line reaches the right
    border, so that a sentence may go on; `glyphs` in it; `doubt`: what speaks against it (`evidence.Doubt`);
    `certainty`: that of its least certain glyph, where they were recognised in an image."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    box: Rect
    glyphs: int = 0
    left: float | None = None
    right: float | None = None
    filled: bool = False
    doubt: int = 0
    certainty: float = 1.0


@dataclass(slots=True)
class PageTable:
    """A table on one page. `xs`, `ys`: its rules; `open_top`, `open_bottom`: columns whose outer border is not drawn. `white`: in place of drawn
    borders between columns."""

    page: int
    xs: list[float]
    ys: list[float]
    cells: list[PageCell]
    open_top: list[bool]
    open_bottom: list[bool]
    box: Rect
    engine: EngineName = "lattice"
    white: White | None = None

    @property
    def n_rows(self) -> int:
        """Rows on this page."""
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        """Columns on this page."""
        return len(self.xs) - 1


@dataclass(slots=True)
class Line:
    """A piece of a line of text outside tables. `size`: the mean em of its glyphs in points."""

    text: str
    box: Rect
    size: float
    glyphs: int
    page: int = 0


@dataclass(slots=True)
class PageReading:
    """What a page says: tables and lines, both from top to bottom. `total`: distinct glyphs; `unplaced`: those in no line or cell.

    `watermark`: letters across a table, in no cell. `unread_regions`: where figures stand in columns without rules, and rows and columns cannot be told.
    """

    page: PageContents
    tables: list[PageTable] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    total: int = 0
    unplaced: int = 0
    unread_regions: list[Rect] = field(default_factory=list)
    watermark: str = ""


def read_page(page: PageContents, before: White | None = None) -> PageReading:
    """Reads one page. Args: before: columns of a table without vertical rules that the page before ends with."""
    keep = distinct(page)
    maker = TextMaker(page)
    index = np.flatnonzero(keep)
    reading = PageReading(page, total=len(index))
    middle_x = (page.box[:, 0] + page.box[:, 2]) / 2
    middle_y = page.origin[:, 1] - MIDDLE * page.size
    if np.count_nonzero(page.angle):
        middle_y = np.where(page.angle == 0, middle_y, (page.box[:, 1] + page.box[:, 3]) / 2)
    free = keep.copy()
    rulings = find_rulings(page)
    ruled = find_lattices(rulings)
    across = free & watermark(page, ruled, middle_x, middle_y)
    if np.count_nonzero(across):
        free &= ~across
        reading.total -= int(across.sum())
        reading.watermark = "".join(map(chr, page.codes[across].tolist()))
    half_open: list[tuple[PageTable, Bools]] = []
    for lattice in sorted([*ruled, *find_filled_tables(page, ruled)], key=_area):  # a table in a cell before the one around it
        x0, top, x1, bottom = lattice.box
        inside = free & (middle_x > x0) & (middle_x < x1) & (middle_y > top) & (middle_y < bottom)
        if not _is_table(lattice, page, inside):
            continue
        free &= ~inside
        table = _fill(lattice, maker, np.flatnonzero(inside), middle_x, middle_y)
        # A page of an open table may have no words for some of its columns.
        fewer = before is not None and table.n_cols < len(before.extents)
        if fewer or crowded_cells(table.cells) or names_side_by_side(table.xs, table.ys, table.cells, maker, inside):
            half_open.append((table, inside))
        else:
            reading.tables.append(table)
    for table, inside in half_open:
        if _reads_open(table, rulings, maker, free | inside, before):
            free |= inside
        else:
            for cell in crowded_cells(table.cells):
                cell.doubt |= Doubt.PLACE
            reading.tables.append(table)
    for found in find_open_tables(rulings, maker, free, before):
        if stands_in_chart(found.lattice.box, page, rulings):
            continue
        free[found.glyphs] = False
        reading.tables.append(_fill_open(found, maker))
    reading.lines = _lines(maker, np.flatnonzero(free))
    reading.unread_regions = aligned_regions(reading.lines)
    for table in reading.tables if len(page.certainty) else ():
        if page.source == "image" or any(cell.certainty < 1 for cell in table.cells):
            if table.engine != "lattice":  # what recognition is sure of stands in columns that nothing is drawn around
                for cell in table.cells:
                    cell.certainty = min(cell.certainty, _NOT_RULED)
            table.engine = "ocr"
    reading.tables.sort(key=lambda table: (table.box[1], table.box[0]))
    placed = sum(cell.glyphs for table in reading.tables for cell in table.cells) + sum(line.glyphs for line in reading.lines)
    reading.unplaced = reading.total - placed
    return reading


def _area(lattice: Lattice) -> float:
    x0, top, x1, bottom = lattice.box
    return (x1 - x0) * (bottom - top)


def _reads_open(table: PageTable, rulings: Rulings, maker: TextMaker, free: Bools, before: White | None) -> bool:
    """Whether the text's alignment shows more rows or columns where a lattice's cells are crowded, or the columns of the table before."""
    x0, top, x1, bottom = table.box
    for found in find_open_tables(rulings, maker, free, before):
        a0, a_top, a1, a_bottom = found.lattice.box
        overlap = max(0.0, min(x1, a1) - max(x0, a0)) * max(0.0, min(bottom, a_bottom) - max(top, a_top))
        if overlap <= 0.5 * (x1 - x0) * (bottom - top) or stands_in_chart(found.lattice.box, maker.page, rulings):
            continue
        if before is not None and homes_of(before, found.white.extents) is not None:
            return True
        if len(found.lattice.cells) > len(table.cells):
            crowded = {cell.row for cell in crowded_cells(table.cells)}
            return keeps([cell for cell in table.cells if cell.row not in crowded], _fill_open(found, maker).cells)
    return False


def _is_table(lattice: Lattice, page: PageContents, inside: NDArray[np.bool_]) -> bool:
    """Boxes around text, frames of the page and pictures are no tables.

    A table has at least two columns and two cells. One that covers the page's very edges is the page's frame.
    """
    if lattice.columns < 2 or len(lattice.cells) < 2:
        return False
    # Scales and bars of a chart: a grid without any text in it, narrower than a third of the page.
    return bool(inside.any()) or (lattice.xs[-1] - lattice.xs[0]) > page.width / 3


def _fill(lattice: Lattice, maker: TextMaker, index: Indices, middle_x: Floats, middle_y: Floats) -> PageTable:
    page = maker.page
    found = lattice.cell_boxes()
    cells = [PageCell(*cell, "", box) for cell, box in zip(lattice.cells, found, strict=True)]
    if len(index):
        columns = np.minimum(np.maximum(lattice.xs.searchsorted(middle_x[index]) - 1, 0), lattice.columns - 1)
        rows = np.minimum(np.maximum(lattice.ys.searchsorted(middle_y[index]) - 1, 0), lattice.rows - 1)
        owner = lattice.owner[rows, columns].astype(np.int64)
        boxes = np.array(found)
        owner, moved = pull_back(page, index, owner, boxes)
        index, owner, line = maker.ordered(index, owner)
        filled, beside = Filled(maker, index, owner, line, boxes), _beside(lattice, middle_x, middle_y)
        _write(cells, maker, index, line, filled.starts, filled.cells)
        for cell, doubt in zip(cells, doubts(lattice, filled, [cell.text for cell in cells], moved, beside), strict=True):
            cell.doubt = doubt
    return PageTable(
        page.number, lattice.xs.tolist(), lattice.ys.tolist(), cells, list(lattice.open_top), list(lattice.open_bottom), lattice.box
    )


def _beside(lattice: Lattice, middle_x: Floats, middle_y: Floats) -> Indices:
    """Glyphs of the page a little left and right of a table."""
    x0, top, x1, bottom = lattice.box
    level = (middle_y > top) & (middle_y < bottom)
    level &= ((middle_x <= x0) & (middle_x > x0 - NEAR)) | ((middle_x >= x1) & (middle_x < x1 + NEAR))
    return np.flatnonzero(level)


def _fill_open(found: OpenTable, maker: TextMaker) -> PageTable:
    """A table whose glyphs are parted into cells already."""
    lattice = found.lattice
    cells = [PageCell(*cell, "", box) for cell, box in zip(lattice.cells, lattice.cell_boxes(), strict=True)]
    index, owner, line = maker.ordered(found.glyphs, found.owner)
    starts = starts_of(owner)
    _write(cells, maker, index, line, starts, owner[starts])
    for k in found.doubtful:
        cells[k].doubt |= Doubt.PLACE
    flags = [False] * lattice.columns
    return PageTable(
        maker.page.number,
        lattice.xs.tolist(),
        lattice.ys.tolist(),
        cells,
        flags,
        list(flags),
        lattice.box,
        engine="stream",
        white=found.white,
    )


def _write(cells: list[PageCell], maker: TextMaker, index: Indices, line: Indices, starts: Indices, written: Indices) -> None:
    """Text, number of glyphs, margins beside the first and last line of the cells `written`, whose glyphs begin at `starts` of `index`."""
    page = maker.page
    first, last = index[starts], index[np.append(starts[1:], len(index)) - 1]
    rows = zip(
        written.tolist(),
        maker.strings(index, starts, line),
        np.diff(starts, append=len(index)).tolist(),
        page.box[first, 0].tolist(),
        page.box[last, 2].tolist(),
        page.size[first].tolist(),
        page.angle[first].tolist(),
        strict=True,
    )
    for k, text, glyphs, x0, x1, size, angle in rows:
        cell = cells[k]
        cell.text, cell.glyphs = text, glyphs
        if angle == 0:
            cell.left = (x0 - cell.box[0]) / max(size, 0.1)
            cell.right = (cell.box[2] - x1) / max(size, 0.1)
            cell.filled = cell.right < 1.6
    if len(page.certainty):
        for k, least in zip(written.tolist(), np.minimum.reduceat(page.certainty[index], starts).tolist(), strict=True):
            cells[k].certainty = min(cells[k].certainty, least)


def _lines(maker: TextMaker, index: Indices) -> list[Line]:
    """Lines of text outside tables, parted at wide gaps."""
    if not len(index):
        return []
    page = maker.page
    index, line = maker.lines(index)
    a, b = index[:-1], index[1:]
    fresh = (line[1:] != line[:-1]) | ((maker.start[b] - maker.end[a]) > PIECE_GAP * np.minimum(page.size[a], page.size[b]))
    bounds = np.array([0, *(fresh.nonzero()[0] + 1).tolist(), len(index)])
    starts, box = bounds[:-1], page.box[index]
    texts = maker.strings(index, starts)
    size = (np.add.reduceat(page.size[index], starts) / (bounds[1:] - starts)).tolist()
    boxes = np.concatenate([np.minimum.reduceat(box[:, :2], starts), np.maximum.reduceat(box[:, 2:], starts)], axis=1).tolist()
    lines = [
        Line(texts[k], (box[0], box[1], box[2], box[3]), size[k], stop - start, page.number)
        for k, (box, (start, stop)) in enumerate(zip(boxes, pairwise(bounds.tolist()), strict=True))
    ]
    return sorted(lines, key=lambda one: (round(one.box[3], 0), one.box[0]))
