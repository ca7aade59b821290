"""The lists of a form: what each list is a list of, and its rows with meaning, depth and parent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.layout import Layout, ListColumns
from services.normalizer.domain.meant import CHARTS, MeantRow, OwnNames, Surroundings
from services.normalizer.domain.outline import Place, places
from services.normalizer.domain.rows import mean_rows
from services.normalizer.domain.stub import StubColumns, StubRow, stub_columns, stub_rows
from shared.contracts.normalized import ListKind
from shared.contracts.vocabulary import Line

_INCOME = re.compile(r"收入")
_EXPENDITURE = re.compile(r"支出")
_PROCUREMENT = re.compile(r"采购|购买服务|资产(?:名称|类别|分类)")
_INCOME_LINES = ("income.", "carry_over_opening", "use_of_nonfiscal_balance", "unspent_bank_balance")


@dataclass(frozen=True, slots=True)
class FormList:
    """A list with its columns, kind, and rows; `rows[i]` stands at `places[i]`."""

    columns: ListColumns
    stub: StubColumns
    kind: ListKind
    rows: tuple[MeantRow, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class RawList:
    """A list before its rows have meaning."""

    columns: ListColumns
    stub: StubColumns
    rows: tuple[StubRow, ...]
    kind: ListKind


def raw_lists(grid: Grid, layout: Layout, catalogue: Catalogue) -> list[RawList]:
    """The stubs of all lists, and what each is a list of."""
    result = []
    for columns in layout.lists:
        stub = stub_columns(grid, columns)
        rows = stub_rows(grid, columns, stub, catalogue)
        result.append(RawList(columns, stub, tuple(rows), _kind(columns, stub, rows, layout, catalogue)))
    return result


def _kind(columns: ListColumns, stub: StubColumns, rows: Sequence[StubRow], layout: Layout, catalogue: Catalogue) -> ListKind:
    if _PROCUREMENT.search(stub.words):
        return "procurement"
    if "project" in stub.names and not _mostly_lines(rows, catalogue):
        return "project"
    charts = [chart for chart in CHARTS if chart in stub.narrow or chart in stub.codes]
    if charts:
        first: ListKind = "function" if charts[0] == "function" else "economic" if charts[0] == "economic" else "gov_economic"
        blank = not any(row.codes.get(charts[0]) for row in rows)
        return _told_by_names(first, rows, catalogue) if blank else first
    if "income" in stub.codes:
        return "income"
    named: tuple[tuple[str, ListKind], ...] = (("function", "function"), ("economic", "economic"), ("gov_economic", "gov_economic"))
    for role, kind in named:
        if role in stub.names:
            return _told_by_names(kind, rows, catalogue)
    if set(stub.names) == {"unit"}:
        return "unit"
    top = " ".join(info.path[0] for info in columns.stub if info.path)
    if len(layout.lists) > 1 and _INCOME.search(top) and not _EXPENDITURE.search(top):
        return "income"
    return _kind_by_names(rows, catalogue)


def _mostly_lines(rows: Sequence[StubRow], catalogue: Catalogue) -> bool:
    """Some forms head their lines of income and expenditure 项目名称: names that are lines or classes are no projects."""
    names = [row.label.name for row in rows if row.label.name]
    known = sum(
        any(catalogue.line(name, side) for side in ("income", "expenditure"))
        or any(bool(catalogue.chart(chart).by_name(name, level=1)) for chart in ("function", "economic"))
        for name in names
    )
    return len(names) >= 2 and known >= 0.6 * len(names)


def _told_by_names(kind: ListKind, rows: Sequence[StubRow], catalogue: Catalogue) -> ListKind:
    """A head may be cut (府预算支出经济科目): where the names are clearly of another chart, they decide."""
    hits = {chart: sum(bool(catalogue.chart(chart).candidates(class_name(row.label.name))) for row in rows) for chart in CHARTS}
    best = max(CHARTS, key=lambda chart: hits[chart])
    others: dict[str, ListKind] = {"function": "function", "economic": "economic", "gov_economic": "gov_economic"}
    return others[best] if hits[best] >= hits[kind] + 2 else kind


def _kind_by_names(rows: Sequence[StubRow], catalogue: Catalogue) -> ListKind:
    """The kind whose names most rows bear; mixed where no kind has two."""
    scores: dict[ListKind, float] = {"three_public": 0, "income": 0, "function": 0, "economic": 0, "gov_economic": 0}
    for row in rows:
        name = class_name(row.label.name)
        if not name:
            continue
        rule = catalogue.line(name, "both")
        scores["three_public"] += rule is not None and rule.id.startswith("three_public.")
        income = catalogue.line(name, "income")
        scores["income"] += income is not None and (income.id.startswith(_INCOME_LINES) or "收入" in name)
        scores["function"] += bool(catalogue.function.by_name(name, level=1)) or bool(row.codes.get("function"))
        scores["economic"] += bool(catalogue.economic.candidates(name)) or bool(row.codes.get("economic"))
        scores["gov_economic"] += 0.99 * (bool(catalogue.gov_economic.candidates(name)) or bool(row.codes.get("gov_economic")))
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= 1.9 else "mixed"


def _totals_of_group(rows: Sequence[MeantRow], columns: ListColumns) -> list[MeantRow]:
    """In lists side by side, 合计 of the one headed 人员经费 is the personnel total, that of the one headed 公用经费 the public one."""
    heads = {str(columns.figures[0].path[0])} if columns.figures and len(columns.figures[0].path) > 1 else set()
    line = (
        Line.PERSONNEL_TOTAL
        if any("人员" in head for head in heads)
        else Line.PUBLIC_TOTAL
        if any("公用" in head for head in heads)
        else None
    )
    if line is None:
        return list(rows)
    name = "人员经费合计" if line == Line.PERSONNEL_TOTAL else "公用经费合计"

    def named(row: MeantRow) -> MeantRow:
        return replace(row, line=str(line), stub=replace(row.stub, label=row.stub.label._replace(name=name)))

    return [named(row) if row.role == "total" and row.line == Line.TOTAL else row for row in rows]


def form_lists(
    raw: Sequence[RawList], catalogue: Catalogue, organisations: frozenset[str], own: OwnNames, *, three_public: bool
) -> list[FormList]:
    """The lists with the meaning of their rows. Several lists of which one is of income make a summary form."""
    summary = len(raw) > 1 and any(entry.kind == "income" for entry in raw)
    result = []
    for entry in raw:
        side = "income" if entry.kind == "income" else "expenditure"
        kind = entry.kind
        public = kind == "three_public" or (three_public and kind == "mixed")
        around = Surroundings(kind, side, summary or len(raw) > 1, organisations, public, own)
        rows = mean_rows(entry.rows, entry.stub, around, catalogue)
        if len(raw) > 1 and kind in ("economic", "gov_economic"):
            rows = _totals_of_group(rows, entry.columns)
        result.append(FormList(entry.columns, entry.stub, kind, tuple(rows), tuple(places(rows, by_column=kind == "procurement"))))
    return result
