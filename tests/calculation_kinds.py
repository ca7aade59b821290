"""Random sums of printed figures by kind, and what the validator's grading says of them: compared with Arelle by test and benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import msgspec
from arelle_calculations import Item, Outcome, Print, Sum
from validator_documents import by_function, document, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.grading import grade_equation
from services.validator.domain.proposal import Equation
from services.validator.domain.sheet import Figure, figure_of

_FACT = document(by_function(total("1.00", "", ""))).facts[0]
_IDENTITY = load_rules().identities[0]


def _figure(one: Print, name: str) -> Figure:
    amount = Decimal(one.text)
    decimals = max(-int(amount.as_tuple().exponent), 0)
    return figure_of(msgspec.structs.replace(_FACT, id=name, amount=amount, text=one.text, decimals=decimals, precision=one.decimals))


@dataclass(frozen=True)
class Ours:
    """What the validator says: of the sum of the first prints, and whether any further print contradicts the first (a finding of its own)."""

    outcome: Outcome
    conflict: bool


def ours(one: Sum) -> Ours:
    """The grades of a sum and of its further prints, as the checks of a document would have them."""
    target = _figure(one.total[0], "t")
    terms = tuple((_figure(item.prints[0], f"i{place}"), item.sign) for place, item in enumerate(one.items))
    status = grade_equation(Equation(_IDENTITY, target, terms)).status
    conflict = False
    for prints in (one.total, *(item.prints for item in one.items)):
        first = _figure(prints[0], "first")
        again = [grade_equation(Equation(_IDENTITY, _figure(other, "again"), ((first, 1),))).status for other in prints[1:]]
        conflict = conflict or "failed" in again
    outcome: Outcome = "not evaluated" if status == "not_assessable" else "inconsistent" if status == "failed" else "consistent"
    return Ours(outcome, conflict)


def _printed(value: Decimal, decimals: int) -> Print:
    return Print(str(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)), decimals)


def _true_items(random: Random, least: int = 1, most: int = 27) -> list[tuple[int, Decimal]]:
    return [(1, Decimal(random.randrange(0, 10 ** random.randrange(1, 10))) / 10000) for _ in range(random.randint(least, most))]


def _sum(random: Random, items: list[tuple[int, Decimal]], decimals: Callable[[], int]) -> Sum:
    """Every figure rounded by itself; in half of the sums the total is some last digits off, so that both answers are about as frequent."""
    whole, place = sum((sign * value for sign, value in items), Decimal(0)), decimals()
    off = random.choice([0, 0, 0, random.randint(-len(items), len(items)), random.randint(-30, 30)])
    made = tuple(Item(sign, (_printed(value, decimals()),)) for sign, value in items)
    return Sum((_printed(whole + Decimal(off).scaleb(-place), place),), made)


def _one_precision(random: Random) -> Sum:
    decimals = random.choice([0, 2])
    return _sum(random, _true_items(random), lambda: decimals)


def _mixed(random: Random) -> Sum:
    return _sum(random, _true_items(random, most=8), lambda: random.choice([0, 1, 2]))


def _signs(random: Random) -> Sum:
    items = [(random.choice([1, -1]), value) for _, value in _true_items(random)]
    return _sum(random, items, lambda: 2)


def _zeros(random: Random) -> Sum:
    items = [(sign, value if random.random() < 0.5 else Decimal(0)) for sign, value in _true_items(random)]
    return _sum(random, items, lambda: 2)


def _edge(random: Random) -> Sum:
    """The total as far off as rounding can explain to the last fraction, or one last digit further."""
    items = _true_items(random)
    if len(items) % 2 == 0:  # an odd number of half digits and the total's own make whole last digits
        items = items[1:]
    prints = [_printed(value, 2) for _, value in items]
    reach = Decimal(len(prints) + 1) / 2 + random.choice([0, 1])
    whole = sum((Decimal(one.text) for one in prints), Decimal(0)) + random.choice([-1, 1]) * reach * Decimal("0.01")
    return Sum((Print(str(whole), 2),), tuple(Item(1, (one,)) for one in prints))


def _blanks(random: Random) -> Sum:
    made = _one_precision(random)
    return Sum(made.total, tuple(item for item in made.items if random.random() < 0.5))


def _again(random: Random, prints: tuple[Print, ...], value: Decimal) -> tuple[Print, ...]:
    return (*prints, _printed(value, random.choice([0, 1, 3])))


def _twice_agreeing(random: Random) -> Sum:
    """Total and some items printed again, in a coarser or a finer unit, from the same true amount."""
    items = _true_items(random, most=8)
    whole = sum((value for _, value in items), Decimal(0))
    made = tuple(
        Item(1, _again(random, (_printed(value, 2),), value) if random.random() < 0.5 else (_printed(value, 2),)) for _, value in items
    )
    off = random.choice([0, 0, 1, -1, 2])
    return Sum(_again(random, (_printed(whole + Decimal(off) / 100, 2),), whole + Decimal(off) / 100), made)


def _twice_differing(random: Random) -> Sum:
    made = _one_precision(random)
    value = Decimal(made.total[0].text)
    return Sum((*made.total, _printed(value + random.randint(2, 900), 1)), made.items)


def _twice_differing_alike(random: Random) -> Sum:
    made = _one_precision(random)
    value, decimals = Decimal(made.total[0].text), made.total[0].decimals
    return Sum((*made.total, _printed(value + random.randint(2, 900), decimals)), made.items)


def _excess(random: Random) -> Sum:
    """One item prints a digit more than its column."""
    made = _sum(random, _true_items(random), lambda: 2)
    digit = random.randint(1, 9)
    item = made.items[0]
    longer = Print(f"{item.prints[0].text}{digit}", 2)
    return Sum(made.total, (Item(item.sign, (longer,)), *made.items[1:]))


ALIKE: dict[str, Callable[[Random], Sum]] = {
    "one precision": _one_precision,
    "several precisions": _mixed,
    "minus signs": _signs,
    "zeros": _zeros,
    "at the edge of what rounding explains": _edge,
    "parts left blank": _blanks,
}
"""Kinds of sums of which both must say the same."""
APART: dict[str, Callable[[Random], Sum]] = {
    "printed twice, agreeing": _twice_agreeing,
    "printed twice, differing": _twice_differing,
    "printed twice, differing, same decimals": _twice_differing_alike,
    "more digits than the column": _excess,
}
"""Kinds of which they say different things on purpose (docs/verdicts.md)."""
