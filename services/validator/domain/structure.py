"""Chooses between rival readings of a form's layout, and decides which failing checks may accuse somebody.

A figure typed wrong breaks one or two lines of a form and leaves the others whole; a layout that we misunderstood breaks most lines. So a
reading is believed as far as its equations hold: in its own bundle (other columns, other rows) or in its family (the same kind of roll-up
elsewhere in the form). Lines that print the same figures count once, and equations between zeros prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.proposal import Bundle

Trust = Literal["proven", "likely", "unclear"]
"""How far a failing check of a bundle may be believed: proven and likely checks accuse, unclear ones become a question."""


@dataclass(slots=True, eq=False)
class Judged:
    """A chosen bundle with its graded equations and how far it is believed."""

    bundle: Bundle
    graded: list[Graded]
    trust: Trust = "unclear"

    @property
    def holds(self) -> int:
        """Distinct equations that hold and say something (not between zeros)."""
        return len(_distinct(self.graded, ("exact", "rounding", "suspicious")))

    @property
    def fails(self) -> int:
        """Distinct equations that fail."""
        return len(_distinct(self.graded, ("failed",)))


def _distinct(graded: Iterable[Graded], statuses: tuple[str, ...]) -> set[tuple[Decimal, ...]]:
    seen = set()
    for one in graded:
        if one.status in statuses and (one.status == "failed" or one.equation.target.value):
            seen.add((one.equation.target.value, *(term.value * sign for term, sign in one.equation.terms if term.value)))
    return seen


def _choose(rivals: list[Judged]) -> Judged:
    """The reading under which most lines hold and fewest fail; the earlier one where they are equal."""
    return max(rivals, key=lambda judged: (judged.holds - judged.fails, judged.bundle.basis != "guess", -judged.fails))


def choose_readings(bundles: Iterable[Bundle]) -> list[Judged]:
    """Grades all equations and keeps one reading of each thing read, in the order of proposal."""
    groups: dict[object, list[Judged]] = defaultdict(list)
    for number, bundle in enumerate(bundles):
        judged = Judged(bundle, [grade_equation(equation) for equation in bundle.equations])
        groups[bundle.rival if bundle.rival is not None else number].append(judged)
    chosen = [_choose(rivals) for rivals in groups.values()]
    _trust(chosen)
    return chosen


def _trust(chosen: list[Judged]) -> None:
    families: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
    tables: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
    for judged in chosen:
        families[judged.bundle.family].append(judged)
        tables[judged.bundle.family[:2]].append(judged)
    for judged in chosen:
        kin, table = families[judged.bundle.family], tables[judged.bundle.family[:2]]
        judged.trust = _trust_of(judged, kin, table)


def _trust_of(judged: Judged, kin: list[Judged], table: list[Judged]) -> Trust:
    """Believes a bundle by what holds beside it.

    proven: it holds in more of its own lines than it fails in. likely: of one line only, but codes or words leave no other reading and the
    family does not fail as a rule; or a layout whose family (in the list, else in the form) holds at least twice as often as it fails.
    """
    own_holds, own_fails = judged.holds, judged.fails
    kin_holds, kin_fails = sum(one.holds for one in kin), sum(one.fails for one in kin)
    table_holds, table_fails = sum(one.holds for one in table), sum(one.fails for one in table)
    if judged.bundle.basis == "guess":
        return "proven" if own_holds >= 2 and own_holds >= 3 * own_fails else "unclear"
    if own_holds > own_fails or (own_holds and kin_holds >= 2 * kin_fails):
        return "proven"
    if judged.bundle.basis == "codes":
        return "likely" if kin_holds >= kin_fails or (len(kin) == 1 and own_fails <= 2) else "unclear"
    enough = (kin_holds >= 2 * kin_fails and kin_holds >= 2) or (table_holds >= 2 * table_fails and table_holds >= 2)
    return "likely" if enough else "unclear"
