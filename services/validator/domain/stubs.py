"""Roll-ups along the national codes of a stub: 类 = Σ 款, 款 = Σ 项, 合计 = Σ of the highest level printed; rows of a leading unit repeat 合计.

Codes tell the level, not the order of rows nor their place: classes may stand in any order, and where only items are printed, the items are
the summands. Several lists side by side (economic classes over three columns of a page) are read as one list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.validator.domain.edits import code_of
from services.validator.domain.outline import is_summary
from services.validator.domain.proposal import Basis, Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Figure, Sheet, SheetList
from shared.contracts.normalized import Row

_AXES = ("function", "economic", "gov_economic")
_TOTALS = {"total", "grand_total", "year_total"}
_CODED_SHARE = 0.6  # below it names, not codes, carry the list: summaries of every province stay far below, coded lists at 1.0


@dataclass(slots=True, eq=False)
class _Node:
    """A row of one of the joined lists, with its code on the axis of the list (empty where it has none) and the code rows below it."""

    one: SheetList
    row: Row
    code: str
    below: list[_Node]

    def figure(self, sheet: Sheet, position: int) -> Figure | None:
        """Its figure in the money column at a position (lists side by side have their own columns)."""
        return sheet.at(self.row.row, self.one.columns[position].col) if position < len(self.one.columns) else None

    def terms(self, sheet: Sheet, position: int) -> list[tuple[Figure, int]]:
        """Its contribution: its figure, or where that is blank what stands below it."""
        figure = self.figure(sheet, position)
        if figure is not None:
            return [(figure, 1)]
        return [term for node in self.below for term in node.terms(sheet, position)]


@dataclass(slots=True, eq=False)
class _Section:
    """The code rows that follow a run of unit rows (no unit rows at the head of a list without units)."""

    units: list[_Node]
    nodes: list[_Node]


def code_axis(rows: Iterable[Row]) -> str | None:
    """The kind of code that most item rows carry; None where too few carry one."""
    items = [row for row in rows if row.role in ("item", "subtotal", "of_which")]
    if not items:
        return None
    counts = {axis: sum(1 for row in items if getattr(row, axis)) for axis in _AXES}
    best = max(_AXES, key=lambda axis: counts[axis])
    return best if counts[best] >= _CODED_SHARE * len(items) else None


def _joined(sheet: Sheet) -> list[list[SheetList]]:
    """Lists to be read as one: economic lists side by side with one money column each; every other list alone."""
    side = [one for one in sheet.lists if one.kind == "economic" and len(one.columns) <= 1]
    joined = [side] if len(side) > 1 and not any(row.role in ("year_total", "grand_total") for one in side for row in one.rows) else []
    rest = [[one] for one in sheet.lists if not (joined and one in side)]
    return joined + rest


def _sections(lists: list[SheetList], axis: str) -> tuple[list[_Section], list[_Node]]:
    """The sections of a list by its unit rows, and the rows that are totals of the whole."""
    sections = [_Section([], [])]
    totals: list[_Node] = []
    for one in lists:
        for row in one.rows:
            node = _Node(one, row, code_of(row, axis), [])
            if row.role == "unit":
                if sections[-1].nodes:
                    sections.append(_Section([], []))
                sections[-1].units.append(node)
            elif row.role in _TOTALS and not node.code:
                totals.append(node)
            elif row.role in ("item", "subtotal", "of_which", "total") and node.code:
                sections[-1].nodes.append(node)
    return [section for section in sections if section.nodes or section.units], totals


def _link(section: _Section) -> list[_Node] | None:
    """Hangs every row below the row of its longest prefix; the highest rows. None where a code is printed twice (no tree)."""
    by_code: dict[str, _Node] = {}
    for node in section.nodes:
        if node.code in by_code:
            return None
        by_code[node.code] = node
    tops = []
    for code, node in by_code.items():
        parent = next((by_code[code[:size]] for size in (5, 3) if size < len(code) and code[:size] in by_code), None)
        if parent is None:
            tops.append(node)
        else:
            parent.below.append(node)
    return tops


def _basis(nodes: Iterable[_Node]) -> Basis:
    return "codes" if all(node.row.code_from in ("printed", "header") for node in nodes) else "layout"


def _sum(identity: Identity, basis: Basis, sheet: Sheet, target: _Node, parts: list[_Node], rival: str = "") -> Bundle:
    """target = Σ parts in every money column."""
    family = (identity.id, sheet.form.table, str(target.one.spec.index))
    bundle = Bundle(identity, basis, family, rival=(*family, str(target.row.row), rival) if rival else None)
    for position in range(len(target.one.columns)):
        bundle.add(target.figure(sheet, position), [term for part in parts for term in part.terms(sheet, position)])
    return bundle


def _level_bundles(sheet: Sheet, section: _Section, axis: str, rules: Rules) -> list[Bundle]:
    bundles = []
    for node in section.nodes:
        if node.below:
            identity = rules.of("code_rollup", f"{axis}.{'class' if len(node.code) == 3 else 'section'}")
            if identity is not None and identity.applies(sheet.kind):
                bundles.append(_sum(identity, _basis([node, *node.below]), sheet, node, node.below))
    return bundles


def _total_bundles(
    sheet: Sheet, sections: list[_Section], tops: list[list[_Node]], totals: list[_Node], axis: str, rules: Rules
) -> list[Bundle]:
    """合计 = Σ top rows of all sections; a unit row = Σ top rows of its own section; leading units repeat 合计."""
    total_rule, unit_rule = rules.of("code_rollup", f"{axis}.total"), rules.of("leading_unit")
    bundles: list[Bundle] = []
    everything = [node for section in tops for node in section]
    if total_rule is not None and total_rule.applies(sheet.kind) and everything:
        bundles += [_sum(total_rule, _basis(everything), sheet, total, everything) for total in totals]
        if len(sections) > 1 or not totals:
            owned = [(section.units[-1], own) for section, own in zip(sections, tops, strict=True) if section.units and own]
            bundles += [_sum(total_rule, _basis(own), sheet, owner, own) for owner, own in owned]
    if unit_rule is not None and unit_rule.applies(sheet.kind):
        bundles += unit_bundles(unit_rule, sheet, [section.units for section in sections], totals)
    return bundles


def unit_bundles(identity: Identity, sheet: Sheet, runs: list[list[_Node]], totals: list[_Node]) -> list[Bundle]:
    """Rows of units: each repeats 合计 (department, unit); or several units under one department add up to it."""
    units = [unit for run in runs for unit in run]
    owners = [run[-1] for run in runs if run]
    bundles: list[Bundle] = []
    for total in totals[:1]:
        if len(owners) <= 1:
            bundles += [_sum(identity, "layout", sheet, unit, [total], "unit") for unit in units]
            if len(units) > 1:
                bundles.append(_sum(identity, "guess", sheet, total, units, "unit"))
                bundles.append(_sum(identity, "guess", sheet, units[0], units[1:], "unit"))
        else:
            bundles.append(_sum(identity, "layout", sheet, total, owners, "unit"))
            leading = [unit for unit in units if unit not in owners]
            bundles += [_sum(identity, "layout", sheet, unit, owners, "unit") for unit in leading[:1]]
    return bundles


def plain_units(sheet: Sheet, one: SheetList, rules: Rules) -> list[Bundle]:
    """Unit rows of a list without codes (income by unit, 三公 by unit)."""
    identity = rules.of("leading_unit")
    units = [_Node(one, row, "", []) for row in one.rows if row.role == "unit"]
    totals = [_Node(one, row, "", []) for row in one.rows if row.role in _TOTALS]
    if identity is None or not units or not identity.applies(sheet.kind):
        return []
    return unit_bundles(identity, sheet, [units], totals)


def code_bundles(sheet: Sheet, rules: Rules) -> tuple[list[Bundle], set[int]]:
    """Roll-ups along codes of all coded lists of a sheet, and the indexes of the lists that were read so."""
    bundles: list[Bundle] = []
    read: set[int] = set()
    for lists in _joined(sheet):
        axis = code_axis(row for one in lists for row in one.rows)
        if axis is None or any(is_summary(one) for one in lists):
            continue
        sections, totals = _sections(lists, axis)
        tops = [_link(section) for section in sections]
        if any(top is None for top in tops):
            continue
        read |= {one.spec.index for one in lists}
        for section in sections:
            bundles += _level_bundles(sheet, section, axis, rules)
        if len(lists) == 1:
            bundles += _total_bundles(sheet, sections, [top or [] for top in tops], totals, axis, rules)
        else:
            bundles += _economic_totals(sheet, [node for top in tops for node in top or []], totals, rules)
    return bundles, read


def _economic_totals(sheet: Sheet, classes: list[_Node], totals: list[_Node], rules: Rules) -> list[Bundle]:
    """Totals of parts (人员经费合计, 公用经费合计) are the sums of the classes that the rule names; other totals are the sum of all."""
    identity = rules.of("economic_totals")
    if identity is None or not identity.applies(sheet.kind):
        return []
    bundles = []
    for total in totals:
        part = next((part for part in identity.parts if re.search(part.label, total.row.label)), None)
        parts = [node for node in classes if part is None or part.holds(node.code[:3])]
        bundles.append(_sum(identity, _basis(parts), sheet, total, parts))
    return bundles
