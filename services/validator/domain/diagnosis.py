"""From an explanation to the diagnosis of the contract: cause, suggested figure, confidence, other candidates."""

from __future__ import annotations

from services.validator.domain.explanations import Candidate, Group
from services.validator.domain.messages import amount_text
from services.validator.domain.repairs import Repair
from services.validator.domain.said_amounts import claim_ids
from shared.canonical import share
from shared.contracts.validated import CandidateCause, Diagnosis

# The highest confidence by how many different sums the correction mends (measured: docs/verdicts.md).
_ONE_SUM = 0.9
_SEVERAL_SUMS = 0.98
_SEVERAL_ROWS = 0.95
_ONE_ROW = 0.8  # a row twice, or one that is printed nowhere: no sum holds anew that did not before
_UNCLEAR = 0.5  # a layout that may be our misunderstanding
# The share of the probability from which a value is suggested: a last digit more or less may be open where the parts are rounded.
LIKELY = 0.5


def diagnosis_of(group: Group, checks: tuple[str, ...]) -> Diagnosis:
    """The diagnosis of an error.

    One figure has nearly all of the probability: it is named with its value, and every other explanation that is left is a candidate. Else
    nobody is named, and all explanations are candidates, the likeliest first. Claims of the narrative that print the amount confirm it, as `claim/N`.
    Args: checks: the ids of the failing checks.
    """
    if not group.pinned:
        return _open(group, 1.0)
    several = group.independent > 1 or bool(group.claims)
    limit = _SEVERAL_SUMS if several else _ONE_SUM
    own = sum(one.share * one.slip.sure for one in group.candidates if one.figure is group.figure and one.expected == group.expected)
    suggests = own >= LIKELY
    return Diagnosis(
        cause=group.cause or "unknown",
        fact=group.figure.id,
        reported=group.figure.fact.text,
        suggested=amount_text(group.expected, group.figure) if suggests else None,
        confidence=share(limit * (own if suggests else group.share)),
        confirmed_by=(*checks, *claim_ids(group.claims)) if several else (),
        candidates=tuple(_candidate(one) for one in group.candidates if one.figure is not group.figure or one.expected != group.expected),
    )


def question_diagnosis(group: Group) -> Diagnosis:
    """What would explain the failing checks if the layout was read rightly, which is not certain: candidates, and nobody accused."""
    return _open(group, _UNCLEAR)


def _open(group: Group, limit: float) -> Diagnosis:
    return Diagnosis(
        cause="unknown",
        fact=None,
        reported=None,
        suggested=None,
        confidence=share(limit * max((one.share for one in group.candidates), default=0.0)),
        candidates=tuple(_candidate(one, limit) for one in group.candidates),
    )


def repair_diagnosis(repair: Repair, checks: tuple[str, ...]) -> Diagnosis:
    """The diagnosis of a row or column that is at fault: no figure is to be changed, so none is suggested, but that of a cell left blank."""
    edit = repair.edit
    figure = None if edit.source or edit.put_in or edit.blank else edit.figures[0]  # what is missing has no figure
    settled = {0: _ONE_ROW if edit.certain or edit.put_in else 0.5, 1: _ONE_SUM}.get(len(repair.gained), _SEVERAL_ROWS)
    return Diagnosis(
        cause=edit.cause,
        fact=figure.id if figure else None,
        reported=figure.fact.text if figure else None,
        suggested=amount_text(edit.blank.value, edit.blank) if edit.blank else None,
        confidence=share(settled / (1 + len(repair.rivals))),
        confirmed_by=checks,
        candidates=tuple(
            CandidateCause(
                cause=rival.cause, fact=rival.figures[0].id, suggested=None, confidence=share(settled / (1 + len(repair.rivals)))
            )
            for rival in repair.rivals
        ),
    )


def _candidate(one: Candidate, limit: float = 1.0) -> CandidateCause:
    return CandidateCause(
        cause=one.slip.cause, fact=one.figure.id, suggested=amount_text(one.expected, one.figure), confidence=share(limit * one.share)
    )
