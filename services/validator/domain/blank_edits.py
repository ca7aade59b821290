"""Figures left blank, proposed as edits: a blank cell that would take just what sums lack, or a blank total beside its parts.

Parts without a total do not tie out where they are more than zero, and a blank is no term. What a blank cell would have to print is found by grading the
document once more with a zero in each blank cell that something points to: sums of which it is the total say what their parts add up to, sums of
which it is a part say what they lack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from msgspec import structs

from services.validator.domain.edits import Edit, children_by_code, code_of, lists_by_column
from services.validator.domain.grading import Graded
from services.validator.domain.intervals import ZERO
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare, figure_of, read_book
from services.validator.domain.structure import Judge, Judged
from services.validator.domain.stubs import code_axis
from shared.contracts.normalized import Column, Fact, Row

_MOST_CELLS = 300
"""Blank cells that are tried at once: where sums fail over whole pages, blanks are not what is wrong."""
_MOST_EDITS = 4  # of the trials that a document gets (repairs.py): rows and columns want some as well
_USUAL = 3
"""Totals of a kind that are printed, and hold, where one that is blank is held for an oversight."""
_TOTALS = ("total", "year_total", "grand_total")
_AXES = ("function", "economic", "gov_economic", "project", "line")


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """A blank cell: its row and column in a list. `usual`: a total of a kind that this list prints elsewhere."""

    sheet: Sheet
    one: SheetList
    row: Row
    column: Column
    usual: bool = False

    @property
    def id(self) -> str:
        """The id that its fact would have."""
        return f"{self.sheet.form.table}/{self.row.row}/{self.column.col}"

    def fact(self, amount: Decimal) -> Fact | None:
        """The fact that it would be with this amount (in 元), printed like the figures of its column or row; None where there is none."""
        of_column = (self.sheet.at(row.row, self.column.col) for row in self.one.rows)
        of_row = (self.sheet.at(self.row.row, column.col) for column in self.one.columns)
        like = next((figure for figure in (*of_column, *of_row) if figure is not None), None)
        if like is None:
            return None
        order = like.order or 0
        printed = amount.quantize(Decimal(1).scaleb(order - like.fact.precision), ROUND_HALF_UP).scaleb(-order)
        codes = {axis: getattr(self.row, axis) or getattr(self.column, axis, None) for axis in _AXES}
        return structs.replace(
            like.fact,
            id=self.id,
            row=self.row.row,
            col=self.column.col,
            list=self.one.spec.index,
            measure=self.column.code,
            fund=self.column.fund,
            label=self.row.label,
            amount=printed,
            yuan=printed.scaleb(order) if like.fact.yuan is not None else None,
            text=f"{printed:f}",
            duplicate_of=None,
            **codes,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What one sum says that a blank cell has to print (in 元), give or take `slack`."""

    amount: Decimal
    slack: Decimal


def left_blank(book: Book, graded: Iterable[Graded], judge: Judge) -> Iterator[Edit]:
    """The edits that fill one blank cell, those that most sums speak for first.

    Args: graded: the sums of the document as it is. judge: reads and grades a document.
    """
    sums = list(graded)
    cells = {cell.id: cell for cell in (*_parts(book, sums), *_total_rows(book), *_classes(book), *_totals(book, sums))}
    if not cells or len(cells) > _MOST_CELLS:
        return
    zeros = [fact for cell in cells.values() if (fact := cell.fact(ZERO)) is not None]
    said = _said(judge(_with(book, zeros)), cells)
    elsewhere = _elsewhere(book)
    found = []
    for identifier, voices in said.items():
        amount, count = _agreed(voices)
        cell = cells[identifier]
        source = _source(cell, amount, elsewhere)
        if amount > 0 and not _printed_beside(cell, amount) and (count > 1 or source is not None or cell.usual):
            found.append((count + (source is not None), cell, amount, source))
    for count, cell, amount, source in sorted(found, key=lambda one: -one[0])[:_MOST_EDITS]:
        fact = cell.fact(amount)
        if fact is not None:
            yield _filled(book, cell, fact, source, sums, certain=count > 1)


