"""Rows of a list: what each one is (total, unit, item, carry-over …) and which code, line or project it means.

Printed codes count before names; names are looked for in the list's chart, below the class the row stands under first. Rows of a leading
department or unit repeat the total: their codes look like classes (201, 230), so only the narrow columns or the name tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.normalizer.domain.catalogue import Catalogue, LineRule
from services.normalizer.domain.coding import coded, named
from services.normalizer.domain.meant import CHARTS, MeantRow, Outline, State, Surroundings, levels_told, role_of
from services.normalizer.domain.siblings import placed_by_siblings
from services.normalizer.domain.stub import StubColumns, StubRow
from services.normalizer.domain.words import name_key, split_label
from shared.contracts.vocabulary import Line

# How names of organisations end. Evidence only beside a code, a blank function code, or a place right below the total.
_ORGANISATION = re.compile(
    r"(?:局|委员会|中心|办公室|办|处|所|院|校|站|馆|部|厅|政府|大队|支队|总队|学校|医院|幼儿园|中学|小学|大学|学院|协会|联合会|团委|总工会|工会|妇联|科协|残联|侨联|公司|街道|镇|乡|队|室|委|园|社|会|科|台|分局|机关)(?:\((?:本级|机关|汇总|本部)\))?(?:本级|机关|汇总|本部)?$"
)
# Lines whose parts are all of them, by what the form is: 其中 before the first part takes nothing away.
_COMPLETE = frozenset({Line.THREE_PUBLIC_TOTAL, Line.THREE_PUBLIC_VEHICLES})
_UNIT_CODE = re.compile(r"^\d{3,}$")


def mean_rows(rows: Sequence[StubRow], columns: StubColumns, around: Surroundings, catalogue: Catalogue) -> list[MeantRow]:
    """The meaning of every row of a list, from the top: a row's name may depend on the rows above it.

    A name that a 款 and its 项 share, or that stands at several levels, is read a second time, when the other rows have told which level their
    indentation and ordinals mean.
    """
    meant = _read(rows, columns, around, catalogue, {})
    if any(entry.rivals for entry in meant) and (levels := levels_told(meant, catalogue)):
        meant = _read(rows, columns, around, catalogue, levels)
    if around.kind in CHARTS:
        meant = placed_by_siblings(meant, catalogue.chart(around.kind))
    return _last_totals(meant, around) if around.summary else meant


def _read(
    rows: Sequence[StubRow], columns: StubColumns, around: Surroundings, catalogue: Catalogue, levels: Mapping[Outline, int]
) -> list[MeantRow]:
    meant: list[MeantRow] = []
    state = State(levels)
    for position, row in enumerate(rows):
        state.next_name = rows[position + 1].label.name if position + 1 < len(rows) else ""
        entry = _mean(row, position, columns, around, catalogue, state)
        state.after(entry, catalogue)
        meant.append(entry)
    return meant


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


def _mean(row: StubRow, position: int, columns: StubColumns, around: Surroundings, catalogue: Catalogue, state: State) -> MeantRow:
    if not columns.names and not columns.codes and not columns.narrow:
        return MeantRow(row, "total", line=Line.TOTAL, code_from="position", confidence=0.95)
    total = None if row.codes else _total(row, around, catalogue)
    if total is not None:
        return MeantRow(row, role_of(total.role), line=total.id, fund=total.fund, code_from="total", under=total.under)
    if _is_unit(row, columns, around, catalogue, position, state):
        return MeantRow(row, "unit", line=Line.UNIT, code_from="position", confidence=0.95)
    entry = coded(row, catalogue)
    if entry is None:
        entry = named(row, around, catalogue, state)
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


def _is_unit(row: StubRow, columns: StubColumns, around: Surroundings, catalogue: Catalogue, position: int, state: State) -> bool:
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
        if row.unit_code and state.units.get(row.unit_code, name) != name:
            return False  # a code names one unit: what stands beside it again, under another name, is a project of that unit
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
