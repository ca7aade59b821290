"""Roll-ups of lists without codes: summaries of income and expenditure (year totals, carry-over, grand totals), projects, units, 三公 by rows."""

from __future__ import annotations

from collections.abc import Callable

from services.validator.domain.outline import TOTAL_ROLES, Outline, outlines
from services.validator.domain.proposal import Basis, Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Sheet, SheetList
from shared.contracts.normalized import Row

# Terms that the proposals of one list may have in all. The longest list of a real disclosure needs some 4,000; a list of thousands of rows
# with hundreds of totals (a document repeated in itself) would take minutes. Figures beyond it stay untied, and are counted as such.
MOST_TERMS = 200_000

_Add = Callable[[Identity | None, Basis, Row, Outline, list[Row], str], None]


class _Proposer:
    """Collects the bundles of one list; the same sum under two outlines is proposed once."""

    def __init__(self, sheet: Sheet, one: SheetList) -> None:
        self.sheet, self.one = sheet, one
        self.bundles: list[Bundle] = []
        self._seen: set[tuple[str, int, tuple[int, ...]]] = set()
        self._terms_left = MOST_TERMS

    def add(self, identity: Identity | None, basis: Basis, target: Row, outline: Outline, parts: list[Row], rival: str = "") -> None:
        """Proposes target = Σ parts in every money column."""
        parts = [part for part in parts if part.row != target.row]
        if identity is None or not identity.applies(self.sheet.kind) or not parts:
            return
        key = (identity.id, target.row, tuple(part.row for part in parts))
        self._terms_left -= len(parts) * len(self.one.columns)
        if key in self._seen or self._terms_left < 0:
            return
        self._seen.add(key)
        family = (identity.id, self.sheet.form.table, str(self.one.spec.index))
        bundle = Bundle(identity, basis, family, rival=(*family, str(target.row), rival))
        for column in self.one.columns:
            terms = [term for part in parts for term in outline.terms(part, column.col)]
            bundle.add(self.sheet.at(target.row, column.col), terms)
        if bundle.equations:
            self.bundles.append(bundle)


def _roll_ups(proposer: _Proposer, readings: list[Outline], rules: Rules) -> None:
    identity = rules.of("list_rollup")
    for number, outline in enumerate(readings):
        for row in proposer.one.rows:
            parts = outline.parts(row)
            if parts and row.role not in TOTAL_ROLES:
                all_listed = len(parts) == len(outline.below[row.row])  # beside 其中 the rest is often not printed
                proposer.add(identity, "layout" if not number and all_listed else "guess", row, outline, parts)


def _year_total(proposer: _Proposer, readings: list[Outline], rules: Rules, year: Row) -> None:
    """本年合计 = Σ top items: those before it, or where it opens the list the rows below it."""
    identity = rules.of("year_total")
    for outline in readings:
        below = outline.parts(year)
        before = [row for row in outline.tops if row.row < year.row and row.role != "carry_over"]
        carried = min(
            (row.row for row in proposer.one.rows if row.row > year.row and row.role in ("carry_over", "grand_total")), default=None
        )
        after = [row for row in outline.tops if row.row > year.row and (carried is None or row.row < carried)]
        parts = below or before or after
        flat = all(row.row not in outline.below for row in parts)
        proposer.add(identity, "codes" if flat and parts is before else "layout", year, outline, parts)


def _grand_total(proposer: _Proposer, readings: list[Outline], rules: Rules, grand: Row, year: Row | None) -> None:
    """总计 = 本年合计 + carry-over lines; without 本年合计 = Σ top rows.

    After 本年合计 "一、" may open the parts of the carry-over line above it: rival readings take all lines, or the first one only.
    """
    identity = rules.of("grand_total")
    for outline in readings:
        if year is None:
            proposer.add(identity, "layout", grand, outline, [row for row in outline.tops if row.row != grand.row])
            continue
        later = [row for row in proposer.one.rows if row.row > year.row and row.row != grand.row]
        tops = [row for row in outline.tops if row.row > year.row]
        carry = [row for row in outline.tops if row.role == "carry_over"]
        only_carry = bool(later) and all(row.role == "carry_over" and row.row not in outline.below for row in later)
        proposer.add(identity, "codes" if only_carry else "layout", grand, outline, [year, *(carry or tops)])
        proposer.add(identity, "layout", grand, outline, [year, *tops])
        proposer.add(identity, "guess", grand, outline, [year, *later[:1]])
        before = [row for row in outline.tops if row.row < year.row and row.role == "carry_over"]
        if before:
            proposer.add(identity, "guess", grand, outline, [year, *before, *tops])


