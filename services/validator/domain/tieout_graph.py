"""The tie-out graph: which sums hold which figures, and which of them confirm or contradict a figure.

A graph with two kinds of nodes, figures and checks; a check is joined to its target and to its terms. All that asks "what else speaks for this
figure?" asks it here: how much of a document is tied (coverage.py), what an explanation would break (failures.py), what a reviewer is shown
(`tieout explain --figure`). Checks of the same figures say the same thing, under whatever name, and count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from services.validator.domain.grading import Graded
from shared.contracts.validated import Check, Status

HELD: tuple[Status, ...] = ("exact", "rounding", "suspicious")
"""The grades of a check that holds."""
_ASSESSED: tuple[Status, ...] = (*HELD, "failed")


class _Assessed(Protocol):
    """What the graph asks of a check: how it ended."""

    @property
    def status(self) -> Status: ...


Sum = TypeVar("Sum", bound=_Assessed)


class TieoutGraph(Generic[Sum]):
    """Checks by the figures that they hold. How a check ended is asked when a question is put, not when the graph is made."""

    def __init__(self, checks: Iterable[Sum], figures_of: Callable[[Sum], frozenset[str]]) -> None:
        self._by_figure: dict[str, list[tuple[frozenset[str], Sum]]] = defaultdict(list)
        for check in checks:
            figures = figures_of(check)
            for figure in figures:
                self._by_figure[figure].append((figures, check))

    def checks(self, figure: str) -> tuple[Sum, ...]:
        """All checks that speak of a figure, assessed or not, in the order in which they were made."""
        return tuple(check for _, check in self._by_figure.get(figure, ()))

    def sums(self, figure: str) -> Mapping[frozenset[str], Sum]:
        """The different sums that hold a figure: assessed checks by their figures."""
        return self._distinct(figure, _ASSESSED)

    def confirming(self, figure: str) -> Mapping[frozenset[str], Sum]:
        """Those of `sums` that hold."""
        return self._distinct(figure, HELD)

    def contradicting(self, figure: str) -> Mapping[frozenset[str], Sum]:
        """Those of `sums` that fail."""
        return self._distinct(figure, ("failed",))

    def times(self) -> Iterator[tuple[str, int]]:
        """Every figure of an assessed check with the number of different sums that hold it, at least 1."""
        for figure, held in self._by_figure.items():
            number = len({figures for figures, check in held if check.status in _ASSESSED})
            if number:
                yield figure, number

    def _distinct(self, figure: str, statuses: tuple[Status, ...]) -> dict[frozenset[str], Sum]:
        return {figures: check for figures, check in self._by_figure.get(figure, ()) if check.status in statuses}


def figures_of(graded: Graded) -> frozenset[str]:
    """The ids of all figures of an equation."""
    equation = graded.equation
    figures = [term.fact.id for term, _ in equation.terms]
    figures.append(equation.target.fact.id)
    return frozenset(figures)


def graph_of(graded: Iterable[Graded]) -> TieoutGraph[Graded]:
    """The graph of the graded equations of a document."""
    return TieoutGraph(graded, figures_of)


def graph_of_checks(checks: Iterable[Check]) -> TieoutGraph[Check]:
    """The graph of the checks of a result."""
    return TieoutGraph(checks, lambda check: frozenset({check.target, *(term.fact for term in check.terms)}))
