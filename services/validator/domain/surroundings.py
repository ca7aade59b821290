"""What stands around a figure in its column: what it may have been copied from, and what its sum may have counted twice."""

from __future__ import annotations

from functools import cache

from services.validator.domain.outline import TOTAL_ROLES
from services.validator.domain.sheet import Book, Figure, SheetList
from services.validator.domain.slips import ALONE, Column
from shared.contracts.normalized import Row


def _code(row: Row) -> str:
    return row.function or row.economic or row.gov_economic or ""


def _subtotals(one: SheetList) -> set[int]:
    """The rows of a list that are sums of rows below them, as codes or the outline tell."""
    above = {code[:size] for row in one.rows for code in (_code(row),) for size in range(1, len(code))}
    parents = {row.parent for row in one.rows if row.parent is not None}
    return {row.row for row in one.rows if row.row in parents or _code(row) in above}


class Surroundings:
    """Gives the column of each figure of a book; what was asked before is not worked out again."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._lists = {(sheet.form.table, column.col): one for sheet, one in book.walk() for column in one.columns}
        self._subtotals_of = cache(_subtotals)

    def of(self, figure: Figure) -> Column:
        """The amounts of its column but its own, in its unit; with the subtotals among them where it stands in a row of totals."""
        fact = figure.fact
        one = self._lists.get((fact.table, fact.col))
        if one is None:
            return ALONE
        column = [other for other in self._book.by_table(fact.table) if other.fact.col == fact.col and other.fact.row != fact.row]
        row = one.by_row.get(fact.row)
        is_total = row is not None and (row.role in TOTAL_ROLES or row.row in self._subtotals_of(one))
        rows = self._subtotals_of(one) if is_total else set()
        return Column(
            others=tuple(other.fact.amount for other in column if other.value),
            subtotals=tuple(other.fact.amount for other in column if other.value and other.fact.row in rows),
        )
