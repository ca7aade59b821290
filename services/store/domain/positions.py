"""Where a submission stands, worked out from everything that was told of it. Pure, and the same for any order and repetition of the telling.

Steps come over several topics, late, doubled, and again after a repair. So a ledger row is never moved by hand: it is what `position` makes
of all steps. What happened last is decided by time where something was begun again (that is minutes after, or a person's act); within the
first go no times are compared, so that clocks of several machines that differ a little do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from services.store.domain.identity import STAGES
from services.store.domain.ledger import Outcome, Step, StepKind, WaitsFor
from shared.contracts.events import Lane, Reason, StageName

Place = Literal["queued", "window", "stages"]
"""Where a submission under way is: in the outbox waiting for its turn; dispatched, and the stage that it was sent to has not finished; or
anywhere behind that."""

_BEGINNINGS: Final = frozenset({"reprocess_requested", "restarted", "redriven"})
_ENDS: Final[dict[StepKind, Outcome]] = {"stored": "stored", "rejected": "rejected", "gone": "gone", "dead_lettered": "dead_lettered"}
# Of several ends the best one counts, whichever came last: a version that reads a document beats one that could not.
_BEST: Final[tuple[Outcome, ...]] = ("stored", "rejected", "gone", "dead_lettered")
_FINISHED: Final[dict[StepKind, int]] = {"extracted": 1, "normalized": 2, "validated": 3, "stored": 3}
# Of equal times: an end, then what the store begins anew after it, its dispatch, what the stages make of it, what they give back.
_RANK: Final[dict[StepKind, int]] = {
    "arrived": 0, "rejected": 1, "gone": 1, "dead_lettered": 1, "stored": 1, "discarded": 2, "reprocess_requested": 3, "redriven": 3,
    "restarted": 3, "dispatched": 4, "extracted": 5, "normalized": 5, "validated": 5, "deferred": 6,
}  # fmt: skip

Moment = tuple[datetime, int]


@dataclass(frozen=True, kw_only=True)
class Position:
    """The part of a ledger row that follows from the steps. `place` null: nothing is under way; then `since` is null and `settled_at` is not."""

    document: str | None
    outcome: Outcome | None
    place: Place | None
    stage: StageName | None
    lane: Lane
    reason: Reason
    since: datetime | None
    progressed_at: datetime
    settled_at: datetime | None
    restarts: int


def last_told(step: Step) -> datetime:
    """When a step was told last."""
    return step.last_at or step.at


def merged(one: Step, other: Step) -> Step:
    """Two tellings of one step: it happened at the earlier time; what the later one says counts."""
    later = max(one, other, key=lambda step: (last_told(step), step.detail, step.version or "", step.document or ""))
    at = min(one.at, other.at)
    last = last_told(later)
    return replace(later, at=at, last_at=last if last > at else None, attempts=max(one.attempts, other.attempts))


def in_order(steps: Iterable[Step]) -> list[Step]:
    """A trail, oldest first."""
    return sorted(steps, key=lambda step: (step.at, _RANK[step.kind], _FINISHED.get(step.kind, 0), step.event))


def position(steps: Iterable[Step]) -> Position:
    """Where a submission stands after these steps (each once, at least one). Their order does not matter."""
    told = sorted(steps, key=lambda step: (_moment(step), step.kind, step.event))
    begun = _last(told, _BEGINNINGS)
    ended = _last(told, _ENDS.keys())
    under_way = ended is None if begun is None else ended is None or _moment(ended) < _moment(begun)
    asked = _last(told, {"reprocess_requested"})
    lane: Lane = "bulk" if asked else "upload"
    done = _finished(told, begun) if under_way else _finished(told, None)
    opened = begun or _last(told, {"arrived"})
    outcomes = {_ENDS[step.kind] for step in told if step.kind in _ENDS}
    documents = [step.document for step in told if step.document]
    return Position(
        document=documents[-1] if documents else None,
        outcome=next((outcome for outcome in _BEST if outcome in outcomes), None),
        place=_place(told, begun, lane, done) if under_way else None,
        stage=STAGES[done - 1] if done else None,
        lane=lane,
        reason=opened.reason if opened else "upload",
        since=_since(told) if under_way else None,
        progressed_at=last_told(told[-1]),
        settled_at=last_told(ended) if ended and not under_way else None,
        restarts=sum(step.kind == "restarted" for step in told),
    )


def waits_for(stage: StageName | None) -> WaitsFor:
    """What comes after a stage (null: none yet)."""
    return ("extract", "normalize", "validate", "store")[STAGES.index(stage) + 1 if stage else 0]


def is_scheduled(lane: Lane, stage: StageName) -> bool:
    """Whether what is sent to a stage waits for its turn: uploads only before extraction, which is the long work; bulk work always."""
    return stage == "extract" or lane == "bulk"


def _moment(step: Step) -> Moment:
    return last_told(step), _RANK[step.kind]


def _last(told: list[Step], kinds: Iterable[str]) -> Step | None:
    wanted = frozenset(kinds)
    return next((step for step in reversed(told) if step.kind in wanted), None)


def _finished(told: list[Step], begun: Step | None) -> int:
    """How many stages have finished (1: extract), counting from where it was begun again, if it was."""
    before = STAGES.index(begun.stage) if begun and begun.stage else 0
    steps = [step for step in told if begun is None or _moment(step) > _moment(begun)]
    return max([before, *(_FINISHED.get(step.kind, 0) for step in steps)])


def _place(told: list[Step], begun: Step | None, lane: Lane, done: int) -> Place:
    """Where it is. An event that was given back (deferred) before its stage finished waits for its turn again: kept in the window, a few
    that can never be read would fill it for ever."""
    entry: StageName = (begun.stage if begun else None) or "extract"
    if not is_scheduled(lane, entry) or done > STAGES.index(entry):
        return "stages"
    dispatched, deferred = _last(told, {"dispatched"}), _last(told, {"deferred"})
    if dispatched is None or (begun is not None and _moment(dispatched) < _moment(begun)):
        return "queued"
    return "queued" if deferred is not None and _moment(deferred) > _moment(dispatched) else "window"


def _since(told: list[Step]) -> datetime:
    """When what is under way began. A repair is no beginning: it is as old as what it repairs."""
    began = _last(told, {"arrived", "reprocess_requested", "redriven"})
    return began.at if began else told[0].at
