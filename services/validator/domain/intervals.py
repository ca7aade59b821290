"""What a printed figure stands for, and how well a sum of printed figures can hold (round to nearest).

A figure printed as v with d decimals stands for every true value in v ± ½·10^-d, ends included. A total is consistent with its parts when the
interval of the total meets the sum of the intervals of the parts. Source: XBRL Calculations 1.1 (round to nearest; compared with Arelle in
benchmarks/calculations.py, differences in docs/verdicts.md). That test alone is blind on long sums, so a sum that is possible is graded further
by how large rounding noise of that many figures usually is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Grade = Literal["failed", "exact", "rounding", "suspicious"]

HALF = Decimal("0.5")
ZERO = Decimal(0)
SIGMAS = 3  # three standard deviations: 99.7 % of honest rounding noise


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of amounts of money, `low` ≤ `high`, both in the same unit."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        """The sums that a value of each may have."""
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        """The interval of the opposite amounts."""
        return Interval(-self.high, -self.low)

    def meet(self, other: Interval) -> Interval | None:
        """The values that lie in both; None where there are none."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else None


def half_width(value: Decimal, decimals: int) -> Decimal:
    """How far a true value may lie from the figure that is printed of it: half of the last digit.

    Args: value: as printed, in the form's own unit (元, 万元). decimals: digits after the point that its column prints, below 0 for tens and more.
    Returns: ½·10^-decimals, same unit; where the figure prints more digits than its column, its own digits count. (Calculations 1.1 stops at such
        excess digits, since there the precision is said by whoever reports; here it is read off the column.)
    Source: XBRL Calculations 1.1, round to nearest.
    """
    own = -int(value.as_tuple().exponent)
    return HALF.scaleb(-(max(decimals, own) if decimals >= 0 else decimals))


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount with half the width of its last digit, both in 元 (or in the form's unknown unit)."""

    value: Decimal
    half: Decimal

    @property
    def interval(self) -> Interval:
        """The true values that it stands for."""
        return Interval(self.value - self.half, self.value + self.half)


def possible_difference(amounts: Iterable[Amount]) -> Decimal:
    """The largest |reported - computed| that rounding can explain: the half widths of all figures of the sum, zeros included."""
    return sum((amount.half for amount in amounts), ZERO)


def plausible_difference(target: Amount, terms: Iterable[Amount]) -> Decimal:
    """3σ of the rounding noise of a sum.

    A rounded figure is off by an error spread evenly over its last digit w, variance w²/12; the errors of the target and of the n terms that
    are not zero add up to σ = w·sqrt((n + 1)/12). Where the figures have different last digits, their variances are added.
    """
    half, alike, squares = target.half, 1, ZERO  # w²/12 = half²/3
    for term in terms:
        if term.value:
            if term.half == half:
                alike += 1
            else:
                squares += term.half * term.half
    return _three_sigma(half, alike, squares)


@lru_cache(maxsize=1024)  # most sums of a document have figures of one precision
def _three_sigma(half: Decimal, figures: int, others: Decimal) -> Decimal:
    """3σ of so many figures of one half width and of others, given by the sum of their squared half widths."""
    return SIGMAS * ((half * half * figures + others) / 3).sqrt()


def grade(difference: Decimal, possible: Decimal, plausible: Decimal) -> Grade:
    """The grade of a sum, tested in the order failed, exact, rounding, suspicious; all amounts in one unit."""
    size = abs(difference)
    if size > possible:
        return "failed"
    if not size:
        return "exact"
    return "rounding" if size <= plausible else "suspicious"
