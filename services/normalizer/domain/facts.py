"""Facts: every money figure of a recognised layout with its codes, exact text and place; what is no money, or unreadable, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from msgspec import UNSET

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.figures import Figure, is_nothing, looks_like_money, parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.layout import ColumnInfo, Layout
from services.normalizer.domain.lists import FormList
from services.normalizer.domain.meant import CHARTS, MeantRow
from services.normalizer.domain.spelling import slips_allowed
from services.normalizer.domain.units import in_yuan
from services.normalizer.domain.words import name_key
from shared.canonical import share
from shared.contracts.extracted import Cell, Table
from shared.contracts.normalized import Candidate, CodeFrom, Fact, Unmapped
from shared.contracts.vocabulary import Fund, Line, Measure

_NATURES: Mapping[str, str] = {
    Line.BASIC_EXPENDITURE: str(Measure.BASIC),
    Line.PROJECT_EXPENDITURE: str(Measure.PROJECT),
}
_UPPER = (Measure.TOTAL, Measure.AMOUNT)


@dataclass(frozen=True, slots=True)
class Money:
    """A money figure before units and precision are settled: its cell, its parsed text, and what it means."""

    cell: Cell
    figure: Figure
    list: int
    label: str
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None
    measure: str | None = None
    fund: str | None = None
    project: str | None = None
    unit: str | None = None
    code_from: CodeFrom = "none"
    confidence: float = 1.0
    duplicate_of: str | None = None


@dataclass(slots=True)
class TableMoney:
    """All money of a table, and what was left out with the reason."""

    money: list[Money] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)


def list_money(grid: Grid, layout: Layout, lists: Sequence[FormList], catalogue: Catalogue) -> TableMoney:
    """The money figures of a table's lists, row by row; figures outside them are named as unmapped."""
    result = TableMoney()
    used: set[tuple[int, int]] = set()
    for entry in lists:
        repeats = _repeats(grid, entry)
        for position, row in enumerate(entry.rows):
            _row_money(grid, entry, position, row, repeats, result, used)
    _left_over(grid, layout, result, used)
    result.unmapped.extend(_uncoded(grid, lists, catalogue))
    return result


def _row_money(
    grid: Grid, entry: FormList, position: int, row: MeantRow, repeats: Mapping[int, int], result: TableMoney, used: set[tuple[int, int]]
) -> None:
    natures = _nature_above(entry, position)
    for info in entry.columns.figures:
        cell = grid.anchored.get((row.stub.row, info.col))
        if cell is None or is_nothing(cell.text):
            continue
        used.add((cell.row, cell.col))
        figure = parse_figure(cell.text)
        if figure is None:
            result.unmapped.append(_left_out(grid, cell, "not a figure") if any(ch.isdigit() for ch in cell.text) else _words(grid, cell))
            continue
        original = repeats.get(row.stub.row)
        result.money.append(_money(grid, entry, row, info, cell, figure, natures, original))


def _money(
    grid: Grid, entry: FormList, row: MeantRow, info: ColumnInfo, cell: Cell, figure: Figure, nature: str | None, original: int | None
) -> Money:
    head = info.head
    measure = nature if nature and head.measure in _UPPER else head.measure
    line = _line(row, info)
    code_from = row.code_from
    if code_from == "none" and (info.economic or info.gov_economic or head.line):
        code_from = "header"
    return Money(
        cell=cell,
        figure=figure,
        list=entry.columns.index,
        label=row.stub.label.name,
        function=row.function,
        economic=row.economic or info.economic,
        gov_economic=row.gov_economic or info.gov_economic,
        line=line,
        measure=measure,
        fund=_fund(row, info),
        project=row.project,
        unit=figure.unit or head.unit,
        code_from=code_from,
        confidence=min(row.confidence, info.sure, cell.confidence),
        duplicate_of=f"{grid.table.id}/{original}/{cell.col}" if original is not None else None,
    )


def _line(row: MeantRow, info: ColumnInfo) -> str | None:
    """The column's line (a source of income, a part of the 三公) says more than the row's, which then is a total or a unit."""
    return info.head.line or row.line


def _fund(row: MeantRow, info: ColumnInfo) -> str | None:
    """The column's fund, unless it is 财政拨款 as a whole and the row names which part of it."""
    return row.fund if info.head.fund == Fund.FISCAL and row.fund else info.head.fund or row.fund


def _nature_above(entry: FormList, position: int) -> str | None:
    """Basic or project expenditure, where a row stands below such a line in its list."""
    place: int | None = position
    while place is not None:
        nature = _NATURES.get(entry.rows[place].line or "")
        if nature and place != position:
            return nature
        place = entry.places[place].parent
    return None


