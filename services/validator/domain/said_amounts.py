"""What the narrative says of figures of the tables, as evidence about them that no sum gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.claim_figures import CLAIMS_TABLE
from services.validator.domain.intervals import Interval
from services.validator.domain.sheet import Figure


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """An amount that the narrative gives for a figure of the tables, in 元; `claim`: its index."""

    interval: Interval
    claim: int


Sayings = Mapping[str, Sequence[SaidAmount]]
"""By the id of a fact, the amounts that the narrative gives for it by name, whether or not they agree with what is printed there."""

NOTHING_SAID: Sayings = {}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the narrative says to a correction of a figure. `right`: the claims that print the corrected amount and not the printed one.

    `printed`: a claim says that it is as printed.
    """

    right: tuple[int, ...] = ()
    printed: bool = False


def hear(said: Sayings, figure: Figure, expected: Decimal) -> Heard:
    """Asks the narrative about a figure. Args: expected: what the figure would have to be, in 元."""
    amounts = said.get(figure.id)
    if not amounts:
        return Heard()
    half = figure.amount.half
    corrected = Interval(expected - half, expected + half)
    right = [one.claim for one in amounts if one.interval.meet(corrected) and not one.interval.meet(figure.amount.interval)]
    printed = any(one.interval.meet(figure.amount.interval) for one in amounts)
    return Heard(tuple(right), printed and not right)


def claim_ids(claims: Sequence[int]) -> tuple[str, ...]:
    """The ids of claims as figures."""
    return tuple(f"{CLAIMS_TABLE}/{index}" for index in claims)
