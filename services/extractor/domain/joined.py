"""A table under construction: its pages joined so far, in columns common to all of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import takewhile

from services.extractor.domain.boxhead import DEEPEST, header_rows
from services.extractor.domain.labels import Labels
from services.extractor.domain.opencolumns import White
from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import PageCell, PageTable
from shared.contracts.common import Box
from shared.contracts.extracted import EngineName

# The same column on two pages, in points: programs round to whole pixels and scale by a fraction of a percent.
SAME_COLUMN = 3.5
# A table may be set this much narrower or wider on another page: A4 upright and across, with margins of 1 inch and more.
LEAST_SCALE = 0.6
# A margin inside a cell beyond the column's usual one that counts as an indent, in ems.
LEAST_INDENT = 0.3
# Rows that decide where the boxhead ends: its deepest, a row of column numbers, the first rows of the body.
LOOKED_AT = DEEPEST + 8
_NUMBER = re.compile(r"^[-−－—]?[\d,，.]*%?$")


@dataclass(slots=True)
class JoinedCell:
    """A cell with all its places (page, box as shown). `filled`, `left`, `right` as in PageCell, of its last place and first place;
    `doubt`, `certainty`: as in PageCell, of all its places."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    places: list[tuple[int, Box]]
    left: float | None
    right: float | None
    filled: bool
    doubt: int = 0
    certainty: float = 1.0


@dataclass(slots=True)
class JoinedTable:
    """Pages of a table joined so far. `xs`: rules between columns, from the left border. `lowest`: cells that touch the lower border.

    What is asked at each page break looks at the table's head or foot alone: a table may go on over a thousand pages.
    """

    labels: Labels
    xs: list[float]
    n_rows: int = 0
    cells: list[JoinedCell] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    page_starts: list[int] = field(default_factory=list)
    open_bottom: list[bool] = field(default_factory=list)
    engine: EngineName = "lattice"
    white: White | None = None
    lowest: list[JoinedCell] = field(default_factory=list)

    @property
    def n_cols(self) -> int:
        """Columns common to all pages."""
        return len(self.xs) - 1

    def head(self) -> int:
        """Rows of the boxhead, as far as the table is known."""
        return header_rows(self.first_cells(LOOKED_AT), min(self.n_rows, LOOKED_AT), self.n_cols)

    def first_cells(self, rows: int) -> list[JoinedCell]:
        """Cells that begin in the first rows."""
        return list(takewhile(lambda cell: cell.row < rows, self.cells))

    def head_texts(self, head: int) -> list[tuple[str, ...]]:
        """What the rows of the boxhead say in every column, spans expanded, white space left out."""
        cells = self.first_cells(head)
        return [_row_texts(cells, row, self.n_cols) for row in range(head)]

    def row_texts(self, row: int) -> tuple[str, ...]:
        """The same for one of the first rows (`row` < LOOKED_AT)."""
        return _row_texts(self.first_cells(row + 1), row, self.n_cols)

    def last_cells(self) -> dict[int, JoinedCell]:
        """Cells that touch the lower border, by first column."""
        return {cell.col: cell for cell in self.lowest if cell.row + cell.rowspan == self.n_rows}


def _row_texts(cells: list[JoinedCell] | list[PageCell], row: int, columns: int) -> tuple[str, ...]:
    texts = [""] * columns
    for cell in cells:
        if cell.row <= row < cell.row + cell.rowspan:
            for col in range(cell.col, min(columns, cell.col + cell.colspan)):
                texts[col] = "".join(cell.text.split())
    return tuple(texts)


def page_row_texts(table: PageTable, row: int) -> tuple[str, ...]:
    """The same for a table on one page."""
    return _row_texts(table.cells, row, table.n_cols)


def begin(table: PageTable, page: PageContents, labels: Labels) -> JoinedTable:
    """A joined table of one page."""
    joined = JoinedTable(labels, [x - table.xs[0] for x in table.xs])
    joined.engine = table.engine
    joined.white = table.white
    append(joined, table, page, list(table.cells), 0)
    return joined


def append(joined: JoinedTable, table: PageTable, page: PageContents, cells: list[PageCell], dropped: int) -> None:
    """Adds the cells of a page's table below, without its first `dropped` rows; columns must be aligned already."""
    base, known = joined.n_rows - dropped, len(joined.cells)
    if table.engine == "ocr":  # one recognised page makes it a table of recognised figures
        joined.engine = "ocr"
    for cell, box in zip(cells, page.all_shown([cell.box for cell in cells]), strict=True):
        joined.cells.append(
            JoinedCell(
                base + cell.row,
                cell.col,
                cell.rowspan,
                cell.colspan,
                cell.text,
                [(table.page, box)],
                cell.left,
                cell.right,
                cell.filled,
                cell.doubt,
                cell.certainty,
            )
        )
    if joined.pages and joined.pages[-1] != table.page:
        joined.page_starts.append(joined.n_rows)
    if not joined.pages or joined.pages[-1] != table.page:
        joined.pages.append(table.page)
    joined.n_rows += table.n_rows - dropped
    joined.open_bottom = list(table.open_bottom)
    joined.lowest = [cell for cell in [*joined.lowest, *joined.cells[known:]] if cell.row + cell.rowspan == joined.n_rows]


