"""Which figure a set of failing checks accuses: one cause, one finding.

A wrong figure breaks every equation that it takes part in, each by the same amount; a right one holds somewhere. Every figure of a failing check
is a suspect, with the correction that would mend the check. Suspects are weighed as by Bayes: each further check that stays broken, or that the
correction would break, takes another error to explain, and each suspect needs its own slip of the pen (slips.py). What remains of the
probability for the best is how sure the explanation is; where others are nearly as good they are listed as candidates and nothing is suggested.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from services.validator.domain.failures import Confirmations, Failure
from services.validator.domain.said_amounts import NOTHING_SAID, Heard, Sayings, hear
from services.validator.domain.sheet import Figure
from services.validator.domain.slips import Column, Slip, likeliest_slip
from services.validator.domain.tieout_graph import figures_of
from shared.contracts.validated import Cause

# What a further error in the same document costs, as a logarithm: about one figure in ten thousand is wrong.
_ANOTHER_ERROR = math.log(1e4)
# The share of the probability from which an explanation stands alone (measured: docs/verdicts.md).
SURE = 0.9
_LEAST = 0.002  # explanations with less of the probability are not worth a person's time
_MOST = 12  # candidates that a person may be asked to look at
# Pairs of suspect and check that are looked at in one document, so that diagnosis stays well below a second.
_WORK = 200_000

Surroundings = Callable[[Figure], Column]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One explanation: a figure, what it would have to be (in 元), the slip, and its share of the probability."""

    figure: Figure
    expected: Decimal
    slip: Slip
    share: float


@dataclass(slots=True, eq=False)
class Group:
    """Failing checks with one cause: the accused figure, what it would have to be (in 元), and whether the place is certain.

    `share`: how much of the probability the figure has. `candidates`: all explanations, the likeliest first; the figure's own among them.
    `independent`: how many different sums its correction mends. `contradicted`: as many checks hold with the figure as it is as fail.
    `claims`: those of the narrative that print the corrected amount for this very figure.
    """

    figure: Figure
    expected: Decimal
    failures: list[Failure]
    pinned: bool
    share: float = 0.0
    cause: Cause | None = None
    independent: int = 1
    contradicted: bool = False
    claims: tuple[int, ...] = ()
    candidates: list[Candidate] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Suspect:
    """A figure with the failing checks that one correction of it would mend."""

    figure: Figure
    correction: Decimal
    failures: list[Failure]
    contradicted: int
    slip: Slip
    independent: int
    heard: Heard = field(default_factory=Heard)

    @property
    def expected(self) -> Decimal:
        """What the figure would have to be, in 元: as its slip says, else as computed."""
        computed = self.figure.value + self.correction
        return self.slip.meant.scaleb(self.figure.order or 0) if self.slip.cause != "unknown" else computed

    @property
    def is_target(self) -> bool:
        """Whether it is the total of one of the checks."""
        return any(failure.graded.equation.target is self.figure for failure in self.failures)

    @property
    def score(self) -> float:
        """The logarithm of its probability, but for what is the same for all."""
        evidence = self.independent - self.contradicted + bool(self.heard.right) - self.heard.printed
        return evidence * _ANOTHER_ERROR + math.log(max(self.slip.weight, 1e-30))


def _suspects(failures: list[Failure], confirmations: Confirmations, surroundings: Surroundings, said: Sayings) -> list[_Suspect]:
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
            suspect = _suspect(figure, same, confirmations, surroundings)
            suspect.heard = hear(said, figure, suspect.expected)
            suspects.append(suspect)
            remaining = [item for item in remaining if item not in same]
    return suspects


