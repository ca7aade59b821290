"""A normalised document, indexed once: its forms as sheets of figures that operators can walk by row, column and code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from msgspec import structs

from services.validator.domain.intervals import Amount, half_width
from shared.contracts.normalized import Column, Fact, Form, Normalized, Row, StubList

_SPACE = re.compile(r"[\s\u3000]+")
UNIT_ORDERS = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}
"""Units of money as powers of ten of 元."""


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A label without any white space: justified type puts spaces inside words."""
    return _SPACE.sub("", text)


def title_of(form: Form) -> str:
    """The title that people read: as printed, or 无标题 where none was."""
    return form.title or "无标题"


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A fact with its amount in 元; `order` is the power of ten of its unit, None where the unit is unknown (then the amount is as printed)."""

    fact: Fact
    amount: Amount
    order: int | None

    @property
    def id(self) -> str:
        """The id of its fact."""
        return self.fact.id

    @property
    def value(self) -> Decimal:
        """The amount in 元."""
        return self.amount.value


def figure_of(fact: Fact) -> Figure:
    """The figure of a fact. An unknown unit keeps the printed amount: it is compared with figures of its own table only."""
    order = UNIT_ORDERS.get(fact.unit or "")
    shift = order or 0
    half = half_width(fact.amount, fact.precision).scaleb(shift)
    return Figure(fact=fact, amount=Amount(value=fact.amount.scaleb(shift), half=half), order=order)


@dataclass(slots=True, eq=False)
class SheetList:
    """A list of a sheet: its rows in order, its money columns, and what hangs below each row as far as the normaliser says."""

    spec: StubList
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    by_row: dict[int, Row]

    @property
    def kind(self) -> str:
        """What its stub lists."""
        return self.spec.kind


@dataclass(slots=True, eq=False)
class Sheet:
    """A form with its figures by (row, column)."""

    form: Form
    cells: dict[tuple[int, int], Figure] = field(default_factory=dict)
    reprints: list[tuple[Figure, str]] = field(default_factory=list)
    lists: tuple[SheetList, ...] = ()

    @property
    def kind(self) -> str | None:
        """The kind of form."""
        return self.form.form

    def at(self, row: int, col: int) -> Figure | None:
        """The figure of a cell; None where it is blank."""
        return self.cells.get((row, col))


_TOTAL_LABEL = re.compile(r"^(金额|资金|预算)?(合计|总计)$")


def _plain_total(row: Row) -> Row:
    """A row called 合计 that carries no code and no project is a total, whatever stands around it."""
    coded = row.function or row.economic or row.gov_economic or row.project
    return structs.replace(row, role="total") if row.role == "item" and not coded and _TOTAL_LABEL.match(bare(row.label)) else row


def _sheet_list(form: Form, spec: StubList) -> SheetList:
    money = tuple(column for column in form.columns if column.money and column.col in spec.cols)
    rows = tuple(_plain_total(row) for row in spec.rows if row.role not in ("blank", "text"))
    return SheetList(spec=spec, rows=rows, columns=money, by_row={row.row: row for row in rows})


@dataclass(slots=True, eq=False)
class Book:
    """All sheets of a document and every figure by the id of its fact.

    `continued`: tables that may be parts of one form which we did not join, by what they are; `parted`: those of which the normaliser says so.
    """

    document: Normalized
    sheets: tuple[Sheet, ...]
    figures: dict[str, Figure]
    tables: dict[str, list[Figure]] = field(default_factory=dict)
    continued: frozenset[str] = frozenset()
    parted: frozenset[str] = frozenset()

    def by_table(self, table: str) -> list[Figure]:
        """All figures of a table."""
        return self.tables.get(table, [])

    def walk(self) -> Iterator[tuple[Sheet, SheetList]]:
        """Every list of every sheet."""
        for sheet in self.sheets:
            for one in sheet.lists:
                yield sheet, one


def _has_total(sheet: Sheet) -> bool:
    return any(row.role in ("total", "grand_total") for one in sheet.lists for row in one.rows)


def _continued(sheets: list[Sheet]) -> frozenset[str]:
    """Neighbouring tables of one kind (or the second of no known kind) of which only one has a total: perhaps a form that a page break cut."""
    found: set[str] = set()
    for one, other in pairwise(sheet for sheet in sheets if sheet.cells):
        if other.kind in (None, one.kind) and len(other.form.columns) and _has_total(one) != _has_total(other):
            found |= {one.form.table, other.form.table}
    return frozenset(found)


def _parted(forms: Iterable[Form]) -> frozenset[str]:
    """Both parts of each form whose second part says which table it may go on with."""
    return frozenset(table for form in forms if form.continues for table in (form.table, form.continues))


def read_book(document: Normalized) -> Book:
    """Indexes a document; a cell printed again after a page break is kept apart from the cells that are summed."""
    figures = {fact.id: figure_of(fact) for fact in document.facts}
    by_table: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures.values():
        by_table[figure.fact.table].append(figure)
    sheets = []
    for form in document.forms:
        sheet = Sheet(form=form)
        for figure in by_table[form.table]:
            if figure.fact.duplicate_of and figure.fact.duplicate_of in figures:
                sheet.reprints.append((figure, figure.fact.duplicate_of))
            else:
                sheet.cells[figure.fact.row, figure.fact.col] = figure
        sheet.lists = tuple(_sheet_list(form, spec) for spec in form.lists)
        sheets.append(sheet)
    parted = _parted(document.forms)
    return Book(
        document=document,
        sheets=tuple(sheets),
        figures=figures,
        tables=dict(by_table),
        continued=_continued(sheets) | parted,
        parted=parted,
    )
