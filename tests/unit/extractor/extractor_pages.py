"""Documents of a few drawn pages, read."""

from __future__ import annotations

from extractor_sheet import Sheet

from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted, Table

XS = [100.0, 200.0, 300.0, 400.0]
HEAD = ["科目", "名称", "金额"]
FIRST = [HEAD, ["201", "甲", "1.00"], ["202", "乙", "2.00"]]


def read(*sheets: Sheet) -> Extracted:
    info = DocumentInfo(id="sha256:0", bytes=1, pages=len(sheets))
    return extract((sheet.contents() for sheet in sheets), info, Producer(name="extractor", version="0"))


def page(number: int, rows: list[list[str]], top: float = 60.0, xs: list[float] = XS, title: str = "") -> Sheet:
    ys = [top + 20 * k for k in range(len(rows) + 1)]
    sheet = Sheet(number=number).table(xs, ys, rows)
    return sheet.text(250 - 8 * len(title), top - 25, title, 16) if title else sheet


def rows_of(table: Table) -> list[list[str]]:
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    return grid


def drawn(number: int, cells: list[tuple[int, int, int, int, str]], top: float, xs: list[float], title: str = "") -> Sheet:
    """Cells (row, col, rowspan, colspan, text) of rows 20 points high."""
    sheet = Sheet(number=number)
    for row, col, high, wide, text in cells:
        x0, x1, y0, y1 = xs[col], xs[col + wide], top + 20 * row, top + 20 * (row + high)
        sheet.line(x0, y0, x1, y0).line(x0, y1, x1, y1).line(x0, y0, x0, y1).line(x1, y0, x1, y1).text(x0 + 2, y0 + 14, text)
    return sheet.text(250 - 8 * len(title), top - 25, title, 16) if title else sheet
