"""Forms that end too early or begin too late: their last or first page is missing, or was not read.

A form that lost its end shows it in one of three ways. Of all its sums only those fail whose parts would have followed its last row: the class
and the section that the row belongs to and the total above; no other row lacks anything. Other forms print several codes that follow the
last row's here. Or its totals, which stand at the end of forms of its kind, are not there. A form that lost its beginning starts with codes whose
class it does not print, while it prints other classes; or it has no title, and its sums lack parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.validator.domain.findings import Findings
from services.validator.domain.form_messages import cut_message, no_total_message, start_message
from services.validator.domain.grading import Graded
from services.validator.domain.messages import said_of
from services.validator.domain.outline import TOTAL_ROLES
from services.validator.domain.repairs import Repair, key_of
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare, title_of
from services.validator.domain.structure import Judged
from services.validator.domain.stubs import code_axis
from shared.contracts.normalized import Row
from shared.contracts.validated import Diagnosis, Severity
from shared.contracts.vocabulary import FindingCode, FormKind

Axis = Literal["function", "economic", "gov_economic"]
_AXES: tuple[Axis, ...] = ("function", "economic", "gov_economic")
_SUMMARIES = frozenset({FormKind.INCOME_EXPENDITURE_SUMMARY, FormKind.FISCAL_SUMMARY})
_LISTS = frozenset(
    {
        FormKind.INCOME_SUMMARY,
        FormKind.EXPENDITURE_SUMMARY,
        FormKind.GENERAL_BUDGET_EXPENDITURE,
        FormKind.FISCAL_EXPENDITURE,
        FormKind.BASIC_BY_ECONOMIC,
        FormKind.BASIC_BY_FUNCTION,
        FormKind.EXPENDITURE_BY_ECONOMIC,
    }
)
_HABIT = 2  # other lists of codes that have a total: then the department's forms have one
_ROWS = 3  # a list of fewer rows needs no total
_SEVERAL = 2  # rows or sums: one alone may be a figure mistyped, or a row left out
_GRAND = re.compile("总计|^(?!本年).*合计")  # whatever role the row was given
_TITLED = 3  # tables with a title: then one without has lost it
_CLASS = 3  # digits of a class
_SURE, _LIKELY = 0.9, 0.7


@dataclass(frozen=True, slots=True, eq=False)
class LostEnd:
    """A form whose end is missing, or its beginning (`start`). `last`: the figure where it stops, or begins. `lacking`: its sums that lack what followed; none where the totals are missing.

    `codes`: what other forms print that would follow. `trusted`: whether a failing sum is believed enough to be called an error.
    """

    sheet: Sheet
    last: Figure
    lacking: tuple[Graded, ...] = ()
    codes: tuple[str, ...] = ()
    trusted: bool = False
    start: bool = False


def find_lost_ends(book: Book, judged: Sequence[Judged]) -> tuple[LostEnd, ...]:
    """The forms that end too early, in their order."""
    failing: dict[str, list[tuple[Judged, Graded]]] = defaultdict(list)
    for one in judged:
        for graded in one.graded:
            if graded.status == "failed" and one.bundle.identity.guard != "conditional" and key_of(graded)[1] != "between":
                failing[graded.equation.target.fact.table].append((one, graded))
    habit = sum(sheet.kind in _LISTS and _has_total(sheet) for sheet in book.sheets)
    titled = sum(bool(sheet.form.title) for sheet in book.sheets)
    found = []
    for sheet in book.sheets:
        if sheet.form.continues or sheet.form.table in book.parted:
            continue
        beginning = _lost_start(sheet, failing[sheet.form.table], titled)
        if beginning is not None:
            found.append(beginning)
            continue
        ends_in_total = not _lacks_total(sheet, habit)
        end = _by_sums(book, sheet, failing[sheet.form.table], ends_in_total=ends_in_total)
        last = _last(sheet)
        if end is not None:
            found.append(end)
        elif not ends_in_total and last is not None:
            found.append(LostEnd(sheet, last))
    return tuple(found)


def without_lost_ends(repairs: Iterable[Repair], ends: Iterable[LostEnd]) -> list[Repair]:
    """The repairs that a lost end does not tell as well: rows left out of such a form are those of its end."""
    by_table = {end.sheet.form.table: end for end in ends}

    def told(repair: Repair) -> bool:
        end = by_table.get(repair.edit.table)
        return end is not None and repair.edit.cause in ("row_missing", "page_missing") and bool(end.lacking or not repair.repaired)

    return [repair for repair in repairs if not told(repair)]


def uncertain_scopes(ends: Iterable[LostEnd]) -> frozenset[str]:
    """The tables without any total: which money they speak of is not known."""
    return frozenset(end.sheet.form.table for end in ends if not _has_total(end.sheet))


def cut_forms(ends: Iterable[LostEnd]) -> frozenset[str]:
    """The kinds of the forms of which a part is missing: they were not read whole. A list that only has no total may be meant so."""
    sure = [end for end in ends if end.start or end.lacking or end.sheet.kind in _SUMMARIES]
    return frozenset(str(end.sheet.kind) for end in sure if end.sheet.kind is not None)


def report_lost_ends(book: Book, ends: Iterable[LostEnd], findings: Findings) -> None:
    """Adds a finding for each: an error where its sums prove it and everything around was read, else a warning."""
    unread = bool(book.document.unread_pages) or any(sheet.kind is None and sheet.cells for sheet in book.sheets)
    for end in ends:
        title = title_of(end.sheet.form)
        if end.start:
            diagnosis = Diagnosis(cause="page_missing", fact=None, reported=None, suggested=None, confidence=_LIKELY)
            message = start_message(end.sheet.form.title, end.last, len(end.lacking))
            figures = [end.last, *(graded.equation.target for graded in end.lacking)]
            findings.add(FindingCode.FORM_CUT, "warning", message, end.lacking, figures, diagnosis)
            continue
        if not end.lacking:
            diagnosis = Diagnosis(cause="page_missing", fact=None, reported=None, suggested=None, confidence=_LIKELY)
            findings.add(FindingCode.FORM_CUT, "warning", no_total_message(title, end.last), (), [end.last], diagnosis)
            continue
        mine = list(end.lacking)
        targets = [graded.equation.target for graded in mine]
        trusted = end.trusted and not unread and end.sheet.form.table not in book.continued
        severity: Severity = "error" if trusted else "warning"
        widest = max(mine, key=lambda graded: (abs(graded.difference), graded.equation.target.id))
        message = cut_message(findings.places, title, end.last, widest.equation.target, widest.difference, len(mine), end.codes)
        diagnosis = Diagnosis(cause="page_missing", fact=None, reported=None, suggested=None, confidence=_SURE if trusted else _LIKELY)
        said = said_of(widest.equation.target, widest.computed, widest.equation.identity.id)
        findings.add(FindingCode.FORM_CUT, severity, message, mine, [*targets, end.last], diagnosis, said=said)


def _last(sheet: Sheet) -> Figure | None:
    """The last figure of a row with a name; of any row where none has."""
    return max(sheet.cells.values(), key=lambda figure: (bool(bare(figure.fact.label)), figure.fact.row, -figure.fact.col), default=None)


def _lost_start(sheet: Sheet, failing: Sequence[tuple[Judged, Graded]], titled: int) -> LostEnd | None:
    """A form whose first codes have no class, though other classes are printed; or one without title whose sums lack parts.

    Args: titled: how many tables have a title.
    """
    first = min(sheet.cells.values(), key=lambda figure: (not bare(figure.fact.label), figure.fact.row, figure.fact.col), default=None)
    if first is None:
        return None
    lacking = tuple(graded for _, graded in failing if graded.difference > 0 and key_of(graded)[1] == "down")
    untitled = not sheet.form.title and titled >= _TITLED
    if (untitled and lacking) or any(_orphans(sheet, one) for one in sheet.lists):
        return LostEnd(sheet, first, tuple(graded for _, graded in failing if key_of(graded)[1] == "down"), start=True)
    return None


def _orphans(sheet: Sheet, one: SheetList) -> bool:
    """Whether the first codes of a list are of a class that the form does not print, while it prints others with their parts."""
    axis = code_axis(one.rows)
    codes = [str(getattr(row, axis)) for row in one.rows if getattr(row, axis)] if axis else []
    if not codes:
        return False
    printed = {str(getattr(row, axis or "")) for other in sheet.lists for row in other.rows if getattr(row, axis or "")}
    parents = {code for code in printed if len(code) == _CLASS and any(len(part) > _CLASS and part.startswith(code) for part in printed)}
    return bool(parents) and codes[0][:_CLASS] not in printed and codes[0][:_CLASS] < min(parents)


def _by_sums(book: Book, sheet: Sheet, failing: Sequence[tuple[Judged, Graded]], *, ends_in_total: bool) -> LostEnd | None:
    """A form whose failing sums are all sums of rows that its last row belongs to, and all lack parts; one such row alone proves little."""
    last = _last(sheet)
    if last is None or not failing:
        return None
    if any(graded.difference <= 0 or key_of(graded)[1] != "down" for _, graded in failing):
        return None
    rows = set()
    for _, graded in failing:
        target = graded.equation.target.fact
        one = next((one for one in sheet.lists if target.col in one.spec.cols), None)
        row = one.by_row.get(target.row) if one is not None else None
        if one is None or row is None or not _goes_on_at_the_end(one, row):
            return None
        rows.add((one.spec.index, row.row))
    codes = _codes_after(book, sheet)
    if len(rows) < _SEVERAL and len(codes) < _SEVERAL and ends_in_total:
        return None
    trusted = any(one.trust != "unclear" for one, _ in failing)
    return LostEnd(sheet, last, tuple(graded for _, graded in failing), codes, trusted)


def _goes_on_at_the_end(one: SheetList, row: Row) -> bool:
    """Whether parts of a row may follow after the last row of its list: it stands above, and the last row is one of its parts."""
    axis = code_axis(one.rows)
    below = [other for other in one.rows if other.role == "item"]
    end = below[-1] if below else None
    if end is None or row.row > end.row:
        return False
    if row.role in TOTAL_ROLES:
        return True
    if axis is not None and getattr(row, axis):
        return str(getattr(end, axis)).startswith(str(getattr(row, axis)))
    parent = end.parent
    while parent is not None and parent != row.row:
        parent = one.by_row[parent].parent if parent in one.by_row else None
    return parent == row.row


def _codes(sheet: Sheet, axis: Axis) -> dict[str, Row]:
    """The codes of a form's rows that print figures other than zero."""
    found = {}
    for one in sheet.lists:
        for row in one.rows:
            code = getattr(row, axis)
            figures = [sheet.at(row.row, column.col) for column in one.columns]
            if code and any(figure is not None and figure.value for figure in figures):
                found[code] = row
    return found