def shared_columns(first: list[float], rules: list[float]) -> list[float] | None:
    """Column borders of a joined table and of a page's `rules`, where they can be one table's."""
    second = [x - rules[0] for x in rules]
    return common_columns(first, second) or united_columns(first, second)


def proportional(first: list[float], rules: list[float]) -> bool:
    """Whether a page's `rules` are the borders of a joined table at another scale: a landscape page after a portrait one."""
    width = first[-1]
    scale = width / (rules[-1] - rules[0])
    if len(first) != len(rules) or not LEAST_SCALE <= scale <= 1 / LEAST_SCALE:
        return False
    return all(abs((x - rules[0]) * scale - own) <= SAME_COLUMN for x, own in zip(rules, first, strict=True))


def common_columns(first: list[float], second: list[float]) -> list[float] | None:
    """Columns of two pages' tables put together (both from the left border), or None where they are not the same table's.

    The outer borders agree, and each column border of the page with fewer ones stands on the other page too: a last page with the
    total row alone has merged cells and fewer columns.
    """
    scaled = _same_width(first, second)
    if scaled is None:
        return None
    few, many = (scaled, first) if len(scaled) <= len(first) else (first, scaled)
    if all(_stands(x, many) for x in few):
        return list(first) if many is first else list(scaled)
    return None


def united_columns(first: list[float], second: list[float]) -> list[float] | None:
    """The column borders of either page, where at least half of the inner ones of the page with fewer stand on both; None elsewhere.

    A form of label-value pairs has other columns in its upper half than in its lower one, and a page break may part the two. By itself
    this is no evidence that the tables are one.
    """
    scaled = _same_width(first, second)
    if scaled is None:
        return None
    own = [x for x in scaled if not _stands(x, first)]
    shared = len(scaled) - len(own) - 2
    fewest = min(len(first), len(scaled)) - 2
    return sorted([*first, *own]) if shared >= 1 and 2 * shared >= fewest else None


def _same_width(first: list[float], second: list[float]) -> list[float] | None:
    """`second` scaled to the width of `first`, or None where the widths differ."""
    width = first[-1]
    if abs(second[-1] - width) > max(SAME_COLUMN, 0.012 * width):
        return None
    scale = width / second[-1]
    return [x * scale for x in second]


def onto(xs: list[float], columns: list[float], width_from: float) -> list[int]:
    """For each border in `xs` its number in `columns`; `width_from`: the width that `xs` was measured with."""
    scale = columns[-1] / width_from
    return [_nearest(columns, x * scale) for x in xs]


def _nearest(places: list[float], x: float) -> int:
    """Index of the place closest to x; `places` ascend."""
    after = bisect_left(places, x)
    if after == 0:
        return 0
    return after - 1 if after == len(places) or x - places[after - 1] <= places[after] - x else after


def _stands(x: float, places: list[float]) -> bool:
    """Whether one of the places is the same column border as x."""
    return abs(places[_nearest(places, x)] - x) <= SAME_COLUMN


def realign(cells: list[JoinedCell] | list[PageCell], places: list[int]) -> None:
    """Moves cells to new columns: border k becomes border `places[k]`."""
    if places == list(range(len(places))):
        return
    for cell in cells:
        start, end = places[cell.col], places[cell.col + cell.colspan]
        cell.col, cell.colspan = start, end - start


def indents(joined: JoinedTable, head: int) -> dict[int, float]:
    """Per cell (its index) the margin beyond its column's usual one, in ems, where it counts: evidence of a stub row's level.

    Only text cells below the head that are set from the left: a centred 合计 has like margins on both sides.
    """
    by_col: dict[tuple[int, int], list[int]] = {}
    for k, cell in enumerate(joined.cells):
        if cell.row >= head and cell.left is not None and cell.text and not _NUMBER.match(cell.text.replace(" ", "")):
            by_col.setdefault((cell.col, cell.colspan), []).append(k)
    found: dict[int, float] = {}
    for members in by_col.values():
        from_left = [k for k in members if not _centred(joined.cells[k])]
        if not from_left:
            continue
        usual = min(joined.cells[k].left or 0.0 for k in from_left)
        for k in from_left:
            extra = (joined.cells[k].left or 0.0) - usual
            if extra >= LEAST_INDENT:
                found[k] = extra
    return found


def _centred(cell: JoinedCell) -> bool:
    left, right = cell.left or 0.0, cell.right or 0.0
    return left > 1.0 and abs(left - right) < 0.5
