"""Single figures off by a power of ten that no sum holds: against the same row in another form, and against last year's column.

A figure that takes part in a sum is caught by it, and named with more certainty. What is said here is a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal

from services.validator.domain.findings import Findings
from services.validator.domain.messages import Said
from services.validator.domain.plausibility_messages import magnitude_message, year_message
from services.validator.domain.sheet import Book, Figure, Sheet, SheetList, bare
from shared.contracts.vocabulary import FindingCode

# Figures of fewer digits (5.00, 120.00) are alike by accident.
_DIGITS = 3
_SHIFTS = range(1, 5)
# A year's figure may well be ten times the last one's, in a row; ten thousand times, where the others stay within five times, is another unit.
_YEAR, _NEAR, _SIBLINGS = Decimal(10) ** 4, Decimal(5), 3
_NOW = frozenset({"total", "amount", "budget", "final", "basic_expenditure", "project_expenditure"})


def report_magnitudes(book: Book, tied: Collection[str], doubted: Collection[str], findings: Findings) -> None:
    """Adds a warning for each figure that no assessed check holds and that is off by a power of ten.

    Args: tied: figures in assessed checks. doubted: tables whose unit is in doubt.
    """
    loose = [figure for figure in book.figures.values() if _is_loose(figure, tied) and figure.fact.table not in doubted]
    if not loose:
        return
    named = _by_name(book, doubted)
    for figure in loose:
        other = _shifted(figure, named)
        if other is not None:
            message = magnitude_message(findings.places, figure, other)
            said = Said(unit=figure.fact.unit, page=figure.fact.page)
            findings.add(FindingCode.PLAUSIBILITY_MAGNITUDE, "warning", message, (), [figure, other], said=said)
    told = {figure.id for figure in loose}
    accused = {finding.evidence[0].fact for finding in findings.result() if finding.severity == "error" and finding.evidence}
    for sheet, one in book.walk():
        for figure, before in _against_last_year(sheet, one):
            pair = {figure.id, before.id}
            if pair & told and not pair & accused:
                message, said = year_message(findings.places, figure, before), Said(unit=figure.fact.unit, page=figure.fact.page)
                findings.add(FindingCode.PLAUSIBILITY_MAGNITUDE, "warning", message, (), [figure, before], said=said)


def _is_loose(figure: Figure, tied: Collection[str]) -> bool:
    return bool(figure.value) and figure.order is not None and figure.id not in tied and not figure.fact.duplicate_of


def _name(figure: Figure) -> tuple[str | None, ...] | None:
    """What a figure is of: codes, or its project; None where nothing names it."""
    fact = figure.fact
    codes = (fact.function, fact.economic, fact.gov_economic)
    if not any(codes) and not fact.project:
        return None
    return (*codes, bare(fact.project or ""))


def _by_name(book: Book, doubted: Collection[str]) -> dict[tuple[str | None, ...], list[Figure]]:
    named: dict[tuple[str | None, ...], list[Figure]] = defaultdict(list)
    for figure in book.figures.values():
        name = _name(figure)
        if name is not None and figure.value and figure.order is not None and figure.fact.table not in doubted:
            named[name].append(figure)
    return named


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _shifted(figure: Figure, named: dict[tuple[str | None, ...], list[Figure]]) -> Figure | None:
    """The figure of the same name in another form with the same digits at another power of ten; None where one there is equal, or two differ."""
    name = _name(figure)
    others = [other for other in named.get(name, []) if other.fact.table != figure.fact.table] if name is not None else []
    if _digits(figure.value) < _DIGITS or any(
        abs(other.value - figure.value) <= other.amount.half + figure.amount.half for other in others
    ):
        return None
    alike = [other for other in others if any(figure.value in (other.value.scaleb(by), other.value.scaleb(-by)) for by in _SHIFTS)]
    return alike[0] if len({other.value for other in alike}) == 1 else None


def _against_last_year(sheet: Sheet, one: SheetList) -> Iterator[tuple[Figure, Figure]]:
    """Figures that are ten thousand times last year's of their row, or a ten-thousandth, where three rows and more stay near theirs."""
    before = [column.col for column in one.columns if column.code == "previous_year"]
    now = [column.col for column in one.columns if column.code in _NOW]
    if len(before) != 1 or not now:
        return
    pairs = []
    for row in one.rows:
        figure, last = sheet.at(row.row, now[0]), sheet.at(row.row, before[0])
        if figure is not None and last is not None and figure.value and last.value and figure.order is not None and last.order is not None:
            pairs.append((figure, last, abs(figure.value / last.value)))
    near = sum(1 / _NEAR <= ratio <= _NEAR for _, _, ratio in pairs)
    for figure, last, ratio in pairs:
        if near >= _SIBLINGS and any(1 / _NEAR <= ratio / times <= _NEAR for times in (_YEAR, 1 / _YEAR)):
            yield figure, last
