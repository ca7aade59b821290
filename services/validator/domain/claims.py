"""Claims of the narrative against the tables: an amount whose subject names a total or a class without doubt must be printed there too.

A narrative speaks of several scopes in the same words (基本支出 of all funds, of the fiscal part), so a claim is contradicted only where no
figure of that name, in any form, agrees with it when rounded to the claim's own decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal

from services.validator.domain.findings import Findings
from services.validator.domain.grading import in_unit
from services.validator.domain.intervals import HALF
from services.validator.domain.messages import Said, claim_message
from services.validator.domain.rules import Rules
from services.validator.domain.sheet import UNIT_ORDERS, Book, Figure, bare
from shared.contracts.normalized import Claim
from shared.contracts.vocabulary import FindingCode

_NAME_END = "（[类款项]）|\\([类款项]\\)"
_YEAR = re.compile(r"(20\d\d)年")
_ELSEWHEN = re.compile("上年|去年|增|减|调整|完成|执行|结转|追加")
_LINES = {
    "income_total": ("income_total", "year_income_total"),
    "expenditure_total": ("expenditure_total", "year_expenditure_total"),
    "three_public": ("three_public.total",),
}
_MEASURES = {"basic": "basic_expenditure", "project": "project_expenditure"}
_TOTAL_FORMS = {"income_total": ("income_summary",), "expenditure_total": ("expenditure_summary", "general_budget_expenditure")}


def _named(book: Book, what: str) -> list[Figure]:
    """All figures that the tables call by a name: totals of income and expenditure, basic and project expenditure, 三公."""
    found = []
    for figure in book.figures.values():
        fact = figure.fact
        if what in _MEASURES:
            wanted = (
                fact.measure == _MEASURES[what]
                or fact.line == _MEASURES[what]
                or (what == "basic" and (fact.form or "").startswith("basic_by"))
            )
            wanted = wanted or (what == "project" and fact.form in ("projects", "special_funds"))
        elif what == "three_public":
            wanted = fact.form == "three_public"
        else:
            in_total_row = not (fact.function or fact.economic or fact.gov_economic or fact.project)
            wanted = fact.line in _LINES[what] or (fact.form in _TOTAL_FORMS[what] and in_total_row)
        if wanted:
            found.append(figure)
    return found


def _name(subject: str) -> str:
    return re.sub(_NAME_END, "", subject).strip('“”"')


class Dictionary:
    """What subjects mean: patterns of the rule set for totals, names of function classes as the tables print them."""

    def __init__(self, book: Book, rules: Rules) -> None:
        self._patterns = [(re.compile(pattern), what) for what, pattern in rules.words.subject.items()]
        self._figures = {what: _named(book, what) for what in rules.words.subject}
        self._classes: dict[str, list[Figure]] = {}
        for figure in book.figures.values():
            code = figure.fact.function
            if code and len(code) == 3:
                self._classes.setdefault(bare(figure.fact.label), []).append(figure)

    def names_total(self, subject: str) -> bool:
        """Whether a subject names a total that tables of disclosures print, whether or not these do."""
        return any(pattern.search(_name(subject)) for pattern, _ in self._patterns)

    def look_up(self, subject: str) -> list[Figure]:
        """The figures that a subject may mean, with known unit and not zero; none where it names nothing known."""
        return [figure for figure in self._meant(_name(subject)) if figure.order is not None and figure.value]

    def _meant(self, name: str) -> list[Figure]:
        if name in self._classes:
            codes = {figure.fact.function for figure in self._classes[name]}
            return [figure for figures in self._classes.values() for figure in figures if figure.fact.function in codes]
        for pattern, what in self._patterns:
            if pattern.search(name):
                return self._figures[what]
        return []


def comparable(claim: Claim, year: int | None) -> bool:
    """An amount of this year, printed to the cent of 万元 or to the yuan: rougher figures and page numbers run into text are let be."""
    years = {int(found) for found in _YEAR.findall(claim.subject)}
    rough = claim.unit in ("万元", "亿元") and claim.decimals < 2
    elsewhen = _ELSEWHEN.search(claim.subject) or (years and year is not None and years != {year})
    return claim.kind == "amount" and claim.unit in UNIT_ORDERS and not rough and not elsewhen


def agrees(claim: Claim, figure: Figure) -> bool:
    """Whether a figure, rounded to the claim's decimals, may be the claim's amount."""
    order = UNIT_ORDERS[claim.unit or ""]
    half = HALF.scaleb(order - claim.decimals)
    return abs(claim.amount.scaleb(order) - figure.value) <= half + figure.amount.half


def most_general(figures: list[Figure]) -> Figure:
    """The figure that a contradiction is shown with: a total rather than a line."""
    return max(figures, key=lambda figure: (not figure.fact.function, figure.value, figure.id))


def claim_findings(book: Book, rules: Rules, findings: Findings, doubted: frozenset[str] = frozenset()) -> None:
    """A warning for each claim that no figure of its name agrees with. Without tables claims are not assessable: nothing is said.

    Args: doubted: tables whose unit is in doubt: what they print is not compared.
    """
    dictionary = Dictionary(book, rules)
    for claim in book.document.claims:
        subject = bare(claim.subject)
        if not subject or not comparable(claim, book.document.document.year):
            continue
        figures = [figure for figure in dictionary.look_up(subject) if figure.fact.table not in doubted]
        if not figures or any(agrees(claim, figure) for figure in figures):
            continue
        shown = most_general(figures)
        findings.add(
            FindingCode.CLAIM_CONTRADICTION,
            "warning",
            claim_message(claim.page, subject, claim_said(claim, shown), findings.places, shown),
            (),
            [shown],
            key=f"{subject}|{claim.amount}",
            said=claim_said(claim, shown),
        )


def claim_said(claim: Claim, figure: Figure) -> Said:
    """The narrative's figure against that of the form, in the unit of the narrative."""
    order = UNIT_ORDERS[claim.unit or ""]
    difference: Decimal = claim.amount.scaleb(order) - figure.value
    return Said(
        reported=claim.amount,
        expected=in_unit(figure.value, order, claim.decimals),
        difference=in_unit(difference, order, claim.decimals),
        unit=claim.unit,
        page=claim.page,
    )