def _with(book: Book, facts: Iterable[Fact]) -> Book:
    return read_book(structs.replace(book.document, facts=(*book.document.facts, *facts)))


def _filled(book: Book, cell: _Cell, fact: Fact, source: Figure | None, sums: Iterable[Graded], *, certain: bool) -> Edit:
    """The edit, with the figures to look at: the totals that lack something in its row or column, else the figures of its row."""
    table, row, col = cell.sheet.form.table, cell.row.row, cell.column.col
    lacking = [
        one.equation.target
        for one in sums
        if one.status == "failed" and one.equation.target.fact.table == table and _crosses(one.equation.target.fact, row, col)
    ]
    beside = [figure for column in cell.one.columns if (figure := cell.sheet.at(row, column.col)) is not None]
    below = [figure for each in cell.one.rows if (figure := cell.sheet.at(each.row, col)) is not None]
    shown = tuple(dict.fromkeys(lacking)) or tuple((beside or below)[:1])
    document = structs.replace(book.document, facts=(*book.document.facts, fact))
    sources = () if source is None else (source,)
    return Edit("unknown", document, table, shown, bare(cell.row.label), sources, certain=certain, blank=figure_of(fact))


def _crosses(fact: Fact, row: int, col: int) -> bool:
    return (fact.row == row) != (fact.col == col)


def _printed_beside(cell: _Cell, amount: Decimal) -> bool:
    """Whether another list prints the amount in the same row: a total may stand once for lists side by side."""
    other = (one for one in cell.sheet.lists if one is not cell.one)
    figures = (cell.sheet.at(cell.row.row, column.col) for one in other for column in one.columns)
    return any(figure is not None and abs(figure.value - amount) <= figure.amount.half for figure in figures)


# Which cells


def _parts(book: Book, sums: Iterable[Graded]) -> Iterator[_Cell]:
    """The blank cells that a sum which lacks something may be about: those of its row or of its column."""
    places = lists_by_column(book)
    for one in sums:
        target = one.equation.target.fact
        if one.status != "failed" or one.difference <= 0 or (target.table, target.col) not in places:
            continue
        sheet, of = places[target.table, target.col]
        terms = [term.fact for term, _ in one.equation.terms]
        if all((fact.table, fact.row) == (target.table, target.row) for fact in terms):
            row = of.by_row.get(target.row)
            yield from (_Cell(sheet, of, row, column) for column in of.columns if row is not None and sheet.at(row.row, column.col) is None)
        elif all((fact.table, fact.col) == (target.table, target.col) for fact in terms):
            own = next(column for column in of.columns if column.col == target.col)
            yield from (_Cell(sheet, of, row, own) for row in of.rows if sheet.at(row.row, target.col) is None)


def _totals(book: Book, sums: Iterable[Graded]) -> Iterator[_Cell]:
    """The only blank total of a kind: a column's in a row that has parts of it, a row's in a column where it has parts."""
    columns: dict[tuple[str, int], dict[int, set[int]]] = defaultdict(dict)
    rows: dict[tuple[str, int], dict[int, set[int]]] = defaultdict(dict)
    for one in sums:
        target, terms = one.equation.target.fact, [term.fact for term, _ in one.equation.terms]
        if one.status not in ("exact", "rounding") or not one.equation.target.value or any(fact.table != target.table for fact in terms):
            continue
        if all(fact.row == target.row for fact in terms):
            columns[target.table, target.col][target.row] = {fact.col for fact in terms}
        elif all(fact.col == target.col for fact in terms):
            rows[target.table, target.row][target.col] = {fact.row for fact in terms}
    places = lists_by_column(book)
    for (table, col), by_row in columns.items():
        if len(by_row) < _USUAL or (table, col) not in places:
            continue
        sheet, of = places[table, col]
        parts = set[int]().union(*by_row.values())
        blank = [row for row in of.rows if sheet.at(row.row, col) is None and _prints_any(sheet, ((row.row, part) for part in parts))]
        if len(blank) == 1:
            yield _Cell(sheet, of, blank[0], next(column for column in of.columns if column.col == col), usual=True)
    for (table, row), by_col in rows.items():
        if len(by_col) < _USUAL or (table, min(by_col)) not in places:
            continue
        sheet, of = places[table, min(by_col)]
        if row not in of.by_row:
            continue
        parts = set[int]().union(*by_col.values())
        empty = [one for one in of.columns if sheet.at(row, one.col) is None and _prints_any(sheet, ((part, one.col) for part in parts))]
        if len(empty) == 1:
            yield _Cell(sheet, of, of.by_row[row], empty[0], usual=True)


