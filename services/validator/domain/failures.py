"""Failing checks, and which figures are confirmed by checks that hold: what explanations (explanations.py) are weighed by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.validator.domain.grading import Graded
from services.validator.domain.sheet import Figure
from services.validator.domain.structure import Judged
from services.validator.domain.tieout_graph import TieoutGraph


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


class Confirmations:
    """Which figures are confirmed by checks that hold: a check that would notice a change of a figure confirms it."""

    def __init__(self, graph: TieoutGraph[Graded]) -> None:
        self._graph = graph
        self._possible: dict[str, list[Decimal]] = {}

    def of(self, figure: Figure, change: Decimal) -> int:
        """How many holding checks would break if the figure were changed by so much (in 元). Checks of the same figures count once."""
        possible = self._possible.get(figure.id)
        if possible is None:  # equations between zeros prove nothing
            holding = self._graph.confirming(figure.id).values()
            possible = self._possible[figure.id] = [one.possible for one in holding if one.equation.target.value]
        return sum(1 for most in possible if most < abs(change))

    def all_of(self, graded: Graded) -> bool:
        """Whether every figure of a failing check (but zeros) is confirmed by other checks: then none of them is wrong, something is missing."""
        figures = (graded.equation.target, *(term for term, _ in graded.equation.terms))
        return all(self.of(figure, graded.difference) for figure in figures if figure.value or figure is graded.equation.target)
