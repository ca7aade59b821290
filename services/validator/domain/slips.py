"""How a figure that should be one amount comes to be printed as another: the slip of the pen, and how likely it is.

Two explanations of the same failing sums differ in the slip that each needs. `likeliest_slip` gives the probability that a person who means
one amount prints the other: the share of slips of that class, spread evenly over all outcomes that the class could have had. One wrong digit of
eight has 72 outcomes, a zero too many has one, an arbitrary figure has as many as it has values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from shared.contracts.validated import Cause

SHARES: dict[Cause, float] = {
    "digit_substituted": 0.25,
    "digit_dropped": 0.12,
    "digit_inserted": 0.12,
    "digits_swapped": 0.12,
    "decimal_shift": 0.08,
    "zero_extra": 0.08,
    "stale_copy": 0.08,
    "unit_slip": 0.05,
    "sign_flipped": 0.03,
    "subtotal_counted": 0.03,
    "unknown": 0.04,
}
"""How slips are spread over the classes: an assumption, not a count. It decides only where sums do not; halving or doubling a share moves few
verdicts (docs/verdicts.md)."""

_SHIFTS = {1: 0.4, -1: 0.4, 2: 0.08, -2: 0.08, 3: 0.02, -3: 0.02}
_NOISE = (1.0, 0.3, 0.1)  # the amount as computed, one and two last digits beside it: rounded parts rarely add up worse


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: its class, the amount that was meant (as it would be printed), and the probability of printing this instead of that.

    `sure`: how far the slip tells the amount from those a last digit beside it, where rounded parts leave these open too.
    """

    cause: Cause
    meant: Decimal
    weight: float
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """What stands around a figure: the other amounts of its column, and those that its sum must not count (subtotals), in its own unit."""

    others: Sequence[Decimal] = ()
    subtotals: Sequence[Decimal] = ()


ALONE = Column()


def likeliest_slip(printed: Decimal, expected: Decimal, decimals: int, noise: int = 0, column: Column = ALONE) -> Slip:
    """The likeliest way in which a figure that should be `expected` is printed as `printed`.

    Args: printed, expected: amounts in the unit of print. decimals: digits after the point that the column prints. noise: last digits by which
        `expected` may be off, being a sum of rounded figures. column: what stands around.
    Returns: the slip of greatest weight; its cause is "unknown" where no class fits.
    """
    step = Decimal(1).scaleb(-decimals)
    computed = expected.quantize(step, ROUND_HALF_UP)
    found = []
    for off in range(-min(noise, 2), min(noise, 2) + 1):
        meant = computed + off * step
        if meant != printed:
            found += [Slip(cause, meant, weight * _NOISE[abs(off)]) for cause, weight in _slips(printed, meant, decimals, step, column)]
    best = max(found, key=lambda slip: (slip.weight, slip.meant == computed, slip.cause), default=Slip("unknown", computed, 0.0))
    amounts = {slip.meant: 0.0 for slip in found}
    for slip in found:
        amounts[slip.meant] = max(amounts[slip.meant], slip.weight)
    return replace(best, sure=best.weight / sum(amounts.values()) if best.weight else 0.0)


def _slips(printed: Decimal, meant: Decimal, decimals: int, step: Decimal, column: Column) -> Iterator[tuple[Cause, float]]:
    one, other = _text(printed, decimals), _text(meant, decimals)
    size = sum(character.isdigit() for character in one)
    yield "unknown", SHARES["unknown"] * 10.0**-size
    if printed in column.others:
        yield "stale_copy", SHARES["stale_copy"] / len(column.others)
    if abs(printed - meant) in column.subtotals and printed > meant:
        yield "subtotal_counted", SHARES["subtotal_counted"] / len(column.subtotals)
    if not printed or not meant:
        return
    if printed == -meant:
        yield "sign_flipped", SHARES["sign_flipped"]
    if (printed > 0) != (meant > 0):
        return
    yield from _powers(abs(printed), abs(meant), step)
    yield from _digits(one.removeprefix("-"), other.removeprefix("-"))


def _powers(printed: Decimal, meant: Decimal, step: Decimal) -> Iterator[tuple[Cause, float]]:
    """A point in another place: the figure may have lost digits on its way down."""
    for power, share in _SHIFTS.items():
        if _shifted(printed, meant, power, step):
            yield "decimal_shift", SHARES["decimal_shift"] * share
    for power in (4, -4):
        if _shifted(printed, meant, power, step):
            yield "unit_slip", SHARES["unit_slip"] / 2
    if printed == meant * 10 and printed == printed.to_integral_value():
        yield "zero_extra", SHARES["zero_extra"]


def _shifted(printed: Decimal, meant: Decimal, power: int, step: Decimal) -> bool:
    return abs(meant.scaleb(power) - printed) <= (step / 2 if power < 0 else 0)


def _digits(printed: str, meant: str) -> Iterator[tuple[Cause, float]]:
    """One edit of the printed string (Damerau): a digit changed, left out, put in, or two neighbours changed over."""
    places = [place for place, character in enumerate(meant) if character.isdigit()]
    if len(printed) == len(meant):
        different = [place for place in range(len(meant)) if printed[place] != meant[place]]
        if len(different) == 1 and meant[different[0]].isdigit() and printed[different[0]].isdigit():
            yield "digit_substituted", SHARES["digit_substituted"] / (9 * len(places))
        if len(different) == 2 and _changed_over(printed, meant, different):
            yield "digits_swapped", SHARES["digits_swapped"] / (len(places) - 1)
    if len(printed) == len(meant) - 1:
        ways = sum(_without(meant, place) == printed for place in places)
        if ways:
            yield "digit_dropped", SHARES["digit_dropped"] * ways / len(places)
    if len(printed) == len(meant) + 1:
        ways = sum(character.isdigit() and _without(printed, place) == meant for place, character in enumerate(printed))
        if ways:
            yield "digit_inserted", SHARES["digit_inserted"] * ways / (10 * (len(places) + 1))


def _changed_over(printed: str, meant: str, different: list[int]) -> bool:
    one, other = different
    between = meant[one + 1 : other]
    return between in ("", ".") and printed[one] == meant[other] and printed[other] == meant[one]


def _without(text: str, place: int) -> str:
    """A printed figure without one digit."""
    return text[:place] + text[place + 1 :]


def _text(value: Decimal, decimals: int) -> str:
    """A figure as its column prints it, without separators; one that has more digits keeps them."""
    own = max(decimals, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{max(own, 0)}f}"
