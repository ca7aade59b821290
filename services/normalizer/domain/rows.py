"""Rows of a list: what each one is (total, unit, item, carry-over …) and which code, line or project it means.

Printed codes count before names; names are looked for in the list's chart, below the class the row stands under first. Rows of a leading
department or unit repeat the total: their codes look like classes (201, 230), so only the narrow columns or the name tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.normalizer.domain.catalogue import Catalogue, LineRule
from services.normalizer.domain.charts import Chart, Hit
from services.normalizer.domain.columns import element
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.stub import StubColumns, StubRow
from services.normalizer.domain.words import name_key, split_label
from shared.contracts.normalized import CodeFrom, ListKind, RowRole
from shared.contracts.vocabulary import Line

CHARTS = ("function", "economic", "gov_economic")
# How names of organisations end. Evidence only beside a code, a blank function code, or a place right below the total.
_ORGANISATION = re.compile(
    r"(?:局|委员会|中心|办公室|办|处|所|院|校|站|馆|部|厅|政府|大队|支队|总队|学校|医院|幼儿园|中学|小学|大学|学院|协会|联合会|团委|总工会|工会|妇联|科协|残联|侨联|公司|街道|镇|乡|队|室|委|园|社|会|科|台|分局|机关)(?:\((?:本级|机关|汇总|本部)\))?(?:本级|机关|汇总|本部)?$"
)
# Lines whose parts are all of them, by what the form is: 其中 before the first part takes nothing away.
_COMPLETE = frozenset({Line.THREE_PUBLIC_TOTAL, Line.THREE_PUBLIC_VEHICLES})
_UNIT_CODE = re.compile(r"^\d{3,}$")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rows of a list need to know of the rest: the list's kind, its side, whether it is a summary list, known unit names."""

    kind: ListKind
    side: str
    summary: bool
    organisations: frozenset[str]
    three_public: bool = False


@dataclass(frozen=True, slots=True)
class MeantRow:
    """A row with its meaning; depth and parent follow in a second step."""

    stub: StubRow
    role: RowRole
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None
    fund: str | None = None
    project: str | None = None
    code_from: CodeFrom = "none"
    confidence: float = 1.0
    under: str | None = None

    def code(self) -> str:
        """The code that the list is ordered by, empty where none."""
        return self.function or self.economic or self.gov_economic or ""


def mean_rows(rows: Sequence[StubRow], columns: StubColumns, around: Surroundings, catalogue: Catalogue) -> list[MeantRow]:
    """The meaning of every row of a list, from the top: a row's name may depend on the rows above it."""
    meant: list[MeantRow] = []
    state = _State()
    for position, row in enumerate(rows):
        entry = _mean(row, position, columns, around, catalogue, state)
        state.after(entry, catalogue)
        meant.append(entry)
    return _last_totals(meant, around) if around.summary else meant


def _last_totals(meant: list[MeantRow], around: Surroundings) -> list[MeantRow]:
    """收入合计 at the end of a summary list, below 当年收入小计 or alone, is what others call 收入总计."""
    totals = [index for index, row in enumerate(meant) if row.role in ("grand_total", "year_total")]
    if (
        not totals
        or meant[totals[-1]].role == "grand_total"
        or name_key(meant[totals[-1]].stub.label.name) not in ("收入合计", "支出合计", "合计")
    ):
        return meant
    line = Line.INCOME_TOTAL if around.side == "income" else Line.EXPENDITURE_TOTAL
    meant[totals[-1]] = replace(meant[totals[-1]], role="grand_total", line=str(line))
    return meant


class _State:
    """What the rows so far say about the next one: current class by chart, the line it stands under, units seen."""

    def __init__(self) -> None:
        self.within: dict[str, str] = {}
        self.section: dict[str, str] = {}
        self.opening = False
        self.line_above: str | None = None
        self.items = 0

    def after(self, entry: MeantRow, catalogue: Catalogue) -> None:
        for chart, code in (("function", entry.function), ("economic", entry.economic), ("gov_economic", entry.gov_economic)):
            if code and catalogue.chart(chart).level(code) == 1:
                self.within[chart] = code
                self.section[chart] = ""
            elif code and catalogue.chart(chart).level(code) == 2:
                self.section[chart] = code
        if entry.role == "carry_over" and (entry.line or "").startswith(Line.CARRY_OVER_OPENING):
            self.opening = True
        elif entry.role in ("grand_total", "year_total", "carry_over"):
            self.opening = False
        if entry.role == "item":
            self.items += 1
        if entry.line:
            self.line_above = entry.line


