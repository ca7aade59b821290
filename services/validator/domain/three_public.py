"""The three public expenses against basic expenditure: 三公 covers all fiscal money, so each of them is at least its item of basic expenditure.

Most 三公 forms print a figure or two, beside a total that is the same figure: one in the neighbour's column breaks no sum. What basic
expenditure prints under 30212, 30217 and 30231 says where it belongs. In all documents of the corpus that print both, 三公 is the same or more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from services.validator.domain.findings import Findings
from services.validator.domain.intervals import ZERO
from services.validator.domain.messages import Said
from services.validator.domain.plausibility_messages import part_message
from services.validator.domain.sheet import Book, Figure, Sheet
from shared.contracts.validated import Diagnosis
from shared.contracts.vocabulary import FindingCode, FormKind, Line

_ITEMS = (
    ("30212", Line.THREE_PUBLIC_ABROAD, "因公出国（境）费", "travel abroad"),
    ("30217", Line.THREE_PUBLIC_RECEPTION, "公务接待费", "official reception"),
    ("30231", Line.THREE_PUBLIC_VEHICLE_RUNNING, "公务用车运行维护费", "running of vehicles"),
)
_OF_THE_YEAR = {"final_accounts": frozenset({"final"}), "budget": frozenset({"amount", "total", "current_year"})}
_SHIFT = 0.7  # confidence of a figure in the neighbour's column: two forms say so, no sum does


def report_three_public(book: Book, doubted: Collection[str], findings: Findings) -> None:
    """Adds a warning for each of the three that is less than its item of basic expenditure. Args: doubted: tables whose unit is in doubt."""
    measures = _OF_THE_YEAR.get(book.document.document.kind, frozenset())
    accused = {finding.evidence[0].fact for finding in findings.result() if finding.severity == "error" and finding.evidence}
    contradicted = {evidence.table for finding in findings.result() if finding.code.startswith("claim.") for evidence in finding.evidence}
    for code, line, zh, en in _ITEMS:
        part = _largest(_basic(book, code, doubted))
        for sheet in book.sheets if part is not None and part.id not in accused else ():
            cells = _cells(sheet, line, measures) if sheet.kind == FormKind.THREE_PUBLIC and sheet.form.table not in doubted else []
            figures = [figure for place in cells if (figure := sheet.at(*place)) is not None]
            if sheet.form.table in contradicted:  # the text says another amount: that is the same cause
                continue
            if not cells or not sheet.cells or any(figure.order is None or figure.id in accused for figure in figures):
                continue
            assert part is not None
            whole = _largest(figures)
            if part.value > (whole.value + whole.amount.half if whole else ZERO) + part.amount.half:
                _add(findings, sheet, (code, line, zh, en), whole, part)


def _add(findings: Findings, sheet: Sheet, item: tuple[str, Line, str, str], whole: Figure | None, part: Figure) -> None:
    code, line, zh, en = item
    elsewhere = _same_elsewhere(sheet, line, part)
    diagnosis = None
    if elsewhere is not None:
        printed = elsewhere.fact.text
        diagnosis = Diagnosis(cause="column_shift", fact=elsewhere.id, reported=printed, suggested=None, confidence=_SHIFT)
    message = part_message(findings.places, sheet.form.title or sheet.form.table, zh, en, whole, part, elsewhere)
    shown = [figure for figure in (elsewhere, whole, part) if figure is not None]
    page = shown[0].fact.page if elsewhere or whole else next(iter(sheet.form.pages), None)
    findings.add(FindingCode.PLAUSIBILITY_PART, "warning", message, (), shown, diagnosis, key=code, said=Said(page=page))


def _basic(book: Book, code: str, doubted: Collection[str]) -> Iterator[Figure]:
    for sheet in book.sheets:
        if sheet.kind == FormKind.BASIC_BY_ECONOMIC and sheet.form.table not in doubted:
            for figure in sheet.cells.values():
                if (
                    figure.fact.economic == code
                    and figure.order is not None
                    and figure.fact.measure not in ("previous_year", "project_expenditure")
                ):
                    yield figure


def _largest(figures: Iterator[Figure] | list[Figure]) -> Figure | None:
    return max(figures, key=lambda figure: (figure.value, figure.id), default=None)


def _cells(sheet: Sheet, line: str, measures: Collection[str]) -> list[tuple[int, int]]:
    """Where a form prints a line of this year, also where it is blank."""
    places = []
    for one in sheet.lists:
        for column in one.columns:
            if column.code not in measures:
                continue
            places += [(row.row, column.col) for row in one.rows if line in (row.line, column.line)]
    return places


def _same_elsewhere(sheet: Sheet, line: str, part: Figure) -> Figure | None:
    """A figure of another of the three (or of the vehicles together) that is just the amount."""
    others = {
        Line.THREE_PUBLIC_ABROAD,
        Line.THREE_PUBLIC_VEHICLES,
        Line.THREE_PUBLIC_VEHICLE_PURCHASE,
        Line.THREE_PUBLIC_VEHICLE_RUNNING,
        Line.THREE_PUBLIC_RECEPTION,
    }
    for figure in sheet.cells.values():
        if figure.fact.line in others - {line} and figure.value and abs(figure.value - part.value) <= figure.amount.half + part.amount.half:
            return figure
    return None
