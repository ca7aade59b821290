"""Grades one equation: difference, what rounding can explain, what it usually does, and the grade that follows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.intervals import ZERO, Amount, grade, plausible_difference, possible_difference
from services.validator.domain.proposal import Equation
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
        return Graded(equation, "not_assessable", reason=equation.reason or "the parts are blank")
    if not _units_known(equation):
        return Graded(equation, "not_assessable", reason="a unit is unknown")
    target = equation.target.amount
    terms: list[Amount] = [term.amount for term, _ in equation.terms]
    computed = sum((term.value if sign > 0 else -term.value for term, sign in equation.terms), ZERO)
    difference = target.value - computed
    possible = target.half + possible_difference(terms)
    plausible = plausible_difference(target, terms) if difference else ZERO
    return Graded(equation, grade(difference, possible, plausible), computed, difference, possible, plausible)


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


def to_check(graded: Graded, identifier: str) -> Check:
    """The check of the contract: amounts in the unit of the target."""
    equation = graded.equation
    fact, order = equation.target.fact, equation.target.order
    assessed = graded.status != "not_assessable"
    decimals = max(fact.precision, 0)

    def shown(value: Decimal) -> Decimal | None:
        return in_unit(value, order, decimals) if assessed else None

    if assessed:
        plausible = graded.plausible or plausible_difference(equation.target.amount, [term.amount for term, _ in equation.terms])
        step = Decimal(1).scaleb((order or 0) - decimals - 1)
        plausible = (plausible / step).to_integral_value(rounding="ROUND_FLOOR") * step
    else:
        plausible = ZERO
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
