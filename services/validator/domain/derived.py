"""What follows from printed figures: shares, growth, differences, as intervals. A value that is printed elsewhere may be any in its interval.

A percentage agrees where some true values of its figures give it when rounded to its own decimals. Texts also cut digits off instead of rounding,
and push the last of several shares so that they add up to 100 %; so a percentage contradicts only where it is off by more than a digit besides.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from services.validator.domain.intervals import HALF, ZERO, Interval

Agreement = Literal["agrees", "near", "differs"]
"""near: off by no more than the last digit, which rounding to nearest does not explain but habit does."""

HUNDRED = Decimal(100)


def printed(value: Decimal, decimals: int, order: int = 0) -> Interval:
    """True values that a text's figure stands for. Args: order: power of ten of its unit, so that the interval is in 元 (0 for percentages)."""
    half = HALF.scaleb(order - decimals)
    value = value.scaleb(order)
    return Interval(value - half, value + half)


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """Values of part / whole; None where the whole may be zero or negative."""
    if whole.low <= ZERO:
        return None
    ends = [part.low / whole.low, part.low / whole.high, part.high / whole.low, part.high / whole.high]
    return Interval(min(ends), max(ends))


def percent(part: Interval, whole: Interval) -> Interval | None:
    """Values of 100 · part / whole."""
    found = quotient(part, whole)
    return Interval(found.low * HUNDRED, found.high * HUNDRED) if found else None


def minus(one: Interval, other: Interval) -> Interval:
    """Differences of values of each."""
    return one + -other


def growth(now: Interval, change: Interval) -> Interval | None:
    """Percentages that a change to `now` may be of what was before, now − change; None where nothing may have been before.

    change / (now − change) grows with the change, and with `now` it only falls or only grows: its ends lie at corners.
    """
    if now.low - change.high <= ZERO:
        return None
    ends = [HUNDRED * delta / (value - delta) for delta in (change.low, change.high) for value in (now.low, now.high)]
    return Interval(min(ends), max(ends))


def compare(said: Interval, possible: Interval) -> Agreement:
    """How a printed value goes with what may be. Args: said: of the text, two halves of its last digit wide."""
    if said.meet(possible):
        return "agrees"
    digit = said.high - said.low
    return "near" if Interval(said.low - digit, said.high + digit).meet(possible) else "differs"


def middle(interval: Interval) -> Decimal:
    """The value that a sentence gives for an interval."""
    return (interval.low + interval.high) / 2
