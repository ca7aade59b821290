"""An edit of a normalised document: an explanation that no single figure gives. Whether it explains anything is tried out (repairs.py)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from services.validator.domain.sheet import Book, Figure, Sheet, SheetList
from shared.contracts.normalized import Normalized, Row
from shared.contracts.validated import Cause


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A change of the document that may explain what does not tie out.

    `figures`: those that a person has to look at, the place first. `label`: what the row is called. `source`: figures of another form that
    print what is missing. `column`: for a figure in the wrong column, the column where it belongs; `moved`: its fact there. `heirs`: facts of the row that stays of two;
    `named`: both carry the same code or project, so that one cannot be a part of the other; `certain`: nor two rows of one sum;
    of a blank cell: several sums say what it has to print. `blank`: the figure that would stand in a blank cell. `put_in`: facts of a row that nothing prints; what they add up to among themselves is all that speaks for it.
    """

    cause: Cause
    document: Normalized
    table: str
    figures: tuple[Figure, ...]
    label: str
    source: tuple[Figure, ...] = ()
    column: int | None = None
    moved: str | None = None
    heirs: frozenset[str] = frozenset()
    named: bool = False
    certain: bool = False
    blank: Figure | None = None
    put_in: frozenset[str] = frozenset()


def figures_in(sheet: Sheet, one: SheetList, row: Row) -> dict[int, Figure]:
    """The figures of a row in the money columns of its list, by column."""
    return {column.col: figure for column in one.columns if (figure := sheet.at(row.row, column.col)) is not None}


def lists_by_column(book: Book) -> dict[tuple[str, int], tuple[Sheet, SheetList]]:
    """The list that a column of a table belongs to, with its sheet."""
    return {(sheet.form.table, column.col): (sheet, one) for sheet, one in book.walk() for column in one.columns}


def code_of(row: Row, axis: str) -> str:
    """The code of a row on an axis; empty where it has none."""
    return getattr(row, axis) or ""


def children_by_code(one: SheetList, axis: str) -> dict[str, list[Row]]:
    """The coded rows right below each coded row, by its code; under "" the highest coded rows of the list."""
    printed = {code_of(row, axis) for row in one.rows}
    below: dict[str, list[Row]] = defaultdict(list)
    for row in one.rows:
        if code := code_of(row, axis):
            below[next((code[:size] for size in (5, 3) if size < len(code) and code[:size] in printed), "")].append(row)
    return below


def children_of(one: SheetList, axis: str, parent: Row | None) -> list[Row]:
    """The coded rows right below a coded row; of None, the highest coded rows of the list."""
    return children_by_code(one, axis)[code_of(parent, axis) if parent is not None else ""]
