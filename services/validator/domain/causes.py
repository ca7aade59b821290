"""Which figure a set of failing checks accuses: one cause, one finding.

A wrong figure breaks every equation that it takes part in, each by the same amount; a right one holds somewhere. So the figure that explains
most failing checks with one and the same correction, and takes part in fewest checks that hold, is the first evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.grading import Graded
from services.validator.domain.sheet import Figure
from services.validator.domain.structure import Judged
from shared.contracts.validated import Cause


@dataclass(slots=True, eq=False)
class Failure:
    """A failing check with the reading that it comes from."""

    graded: Graded
    judged: Judged
    number: int

    @property
    def figures(self) -> list[tuple[Figure, int]]:
        """All figures with the sign with which the residual (reported - computed) depends on them."""
        equation = self.graded.equation
        return [(equation.target, 1), *((term, -sign) for term, sign in equation.terms)]

    @property
    def accuses(self) -> bool:
        """Whether the reading is believed enough to call the check an error by itself.

        A slip breaks one line of a roll-up. Where several lines of one roll-up break, a row or a column is missing, in the form or in our
        reading of it: nobody is accused of that by one roll-up alone, unless many more lines hold.
        """
        one_line = self.judged.fails == 1 or self.judged.holds >= 4 * self.judged.fails
        identity, form = self.judged.bundle.identity, self.graded.equation.target.fact.form
        asked = form in identity.questions or (form is None and self.judged.bundle.basis != "codes")
        return self.judged.trust != "unclear" and one_line and not asked


@dataclass(slots=True, eq=False)
class Group:
    """Failing checks with one cause: the accused figure, what it would have to be (in 元), and whether the place is certain.

    `contradicted`: as many checks hold with the figure as it is as fail.
    """

    figure: Figure
    expected: Decimal
    failures: list[Failure]
    pinned: bool
    cause: Cause | None = None
    contradicted: bool = False


def slip(printed: Decimal, expected: Decimal) -> Cause | None:
    """The slip of the pen that turns `expected` into `printed`, where it is a plain one; None otherwise.

    zero_extra: one zero too many before the point. decimal_shift: another power of ten. digits_swapped: two neighbours changed places.
    digit_substituted: one digit differs.
    """
    if not printed or not expected or (printed > 0) != (expected > 0):
        return "sign_flipped" if printed and printed == -expected else None
    if printed == expected * 10 and printed == printed.to_integral_value():
        return "zero_extra"
    ratio = abs(printed / expected)
    if ratio in (
        Decimal(10),
        Decimal(100),
        Decimal(1000),
        Decimal(10000),
        Decimal("0.1"),
        Decimal("0.01"),
        Decimal("0.001"),
        Decimal("0.0001"),
    ):
        return "unit_slip" if ratio in (Decimal(10000), Decimal("0.0001")) else "decimal_shift"
    places = max(0, *(-int(value.as_tuple().exponent) for value in (printed, expected)))
    one, other = (str(int(abs(value).scaleb(places))) for value in (printed, expected))
    if len(one) != len(other):
        return None
    different = [place for place in range(len(one)) if one[place] != other[place]]
    if (
        len(different) == 2
        and different[1] == different[0] + 1
        and one[different[0]] == other[different[1]]
        and one[different[1]] == other[different[0]]
    ):
        return "digits_swapped"
    return "digit_substituted" if len(different) == 1 else None


_RANK: dict[Cause | None, int] = {
    "zero_extra": 3,
    "unit_slip": 3,
    "decimal_shift": 2,
    "digits_swapped": 2,
    "sign_flipped": 2,
    "digit_substituted": 1,
}


@dataclass(slots=True, eq=False)
class _Suspect:
    """A figure with the failing checks that one correction of it would mend."""

    figure: Figure
    correction: Decimal
    failures: list[Failure]
    contradicted: int

    @property
    def expected(self) -> Decimal:
        """What the figure would have to be, in 元."""
        return self.figure.value + self.correction

    @property
    def cause(self) -> Cause | None:
        """The slip that explains it."""
        order = -(self.figure.order or 0)
        return slip(self.figure.value.scaleb(order), self.expected.scaleb(order))

    @property
    def is_target(self) -> bool:
        """Whether it is the total of one of the checks."""
        return any(failure.graded.equation.target is self.figure for failure in self.failures)

    def score(self) -> tuple[int, int]:
        """Checks mended minus checks that a correction would break; then how plain the slip is."""
        return len(self.failures) - self.contradicted, _RANK.get(self.cause, 0)


class Confirmations:
    """Which figures are confirmed by checks that hold: a check that would notice a change of a figure confirms it."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._possible: dict[str, list[Decimal]] = defaultdict(list)
        for one in judged:
            for graded in one.graded:
                if graded.status in ("exact", "rounding", "suspicious") and graded.equation.target.value:
                    for figure in (graded.equation.target, *(term for term, _ in graded.equation.terms)):
                        self._possible[figure.id].append(graded.possible)

    def of(self, figure: Figure, change: Decimal) -> int:
        """How many holding checks would break if the figure were changed by so much (in 元)."""
        return sum(1 for possible in self._possible.get(figure.id, ()) if possible < abs(change))

    def all_of(self, graded: Graded) -> bool:
        """Whether every figure of a failing check (but zeros) is confirmed by other checks: then none of them is wrong, something is missing."""
        figures = (graded.equation.target, *(term for term, _ in graded.equation.terms))
        return all(self.of(figure, graded.difference) for figure in figures if figure.value or figure is graded.equation.target)


def _suspects(failures: list[Failure], confirmations: Confirmations) -> list[_Suspect]:
    by_figure: dict[str, list[tuple[Figure, Decimal, Failure]]] = defaultdict(list)
    for failure in failures:
        for figure, sign in failure.figures:
            by_figure[figure.id].append((figure, -failure.graded.difference * sign, failure))
    suspects = []
    for found in by_figure.values():
        remaining = found
        while remaining:
            figure, correction, first = remaining[0]
            same = [item for item in remaining if abs(item[1] - correction) <= item[2].graded.possible + first.graded.possible]
            sharpest = min(same, key=lambda item: item[2].graded.possible)  # fewest figures, least rounding
            suspects.append(_Suspect(figure, sharpest[1], [item[2] for item in same], confirmations.of(figure, sharpest[1])))
            remaining = [item for item in remaining if item not in same]
    return suspects


def group_failures(failures: list[Failure], confirmations: Confirmations) -> list[Group]:
    """Explains all failing checks by as few figures as possible, the strongest first."""
    groups: list[Group] = []
    remaining = list(failures)
    while remaining:
        suspects = _suspects(remaining, confirmations)
        best = max(suspects, key=lambda suspect: (suspect.score(), suspect.is_target))
        rivals = [
            suspect
            for suspect in suspects
            if suspect is not best and suspect.score() == best.score() and set(map(id, suspect.failures)) & set(map(id, best.failures))
        ]
        pinned = not rivals and (len(best.failures) > 1 or best.score()[1] >= 2)
        if not pinned and len(best.failures) == 1:
            # One broken sum: nothing says which figure it is. The total stands for it.
            target = best.failures[0].graded.equation.target
            best = next(suspect for suspect in suspects if suspect.figure is target and best.failures[0] in suspect.failures)
        cause = best.cause if pinned else None
        accused = any(suspect.contradicted < len(suspect.failures) for suspect in (best, *rivals))
        groups.append(Group(best.figure, best.expected, best.failures, pinned, cause, contradicted=not accused))
        done = set(map(id, best.failures))
        remaining = [failure for failure in remaining if id(failure) not in done]
    return groups
