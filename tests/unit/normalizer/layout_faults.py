"""What a reader may get wrong in a table, as functions from a table to the tables it would give instead."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from shared.contracts.extracted import Cell, ReadWarning, Table
from shared.contracts.vocabulary import WarningCode

Fault = Callable[[Table], list[Table]]
NOTE = "注：本表反映本年度收支情况，合计数因四舍五入可能存在尾差，共安排18.50万元。"
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def boxhead_too_deep(table: Table) -> list[Table]:
    """One row of the body counted to the boxhead."""
    return [replace(table, header_rows=min(table.n_rows, table.header_rows + 1))] if table.header_rows else [table]


def boxhead_too_flat(table: Table) -> list[Table]:
    """The last row of the boxhead counted to the body."""
    return [replace(table, header_rows=max(0, table.header_rows - 1))]


def boxhead_lost(table: Table) -> list[Table]:
    """No boxhead seen at all."""
    return [replace(table, header_rows=0)]


def title_lost(table: Table) -> list[Table]:
    """Neither title nor labels."""
    return [replace(table, title=None, labels=())]


def unit_lost(table: Table) -> list[Table]:
    """No unit label."""
    return [replace(table, unit=None, unit_label=None)]


def unit_in_title(table: Table) -> list[Table]:
    """Title and unit label read as one line."""
    return [replace(table, title=f"{table.title or ''}单位：{table.unit}", unit=None, unit_label=None)]


def row_blank(table: Table) -> list[Table]:
    """A blank row in the middle of the body."""
    at = _middle(table)
    if any(cell.row < at < cell.row + cell.rowspan for cell in table.cells):
        return [table]
    blank = [_blank(table, at, col) for col in range(table.n_cols)]
    return [replace(table, cells=(*_down(table, at, 1), *blank), n_rows=table.n_rows + 1)]


def digits_wide(table: Table) -> list[Table]:
    """Full-width digits."""
    cells = (replace(cell, text=cell.text.translate(WIDE)) if cell.row >= table.header_rows else cell for cell in table.cells)
    return [replace(table, cells=tuple(cells))]


def note_inside(table: Table) -> list[Table]:
    """The note below the table taken for its last row."""
    note = replace(_blank(table, table.n_rows, 0), colspan=table.n_cols, text=NOTE)
    return [replace(table, cells=(*table.cells, note), n_rows=table.n_rows + 1)]


def note_in_first_column(table: Table) -> list[Table]:
    """The note taken for a row of which only the first cell is filled."""
    row = [replace(_blank(table, table.n_rows, col), text="" if col else NOTE) for col in range(table.n_cols)]
    return [replace(table, cells=(*table.cells, *row), n_rows=table.n_rows + 1)]


def title_inside(table: Table) -> list[Table]:
    """Title, and the unit line, inside the grid."""
    head = [
        replace(_blank(table, row, 0), colspan=table.n_cols, text=text)
        for row, text in enumerate((table.title or "", f"单位：{table.unit}"))
    ]
    made = replace(
        table, cells=(*head, *_down(table, 0, 2)), n_rows=table.n_rows + 2, header_rows=table.header_rows + 2 if table.header_rows else 0
    )
    return [replace(made, title=None, unit=None, unit_label=None, labels=())]


def indents_lost(table: Table) -> list[Table]:
    """No margins of the stub's labels."""
    return [replace(table, cells=tuple(replace(cell, indent=msgspec.UNSET) for cell in table.cells))]


def going_on_without_boxhead(table: Table) -> list[Table]:
    """The second half as a table of its own, without boxhead and labels."""
    if table.n_rows < table.header_rows + 6:
        return [table]
    at = _middle(table)
    second = replace(_part(table, at, table.n_rows, table.id + "b"), header_rows=0, title=None, labels=())
    return [_part(table, 0, at, table.id), replace(second, unit=None, unit_label=None, entity=None, entity_label=None)]


def going_on_with_boxhead(table: Table) -> list[Table]:
    """The second half as a table of its own, with the boxhead printed again but no title."""
    if table.n_rows < table.header_rows + 6:
        return [table]
    at, height = _middle(table), table.header_rows
    second = _part(table, at, table.n_rows, table.id + "b")
    head = tuple(cell for cell in table.cells if cell.row < height)
    second = replace(second, cells=head + tuple(replace(cell, row=cell.row + height) for cell in second.cells), title=None, labels=())
    return [_part(table, 0, at, table.id), replace(second, n_rows=second.n_rows + height)]


def kept_apart(table: Table, at: int, boxhead: bool) -> tuple[list[Table], ReadWarning]:
    """Two parts cut before a row, with the labels printed again above the second one, `boxhead` too; and what the reader says of the seam."""
    page = table.pages[-1] + 1
    height = table.header_rows if boxhead else 0
    second = _part(table, at, table.n_rows, table.id + "b")
    head = tuple(cell for cell in table.cells if cell.row < height)
    cells = tuple(replace(cell, page=page) for cell in (*head, *(replace(cell, row=cell.row + height) for cell in second.cells)))
    second = replace(second, cells=cells, n_rows=second.n_rows + height, header_rows=height, pages=(page,))
    warning = ReadWarning(code=WarningCode.UNCERTAIN_SEAM.value, page=page, message="may go on")
    return [_part(table, 0, at, table.id), second], warning


def two_in_one(table: Table, other: Table) -> Table:
    """Two tables read as one, the second one's boxhead in the middle."""
    below = [replace(cell, row=cell.row + table.n_rows) for cell in other.cells]
    return replace(table, cells=(*table.cells, *below), n_rows=table.n_rows + other.n_rows, n_cols=max(table.n_cols, other.n_cols))


FAULTS: tuple[Fault, ...] = (
    boxhead_too_deep,
    boxhead_too_flat,
    boxhead_lost,
    title_lost,
    unit_lost,
    unit_in_title,
    row_blank,
    digits_wide,
    note_inside,
    note_in_first_column,
    title_inside,
    indents_lost,
    going_on_without_boxhead,
    going_on_with_boxhead,
)


def _middle(table: Table) -> int:
    return table.header_rows + (table.n_rows - table.header_rows) // 2


def _blank(table: Table, row: int, col: int) -> Cell:
    return replace(table.cells[0], row=row, col=col, rowspan=1, colspan=1, text="", indent=msgspec.UNSET)


def _down(table: Table, first: int, by: int) -> list[Cell]:
    """The cells with all rows from `first` on moved down."""
    return [replace(cell, row=cell.row + by) if cell.row >= first else cell for cell in table.cells]


def _part(table: Table, first: int, end: int, name: str) -> Table:
    """Some rows of a table; a cell over the cut stands in both parts, its text in the first."""
    cells = []
    for cell in table.cells:
        top, bottom = max(cell.row, first), min(cell.row + cell.rowspan, end)
        if top < bottom:
            cells.append(replace(cell, row=top - first, rowspan=bottom - top, text=cell.text if top == cell.row else ""))
    return replace(table, id=name, cells=tuple(cells), n_rows=end - first)