def _repeats(grid: Grid, entry: FormList) -> dict[int, int]:
    """Rows that print the row above's merged cells again after a page break: row → the row first printed.

    The label and every figure agree, and the row is the first of a page.
    """
    starts = set(grid.table.page_starts)
    found: dict[int, int] = {}
    for before, row in pairwise(entry.rows):
        if row.stub.row not in starts or not row.stub.label.name or row.stub.label.name != before.stub.label.name:
            continue
        texts = [(grid.own_text(before.stub.row, i.col), grid.own_text(row.stub.row, i.col)) for i in entry.columns.figures]
        if any(a for a, _ in texts) and all(a == b for a, b in texts) and before.stub.unit_code == row.stub.unit_code:
            found[row.stub.row] = found.get(before.stub.row, before.stub.row)
    return found


def _left_out(grid: Grid, cell: Cell, reason: str) -> Unmapped:
    return Unmapped(table=grid.table.id, row=cell.row, col=cell.col, text=cell.text, reason=reason)


def _words(grid: Grid, cell: Cell) -> Unmapped:
    return _left_out(grid, cell, "words in a column of figures")


def _left_over(grid: Grid, layout: Layout, result: TableMoney, used: set[tuple[int, int]]) -> None:
    """Figures that look like money outside the columns of money: remarks, indicator values, columns of unknown heads."""
    kinds = {info.col: info.kind for info in layout.columns}
    for row in range(grid.body.stop, grid.table.n_rows):
        for cell in grid.by_row.get(row, ()):
            if parse_figure(cell.text) is not None:
                result.unmapped.append(_left_out(grid, cell, "below the boxhead of another form"))
    for row in grid.body:
        for cell in grid.by_row.get(row, ()):
            if (cell.row, cell.col) in used or row in grid.number_rows:
                continue
            kind = kinds.get(cell.col, "")
            if kind == "figure" and not is_nothing(cell.text) and parse_figure(cell.text) is not None:
                result.unmapped.append(_left_out(grid, cell, "row without label"))
            elif looks_like_money(cell.text) or (kind == "text" and _remark(cell.text)):
                result.unmapped.append(_left_out(grid, cell, f"column of {kind or 'no list'}"))


def _remark(text: str) -> bool:
    """Whole yuan in a column of remarks: five digits or more; shorter ones are counts, years, ordinals."""
    return parse_figure(text) is not None and len(text.strip()) >= 5


def _uncoded(grid: Grid, lists: Sequence[FormList], catalogue: Catalogue) -> Iterator[Unmapped]:
    """Rows with figures that got neither code, line nor project, with the codes their names resemble."""
    for entry in lists:
        for row in entry.rows:
            if row.stub.has_figures and not (row.code() or row.line or row.project):
                name = row.stub.label.name
                yield Unmapped(
                    table=grid.table.id,
                    row=row.stub.row,
                    col=None,
                    text=name,
                    candidates=_candidates(row, entry.kind, catalogue),
                    reason="no code for the name",
                )


# Candidates of a name that no rule takes: at most so many, and one slip more than a rule would forgive.
_CANDIDATES = 5


def _candidates(row: MeantRow, kind: str, catalogue: Catalogue) -> tuple[Candidate, ...]:
    """The codes that a name may mean: those that bear it, else those whose names are near it in the list's own chart (in any, where it has none)."""
    name = class_name(row.stub.label.name)
    key = name_key(name)
    found: dict[str, Candidate] = {}
    for chart in map(catalogue.chart, CHARTS):
        for named in chart.candidates(name)[:3]:
            found[named.code] = Candidate(code=named.code, name=chart.codes[named.code].name, score=share(named.confidence))
    charts = [catalogue.chart(kind)] if kind in CHARTS else [catalogue.chart(each) for each in CHARTS]
    if not found and len(key) >= _NAME:
        for chart in charts:
            for near in chart.near(key, slips=slips_allowed(key) + 1):
                for named in chart.names[near.name]:
                    score = share(named.confidence * (1 - near.slips / len(key)))
                    found.setdefault(named.code, Candidate(code=named.code, name=chart.codes[named.code].name, score=score))
    return tuple(sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.code))[:_CANDIDATES])


_NAME = 4  # below this a near name is no more than a word in common


def to_fact(money: Money, table: Table, form: str | None, unit: str | None, precision: int) -> Fact:
    """The fact of a money figure; `unit` is the form's, used where neither cell nor column print one."""
    own = money.unit or unit
    yuan: Decimal | None = in_yuan(money.figure.amount, own)
    cell = money.cell
    return Fact(
        id=f"{table.id}/{cell.row}/{cell.col}",
        table=table.id,
        row=cell.row,
        col=cell.col,
        form=form,
        function=money.function,
        economic=money.economic,
        gov_economic=money.gov_economic,
        line=money.line,
        measure=money.measure,
        fund=money.fund,
        project=money.project,
        amount=money.figure.amount,
        decimals=money.figure.decimals,
        precision=precision,
        unit=own,
        yuan=yuan,
        text=cell.text,
        page=cell.page,
        bbox=cell.bbox,
        code_from=money.code_from,
        confidence=share(money.confidence),
        label=money.label,
        list=money.list,
        duplicate_of=money.duplicate_of,
        origin="image" if table.engine == "ocr" else UNSET,
    )