def _classes(book: Book) -> Iterator[_Cell]:
    """The only blank row in a column of those that have coded rows below them, where these print an amount."""
    for sheet in book.sheets:
        above = [(one, row, below) for one in sheet.lists for row, below in _coded_below(one)]
        for one in sheet.lists:
            for column in one.columns:
                own = [(row, below) for of, row, below in above if of is one]
                blank = [
                    row
                    for row, below in own
                    if sheet.at(row.row, column.col) is None and _prints_any(sheet, ((r.row, column.col) for r in below))
                ]
                printed = [
                    row
                    for of, row, _ in above
                    if _prints_any(sheet, ((row.row, other.col) for other in of.columns if other.code == column.code))
                ]
                if len(blank) == 1 and len(printed) >= _USUAL - 1:
                    yield _Cell(sheet, one, blank[0], column)


def _coded_below(one: SheetList) -> list[tuple[Row, list[Row]]]:
    """Each coded row that has coded rows below it, with these."""
    axis = code_axis(one.rows)
    if axis is None:
        return []
    by_code = children_by_code(one, axis)
    return [(row, below) for row in one.rows if (code := code_of(row, axis)) and (below := by_code.get(code))]


def _total_rows(book: Book) -> Iterator[_Cell]:
    """The only blank total of a column that prints an amount above it. Where two are blank the form means to print them elsewhere."""
    for sheet, one in book.walk():
        totals = [row for row in one.rows if row.role in _TOTALS]
        for column in one.columns:
            blank = [row for row in totals if sheet.at(row.row, column.col) is None]
            if len(blank) == 1 and _prints_any(sheet, ((other.row, column.col) for other in one.rows if other.row < blank[0].row)):
                yield _Cell(sheet, one, blank[0], column)


def _prints_any(sheet: Sheet, places: Iterable[tuple[int, int]]) -> bool:
    """Whether any of these cells prints an amount other than zero."""
    return any((figure := sheet.at(row, col)) is not None and figure.value for row, col in places)


# What they would have to print


def _said(judged: Iterable[Judged], cells: Mapping[str, _Cell]) -> dict[str, list[_Said]]:
    """What failing sums say of the cells that are held for zero."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for graded in (one for reading in judged for one in reading.graded if one.status == "failed"):
        target = graded.equation.target
        if target.id in cells:
            said[target.id].append(_Said(graded.computed, graded.possible))
        for term, sign in graded.equation.terms:
            if term.id in cells:
                said[term.id].append(_Said(graded.difference * sign, graded.possible))
    return said


def _agreed(voices: list[_Said]) -> tuple[Decimal, int]:
    """The amount that most sums say, and how many do."""

    def count(amount: Decimal) -> int:
        return sum(abs(amount - other.amount) <= other.slack for other in voices)

    best = max((voice.amount for voice in voices), key=count)
    return best, count(best)


def _elsewhere(book: Book) -> dict[tuple[str, str], list[Figure]]:
    """The figures that are not zero by each code, project or line that they carry."""
    found: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in book.figures.values():
        for axis in _AXES:
            if figure.value and (code := getattr(figure.fact, axis)):
                found[axis, code].append(figure)
    return found


def _source(cell: _Cell, amount: Decimal, elsewhere: Mapping[tuple[str, str], list[Figure]]) -> Figure | None:
    """A figure of another form that prints the amount under the same code, project or line. Every form has a total: its name says nothing."""
    for axis in _AXES if cell.row.role == "item" else ():
        for figure in elsewhere.get((axis, getattr(cell.row, axis) or ""), ()):
            if figure.fact.table != cell.sheet.form.table and abs(figure.value - amount) <= figure.amount.half:
                return figure
    return None
