"""Where a submission stands after steps: each rule of domain/positions.py by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.store.domain.ledger import Step
from services.store.domain.positions import Position, in_order, merged, position, waits_for
from shared.contracts.events import StageName
from tests.unit.store.ledger_story import after, found, step

OBJECT = found().object


def told(*kinds_and_seconds: tuple[str, float], **changes: StageName) -> Position:
    """The position after steps of these kinds at these seconds. Args: changes: where each kind of new beginning begins."""
    steps = [step(OBJECT, kind, seconds, event=f"{kind}{seconds}", stage=changes.get(kind)) for kind, seconds in kinds_and_seconds]  # type: ignore[arg-type]
    return position(steps)


FIRST = (("arrived", 0), ("dispatched", 1))
DONE = (*FIRST, ("extracted", 2), ("normalized", 3), ("validated", 4), ("stored", 5))


def test_a_submission_is_queued_then_in_the_window_then_with_the_stages_then_nowhere() -> None:
    places = [told(*DONE[:count]).place for count in range(1, 7)]
    assert places == ["queued", "window", "stages", "stages", "stages", None]


def test_clocks_of_the_first_go_may_differ() -> None:
    """The extractor's clock is behind: its events seem to come before the object arrived."""
    now = told(("arrived", 100), ("dispatched", 101), ("extracted", 2), ("normalized", 3), ("validated", 4))
    assert (now.place, now.stage) == ("stages", "validate")
    assert told(("arrived", 100), ("dispatched", 101), ("stored", 5)).outcome == "stored"


def test_an_extraction_seen_before_its_dispatch_was_noted_is_not_in_the_window() -> None:
    assert told(("arrived", 0), ("extracted", 2)).place == "stages"


def test_a_repair_from_the_object_waits_for_its_turn_again() -> None:
    assert told(*FIRST, ("restarted", 1000)).place == "queued"
    assert told(*FIRST, ("restarted", 1000), ("dispatched", 1001)).place == "window"
    assert told(*FIRST, ("restarted", 1000), ("dispatched", 1001), ("extracted", 1002)).place == "stages"


def test_a_repair_from_a_later_stage_counts_the_stages_before_it_as_finished() -> None:
    now = told(*DONE, ("restarted", 1000), restarted="validate")
    assert (now.place, now.stage, now.outcome, now.settled_at, now.restarts) == ("stages", "normalize", "stored", None, 1)


def test_bulk_work_is_in_the_window_until_the_stage_that_it_began_with_has_finished() -> None:
    asked = (*DONE, ("reprocess_requested", 1000))
    assert told(*asked, reprocess_requested="normalize").place == "queued"
    dispatched = (*asked, ("dispatched", 1001))
    assert told(*dispatched, reprocess_requested="normalize").place == "window"
    now = told(*dispatched, ("normalized", 1002), reprocess_requested="normalize")
    assert (now.place, now.stage, now.lane, now.since) == ("stages", "normalize", "bulk", after(1000))


def test_what_ended_before_the_new_beginning_does_not_end_it() -> None:
    assert told(*DONE, ("reprocess_requested", 1000)).place == "queued"
    ended = told(*DONE, ("reprocess_requested", 1000), ("stored", 1005))
    assert (ended.place, ended.settled_at, ended.since) == (None, after(1005), None)


def test_of_equal_times_the_new_beginning_comes_after_the_end() -> None:
    assert told(*FIRST, ("dead_lettered", 9), ("redriven", 9)).place == "queued"


def test_a_discard_changes_no_outcome() -> None:
    now = told(*FIRST, ("dead_lettered", 9), ("discarded", 10))
    assert (now.outcome, now.place, now.settled_at) == ("dead_lettered", None, after(9))


def test_an_object_given_back_waits_in_the_queue_and_one_given_back_later_on_does_not() -> None:
    assert told(*FIRST, ("deferred", 9)).place == "queued"
    assert told(*FIRST, ("deferred", 9), ("dispatched", 20)).place == "window"
    assert told(*FIRST, ("extracted", 2), ("deferred", 9)).place == "stages"


def test_a_repair_keeps_the_age_and_the_lane_of_what_it_repairs() -> None:
    now = told(*DONE, ("reprocess_requested", 1000), ("dispatched", 1001), ("restarted", 2000))
    assert (now.lane, now.since, now.reason) == ("bulk", after(1000), "upload")
    repaired = position([step(OBJECT, "arrived", 0), step(OBJECT, "restarted", 9, reason="repair")])
    assert (repaired.lane, repaired.since, repaired.reason) == ("upload", after(0), "repair")


def test_the_document_is_that_of_the_last_telling() -> None:
    steps = [step(OBJECT, "extracted", 5, document="sha256:new"), step(OBJECT, "rejected", 1, document="sha256:old")]
    assert position(steps).document == "sha256:new"


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_tellings_the_first_time_and_the_last_word_stay(swapped: bool) -> None:
    early = step(OBJECT, "deferred", 10, attempts=1, detail="storage.unavailable")
    late = step(OBJECT, "deferred", 70, attempts=2, detail="artifact.missing")
    both: tuple[Step, Step] = (late, early) if swapped else (early, late)
    assert merged(*both) == replace(late, at=after(10), last_at=after(70))
    assert merged(early, early) == early


def test_a_trail_is_in_the_order_of_life_where_times_are_equal() -> None:
    kinds = ("arrived", "dispatched", "extracted", "normalized", "validated")
    steps = [step(OBJECT, kind, 5) for kind in kinds]  # type: ignore[arg-type]
    assert [each.kind for each in in_order(reversed(steps))] == list(kinds)


def test_after_each_stage_the_next_one_is_waited_for() -> None:
    assert [waits_for(stage) for stage in (None, "extract", "normalize", "validate")] == ["extract", "normalize", "validate", "store"]