def summary_bundles(sheet: Sheet, one: SheetList, rules: Rules) -> list[Bundle]:
    """Year totals, grand totals and roll-ups of a list of a summary form."""
    proposer, readings = _Proposer(sheet, one), outlines(sheet, one)
    year = next((row for row in one.rows if row.role == "year_total"), None)
    grand = next((row for row in reversed(one.rows) if row.role == "grand_total"), None)
    _roll_ups(proposer, readings, rules)
    if year is not None:
        _year_total(proposer, readings, rules, year)
    if grand is not None:
        _grand_total(proposer, readings, rules, grand, year)
    return proposer.bundles


def _leading_total(proposer: _Proposer, outline: Outline, identity: Identity | None) -> None:
    """A list without 合计 may open with the row of the unit, which is the total of all rows behind it."""
    tops = outline.tops
    if len(tops) > 2 and tops[0].role == "unit":
        proposer.add(identity, "guess", tops[0], outline, tops[1:])


def _sections(outline: Outline) -> list[tuple[Row | None, list[Row]]]:
    """Top rows behind each unit row."""
    sections: list[tuple[Row | None, list[Row]]] = [(None, [])]
    for row in outline.tops:
        if row.role == "unit":
            sections.append((row, []))
        else:
            sections[-1][1].append(row)
    return [section for section in sections if section[1]]


def plain_bundles(sheet: Sheet, one: SheetList, rules: Rules) -> list[Bundle]:
    """Totals and roll-ups of a list of projects, units or 三公 items: 合计 = Σ top rows, a kind of project = Σ its projects."""
    proposer, readings = _Proposer(sheet, one), outlines(sheet, one)
    identity = rules.of("list_total")
    totals = [row for row in one.rows if row.role in TOTAL_ROLES]
    _roll_ups(proposer, readings, rules)
    for number, outline in enumerate(readings):
        sections = _sections(outline)
        items = [row for _, rows in sections for row in rows]
        basis: Basis = "guess" if number else "layout"
        for total in totals:
            below = outline.parts(total)
            nested = [row for row in below if row.role != "unit"] or [part for row in below for part in outline.parts(row)]
            proposer.add(identity, basis, total, outline, nested or items)
            leaves = [row for row in outline.leaves() if row.role != "subtotal"]
            nested_projects = one.kind == "project" and not number and any(row.row in outline.below for row in items)
            # With kinds of projects, the sum over the projects themselves tells a wrong project from a wrong kind.
            proposer.add(identity, "layout" if nested_projects else "guess", total, outline, leaves, "leaves" if nested_projects else "")
        if not totals:
            _leading_total(proposer, outline, identity)
        for owner, rows in sections:
            if owner is not None and (len(sections) > 1 or not totals):
                proposer.add(identity, basis, owner, outline, rows)
    return proposer.bundles


def totals_beside(sheet: Sheet, rules: Rules) -> list[Bundle]:
    """A list of expenditure without totals of its own adds up to 本年支出合计 of the list beside it: both split the same expenditure."""
    identity = rules.of("year_total")
    spending = [one for one in sheet.lists if one.kind != "income" and len(one.columns) == 1]
    years = [(one, row) for one in spending for row in one.rows if row.role == "year_total" and sheet.at(row.row, one.columns[0].col)]
    ends_alike = any(row.role == "year_total" for one in sheet.lists if one.kind == "income" for row in one.rows)
    if identity is None or not years or not ends_alike:
        return []
    (owner, year), bundles = years[0], []
    for one in spending:
        if any(sheet.at(row.row, one.columns[0].col) for row in one.rows if row.role in TOTAL_ROLES | {"carry_over"}):
            continue
        outline = outlines(sheet, one)[0]
        terms = [term for row in outline.tops for term in outline.terms(row, one.columns[0].col)]
        if len(terms) > 1:
            bundle = Bundle(identity, "layout", (identity.id, sheet.form.table, str(one.spec.index)))
            bundle.add(sheet.at(year.row, owner.columns[0].col), terms)
            bundles.append(bundle)
    return [bundle for bundle in bundles if bundle.equations]