def _mean(row: StubRow, position: int, columns: StubColumns, around: Surroundings, catalogue: Catalogue, state: _State) -> MeantRow:
    if not columns.names and not columns.codes and not columns.narrow:
        return MeantRow(row, "total", line=Line.TOTAL, code_from="position", confidence=0.95)
    total = None if row.codes else _total(row, around, catalogue)
    if total is not None:
        return MeantRow(row, _role(total.role), line=total.id, fund=total.fund, code_from="total", under=total.under)
    if _is_unit(row, columns, around, catalogue, position, state):
        return MeantRow(row, "unit", line=Line.UNIT, code_from="position", confidence=0.95)
    entry = _coded(row, catalogue)
    if entry is None:
        entry = _named(row, around, catalogue, state)
    if around.kind == "project" and "project" in columns.names and row.named_by in ("name", "function", "economic") and row.has_figures:
        # A function or kind in a column of its own, with the project's cell blank: the sum of the projects below.
        return replace(entry, role="subtotal", line=entry.line or str(Line.SUBTOTAL))
    if around.kind in ("project", "procurement") and row.label.name:
        entry = replace(entry, project=row.label.name, code_from="name" if entry.code_from == "none" else entry.code_from)
    if not row.has_figures and not row.label.name and not row.codes:
        return replace(entry, role="blank")
    if entry.line == Line.THREE_PUBLIC_TOTAL and not around.three_public:
        entry = replace(entry, role="item")
    if row.label.of_which and entry.role == "item" and (entry.under or "") not in _COMPLETE:
        return replace(entry, role="of_which")
    return entry


def _role(role: str) -> RowRole:
    roles: dict[str, RowRole] = {
        "grand_total": "grand_total",
        "year_total": "year_total",
        "total": "total",
        "subtotal": "subtotal",
        "carry_over": "carry_over",
        "of_which": "of_which",
    }
    return roles.get(role, "item")


def _total(row: StubRow, around: Surroundings, catalogue: Catalogue) -> LineRule | None:
    """The total line that a label names. In a summary list 总计 is that list's grand total, in another list just its total."""
    key = name_key(row.label.name)
    for other in row.names.values():
        if not key:
            key = name_key(other)
    if around.three_public and (rule := catalogue.line(key, "both")) is not None and rule.role == "total":
        return catalogue.line("三公经费合计", "both") if rule.id == Line.TOTAL else rule
    sides = (around.side, "both") if around.summary else ("both", around.side)
    for side in sides:
        for rule in catalogue.line_names.get(key, ()):
            # 三公经费 among other lines is one of them, and no total of the list.
            if rule.side == side and rule.id != Line.THREE_PUBLIC_TOTAL and rule.role in ("grand_total", "year_total", "total", "subtotal"):
                return rule
    return None


def _is_unit(row: StubRow, columns: StubColumns, around: Surroundings, catalogue: Catalogue, position: int, state: _State) -> bool:
    name = row.label.name
    if around.kind == "unit":
        return bool(name or row.unit_code)
    if around.side == "income" and around.summary:
        return False
    known = name in around.organisations
    if "unit" in columns.names and len(columns.names) > 1:
        # A unit's name in a column of its own, merged or repeated beside the names of items, is their context; only a row that names
        # nothing else is the unit's own.
        return bool(name) and not row.codes and split_label(row.names.get("unit", "")).name == name
    if around.kind == "project":
        leading = state.items == 0
        return leading and bool(name) and (known or (bool(_ORGANISATION.search(name)) and (bool(row.unit_code) or position < 2)))
    if row.narrow_blank and name and "function" in columns.narrow:
        return known or bool(row.unit_code) or bool(_ORGANISATION.search(name))
    if row.codes.get("function") and not columns.narrow:
        code = row.codes["function"]
        return (
            bool(name) and not catalogue.function.agrees(code, name) and (known or (bool(_ORGANISATION.search(name)) and state.items == 0))
        )
    if not row.codes and around.kind == "function" and state.items == 0:
        return known or (bool(_ORGANISATION.search(name)) and bool(_UNIT_CODE.match(row.unit_code)))
    return known and not row.codes


