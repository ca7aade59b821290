"""上年数: what this year's documents print as last year's figures, against what last year's filing printed; 年初预算数 likewise against the budget.

Which figure of last year is meant depends on the kind of filing and on the column's head (rules/filings.toml). Two figures are compared only
where both stand in forms of the same kind and scope, under the same codes or line. One form is one cause: what differs in it becomes one
finding; where most of its figures differ they were probably meant otherwise (another stage, another scope), and that is a question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.members import Between, Source
from services.validator.domain.messages import said_of
from services.validator.domain.proposal import Equation
from services.validator.domain.published_messages import BUDGET, LAST_YEAR, Different
from services.validator.domain.rules import Identity
from services.validator.domain.sheet import Figure, Sheet, bare
from shared.check_reasons import MOST_DIFFER, NOT_PRINTED_THEN, SEVERAL_OF_ONE_NAME, UNIT_UNKNOWN
from shared.contracts.normalized import Column

# Parts of an amount: under a head of last year (2024年预算数 > 基本支出) they mean the same part; a plain amount takes the rule's counterparts.
_PARTS = frozenset(
    {"basic_expenditure", "project_expenditure", "personnel", "public", "operating_expenditure", "to_superior", "to_subordinate",
     "fund_source", "income_source", "class"}
)  # fmt: skip
_PLAIN = frozenset({"total", "amount", "budget", "final"})
_LAST = re.compile("^上年度?(预算|决算)数?$")
_YEAR = re.compile(r"^(?:其中[:：,，]?)?(20\d\d)(?:年|预算|决算)")
_UNTOLD = 2  # so many figures of a form may differ without one that agrees, where their heads say what they are

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A figure of this year's document that speaks of last year, with the measures that last year's figure may have.

    `named`: the head of its column, or its line, says beyond doubt which figure of last year is meant.
    """

    figure: Figure
    key: Key
    measures: tuple[str, ...]
    scope: str | None
    named: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A line with its check and the figure of last year."""

    line: _Line
    graded: Graded
    check: str
    source: Source


def _speaks_of_last_year(column: Column, year: int) -> bool:
    """Whether a head over the column names the year before, in figures or as 上年预算数."""
    for text in map(bare, column.path):
        found = _YEAR.match(text)
        if (found and int(found[1]) == year - 1) or _LAST.match(text):
            return True
    return False


def _key(figure: Figure, sheet: Sheet, lines: Mapping[str, str]) -> Key | None:
    """What a figure is about, apart from its column's measure; None where neither code nor line says it, or it is a unit's or a project's.

    Args: lines: this year's line → last year's, where they differ.
    """
    fact = figure.fact
    line = lines.get(fact.line or "", fact.line)
    if fact.project or line == "unit" or not (fact.function or fact.economic or fact.gov_economic or line):
        return None
    return (sheet.kind, fact.function, fact.economic, fact.gov_economic, line, fact.fund)


def _lines(sheet: Sheet, column: Column, year: int, rule: Identity) -> Iterator[_Line]:
    """The figures of a column that the rule speaks of."""
    measure = column.code or ""
    own = measure in rule.measures
    grouped = not own and "previous_year" in rule.measures and _speaks_of_last_year(column, year)
    if not (own or (grouped and measure in _PARTS | _PLAIN)):
        return
    path = "".join(map(bare, column.path))
    if rule.not_heads and re.search(rule.not_heads, path):
        return
    named = bool(rule.lines) or bool(rule.heads and re.search(rule.heads, path))
    measures = (measure,) if grouped and measure in _PARTS else rule.counterparts
    for (_, col), figure in sorted(sheet.cells.items()):
        if col != column.col or (rule.lines and figure.fact.line not in rule.lines):
            continue
        key = _key(figure, sheet, rule.lines)
        if key is not None:
            yield _Line(figure, key, measures, sheet.form.scope, named)


class _LastYear:
    """The figures of last year's filing by what they are about and what they measure."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._figures: dict[tuple[Key, str], list[tuple[Source, Sheet, Figure]]] = defaultdict(list)
        for source in sources:
            for sheet in source.book.sheets:
                older = {column.col for column in sheet.form.columns if _speaks_of_last_year(column, source.year)}
                for (_, col), figure in sorted(sheet.cells.items()):
                    key = _key(figure, sheet, {})
                    if key is not None and figure.fact.measure and col not in older:
                        self._figures[key, figure.fact.measure].append((source, sheet, figure))

    def find(self, line: _Line) -> list[tuple[Source, Figure]]:
        """What last year's filing printed, by the first measure under which it printed something of this scope; several where it did so often."""
        for measure in line.measures:
            found = [
                (source, figure)
                for source, sheet, figure in self._figures.get((line.key, measure), ())
                if line.scope is None or sheet.form.scope in (None, line.scope)
            ]
            if found:
                return found
        return []


