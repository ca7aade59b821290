"""What a form is before it is drawn: a grid of cells with spans under a title, and the places where an error can be planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum


class Align(Enum):
    """Horizontal alignment inside a cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Cell:
    """One drawn cell; `indent` is in characters."""

    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    align: Align = Align.LEFT
    indent: int = 0


def head(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    """A centred cell, as boxheads and codes have it."""
    return Cell(text, rowspan, colspan, Align.CENTER)


def label(text: str, indent: int = 0, colspan: int = 1, rowspan: int = 1) -> Cell:
    """A left-aligned cell of the stub."""
    return Cell(text, rowspan, colspan, Align.LEFT, indent)


def figure(text: str, colspan: int = 1) -> Cell:
    """A right-aligned cell."""
    return Cell(text, 1, colspan, Align.RIGHT)


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Placed:
    """A cell with its place in the grid."""

    row: int
    col: int
    cell: Cell


@dataclass(frozen=True)
class Form:
    """One form.

    widths: points per column. header, body: rows of cells from left to right; a cell below a row span is left out, as in HTML.
    split: (body row, lines kept above): this row is cut by a page break after so many lines. together: stands below the form
    before it on the same page.
    """

    title: str
    widths: tuple[float, ...]
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    number: str = ""
    entity: str = ""
    unit: str = "单位：万元"
    notes: tuple[str, ...] = ()
    landscape: bool = True
    rotate: bool = False
    repeat_header: bool = True
    together: bool = False
    size: float = 8.5
    row_height: float = 17.0
    break_before: tuple[int, ...] = field(default=())

    def grid(self) -> list[Placed]:
        """All cells with row and column, header rows first.

        Raises: ValueError: a row does not fill the grid, or overfills it.
        """
        return place((*self.header, *self.body), len(self.widths))


def place(rows: Sequence[Row], n_cols: int) -> list[Placed]:
    """Place rows of spanning cells in a grid, as HTML does.

    Raises: ValueError: a row does not fill `n_cols` columns, or overfills them.
    """
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for r, row in enumerate(rows):
        col = 0
        for cell in row:
            while (r, col) in taken:
                col += 1
            placed.append(Placed(r, col, cell))
            area = {(r + i, col + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            if area & taken:
                raise ValueError(f"row {r}: {cell.text!r} overlaps its neighbour")
            taken |= area
        if {(r, c) for c in range(n_cols)} - taken or any(c >= n_cols for rr, c in taken if rr == r):
            raise ValueError(f"row {r} does not fill {n_cols} columns: {[c.text for c in row]}")
    if any(r >= len(rows) for r, _ in taken):
        raise ValueError("a cell reaches below the last row")
    return placed


@dataclass(frozen=True)
class Place:
    """A cell named as a reader names it, with its place in the grid (rows of the header included)."""

    form: str
    row: int
    col: int
    row_label: str
    column: str


def plant(form: Form, row_label: str, column: str, printed: str) -> tuple[Form, Place, str]:
    """Replace the text of one cell.

    Args: row_label: text of a cell of the row, without ordinal and indent. column: header path, joined by "/", of the cell.
    Returns: the form with the error, the place, the correct text.
    Raises: LookupError: no such cell, or several.
    """
    grid = form.grid()
    n_head = len(form.header)
    rows = sorted({p.row for p in grid if p.row >= n_head and p.cell.text == row_label})
    cols = [c for c in range(len(form.widths)) if header_path(form, c) == column]
    found = [p for p in grid if p.row in rows and p.col in cols and p.cell.text]
    if len(found) != 1:
        paths = [header_path(form, c) for c in range(len(form.widths))]
        raise LookupError(f"{form.title}: {row_label} × {column} names {len(found)} cells; columns: {paths}")
    target = found[0]
    row = form.body[target.row - n_head]
    changed = tuple(replace(cell, text=printed) if cell is target.cell else cell for cell in row)
    body = (*form.body[: target.row - n_head], changed, *form.body[target.row - n_head + 1 :])
    return replace(form, body=body), Place(form.title, target.row, target.col, row_label, column), target.cell.text


def header_path(form: Form, col: int) -> str:
    """Texts of the header cells over a column, from top to bottom, joined by "/"."""
    over = [p.cell.text for p in place(form.header, len(form.widths)) if p.col <= col < p.col + p.cell.colspan]
    return "/".join(text for text in over if text)
