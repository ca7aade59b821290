"""Whose turn it is, how much room a window has, and which event begins a stage's work again."""

from __future__ import annotations

import msgspec
import pytest

from services.store.domain.audit import Quiet, why_hole
from services.store.domain.beginnings import begun_again, object_created, redriven, stage_that_makes, text_of
from services.store.domain.scheduling import Room, in_turn, room
from shared.contracts.events import Reference, Runs, StageRun
from tests.unit.store.ledger_story import EXTRACT, NORMALIZE, RUNS, T0, after, dead_letter, envelope_of, found, step


@pytest.mark.parametrize(
    ("window", "busy", "busy_bulk", "left"),
    [
        (8, 0, 0, Room(8, 2)),
        (8, 8, 0, Room(0, 0)),
        (8, 9, 1, Room(0, 0)),
        (8, 7, 0, Room(1, 1)),
        (8, 2, 2, Room(6, 0)),
        (3, 0, 0, Room(3, 1)),
        (1, 0, 0, Room(1, 1)),
        (1, 1, 1, Room(0, 0)),
    ],
)
def test_bulk_work_has_a_quarter_of_the_window_and_at_least_one_place(window: int, busy: int, busy_bulk: int, left: Room) -> None:
    assert room(window, busy, busy_bulk) == left


def test_the_department_served_longest_ago_is_next() -> None:
    waiting = {"a": ["a1", "a2", "a3"], "b": ["b1"], "c": ["c1", "c2"]}
    assert in_turn(waiting, {"a": 5, "b": 4, "c": 6}, 10) == ["b1", "a1", "c1", "a2", "c2", "a3"]
    assert in_turn(waiting, {"a": 5, "b": 4, "c": 6}, 2) == ["b1", "a1"]


def test_a_new_department_comes_first_and_has_saved_up_nothing() -> None:
    waiting = {"old": ["o1", "o2", "o3"], "new": ["n1", "n2", "n3"]}
    assert in_turn(waiting, {"old": 90}, 4) == ["n1", "o1", "n2", "o2"]


def test_nothing_waits_or_no_place_is_left() -> None:
    assert in_turn({}, {}, 5) == in_turn({"a": []}, {}, 5) == in_turn({"a": ["a1"]}, {}, 0) == []


# -- events --------------------------------------------------------------------------------------------------------------------------


def test_an_event_made_again_is_the_same_but_for_its_time() -> None:
    one, other = object_created(found(), T0), object_created(found(), after(60))
    assert (one.id, one.key, one.body) == (other.id, other.key, other.body)
    assert {name for name, value in one.headers if (name, value) not in other.headers} == {"ce_time"}


def test_of_several_results_the_last_one_told_is_sent_again() -> None:
    later = StageRun(version="0.2.0", digest="sha256:" + "9" * 64)
    trail = [step(found(), "extracted", 9, event="b", runs=Runs(extract=later), bytes=99), step(found(), "extracted", 5)]
    stage, event = begun_again(found(), trail, "normalize", after(10), reason="repair", lane="upload", active={})
    body = msgspec.json.decode(event.body, type=Reference)
    assert (stage, body.digest, body.bytes) == ("normalize", later.digest, 99)
    _, event = begun_again(found(), trail, "normalize", after(10), reason="repair", lane="upload", active={"extract": EXTRACT.version})
    assert msgspec.json.decode(event.body, type=Reference).digest == EXTRACT.digest


def test_the_extraction_known_from_a_later_step_is_enough() -> None:
    trail = [step(found(), "normalized", 5)]
    stage, event = begun_again(found(), trail, "normalize", after(10), reason="repair", lane="upload", active={})
    body = msgspec.json.decode(event.body, type=Reference)
    assert (stage, body.digest, body.bytes, body.runs) == ("normalize", EXTRACT.digest, 0, Runs(extract=EXTRACT))


def test_without_a_document_a_submission_begins_with_its_object() -> None:
    trail = [step(found(), "extracted", 5, document=None)]
    stage, event = begun_again(found(), trail, "validate", after(10), reason="repair", lane="upload", active={}, request="evt:asked")
    assert (stage, event.topic, event.id) == ("extract", "objects.created", "evt:asked")


def test_the_redrive_count_replaces_the_one_before_it() -> None:
    again = redriven(dead_letter(found(), 3), "财政局", T0)
    assert [value for name, value in again.headers if name == "ce_redrive"] == [b"4"]
    assert (again.scheduled, again.department, envelope_of(again).id) == (True, "财政局", "evt:objects.created")
    assert not redriven(dead_letter(found(), 0, "facts.normalized"), None, T0).scheduled


@pytest.mark.parametrize(
    ("missing", "topic", "stage"),
    [
        (f"no {EXTRACT.digest}", "documents.validated", "extract"),
        (f"no artifacts/22/{NORMALIZE.digest[7:]}.json.gz", "documents.validated", "normalize"),
        ("something", "tables.extracted", "extract"),
        ("something", "facts.normalized", "normalize"),
        ("something", "documents.validated", "validate"),
    ],
)
def test_the_stage_that_made_a_missing_artifact_makes_it_again(missing: str, topic: str, stage: str) -> None:
    assert stage_that_makes(missing, RUNS["validated"], topic) == stage
    if missing == "something":
        assert stage_that_makes(missing, None, topic) == stage


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        text_of(T0.replace(tzinfo=None))
    assert text_of(T0) == "2026-01-02T03:04:05.000000Z"


# -- holes ---------------------------------------------------------------------------------------------------------------------------


def test_an_event_that_was_due_long_ago_and_did_not_leave_is_a_hole() -> None:
    quiet = Quiet(place="stages", stage="extract", progressed_at=T0, due=after(10))
    assert why_hole(quiet, after(100), after(99)) == "outbox: due since 2026-01-02T03:04:15Z and not sent"
    assert why_hole(quiet, after(5), None) is None


def test_a_queue_stands_still_when_nothing_was_dispatched_since_the_limit() -> None:
    quiet = Quiet(place="queued", stage=None, progressed_at=T0, due=T0)
    assert why_hole(quiet, after(100), after(100)) is None
    for last in (None, after(99)):
        assert why_hole(quiet, after(100), last) == "outbox: queued since 2026-01-02T03:04:05Z, and nothing was dispatched meanwhile"


def test_what_is_nowhere_is_a_hole_wherever_it_was() -> None:
    quiet = Quiet(place="queued", stage=None, progressed_at=T0, due=None)
    assert why_hole(quiet, after(100), after(100)) == "stalled: no progress since 2026-01-02T03:04:05Z, waits for extract"