def _same(figures: Iterable[Figure]) -> bool:
    """Whether several prints of a figure agree with the first one."""
    first, *others = figures
    return all(first.order is not None and first.amount.interval.meet(other.amount.interval) for other in others)


def _equation(rule: Identity, line: _Line, alike: Sequence[Figure], found: Sequence[tuple[Source, Figure]]) -> Equation:
    """This year's figure = last year's, or why they cannot be compared. Args: alike: this year's figures that are about the same."""
    reason = None
    if not found:
        reason = NOT_PRINTED_THEN
    elif line.figure.order is None or any(figure.order is None for _, figure in found):
        reason = UNIT_UNKNOWN
    elif not _same(alike) or not _same(figure for _, figure in found):
        reason = SEVERAL_OF_ONE_NAME
    return Equation(rule, line.figure, ((found[0][1], 1),) if reason is None else (), reason)


def previous_checks(sources: Sequence[Source], previous: Sequence[Source], rules: Sequence[Identity], kind: str, between: Between) -> None:
    """Compares every figure of last year (of the budget) that these documents print; a difference is a warning.

    Args: previous: the documents of last year's filing, or of the year's budget. rules: the identities for them. kind: of the filing.
    """
    if not any(source.book.figures for source in previous):
        return
    last_year = _LastYear(previous)
    for rule in rules:
        if rule.kinds and kind not in rule.kinds:
            continue
        for source in sources:
            for sheet in source.book.sheets:
                if rule.applies(sheet.kind) and sheet.kind is not None:
                    lines = [line for column in sheet.form.columns for line in _lines(sheet, column, source.year, rule)]
                    _compare(source, lines, last_year, rule, between)


def _compare(source: Source, lines: list[_Line], last_year: _LastYear, rule: Identity, between: Between) -> None:
    about: dict[tuple[Key, tuple[str, ...]], list[Figure]] = defaultdict(list)
    for line in lines:
        about[line.key, line.measures].append(line.figure)
    pairs: list[tuple[_Line, Graded, Source | None]] = []
    for line in lines:
        found = last_year.find(line)
        if not line.figure.value and not any(figure.value for _, figure in found):
            continue  # nothing then and nothing now
        graded = grade_equation(_equation(rule, line, about[line.key, line.measures], found))
        pairs.append((line, graded, found[0][0] if graded.equation.terms else None))
    understood = _understood([(line, graded) for line, graded, _ in pairs])
    if not understood:
        for _, graded, _ in pairs:
            if graded.status == "failed":
                graded.status, graded.reason = "not_assessable", MOST_DIFFER
    compared = []
    for line, graded, of in pairs:
        check = between.check(graded, source, [of] if of else [])
        if of is not None:
            compared.append(_Compared(line, graded, check, of))
    different = [one for one in compared if one.graded.status in ("failed", "not_assessable")]
    if different:
        _report(source, different, len(compared), understood, rule, between)


def _understood(pairs: Sequence[tuple[_Line, Graded]]) -> bool:
    """Whether the figures are what the rule takes them for: as many agree as differ, or their heads say so and few differ."""
    holds = {_amounts(graded) for _, graded in pairs if graded.status in ("exact", "rounding", "suspicious")}
    fails = {_amounts(graded) for _, graded in pairs if graded.status == "failed"}
    named = all(line.named for line, graded in pairs if graded.status == "failed")
    return (bool(holds) and len(holds) >= len(fails)) or (named and len(fails) <= _UNTOLD)


def _amounts(graded: Graded) -> tuple[Decimal, ...]:
    """The amounts of a check: lines that print the same ones (a class with one section) count once."""
    return (graded.equation.target.value, *(term.value for term, _ in graded.equation.terms))


def _report(source: Source, different: list[_Compared], total: int, understood: bool, rule: Identity, between: Between) -> None:
    worst = max(different, key=lambda one: (abs(one.graded.difference), -one.line.figure.fact.row))
    ordered = [worst, *(one for one in different if one is not worst)]
    figures: list[tuple[Source, Figure]] = []
    for one in ordered:
        figures += [(source, one.line.figure), (one.source, one.graded.equation.terms[0][0])]
    before = figures[1]
    different_one = Different(
        places=source.places,
        figure=worst.line.figure,
        then=before[0].places,
        before=before[1],
        year=before[0].year,
        count=len(different),
        total=total,
        rule_zh=rule.zh,
        rule_en=rule.en,
    )
    words = BUDGET if rule.operator == "year_budget" else LAST_YEAR
    message = different_one.message(words) if understood else different_one.question(words)
    said = said_of(worst.line.figure, before[1].value, rule.id)
    between.find(rule, "warning", message, source, figures, [one.check for one in ordered], said)
