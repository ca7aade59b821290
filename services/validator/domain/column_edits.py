"""Figures in the wrong column, proposed as edits: only where sums, parts or a row that repeats another one point to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from msgspec import structs

from services.validator.domain.edits import Edit, children_by_code, code_of, figures_in, lists_by_column
from services.validator.domain.grading import Graded
from services.validator.domain.intervals import ZERO
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from services.validator.domain.stubs import code_axis
from shared.contracts.normalized import Row

# Rows at the head of a list that may repeat each other: 合计, department, unit.
_LEADING = 4


def wrong_columns(book: Book, failing: list[Graded]) -> Iterator[Edit]:
    """A figure in one column, where sums of another column lack just that and its row is blank there; or whose parts stand in another column."""
    lists = lists_by_column(book)
    for failed in failing:
        target, lacks = failed.equation.target.fact, failed.difference
        if lacks <= 0 or (target.table, target.col) not in lists:
            continue
        sheet, one = lists[target.table, target.col]
        for row in one.rows:
            for figure in figures_in(sheet, one, row).values() if sheet.at(row.row, target.col) is None else ():
                if abs(figure.value - lacks) <= failed.possible:
                    yield _moved(book, figure, target.col)
    for sheet, one in book.walk():
        yield from _away_from_its_parts(book, sheet, one)
        yield from _away_from_its_repetition(book, sheet, one)


def _away_from_its_parts(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """A figure all of whose parts are blank in its column, while they add up to it in a column where its own row is blank."""
    axis = code_axis(one.rows)
    by_code = children_by_code(one, axis) if axis else {}
    for row in one.rows:
        figures = figures_in(sheet, one, row)
        parts = _parts(one, axis, row, by_code) if 0 < len(figures) < len(one.columns) else []
        if not parts:
            continue
        sums = {column.col: [f for part in parts if (f := sheet.at(part.row, column.col)) is not None] for column in one.columns}
        for col, figure in figures.items():
            for other, found in sums.items():
                if sums[col] or other in figures or not found or not figure.value:
                    continue
                slack = figure.amount.half + sum((part.amount.half for part in found), ZERO)
                if abs(sum((part.value for part in found), ZERO) - figure.value) <= slack:
                    yield _moved(book, figure, other)
                    if len(found) == 1:  # or its only part is in the wrong column
                        yield _moved(book, found[0], col)


def _away_from_its_repetition(book: Book, sheet: Sheet, one: SheetList) -> Iterator[Edit]:
    """A figure of a row that repeats another one (department, unit, 合计) but for this figure, which stands in another column there.

    Of three such rows and more the two that agree are right.
    """
    rows = [figures_in(sheet, one, row) for row in one.rows if row.role in ("total", "unit")][:_LEADING]
    for here, there in permutations(rows, 2):
        own, other = here.keys() - there.keys(), there.keys() - here.keys()
        if len(own) != 1 or len(other) != 1 or any(here[col].value != there[col].value for col in here.keys() & there.keys()):
            continue
        figure, col = here[min(own)], min(other)
        as_here, as_there = (sum(at in row and row[at].value == figure.value for row in rows) for at in (min(own), col))
        if figure.value and figure.value == there[col].value and as_there >= as_here:
            yield _moved(book, figure, col)


def _parts(one: SheetList, axis: str | None, row: Row, by_code: dict[str, list[Row]]) -> list[Row]:
    """The rows that add up to a row: those below its code, those that hang below it; of a total, the highest rows of the list."""
    if row.role in ("total", "grand_total"):
        return by_code.get("", []) if axis else [other for other in one.rows if other.role == "item" and other.parent is None]
    if axis and (code := code_of(row, axis)):
        return by_code.get(code, [])
    return [other for other in one.rows if other.parent == row.row]


def _moved(book: Book, figure: Figure, col: int) -> Edit:
    fact, document = figure.fact, book.document
    column = next(c for form in document.forms if form.table == fact.table for c in form.columns if c.col == col)
    codes = {axis: getattr(column, axis) for axis in ("function", "economic", "gov_economic") if getattr(column, axis)}
    there = structs.replace(fact, id=f"{fact.table}/{fact.row}/{col}", col=col, measure=column.code, fund=column.fund, **codes)
    facts = tuple(there if other is fact else other for other in document.facts)
    changed = structs.replace(document, facts=facts)
    return Edit("column_shift", changed, fact.table, (figure,), bare(fact.label), column=col, moved=there.id)