def _coded(row: StubRow, catalogue: Catalogue) -> MeantRow | None:
    """A row whose stub prints codes; a second chart's code or name beside it is kept too."""
    found: dict[str, Hit] = {}
    for chart in CHARTS:
        code = row.codes.get(chart)
        if code:
            hit = catalogue.chart(chart).printed(code, row.names.get(chart) or row.label.name)
            if hit:
                found[chart] = hit
    if not found:
        return None
    if "gov_economic" not in found and row.names.get("gov_economic"):
        hit = catalogue.gov_economic.by_name(row.names["gov_economic"])
        if hit:
            found["gov_economic"] = hit
    return MeantRow(
        row,
        "item",
        function=found["function"].code if "function" in found else None,
        economic=found["economic"].code if "economic" in found else None,
        gov_economic=found["gov_economic"].code if "gov_economic" in found else None,
        code_from="printed",
        confidence=min(hit.confidence for hit in found.values()),
    )


def _named(row: StubRow, around: Surroundings, catalogue: Catalogue, state: _State) -> MeantRow:
    """A row known by its name only: a line of its side, or a code of the list's chart."""
    name = row.label.name
    if not name:
        return MeantRow(row, "item")
    if around.three_public:
        rule = catalogue.line(name, "both") or _headed_line(name, catalogue)
        return _as_line(row, rule) if rule else MeantRow(row, "item")
    if around.kind == "income":
        rule = (
            (catalogue.line(name, "opening") if state.opening else None)
            or _child_line(row, catalogue, state)
            or catalogue.line(name, "income")
        )
        return _as_line(row, rule) if rule else MeantRow(row, "item")
    if around.kind in ("project", "procurement", "unit", "performance"):
        return MeantRow(row, "item")
    if around.kind in ("economic", "gov_economic", "mixed") and (rule := catalogue.line(name, "expenditure")):
        return _as_line(row, rule)
    hits = _chart_hits(row, around, catalogue, state)
    if hits:
        first = next(iter(hits.values()))
        return MeantRow(
            row,
            "item",
            function=hits["function"].code if "function" in hits else None,
            economic=hits["economic"].code if "economic" in hits else None,
            gov_economic=hits["gov_economic"].code if "gov_economic" in hits else None,
            code_from=first.code_from,
            confidence=min(hit.confidence for hit in hits.values()),
        )
    rule = catalogue.line(name, around.side) or catalogue.line(name, "expenditure")
    return _as_line(row, rule) if rule else MeantRow(row, "item")


def _headed_line(name: str, catalogue: Catalogue) -> LineRule | None:
    """The 三公 line that a label means in words which column heads use (公务用车购置及运行维护支出)."""
    head = element(catalogue, name, True)
    return next((rule for rule in catalogue.lines if rule.id == head.line), None) if head is not None and head.line else None


def _child_line(row: StubRow, catalogue: Catalogue, state: _State) -> LineRule | None:
    """A part of 事业收入 (其中：教育收费) is not the income line of the same name."""
    if row.label.of_which and state.line_above == Line.INCOME_SERVICE:
        return catalogue.line(row.label.name, "income_child")
    return None


def _as_line(row: StubRow, rule: LineRule) -> MeantRow:
    return MeantRow(row, _role(rule.role), line=rule.id, fund=rule.fund, code_from="name", confidence=0.95, under=rule.under)


def _chart_hits(row: StubRow, around: Surroundings, catalogue: Catalogue, state: _State) -> dict[str, Hit]:
    """Codes by name: in the list's own chart, and in the government's chart where a second name stands beside it."""
    hits: dict[str, Hit] = {}
    main = around.kind if around.kind in CHARTS else ""
    charts: tuple[str, ...] = (main,) if main else ("function", "economic", "gov_economic")
    for kind in charts:
        hit = _by_name(
            catalogue.chart(kind), class_name(row.label.name), around.summary, (state.section.get(kind, ""), state.within.get(kind, ""))
        )
        if hit:
            hits[kind] = hit
            break
    beside = row.names.get("gov_economic")
    if beside and main == "economic":
        hit = catalogue.gov_economic.by_name(beside)
        if hit:
            hits["gov_economic"] = hit
    return hits


def _by_name(chart: Chart, name: str, summary: bool, above: tuple[str, ...]) -> Hit | None:
    """Summary lists print classes; elsewhere a name is first one below the current section or class, then a class, then the only one of its name."""
    if summary:
        return chart.by_name(name, level=1) or chart.by_name(name)
    below = next((hit for within in above if within and (hit := chart.by_name(name, within=within))), None)
    return below or chart.by_name(name, level=1) or chart.by_name(name)
