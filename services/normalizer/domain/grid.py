"""A table as a grid: which cell covers a place, header paths of columns, the rows of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from services.normalizer.domain.figures import is_integer, looks_like_money
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Cell, Table

_COLUMN_NUMBERS = re.compile(r"^(?:栏次|行次|\d{1,2}|\d{1,2}=[\d+\-*]+|[a-zA-Z])?$")


@dataclass(frozen=True)
class Grid:
    """A table with its cells by place. `header_rows` is the extractor's, mended where the body plainly starts elsewhere."""

    table: Table

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
        """Rows of column numbers (栏次 1 2 3): every cell is one of 1, 2, 3 … in turn, a letter, or the word."""
        found = set()
        for row, cells in self.by_row.items():
            if row > self.table.header_rows + 1:
                continue
            texts = [plain(cell.text) for cell in cells if plain(cell.text)]
            numbers = [int(text) for text in texts if is_integer(text)]
            if (len(numbers) >= 2 and all(_COLUMN_NUMBERS.match(text) for text in texts) and _in_turn(numbers)) or (
                texts and all(text in ("栏次", "行次") for text in texts)
            ):
                found.add(row)
        return frozenset(found)

    @cached_property
    def header_rows(self) -> int:
        """Rows of the boxhead; rows of column numbers right below it are taken in."""
        rows = self.table.header_rows
        for row in range(rows):
            if any(looks_like_money(cell.text) for cell in self.by_row.get(row, ())):
                return row
        while rows in self.number_rows:
            rows += 1
        return rows

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
            text = plain(cell.text)
            if text and text != "栏次":
                path.append(text)
        return tuple(path)

    @cached_property
    def body(self) -> range:
        """The rows below the boxhead."""
        return range(self.header_rows, self.table.n_rows)


def _in_turn(numbers: list[int]) -> bool:
    """1, 2, 3 … or a part of it."""
    return numbers[0] in (0, 1, 2) and all(b - a == 1 for a, b in pairwise(numbers))
