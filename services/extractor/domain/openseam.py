"""Columns told from white space, on two pages of one table: borders that stand in the white of both.

A page's figures and names decide how wide its white is, so the middles of the white differ from page to page while the table is one.
"""

from __future__ import annotations

import math
from dataclasses import replace

from services.extractor.domain.joined import JoinedTable
from services.extractor.domain.opencolumns import White, homes_of
from services.extractor.domain.reading import PageCell, PageTable


def fitted(before: JoinedTable, table: PageTable) -> tuple[PageTable, White] | None:
    """The table with the columns of the one before, and the white common to both; None where its text does not leave these columns free.

    `before` gets the borders that both have. Columns that are blank on the second page are added to it.
    """
    if before.white is None or table.white is None or table.n_cols > before.n_cols:
        return None
    own = table.white.extents
    homes = homes_of(before.white, own)
    if homes is None:
        return None
    strips = _common(before.white.strips, own, homes)
    if strips is None:
        return None
    extents = list(before.white.extents)
    for home, (x0, x1) in zip(homes, own, strict=True):
        extents[home] = (min(extents[home][0], x0), max(extents[home][1], x1))
    left, right = extents[0][0] - 1.0, extents[-1][1] + 1.0
    borders = [left, *((low + high) / 2 for low, high in strips[1:-1]), right]
    before.xs = [x - left for x in borders]
    return _with_columns(table, borders, homes), White(strips, extents)


def _common(strips: list[tuple[float, float]], own: list[tuple[float, float]], homes: list[int]) -> list[tuple[float, float]] | None:
    """The white on both pages at each border."""
    made = []
    for k, (start, end) in enumerate(strips):
        before = max((x1 for home, (_, x1) in zip(homes, own, strict=True) if home < k), default=-math.inf)
        after = min((x0 for home, (x0, _) in zip(homes, own, strict=True) if home >= k), default=math.inf)
        low, high = max(start, before), min(end, after)
        if low >= high:
            return None
        made.append((low, high))
    return made


def _with_columns(table: PageTable, borders: list[float], homes: list[int]) -> PageTable:
    """The table in other columns; blank ones in between get blank cells."""
    cells: list[PageCell] = []
    for cell in table.cells:
        first, last = homes[cell.col], homes[cell.col + cell.colspan - 1]
        cells.append(replace(cell, col=first, colspan=last - first + 1))
    taken = {(row, col) for c in cells for row in range(c.row, c.row + c.rowspan) for col in range(c.col, c.col + c.colspan)}
    for row in range(table.n_rows):
        for col in range(len(borders) - 1):
            if (row, col) not in taken:
                box = (borders[col], table.ys[row], borders[col + 1], table.ys[row + 1])
                cells.append(PageCell(row, col, 1, 1, "", box))
    flags = [False] * (len(borders) - 1)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return replace(table, xs=borders, cells=cells, open_top=flags, open_bottom=list(flags))