def _codes_after(book: Book, sheet: Sheet) -> tuple[str, ...]:
    """The codes that a form of mostly the same codes prints and that all follow the last one here; none where one of them would stand before."""
    best: tuple[str, ...] = ()
    for axis in _AXES:
        here = _codes(sheet, axis)
        if len(here) < _SEVERAL:
            continue
        end, lengths = max(here), {len(code) for code in here}
        for other in book.sheets:
            there = {code for code in _codes(other, axis) if len(code) in lengths}
            missing = sorted(there - here.keys())
            if 2 * len(there & here.keys()) >= len(here) and missing and missing[0] > end and len(missing) > len(best):
                best = tuple(missing)
    return best


def _has_total(sheet: Sheet) -> bool:
    return any(
        row.role in TOTAL_ROLES and any(sheet.at(row.row, column.col) for column in one.columns) for one in sheet.lists for row in one.rows
    )


def _lacks_total(sheet: Sheet, habit: int) -> bool:
    """A summary without any grand total; a list of codes without a total, where other lists of the document have theirs.

    Args: habit: how many other lists have one.
    """
    if not any(figure.value for figure in sheet.cells.values()):
        return False
    if sheet.kind in _SUMMARIES:
        rows = [row for one in sheet.lists for row in one.rows]
        return not any(row.role in ("grand_total", "total") or _GRAND.search(bare(row.label)) for row in rows)
    coded = [one for one in sheet.lists if code_axis(one.rows) is not None and len(one.rows) >= _ROWS]
    return sheet.kind in _LISTS and bool(coded) and habit >= _HABIT and not _has_total(sheet) and not _sums_up(coded)


def _sums_up(lists: Iterable[SheetList]) -> bool:
    """Whether a row that is called a total stands in a list under a role of its own (人员经费合计)."""
    return any("合计" in bare(row.label) or "总计" in bare(row.label) for one in lists for row in one.rows)
