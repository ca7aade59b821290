"""Grades one equation: difference, what rounding can explain, what it usually does, and the grade that follows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from services.validator.domain.intervals import ZERO, Amount, grade, plausible_difference, possible_difference
from services.validator.domain.proposal import Equation
from shared.check_reasons import PARTS_BLANK, UNIT_UNKNOWN
from shared.contracts.validated import Check, Status, Term


@dataclass(slots=True, eq=False)
class Graded:
    """An equation with its grade; amounts in 元 (as printed, where the unit is unknown). Null amounts where it is not assessable."""

    equation: Equation
    status: Status
    computed: Decimal = ZERO
    difference: Decimal = ZERO
    possible: Decimal = ZERO
    plausible: Decimal = ZERO
    reason: str | None = None


def _units_known(equation: Equation) -> bool:
    """Figures of unknown unit are compared inside their own table only."""
    orders = {equation.target.order, *(term.order for term, _ in equation.terms)}
    if None not in orders:
        return True
    tables = {equation.target.fact.table, *(term.fact.table for term, _ in equation.terms)}
    return len(orders) == 1 and len(tables) == 1


def grade_equation(equation: Equation) -> Graded:
    """Grades target = Σ sign · term by intervals; never passes what has no parts or no common unit."""
    if not equation.terms:
        return Graded(equation, "not_assessable", reason=equation.reason or PARTS_BLANK)
    if not _units_known(equation):
        return Graded(equation, "not_assessable", reason=UNIT_UNKNOWN)
    target = equation.target.amount
    terms: list[Amount] = [term.amount for term, _ in equation.terms]
    computed = sum((term.value if sign > 0 else -term.value for term, sign in equation.terms), ZERO)
    difference = target.value - computed
    possible = target.half + possible_difference(terms)
    plausible = plausible_difference(target, terms) if difference else ZERO
    return Graded(equation, grade(difference, possible, plausible), computed, difference, possible, plausible)


@lru_cache(maxsize=8192)  # differences and what rounding explains are few amounts, over and over; equal amounts are shown alike
def in_unit(value: Decimal, order: int | None, decimals: int = 2) -> Decimal:
    """An amount in 元 as an amount of a unit of 10^order 元, with at least `decimals` digits after the point."""
    scaled = value.scaleb(-(order or 0))
    exponent = int(scaled.as_tuple().exponent)
    if -exponent <= decimals:
        return scaled.quantize(Decimal(1).scaleb(-max(decimals, 0)))
    rest = -int(scaled.normalize().as_tuple().exponent) if scaled else 0
    return scaled.quantize(Decimal(1).scaleb(-max(decimals, rest, 0)))


def check_id(equation: Equation, taken: set[str]) -> str:
    """An id that says what is checked: rule and target, numbered where a target has several sums of one rule."""
    base = f"{equation.identity.id}@{equation.target.id}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}#{number}", number + 1
    taken.add(name)
    return name


@lru_cache(maxsize=1024)
def _floor(value: Decimal, exponent: int) -> Decimal:
    """A value with its digits below 10^exponent cut off."""
    step = Decimal(1).scaleb(exponent)
    return (value / step).to_integral_value(rounding="ROUND_FLOOR") * step


def to_check(graded: Graded, identifier: str) -> Check:
    """The check of the contract: amounts in the unit of the target."""
    equation = graded.equation
    fact, order = equation.target.fact, equation.target.order
    assessed = graded.status != "not_assessable"
    decimals = max(fact.precision, 0)

    def shown(value: Decimal) -> Decimal | None:
        return in_unit(value, order, decimals) if assessed else None

    plausible = ZERO
    if assessed:
        plausible = graded.plausible or plausible_difference(equation.target.amount, [term.amount for term, _ in equation.terms])
        plausible = _floor(plausible, (order or 0) - decimals - 1)
    return Check(
        id=identifier,
        rule=equation.identity.id,
        form=fact.form,
        status=graded.status,
        target=fact.id,
        terms=tuple(Term(fact=term.id, sign=sign) for term, sign in equation.terms),
        reported=fact.amount if assessed else None,
        computed=shown(graded.computed),
        difference=shown(graded.difference),
        possible=shown(graded.possible),
        plausible=shown(plausible),
        unit=fact.unit,
        reason=graded.reason,
    )
