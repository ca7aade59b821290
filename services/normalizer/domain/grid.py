"""A table as a grid: which cell covers a place, header paths of columns, the rows of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from services.normalizer.domain.boxhead import is_number_row
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Cell, Table

# Spreadsheets keep the entity and unit line inside the grid, above the heads.
_LABEL = re.compile(r"^(?:编制)?(?:部门|单位)(?:名称|全称)?(?:\(.*\))?:|^(?:金额)?单位:.*元$")


@dataclass(frozen=True)
class Grid:
    """A table with its cells by place, and the rows of its boxhead. `end`: where another form's boxhead begins; None where none does."""

    table: Table
    header_rows: int
    end: int | None = None

    @cached_property
    def covering(self) -> dict[tuple[int, int], Cell]:
        """(row, column) → the cell that covers it."""
        places: dict[tuple[int, int], Cell] = {}
        for cell in self.table.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for col in range(cell.col, cell.col + cell.colspan):
                    places[row, col] = cell
        return places

    @cached_property
    def anchored(self) -> dict[tuple[int, int], Cell]:
        """(row, column) → the cell that starts there."""
        return {(cell.row, cell.col): cell for cell in self.table.cells}

    @cached_property
    def by_row(self) -> dict[int, tuple[Cell, ...]]:
        """Row → the cells that start in it, from left to right."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.table.cells:
            rows.setdefault(cell.row, []).append(cell)
        return {row: tuple(sorted(cells, key=lambda cell: cell.col)) for row, cells in rows.items()}

    @cached_property
    def number_rows(self) -> frozenset[int]:
        """Rows of column numbers (栏次 1 2 3), in the boxhead or right below it."""
        return frozenset(row for row in range(self.header_rows + 1) if is_number_row(list(self.by_row.get(row, ()))))

    def text(self, row: int, col: int) -> str:
        """The text of the cell that covers a place; empty where there is none."""
        cell = self.covering.get((row, col))
        return cell.text if cell else ""

    def own_text(self, row: int, col: int) -> str:
        """The text of the cell that starts at a place; empty where none starts."""
        cell = self.anchored.get((row, col))
        return cell.text if cell else ""

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Header path of every column, from the top; a cell that spans rows counts once, column numbers not at all."""
        return tuple(self._path(col) for col in range(self.table.n_cols))

    def _path(self, col: int) -> tuple[str, ...]:
        path: list[str] = []
        last: Cell | None = None
        for row in range(self.header_rows):
            cell = self.covering.get((row, col))
            if cell is None or cell is last or row in self.number_rows:
                continue
            last = cell
            if self._spans_all(cell):
                continue
            text = plain(cell.text)
            if text and text != "栏次" and not _LABEL.match(text):
                path.append(text)
        return tuple(path)

    @cached_property
    def header_texts(self) -> tuple[str, ...]:
        """All texts of the boxhead, titles and unit lines inside the grid included."""
        return tuple(
            cell.text
            for cell in self.table.cells
            if cell.text.strip() and (cell.row < self.header_rows or (cell.row <= 2 and _LABEL.match(plain(cell.text))))
        )

    def _spans_all(self, cell: Cell) -> bool:
        """A cell over all columns says nothing of one of them: a title inside the grid."""
        return self.table.n_cols > 2 and cell.colspan == self.table.n_cols

    @cached_property
    def inner_title(self) -> str:
        """The text of a cell over all columns in the boxhead; empty where there is none."""
        return next(
            (cell.text for cell in self.table.cells if cell.row < self.header_rows and self._spans_all(cell) and cell.text.strip()), ""
        )

    @cached_property
    def body(self) -> range:
        """The rows below the boxhead, up to the boxhead of another form."""
        return range(self.header_rows, self.table.n_rows if self.end is None else self.end)