def _suspect(
    figure: Figure, same: list[tuple[Figure, Decimal, Failure]], confirmations: Confirmations, surroundings: Surroundings
) -> _Suspect:
    _, correction, sharpest = min(same, key=lambda item: item[2].graded.possible)  # fewest figures, least rounding
    order, decimals = figure.order or 0, figure.fact.precision
    printed = figure.value.scaleb(-order)
    noise = int((sharpest.graded.possible / figure.amount.half - 1) / 2) if figure.amount.half else 0
    slip = likeliest_slip(printed, printed + correction.scaleb(-order), decimals, max(noise, 0), surroundings(figure))
    failures = [item[2] for item in same]
    independent = len({figures_of(failure.graded) for failure in failures})
    return _Suspect(figure, correction, failures, confirmations.of(figure, correction), slip, independent)


def group_failures(
    failures: list[Failure], confirmations: Confirmations, surroundings: Surroundings, said: Sayings = NOTHING_SAID
) -> tuple[list[Group], bool]:
    """Explains all failing checks by as few figures as possible, the strongest explanation first.

    Args: said: what the narrative says of figures: a claim counts as a further sum that holds, with the corrected amount or with the printed one.
    Returns: the groups, and whether all failures were weighed; False where there are too many: the rest are groups of one check, unweighed.
    """
    found: list[tuple[float, Group]] = []
    unweighed: list[Group] = []
    work = 0
    for connected in _connected(failures):
        remaining = connected
        while remaining:
            work += sum(len(failure.graded.equation.terms) + 1 for failure in remaining) * len(remaining)
            if work > _WORK:
                unweighed += [Group(f.graded.equation.target, f.graded.computed, [f], pinned=False) for f in remaining]
                break
            suspects = _suspects(remaining, confirmations, surroundings, said)
            best = max(suspects, key=lambda suspect: (suspect.score, suspect.is_target))
            group = _weighed(best, suspects)
            found.append((best.score, group))
            done = set(map(id, group.failures))
            remaining = [failure for failure in remaining if id(failure) not in done]
    found.sort(key=lambda scored: -scored[0])
    return [group for _, group in found] + unweighed, not unweighed


def _connected(failures: list[Failure]) -> list[list[Failure]]:
    """Failures that share figures, directly or by others: what explains one of them says nothing of those in other sets. In their order."""
    first: dict[str, int] = {}
    root = list(range(len(failures)))

    def set_of(number: int) -> int:
        while root[number] != number:
            root[number] = number = root[root[number]]
        return number

    for number, failure in enumerate(failures):
        for figure, _ in failure.figures:
            root[set_of(number)] = set_of(first.setdefault(figure.id, number))
    sets: dict[int, list[Failure]] = defaultdict(list)
    for number, failure in enumerate(failures):
        sets[set_of(number)].append(failure)
    return list(sets.values())


def _weighed(best: _Suspect, suspects: list[_Suspect]) -> Group:
    """The group that the best suspect explains, with what speaks for others that explain some of the same checks."""
    own = set(map(id, best.failures))
    rivals = [suspect for suspect in suspects if own & set(map(id, suspect.failures))]
    weights = [math.exp(suspect.score - best.score) for suspect in rivals]
    whole = sum(weights)
    shares = [(suspect, weight / whole) for suspect, weight in zip(rivals, weights, strict=True)]
    candidates = [Candidate(one.figure, one.expected, one.slip, share) for one, share in shares if share >= _LEAST]
    candidates.sort(key=lambda candidate: -candidate.share)
    share = sum(share for one, share in shares if one.figure is best.figure)
    pinned = share >= SURE
    if not pinned and len(best.failures) == 1:
        # One broken sum: nothing says which figure it is. The total stands for it.
        target = best.failures[0].graded.equation.target
        best = next(suspect for suspect in suspects if suspect.figure is target and best.failures[0] in suspect.failures)
    cause = best.slip.cause if pinned else None
    near = [suspect for suspect, share in shares if share >= _LEAST]
    return Group(
        figure=best.figure,
        expected=best.expected,
        failures=best.failures,
        pinned=pinned,
        share=share,
        cause=None if cause == "unknown" else cause,
        independent=best.independent,
        claims=best.heard.right,
        contradicted=not any(suspect.contradicted < suspect.independent for suspect in (best, *near)),
        candidates=candidates[:_MOST],
    )
