"""Chooses between rival readings of a form's layout, and decides which failing checks may accuse somebody.

A figure typed wrong breaks one or two lines of a form and leaves the others whole; a layout that we misunderstood breaks most lines. So a
reading is believed as far as its equations hold: in its own bundle (other columns, other rows) or in its family (the same kind of roll-up
elsewhere in the form). Lines that print the same figures count once, and equations between zeros prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.proposal import Bundle
from services.validator.domain.sheet import Book

Trust = Literal["proven", "likely", "unclear"]
"""How far a failing check of a bundle may be believed: proven and likely checks accuse, unclear ones become a question."""


@dataclass(slots=True, eq=False)
class Judged:
    """A chosen bundle with its graded equations and how far it is believed."""

    bundle: Bundle
    graded: list[Graded]
    trust: Trust = "unclear"
    agreed: bool = False
    """Whether it never holds, but another form prints what it computes: a question, and no more."""

    holds: int = field(init=False)
    """Distinct equations that hold and say something (not between zeros)."""
    fails: int = field(init=False)
    """Distinct equations that fail."""

    def __post_init__(self) -> None:
        self.holds = len(_distinct(self.graded, _HELD))
        self.fails = len(_distinct(self.graded, ("failed",)))


Judge = Callable[[Book], list[Judged]]
"""Reads and grades a document."""


def _distinct(graded: Iterable[Graded], statuses: tuple[str, ...], least_terms: int = 0) -> set[tuple[Decimal, ...]]:
    seen: set[tuple[Decimal, ...]] = set()
    for one in graded:
        if one.status in statuses and (one.status == "failed" or one.equation.target.value):
            terms = tuple(term.value * sign for term, sign in one.equation.terms if term.value)
            if len(terms) >= least_terms:
                seen.add((one.equation.target.value, *terms))
    return seen


_HELD = ("exact", "rounding", "suspicious")


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
    _agree(chosen)
    # A guess that never holds was never meant, unless another form says the same.
    chosen = [judged for judged in chosen if judged.bundle.basis != "guess" or judged.holds or judged.agreed]
    _trust(chosen)
    return chosen


# Figures of a sum that agrees with another form by no accident.
_SEVERAL = 3


def _agree(chosen: list[Judged]) -> None:
    """Marks guesses that never hold but compute for their total just what another form prints for it: then it is the total that is odd."""
    said: dict[str, list[Decimal]] = defaultdict(list)
    for judged in chosen:
        for graded in judged.graded:
            target = graded.equation.target
            if graded.status == "failed" and all(term.fact.table != target.fact.table for term, _ in graded.equation.terms):
                said[target.id].append(graded.computed)
    for judged in chosen:
        failing = [graded for graded in judged.graded if graded.status == "failed"]
        if judged.bundle.basis == "guess" and not judged.holds and len(failing) == 1:
            (one,) = failing
            terms = sum(1 for term, _ in one.equation.terms if term.value and term.fact.table == one.equation.target.fact.table)
            judged.agreed = terms >= _SEVERAL and any(abs(one.computed - other) <= one.possible for other in said[one.equation.target.id])


@dataclass(slots=True)
class _Record:
    """How often readings of one kind hold and fail."""

    holds: int = 0
    fails: int = 0
    members: int = 0

    def add(self, judged: Judged) -> None:
        self.holds += judged.holds
        self.fails += judged.fails
        self.members += 1

    def vouches(self) -> bool:
        """At least two lines hold, and at least twice as many as fail."""
        return self.holds >= 2 and self.holds >= 2 * self.fails


def _trust(chosen: list[Judged]) -> None:
    """Sets the trust of every reading by its kin: the same rule in the same list, in the same form, in all forms of the same kind."""
    records: dict[tuple[str, ...], _Record] = defaultdict(_Record)
    keys = {}
    for judged in chosen:
        family = judged.bundle.family
        kind = judged.graded[0].equation.target.fact.form if judged.graded else None
        keys[id(judged)] = [family, ("form", *family[:2]), ("kind", family[0], kind or f"unknown {family[1]}")]
        for key in keys[id(judged)]:
            records[key].add(judged)
    for judged in chosen:
        judged.trust = _trust_of(judged, [records[key] for key in keys[id(judged)]])


def _trust_of(judged: Judged, circles: list[_Record]) -> Trust:
    """Believes a reading by what holds beside it.

    proven: it holds in more of its own lines than it fails in, or holds a sum of several figures (no accident) as often as it fails.
    likely: codes or words leave no other reading and its family does not fail as a rule; or a layout whose kin (in the list, else in the form,
    else in forms of the same kind) holds at least twice as often as it fails.
    """
    holds, fails, kin = judged.holds, judged.fails, circles[0]
    if judged.bundle.basis == "guess":
        return "proven" if holds >= 2 and holds >= 3 * fails else "unclear"
    if holds > fails or (holds and kin.holds >= 2 * kin.fails):
        return "proven"
    real = len(_distinct(judged.graded, _HELD, least_terms=2))
    if real and real >= fails:
        return "proven"
    if judged.bundle.basis == "codes":
        return "likely" if kin.holds >= kin.fails or (kin.members == 1 and fails <= 2) else "unclear"
    return "likely" if any(circle.vouches() for circle in circles) else "unclear"
