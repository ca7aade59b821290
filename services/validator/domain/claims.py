"""Amounts of the narrative against the tables: what a subject names must be printed there.

Which figures are meant is settled by the words alone (domain/subjects.py), then values are compared. A narrative speaks of several scopes in the
same words (基本支出 of all funds, of the fiscal part), so an amount contradicts only where its name is certain and no figure of that name, in any
form, agrees with it when rounded to the narrative's own decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.derived import middle, printed
from services.validator.domain.grading import in_unit
from services.validator.domain.intervals import Interval
from services.validator.domain.messages import Said
from services.validator.domain.sheet import UNIT_ORDERS, Figure
from services.validator.domain.subjects import Dictionary, Meaning
from shared.contracts.normalized import Claim
from shared.contracts.validated import ClaimFormula, ClaimReason, ClaimStatus

_YEAR = re.compile(r"(20\d\d)年")
_ELSEWHEN = re.compile("上年|去年|增|减|调整|完成|追加|结转|补助资金")
_BUDGETS = frozenset({"budget", "adjusted_budget"})
_SHOWN = 8  # figures that a tied amount points to: every form that prints it, up to here


@dataclass(slots=True, eq=False)
class Judged:
    """What became of a claim.

    `figures`, `claims`: what its formula takes; `expected`: what that gives, in the claim's unit. `reversed`: it contradicts, and with the
    opposite word (减少 for 增加) it would hold.
    """

    status: ClaimStatus
    formula: ClaimFormula | None = None
    figures: Sequence[Figure] = ()
    claims: tuple[int, ...] = ()
    expected: Decimal | None = None
    reason: ClaimReason | None = None
    reversed: bool = False


def untied(reason: ClaimReason) -> Judged:
    """A claim that nothing was compared with, or that nothing settles."""
    return Judged("untied", reason=reason)


def interval_of(claim: Claim) -> Interval:
    """True values that an amount stands for, in 元; those of a percentage as they are. A count is exact."""
    if claim.kind == "count":
        return Interval(abs(claim.amount), abs(claim.amount))
    return printed(abs(claim.amount), claim.decimals, UNIT_ORDERS.get(claim.unit or "", 0))


def comparable(claim: Claim, year: int | None) -> bool:
    """An amount of this year, printed finely enough: round numbers of 万元 (5044 is none, 5040 is) may be meant roughly and are let be."""
    years = {int(found) for found in _YEAR.findall(claim.subject)}
    rough = claim.unit in ("万元", "亿元") and not claim.decimals and claim.amount % 10 == 0
    elsewhen = _ELSEWHEN.search(claim.subject) or claim.stage == "last_year" or (years and year is not None and years != {year})
    return claim.kind == "amount" and claim.unit in UNIT_ORDERS and not rough and not elsewhen


def agrees(claim: Claim, figure: Figure) -> bool:
    """Whether a figure, rounded to the claim's decimals, may be the claim's amount."""
    return interval_of(claim).meet(Interval(abs(figure.value) - figure.amount.half, abs(figure.value) + figure.amount.half)) is not None


def cut_off(claim: Claim, figure: Figure) -> bool:
    """Whether a claim may be a finer figure with digits cut off instead of rounded (87.708 万元 as 87.70): common where forms are in 元."""
    said = interval_of(claim)
    return figure.amount.half * 2 < said.high - said.low and abs(middle(said) - abs(figure.value)) < said.high - said.low


def most_general(figures: Sequence[Figure]) -> Figure:
    """The figure that a contradiction is shown with: a total rather than a line."""
    return max(figures, key=lambda figure: (not figure.fact.function, figure.value, figure.id))


def of_stage(claim: Claim, figures: Iterable[Figure], kind: str, year: int | None) -> list[Figure]:
    """The figures of the stage that a claim speaks of: last year's, those of the budget in final accounts, else this document's own."""
    years = {int(found) for found in _YEAR.findall(claim.subject)}
    if claim.stage == "last_year" or (year is not None and years == {year - 1}):
        return [figure for figure in figures if figure.fact.measure == "previous_year"]
    if kind == "final_accounts" and claim.stage == "budget":
        return [figure for figure in figures if figure.fact.measure in _BUDGETS]
    others = {"previous_year"} | (_BUDGETS if kind == "final_accounts" else set())
    return [figure for figure in figures if figure.fact.measure not in others]


def judge_amount(claim: Claim, dictionary: Dictionary, kind: str, year: int | None) -> Judged:
    """An amount against the figures that its subject names. Args: kind, year: of the document."""
    meaning = dictionary.look_up(claim.subject)
    near, loose = of_stage(claim, meaning.figures, kind, year), of_stage(claim, meaning.loose, kind, year)
    for figures in (near, loose):
        found = [figure for figure in figures if agrees(claim, figure)]
        if found:
            return Judged("tied", "figure", found[:_SHOWN])
    if not claim.amount and meaning.blank:
        return Judged("tied", "blank")
    if contradicted(claim, meaning, year) and (near or loose):
        shown = most_general([figure for figure in near or loose if figure.value] or near or loose)
        return Judged("contradicting", "figure", [shown], expected=claim_said(claim, shown).expected)
    if any(cut_off(claim, figure) for figure in near):
        return untied("near")
    return untied("no_figure" if not meaning.all else "rough" if claim.decimals < 2 else "differs")


def contradicted(claim: Claim, meaning: Meaning, year: int | None) -> bool:
    """Whether the name is certain, its figures are printed, and none of them agrees."""
    if not (meaning.certain and comparable(claim, year) and any(figure.value for figure in meaning.figures)):
        return False
    return not any(agrees(claim, one) or cut_off(claim, one) for one in meaning.all if one.value)


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
