"""What every database under the ledger has to do; run here on SQLite, in tests/stack on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from services.store.adapters import sql_ledger
from services.store.adapters.database import Database, open_database
from services.store.adapters.sql_ledger import SqlLedger
from services.store.domain.errors import Ambiguous, TooShort
from services.store.domain.ledger import FoundObject, StepKind
from shared.contracts.events import ObjectCreated, Reference, Runs, StageRun
from shared.ids import stage_event_id, trace_parent
from tests.unit.store.ledger_story import (
    DOCUMENT,
    EXTRACT,
    NORMALIZE,
    T0,
    after,
    dead_letter,
    decision,
    deferred,
    dispatch,
    envelope_of,
    finished,
    found,
    step,
    without_content,
)
from tests.unit.store.store_documents import document_id, result, submission, versions


class LedgerContract:
    """The suite. A subclass gives the fixture `new_url`: a function that makes an empty database and returns its URL."""

    @pytest.fixture
    def database(self, new_url: Callable[[], str]) -> Iterator[Database]:
        with open_database(new_url(), clock=lambda: T0) as database:
            yield database

    @pytest.fixture
    def ledger(self, database: Database) -> SqlLedger:
        return database.ledger

    # -- intake ----------------------------------------------------------------------------------------------------------------------

    def test_an_object_that_is_noted_waits_to_be_read(self, ledger: SqlLedger) -> None:
        given = found("预算 (1)+.pdf")
        assert ledger.note_object(given, T0)
        (event,) = ledger.take(T0, 8, 100)
        envelope = envelope_of(event)
        assert (event.topic, event.key, event.scheduled, event.department) == (
            "objects.created",
            "inbox/财政局/预算 (1)+.pdf".encode(),
            True,
            "财政局",
        )
        assert (envelope.id, envelope.type, envelope.subject, envelope.object) == (
            event.id,
            "tieout.objects.created",
            given.object,
            given.object,
        )
        assert (envelope.reason, envelope.lane, envelope.force, envelope.traceparent) == (
            "upload",
            "upload",
            False,
            trace_parent(given.object),
        )
        body = msgspec.json.decode(event.body, type=ObjectCreated)
        assert body == ObjectCreated(object=given.object, submission=given.submission, bytes=given.size, etag=given.etag)
        (row,) = ledger.row(given.object)
        assert (row.outcome, row.under_way, row.queued, row.stage, row.since) == (None, True, True, None, T0)
        assert row.submission == given.submission
        assert [each.kind for each in ledger.trail(given.object)] == ["arrived"]

    def test_an_object_is_noted_once(self, ledger: SqlLedger) -> None:
        assert ledger.note_object(found(), T0)
        assert not ledger.note_object(found(), after(5))
        assert len(ledger.take(after(9), 8, 100)) == 1
        assert len(ledger.trail(found().object)) == 1
        dispatch(ledger, 10)
        assert not ledger.note_object(found(), after(20))
        assert ledger.take(after(30), 8, 100) == []

    def test_a_new_version_under_the_same_key_is_another_submission(self, ledger: SqlLedger) -> None:
        assert ledger.note_object(found(version="v1"), T0)
        assert ledger.note_object(found(version="v2"), after(1))
        assert [row.submission.object.version for row in ledger.row("财政局/a.pdf") if row.submission.object] == ["v2", "v1"]

    def test_an_object_whose_events_came_before_it_is_not_read_again(self, ledger: SqlLedger) -> None:
        done, begun = found("done.pdf"), found("begun.pdf")
        for kind in ("extracted", "normalized", "validated", "stored"):
            assert ledger.note_step(step(done, kind, 5))
        assert ledger.note_step(step(begun, "extracted", 5))
        assert ledger.row(done.object) == []
        for each in (done, begun):
            assert ledger.note_object(each, after(60))
        assert ledger.take(after(60), 8, 100) == []
        assert (ledger.row(done.object)[0].outcome, ledger.row(begun.object)[0].stage) == ("stored", "extract")

    def test_what_is_known_and_unread_is_told_page_by_page(self, ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sql_ledger, "_PAGE", 2)
        objects = [found(f"{number}.pdf") for number in range(5)]
        for each in objects:
            ledger.note_object(each, T0)
        finished(ledger, objects[0], 1)
        ledger.note_step(step(objects[1], "extracted", 5))
        assert dict(ledger.known_objects()) == {each.object: each is objects[0] for each in objects}
        assert set(ledger.unread()) == {each.object for each in objects[2:]}
        assert ledger.unknown([objects[0].object, "obj:none"]) == {"obj:none"}
        assert ledger.unknown([]) == frozenset()

    # -- steps -----------------------------------------------------------------------------------------------------------------------

    def test_a_submission_moves_with_its_steps(self, ledger: SqlLedger) -> None:
        given = found()
        ledger.note_object(given, T0)
        dispatch(ledger, 1)
        ways: tuple[tuple[StepKind, str, str | None, bool], ...] = (
            ("extracted", "extract", None, True),
            ("normalized", "normalize", None, True),
            ("validated", "validate", None, True),
            ("stored", "validate", "stored", False),
        )
        for seconds, (kind, stage, outcome, under_way) in enumerate(ways, 2):
            assert ledger.note_step(step(given, kind, seconds))
            (row,) = ledger.row(given.object)
            assert (row.stage, row.outcome, row.under_way, row.queued) == (stage, outcome, under_way, False)
            assert (row.document, row.progressed_at) == (DOCUMENT, after(seconds))
        assert [each.kind for each in ledger.trail(given.object)] == ["arrived", "dispatched", *(way[0] for way in ways)]

    def test_a_step_told_twice_is_one_step_and_told_later_keeps_its_first_time(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given)
        before = ledger.row(given.object), ledger.trail(given.object)
        assert not ledger.note_step(step(given, "extracted", 12))
        assert (ledger.row(given.object), ledger.trail(given.object)) == before
        assert not ledger.note_step(step(given, "extracted", 900))
        (again,) = [each for each in ledger.trail(given.object) if each.kind == "extracted"]
        assert (again.at, again.last_at, again.runs, again.bytes) == (after(12), after(900), Runs(extract=EXTRACT), 777)

    @pytest.mark.parametrize(
        ("first", "second", "outcome"),
        [
            ("stored", "dead_lettered", "stored"),
            ("stored", "rejected", "stored"),
            ("stored", "gone", "stored"),
            ("dead_lettered", "stored", "stored"),
            ("dead_lettered", "rejected", "rejected"),
            ("rejected", "stored", "stored"),
            ("rejected", "dead_lettered", "rejected"),
            ("gone", "stored", "stored"),
            ("gone", "dead_lettered", "gone"),
        ],
    )
    def test_an_outcome_gives_way_to_a_better_one_only(self, ledger: SqlLedger, first: StepKind, second: StepKind, outcome: str) -> None:
        ledger.note_object(found(), T0)
        ledger.note_step(step(found(), first, 5))
        assert ledger.row(found().object)[0].outcome == first
        ledger.note_step(step(found(), second, 9))
        assert ledger.row(found().object)[0].outcome == outcome

    # -- outbox ----------------------------------------------------------------------------------------------------------------------

    def test_taking_changes_nothing_and_what_was_sent_is_dispatched(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        assert ledger.take(after(1), 8, 100) == ledger.take(after(1), 8, 100)
        assert len(dispatch(ledger, 2)) == 1
        assert ledger.take(after(3), 8, 100) == []
        assert not ledger.row(found().object)[0].queued
        ledger.sent(["evt:unknown"], after(4))
        assert [each.kind for each in ledger.trail(found().object)] == ["arrived", "dispatched"]

    def test_no_more_than_the_window_is_between_dispatch_and_extraction(self, ledger: SqlLedger) -> None:
        objects = [found(f"{number}.pdf") for number in range(6)]
        for number, each in enumerate(objects):
            ledger.note_object(each, after(number))
        first = dispatch(ledger, 10, window=2)
        assert [event.object for event in first] == [each.object for each in objects[:2]]
        assert ledger.take(after(11), 2, 100) == []
        ledger.note_step(step(objects[0], "extracted", 12))
        assert [event.object for event in dispatch(ledger, 13, window=2)] == [objects[2].object]
        ledger.note_step(step(objects[1], "rejected", 14))
        ledger.note_dead_letter(dead_letter(objects[2], seconds=15))
        assert [event.object for event in dispatch(ledger, 16, window=2)] == [objects[3].object, objects[4].object]

    def test_departments_take_turns_and_the_turn_is_remembered(self, ledger: SqlLedger) -> None:
        for number in range(12):
            ledger.note_object(found(f"{number}.pdf", "大户"), after(number))
        for number in range(2):
            ledger.note_object(found(f"{number}.pdf", "小户"), after(100 + number))
        ledger.note_object(found("x.pdf", None), after(200))
        order = []
        for round_ in range(7):
            (event,) = ledger.take(after(300 + round_), 100, 1)
            ledger.sent([event.id], after(300 + round_))
            order.append((event.department, event.key))
        assert [department for department, _ in order] == [None, "大户", "小户", "大户", "小户", "大户", "大户"]
        assert [key for department, key in order if department == "大户"] == [
            f"inbox/大户/{number}.pdf".encode() for number in (0, 1, 2, 3)
        ]

    def test_several_places_are_shared_out_as_one_after_the_other(self, ledger: SqlLedger) -> None:
        for department, count in (("甲", 9), ("乙", 1), ("丙", 3)):
            for number in range(count):
                ledger.note_object(found(f"{number}.pdf", department), after(number))
        taken = [event.department for event in dispatch(ledger, 60, window=8)]
        assert taken == ["丙", "乙", "甲", "丙", "甲", "丙", "甲", "甲"]

    def test_bulk_work_leaves_only_while_no_upload_waits_and_takes_a_quarter(self, ledger: SqlLedger) -> None:
        old = [found(f"old{number}.pdf") for number in range(6)]
        for number, each in enumerate(old):
            finished(ledger, each, 10 * number, document=document_id(each.object))
        assert ledger.apply(decision("d1", "reprocess"), after(200))
        for number in range(10):
            ledger.note_object(found(f"new{number}.pdf"), after(201))
        assert {event.lane for event in dispatch(ledger, 202, window=8)} == {"upload"}
        for number in range(8):
            ledger.note_step(step(found(f"new{number}.pdf"), "extracted", 203))
        left = dispatch(ledger, 204, window=8)
        assert [event.lane for event in left] == ["upload"] * 2 + ["bulk"] * 2
        assert {envelope_of(event).lane for event in left[2:]} == {"bulk"}
        assert ledger.take(after(205), 8, 100) == []
        assert [event.lane for event in ledger.take(after(205), 16, 100)] == ["bulk"] * 2

    def test_bulk_work_does_not_stand_still_in_a_window_of_one(self, ledger: SqlLedger) -> None:
        finished(ledger, found())
        ledger.apply(decision("d1", "reprocess"), after(200))
        assert [event.lane for event in ledger.take(after(201), 1, 100)] == ["bulk"]

    def test_no_more_than_the_limit_is_taken_and_what_needs_no_turn_goes_first(self, ledger: SqlLedger) -> None:
        for number in range(4):
            ledger.note_object(found(f"{number}.pdf"), T0)
        ledger.note_deferred(deferred(found("other.pdf"), "filings.changed", object=None), after(20))
        events = ledger.take(after(60), 8, 3)
        assert [event.topic for event in events] == ["filings.changed", "objects.created", "objects.created"]

    # -- deferred --------------------------------------------------------------------------------------------------------------------

    def test_a_deferred_event_is_sent_again_as_it_was_when_its_time_has_come(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given, 1, upto="extracted")
        waits = deferred(given, "tables.extracted", 20, key=b"\xff\x00")
        ledger.note_deferred(waits, after(20))
        (row,) = ledger.row(given.object)
        assert (row.waiting, row.under_way, row.queued) == ("storage.unavailable", True, False)
        assert ledger.take(after(29), 8, 100) == []
        (event,) = dispatch(ledger, 30)
        assert (event.topic, event.key, event.headers, event.body) == (waits.topic, waits.key, waits.headers, waits.value)
        (row,) = ledger.row(given.object)
        assert (row.waiting, row.progressed_at) == ("", after(30))

    def test_an_object_that_cannot_be_read_now_waits_in_the_queue_and_leaves_the_window_to_others(self, ledger: SqlLedger) -> None:
        first, second = found("1.pdf"), found("2.pdf")
        ledger.note_object(first, T0)
        ledger.note_object(second, after(1))
        (event,) = dispatch(ledger, 2, window=1)
        ledger.note_deferred(deferred(first, seconds=20, event=event.id), after(20))
        (row,) = ledger.row(first.object)
        assert (row.queued, row.waiting) == (True, "storage.unavailable")
        assert [event.object for event in dispatch(ledger, 21, window=1)] == [second.object]
        assert ledger.take(after(60), 1, 100) == []
        (event,) = ledger.take(after(60), 2, 100)
        assert (event.object, event.scheduled, event.body) == (first.object, True, b"{}")

    def test_an_event_given_back_before_its_sending_was_noted_is_not_lost(self, ledger: SqlLedger) -> None:
        given = found()
        ledger.note_object(given, T0)
        (event,) = ledger.take(after(1), 8, 100)
        ledger.note_deferred(deferred(given, seconds=20, event=event.id), after(20))
        ledger.sent([event.id], after(21))
        assert [each.id for each in ledger.take(after(30), 8, 100)] == [event.id]

    def test_an_event_deferred_again_is_one_step_that_counts(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given, 1, upto="extracted")
        for tries, seconds in enumerate((20, 40, 100), 1):
            ledger.note_deferred(deferred(given, "tables.extracted", seconds, tries), after(seconds))
            if seconds < 100:
                dispatch(ledger, seconds + 10)
        ledger.note_deferred(deferred(given, "tables.extracted", 40, 2), after(40))
        (told,) = [each for each in ledger.trail(given.object) if each.kind == "deferred"]
        assert (told.attempts, told.at, told.last_at, told.detail) == (3, after(20), after(100), "storage.unavailable")
        assert ledger.take(after(109), 8, 100) == [], "the repetition did not bring it forward"
        assert len(ledger.take(after(110), 8, 100)) == 1

    def test_a_missing_artifact_starts_the_stage_that_makes_it(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given, 1, upto="normalized")
        ledger.note_deferred(deferred(given, "facts.normalized", 20, code="artifact.missing", message="no artifact"), after(20))
        assert ledger.take(after(29), 8, 100) == []
        (event,) = dispatch(ledger, 30)
        envelope = envelope_of(event)
        assert (event.topic, envelope.force, envelope.reason) == ("tables.extracted", True, "repair")
        ledger.note_deferred(
            deferred(given, "facts.normalized", 40, 2, code="artifact.missing", message=f"{EXTRACT.digest} is not there"), after(40)
        )
        assert ledger.take(after(69), 8, 100) == [], "what is missing again waits longer"
        (event,) = dispatch(ledger, 70)
        assert (event.topic, envelope_of(event).force) == ("objects.created", True)
        assert ledger.row(given.object)[0].restarts == 2

    # -- what a listing shows ---------------------------------------------------------------------------------------------------------

    def test_the_keys_of_a_version_are_found_by_their_beginning(self, ledger: SqlLedger) -> None:
        told, other = found("a\x1b.pdf"), found("b.pdf")
        for each in (told, other):
            ledger.note_object(each, T0)
        place = told.submission.object
        assert place is not None
        assert place.version is not None
        assert ledger.keys(place.bucket, place.version, "财政局/a") == ["财政局/a\x1b.pdf"]
        assert len(ledger.keys(place.bucket, place.version, "")) == 2
        assert ledger.keys(place.bucket, place.version, "财政局/c") == ledger.keys("elsewhere", place.version, "") == []
        assert ledger.keys(place.bucket, "another", "") == []

    def test_what_ended_as_gone_is_told_until_it_is_begun_again(self, ledger: SqlLedger) -> None:
        vanished, waits = found("1.pdf"), found("2.pdf")
        for each in (vanished, waits):
            ledger.note_object(each, T0)
        ledger.vanished(vanished.object, after(1))
        asked = [vanished.object, waits.object, "obj:none"]
        assert ledger.gone(asked) == {vanished.object}
        ledger.restart(vanished.object, after(2))
        assert ledger.gone(asked) == frozenset()

    # -- dead letters ----------------------------------------------------------------------------------------------------------------

    def test_a_dead_letter_is_kept_and_is_the_outcome(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        dispatch(ledger, 1)
        given = dead_letter(found())
        assert ledger.note_dead_letter(given)
        assert not ledger.note_dead_letter(given)
        assert ledger.dead_letter(given.id) == given
        assert ledger.dead_letters() == ledger.dead_letters("extractor") == [without_content(given)]
        assert ledger.dead_letters("validator") == ledger.dead_letters(status="redriven") == []
        (row,) = ledger.row(found().object)
        assert (row.outcome, row.under_way) == ("dead_lettered", False)
        assert ledger.trail(found().object)[-1].attempts == 2

    def test_a_dead_letter_is_found_by_the_beginning_of_its_id(self, ledger: SqlLedger) -> None:
        one, other = dead_letter(None, 1, id="dead:abcdef11"), dead_letter(None, 2, id="dead:abcdef22")
        for each in (one, other):
            ledger.note_dead_letter(each)
        assert ledger.dead_letter("abcdef1") == ledger.dead_letter("dead:abcdef1") == one
        assert ledger.dead_letter("ffffff") is None
        assert ledger.dead_letter("______") is None
        with pytest.raises(Ambiguous):
            ledger.dead_letter("abcdef")
        with pytest.raises(TooShort):
            ledger.dead_letter("abc")

    def test_a_redriven_record_is_the_original_with_a_higher_count(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        dispatch(ledger, 1)
        given = dead_letter(found())
        ledger.note_dead_letter(given)
        assert ledger.apply(decision("d1", "redrive", dead_letter=given.id), after(100))
        (row,) = ledger.row(found().object)
        assert (row.outcome, row.under_way, row.queued) == ("dead_lettered", True, True)
        (event,) = dispatch(ledger, 101)
        assert (event.topic, event.key, event.body) == (given.topic, given.key, given.value)
        assert envelope_of(event) == msgspec.structs.replace(envelope_of(given), redrive=1)
        assert ("odd", None) in event.headers
        assert [each.status for each in ledger.dead_letters(status=None)] == ["redriven"]
        assert not ledger.apply(decision("d1", "redrive", dead_letter=given.id), after(102))
        assert ledger.apply(decision("d2", "redrive", dead_letter=given.id), after(103)), "a decision of its own, and nothing left to do"
        assert ledger.take(after(200), 8, 100) == []
        again = dead_letter(found(), 1, seconds=150)
        assert ledger.note_dead_letter(again)
        assert not ledger.row(found().object)[0].under_way
        ledger.apply(decision("d3", "redrive", dead_letter=again.id), after(300))
        (event,) = dispatch(ledger, 301)
        assert envelope_of(event).redrive == 2
        for seconds, kind in enumerate(("extracted", "normalized", "validated", "stored"), 302):
            ledger.note_step(step(found(), kind, seconds))
        assert ledger.row(found().object)[0].outcome == "stored"

    def test_an_event_that_is_sent_again_and_dies_again_ends_its_submission_again(self, ledger: SqlLedger) -> None:
        finished(ledger, found(), 1, upto="extracted")
        given = dead_letter(found(), topic="tables.extracted", document=DOCUMENT, seconds=10)
        ledger.note_dead_letter(given)
        ledger.apply(decision("d1", "discard", dead_letter=given.id), after(20))
        ledger.apply(decision("d2", "reprocess", stage="normalize", document=DOCUMENT), after(100))
        assert dispatch(ledger, 101)
        assert not ledger.note_dead_letter(given), "the record of the first time, delivered again"
        assert ledger.row(found().object)[0].under_way
        again = dead_letter(found(), topic="tables.extracted", document=DOCUMENT, seconds=110)
        assert again.id == given.id
        assert ledger.note_dead_letter(again)
        assert not ledger.note_dead_letter(again)
        (row,) = ledger.row(found().object)
        assert (row.outcome, row.under_way) == ("dead_lettered", False)
        assert ledger.stalled(after(100_000)) == []
        assert ledger.dead_letters() == [without_content(again)], "it waits for a decision anew"
        ledger.apply(decision("d3", "redrive", dead_letter=given.id), after(200))
        assert ledger.row(found().object)[0].under_way

    def test_a_record_without_an_envelope_is_redriven_as_well(self, ledger: SqlLedger) -> None:
        ledger.note_dead_letter(dead_letter(None, headers=(("odd", None),), key=None, event=None))
        ledger.apply(decision("d1", "redrive", dead_letter=dead_letter(None).id), after(100))
        (event,) = dispatch(ledger, 101)
        assert (event.key, event.headers, event.scheduled) == (None, (("odd", None), ("ce_redrive", b"1")), False)

    def test_a_dead_letter_without_its_record_starts_the_submission_again(self, ledger: SqlLedger) -> None:
        finished(ledger, found(), 1, upto="extracted")
        ledger.note_dead_letter(dead_letter(found(), topic="tables.extracted", value=b""))
        ledger.apply(decision("d1", "redrive", dead_letter=dead_letter(None).id), after(100))
        (event,) = dispatch(ledger, 101)
        assert msgspec.json.decode(event.body, type=Reference).digest == EXTRACT.digest

    def test_a_discarded_dead_letter_stays_an_outcome_and_is_not_redriven(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        dispatch(ledger, 1)
        ledger.note_dead_letter(dead_letter(found()))
        assert ledger.apply(decision("d1", "discard", dead_letter=dead_letter(None).id, why="draft"), after(100))
        ledger.apply(decision("d2", "redrive", dead_letter=dead_letter(None).id), after(101))
        assert ledger.take(after(200), 8, 100) == []
        (row,) = ledger.row(found().object)
        assert (row.outcome, row.under_way) == ("dead_lettered", False)
        kept = ledger.dead_letter(dead_letter(None).id)
        assert kept is not None
        assert (kept.status, kept.decided) == ("discarded", "d1")
        assert ledger.trail(found().object)[-1].kind == "discarded"

    def test_a_decision_that_comes_before_its_dead_letter_is_carried_out_with_it(self, ledger: SqlLedger) -> None:
        first, second = dead_letter(found("1.pdf"), 1), dead_letter(found("2.pdf"), 2)
        assert ledger.apply(decision("d1", "discard", dead_letter=first.id), after(5))
        assert ledger.apply(decision("d2", "redrive", dead_letter=second.id), after(6))
        for name, letter in (("1.pdf", first), ("2.pdf", second)):
            ledger.note_object(found(name), T0)
            ledger.note_dead_letter(letter)
        assert {each.id: each.status for each in ledger.dead_letters(status=None)} == {first.id: "discarded", second.id: "redriven"}
        assert ledger.row(found("2.pdf").object)[0].under_way
        assert not ledger.row(found("1.pdf").object)[0].under_way

    # -- repair ----------------------------------------------------------------------------------------------------------------------

    def test_a_submission_without_progress_is_stalled_unless_it_waits_in_the_outbox(self, ledger: SqlLedger) -> None:
        lost, waiting, late, done = (found(f"{name}.pdf") for name in ("lost", "waiting", "late", "done"))
        ledger.note_object(lost, T0)
        finished(ledger, late, 1, upto="extracted")
        finished(ledger, done, 2)
        ledger.note_step(step(late, "normalized", 500))
        ledger.note_object(waiting, after(3))
        assert [row.object for row in ledger.stalled(after(400))] == [lost.object]
        assert {row.object for row in ledger.stalled(after(600))} == {lost.object, late.object}

    def test_an_object_that_was_not_extracted_is_sent_again_and_leaves_the_window_meanwhile(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        (first,) = dispatch(ledger, 1)
        assert ledger.restart(found().object, after(1000))
        assert not ledger.restart("obj:none", after(1000))
        assert ledger.row(found().object)[0].queued
        (event,) = ledger.take(after(1001), 1, 100)
        assert (event.id, event.topic, event.scheduled, envelope_of(event).reason) == (first.id, first.topic, True, "repair")
        dispatch(ledger, 1001)
        assert ledger.take(after(1002), 1, 100) == []
        (row,) = ledger.row(found().object)
        assert (row.restarts, row.reason, row.queued, row.lane, row.since) == (1, "repair", False, "upload", T0)

    def test_a_submission_is_started_again_from_its_last_run(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given, 1, upto="normalized")
        assert ledger.restart(given.object, after(1000))
        (event,) = dispatch(ledger, 1001)
        assert event.id == stage_event_id("facts.normalized", DOCUMENT, given.object, NORMALIZE.version, NORMALIZE.digest)
        assert (event.topic, event.key, event.scheduled) == ("facts.normalized", DOCUMENT.encode(), False)
        body = msgspec.json.decode(event.body, type=Reference)
        assert (body.document, body.submission, body.digest, body.bytes) == (DOCUMENT, given.submission, NORMALIZE.digest, 777)
        assert body.runs == Runs(extract=EXTRACT, normalize=NORMALIZE)
        ledger.note_step(step(given, "validated", 1002))
        assert ledger.restart(given.object, after(3000))
        assert [event.topic for event in dispatch(ledger, 3001)] == ["facts.normalized"], "the validator finds its run and tells it again"

    def test_a_submission_is_started_again_from_the_stage_that_is_asked_for(self, ledger: SqlLedger) -> None:
        given = found()
        finished(ledger, given, 1)
        ledger.restart(given.object, after(1000), "normalize", force=True)
        (event,) = dispatch(ledger, 1001)
        assert (event.topic, envelope_of(event).force) == ("tables.extracted", True)
        (row,) = ledger.row(given.object)
        assert (row.outcome, row.under_way, row.stage) == ("stored", True, "extract")
        for seconds, kind in enumerate(("normalized", "validated", "stored"), 1002):
            assert not ledger.note_step(step(given, kind, seconds)), "the same events as before, told again"
        (row,) = ledger.row(given.object)
        assert (row.outcome, row.under_way, row.stage) == ("stored", False, "validate")

    def test_a_stage_whose_input_is_not_known_is_started_from_an_earlier_one(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        dispatch(ledger, 1)
        ledger.restart(found().object, after(1000), "validate")
        assert [event.topic for event in ledger.take(after(1001), 8, 100)] == ["objects.created"]

    def test_an_object_that_vanished_unread_is_gone_and_leaves_the_queue(self, ledger: SqlLedger) -> None:
        ledger.note_object(found(), T0)
        assert ledger.vanished(found().object, after(5))
        assert not ledger.vanished(found().object, after(6))
        (row,) = ledger.row(found().object)
        assert (row.outcome, row.under_way) == ("gone", False)
        assert ledger.take(after(7), 8, 100) == []

    def test_what_was_extracted_or_settled_does_not_go(self, ledger: SqlLedger) -> None:
        finished(ledger, found("1.pdf"), 1, upto="extracted")
        finished(ledger, found("2.pdf"), 10)
        for each in (found("1.pdf").object, found("2.pdf").object, "obj:none"):
            assert not ledger.vanished(each, after(50))

    # -- decisions -------------------------------------------------------------------------------------------------------------------

    def test_the_last_activation_counts_in_whatever_order_decisions_come(self, ledger: SqlLedger) -> None:
        assert ledger.apply(decision("d2", "activate", 200, stage="extract", version="2"), after(300))
        assert ledger.apply(decision("d1", "activate", 100, stage="extract", version="1"), after(301))
        assert ledger.apply(decision("d3", "activate", 50, stage="validate", version="7"), after(302))
        assert not ledger.apply(decision("d2", "activate", 200, stage="extract", version="2"), after(303))
        assert ledger.activated() == {"extract": "2", "validate": "7"}
        assert ledger.applied_decisions() == {"d1", "d2", "d3"}

    def test_a_reprocess_puts_the_latest_submission_of_each_document_into_the_bulk_lane(self, ledger: SqlLedger) -> None:
        old, new, other = found("1.pdf", modified="2026-01-01T00:00:00Z"), found("2.pdf", modified="2026-02-01T00:00:00Z"), found("3.pdf")
        finished(ledger, new, 1)
        finished(ledger, old, 20)
        finished(ledger, other, 40, document=document_id("other"))
        assert ledger.apply(decision("d1", "reprocess"), after(100))
        assert not ledger.apply(decision("d1", "reprocess"), after(101))
        events = ledger.take(after(102), 100, 100)
        assert {event.object for event in events} == {new.object, other.object}
        assert {(event.lane, envelope_of(event).reason, event.topic) for event in events} == {("bulk", "reprocess", "objects.created")}
        (row,) = ledger.row(new.object)
        assert (row.outcome, row.under_way, row.queued, row.lane, row.reason, row.since) == (
            "stored",
            True,
            True,
            "bulk",
            "reprocess",
            after(100),
        )
        (asked,) = [each for each in ledger.trail(new.object) if each.kind == "reprocess_requested"]
        assert (asked.detail, asked.event) == ("d1", next(event.id for event in events if event.object == new.object))
        assert asked.event != ledger.trail(new.object)[0].event

    def test_a_reprocess_from_a_later_stage_sends_the_result_before_it(self, ledger: SqlLedger) -> None:
        finished(ledger, found())
        ledger.apply(decision("d1", "reprocess", stage="normalize"), after(100))
        (event,) = dispatch(ledger, 101, window=4)
        assert (event.topic, event.scheduled, event.lane) == ("tables.extracted", True, "bulk")
        assert msgspec.json.decode(event.body, type=Reference).runs == Runs(extract=EXTRACT)
        ledger.note_object(found("2.pdf"), after(102))
        assert ledger.take(after(103), 1, 100) == [], "it is in the window until the stage is done with it"
        ledger.note_step(step(found(), "normalized", 103, event="evt:new", runs=Runs(extract=EXTRACT, normalize=EXTRACT)))
        assert len(ledger.take(after(104), 1, 100)) == 1

    def test_a_reprocess_takes_the_result_of_the_activated_version(self, ledger: SqlLedger) -> None:
        given, newer = found(), StageRun(version="0.2.0", digest="sha256:" + "9" * 64)
        finished(ledger, given)
        ledger.note_step(step(given, "extracted", 50, event="evt:other", runs=Runs(extract=newer)))
        ledger.apply(decision("d1", "activate", 90, stage="extract", version=EXTRACT.version), after(90))
        ledger.apply(decision("d2", "reprocess", stage="normalize"), after(100))
        (event,) = dispatch(ledger, 101)
        assert msgspec.json.decode(event.body, type=Reference).digest == EXTRACT.digest

    def test_a_reprocess_means_what_it_names(self, ledger: SqlLedger) -> None:
        early, late, refused = found("early.pdf"), found("late.pdf"), found("refused.pdf")
        finished(ledger, early, 1, document=document_id("early"))
        finished(ledger, late, 50, document=document_id("late"))
        ledger.note_object(refused, after(60))
        dispatch(ledger, 61)
        ledger.note_step(step(refused, "rejected", 62))
        for identifier, changes, meant in (
            ("d1", {"document": document_id("early")}, {early.object}),
            ("d2", {"since": after(55).isoformat()}, {refused.object}),
            ("d3", {}, {late.object}),
        ):
            ledger.apply(decision(identifier, "reprocess", **changes), after(100))
            assert {event.object for event in dispatch(ledger, 101)} == meant, "what is under way already is not asked for again"

    def test_a_reprocess_of_all_leaves_out_what_is_gone_under_way_or_discarded(self, ledger: SqlLedger) -> None:
        gone, waiting, discarded = found("gone.pdf"), found("waiting.pdf"), found("discarded.pdf")
        for each in (gone, discarded):
            ledger.note_object(each, T0)
        ledger.vanished(gone.object, after(1))
        dispatch(ledger, 2)
        ledger.note_dead_letter(dead_letter(discarded, document=DOCUMENT))
        ledger.apply(decision("d1", "discard", dead_letter=dead_letter(None).id), after(40))
        ledger.note_object(waiting, after(50))
        ledger.apply(decision("d2", "reprocess"), after(100))
        assert [event.object for event in dispatch(ledger, 101)] == [waiting.object]
        ledger.apply(decision("d3", "reprocess", document=DOCUMENT), after(102))
        assert [event.object for event in dispatch(ledger, 103)] == [discarded.object]

    # -- audit -----------------------------------------------------------------------------------------------------------------------

    def test_every_submission_is_counted_once(self, ledger: SqlLedger) -> None:
        names = ("stored", "rejected", "dead_lettered", "gone", "queued", "running")
        objects = {name: found(f"{name}.pdf") for name in names}
        finished(ledger, objects["stored"], 1)
        for name in ("rejected", "dead_lettered", "gone", "running"):
            ledger.note_object(objects[name], after(10))
        dispatch(ledger, 11)
        for kind in ("rejected", "gone"):
            ledger.note_step(step(objects[kind], kind, 12))  # type: ignore[arg-type]
        ledger.note_dead_letter(dead_letter(objects["dead_lettered"], seconds=12))
        ledger.apply(decision("d1", "discard", dead_letter=dead_letter(None).id), after(13))
        ledger.note_object(objects["queued"], after(14))
        audit = ledger.audit((objects[name] for name in names if name != "gone"), after(20), T0)
        assert (audit.objects, audit.submissions, audit.in_flight, audit.discarded) == (5, 6, 2, 1)
        assert (audit.stored, audit.rejected, audit.dead_lettered, audit.gone, audit.holes) == (1, 1, 1, 1, ())

    def test_an_object_that_the_ledger_does_not_know_is_a_hole(self, ledger: SqlLedger) -> None:
        ledger.note_object(found("known.pdf"), T0)
        audit = ledger.audit([found("known.pdf"), found("b.pdf"), found("a.pdf")], after(5), T0)
        assert [(hole.key, hole.version, hole.object, hole.why.partition(":")[0]) for hole in audit.holes] == [
            ("财政局/a.pdf", "v1", found("a.pdf").object, "unknown"),
            ("财政局/b.pdf", "v1", found("b.pdf").object, "unknown"),
        ]
        assert (audit.objects, audit.submissions) == (3, 1)

    def test_a_submission_without_progress_is_a_hole_until_it_is_started_again(self, ledger: SqlLedger) -> None:
        finished(ledger, found(), 1, upto="extracted")
        assert ledger.audit([found()], after(100), after(2)).holes == ()
        (hole,) = ledger.audit([found()], after(1000), after(100)).holes
        assert (hole.object, hole.why) == (found().object, "stalled: no progress since 2026-01-02T03:04:08Z, waits for normalize")
        ledger.restart(found().object, after(1000))
        assert ledger.audit([found()], after(1000), after(100)).holes == ()

    def test_who_waits_for_its_turn_is_no_hole_while_others_leave(self, ledger: SqlLedger) -> None:
        for name in ("1.pdf", "2.pdf", "3.pdf"):
            ledger.note_object(found(name), T0)
        objects = [found(name) for name in ("1.pdf", "2.pdf", "3.pdf")]
        assert [hole.why.partition(":")[0] for hole in ledger.audit(objects, after(1000), after(900)).holes] == ["outbox"] * 3
        dispatch(ledger, 950, window=1)
        assert ledger.audit(objects, after(1000), after(900)).holes == ()

    def test_a_deferred_event_is_no_hole_before_its_time(self, ledger: SqlLedger) -> None:
        finished(ledger, found(), 1, upto="extracted")
        ledger.note_deferred(deferred(found(), "tables.extracted", 20, due=after(500)), after(20))
        assert ledger.audit([found()], after(450), after(400)).holes == ()
        (hole,) = ledger.audit([found()], after(2000), after(1000)).holes
        assert hole.why.startswith("outbox: due since")

    def test_an_unread_object_that_is_not_in_the_bucket_any_more_is_gone_and_no_hole(self, ledger: SqlLedger) -> None:
        ledger.note_object(found("deleted.pdf"), T0)
        finished(ledger, found("read.pdf"), 1)
        audit = ledger.audit([], after(5000), after(4000))
        assert (audit.objects, audit.submissions, audit.stored, audit.gone, audit.in_flight, audit.holes) == (0, 2, 1, 1, 0, ())

    def test_an_object_that_arrives_during_the_listing_is_neither_hole_nor_gone(self, ledger: SqlLedger) -> None:
        def listing() -> Iterator[FoundObject]:
            ledger.note_object(found("unlisted.pdf"), T0)
            ledger.note_object(found("listed.pdf"), T0)
            yield found("listed.pdf")

        audit = ledger.audit(listing(), after(5), T0)
        assert (audit.submissions, audit.in_flight, audit.gone, audit.holes) == (2, 2, 0, ())

    # -- questions -------------------------------------------------------------------------------------------------------------------

    def test_a_submission_is_found_by_what_people_call_it(self, ledger: SqlLedger) -> None:
        finished(ledger, found("甲.pdf"), 1)
        finished(ledger, found("甲.pdf", "其他"), 20, document=document_id("other"))
        first, second = found("甲.pdf").object, found("甲.pdf", "其他").object
        for asked, expected in (
            (first, [first]),
            (DOCUMENT, [first]),
            (DOCUMENT[7:15].upper(), [first]),
            ("其他/甲.pdf", [second]),
            ("甲.pdf", [second, first]),
            ("%", []),
            ("", []),
        ):
            assert [row.object for row in ledger.row(asked)] == expected, asked

    def test_the_ledger_at_a_glance(self, ledger: SqlLedger) -> None:
        finished(ledger, found("stored.pdf"), 1)
        finished(ledger, found("extracted.pdf"), 10, upto="extracted")
        finished(ledger, found("validated.pdf"), 20, upto="validated")
        ledger.note_object(found("dead.pdf"), after(30))
        dispatch(ledger, 31)
        ledger.note_dead_letter(dead_letter(found("dead.pdf"), seconds=32))
        ledger.note_deferred(deferred(found("extracted.pdf"), "tables.extracted", 40), after(40))
        ledger.note_object(found("queued.pdf"), after(50))
        standing = ledger.standing(after(100))
        assert (standing.submissions, standing.outcomes) == (5, {"stored": 1, "dead_lettered": 1})
        assert (standing.queued, standing.at_stage) == ({"upload": 1}, {"normalize": 1, "store": 1})
        assert (standing.deferred, standing.dead_letters, standing.outbox) == (1, 1, 2)
        assert standing.rate == pytest.approx(2 / 300)
        assert standing.oldest_age == 90.0
        assert [row.submission.name for row in standing.oldest] == ["extracted.pdf", "validated.pdf", "queued.pdf"]
        assert [row.waiting for row in standing.oldest] == ["storage.unavailable", "", ""]
        later = ledger.standing(after(1000))
        assert (later.rate, later.oldest_age) == (0.0, 990.0)

    def test_an_empty_ledger_is_at_rest(self, ledger: SqlLedger) -> None:
        standing = ledger.standing(T0)
        assert (standing.submissions, standing.oldest_age, standing.oldest, standing.rate) == (0, None, (), 0.0)
        assert ledger.audit([], T0, T0).holes == ()

    def test_the_database_keeps_what_happened(self, new_url: Callable[[], str]) -> None:
        url = new_url()
        with open_database(url) as database:
            finished(database.ledger, found())
            before = database.ledger.row(found().object), database.ledger.trail(found().object)
        with open_database(url) as database:
            assert (database.ledger.row(found().object), database.ledger.trail(found().object)) == before

    # -- ways of results -------------------------------------------------------------------------------------------------------------

    def test_an_activation_calls_delivered_results_back(self, database: Database) -> None:
        store, old, new = database.store, versions("0.1.0"), versions("0.2.0")
        store.activate(new)
        for name in "AB":
            for of in (old, new):
                result(name, of=of, year=2024 if of is old else 2025).store_in(store)
        result("C", of=new).store_in(store)
        assert store.adoptable(new) == []
        store.activate(old)
        called = store.adoptable(old)
        assert [document for document, _ in called] == sorted(document_id(name) for name in "AB")
        assert {way.versions["extract"] for _, way in called} == {old["extract"]}
        assert dict(called)[document_id("A")].digests == result("A", of=old, year=2024).artifacts
        assert len(store.adoptable(old, limit=1)) == 1
        result("A", of=old, year=2024).store_in(store)
        assert [document for document, _ in store.adoptable(old)] == [document_id("B")]
        assert {view.id: view.year for view in store.documents()}[document_id("A")] == 2024
        assert store.adoptable({}) == []

    def test_what_is_told_of_a_stored_document_names_what_it_supersedes(self, database: Database) -> None:
        store = database.store
        first, second = submission("x.pdf", "2026-01-01T00:00:00Z"), submission("x.pdf", "2026-01-02T00:00:00Z")
        assert store.stored(document_id("A"), first) is None
        for name, arrived in (("A", first), ("B", second)):
            store.submit(arrived, document_id(name), 1001, T0)
            result(name).store_in(store)
        told = store.stored(document_id("B"), second)
        assert told == store.stored(document_id("B"), second)
        assert told is not None
        assert (told.document, told.submission, told.part, told.revision, told.current) == (
            result("B").validated.document,
            second,
            "whole",
            2,
            True,
        )
        assert told.filing == store.filings()[0].id
        assert told.supersedes is not None
        assert (told.supersedes.document, told.supersedes.revision, told.supersedes.verdict) == (document_id("A"), 1, "inconsistent")
        assert told.supersedes.findings_added == tuple(each.id for each in result("B").validated.findings)
        assert told.supersedes.findings_gone == tuple(each.id for each in result("A").validated.findings)
        assert told.runs.validate is not None
        assert told.runs.validate.digest == result("B").artifacts["validate"]
        earlier = store.stored(document_id("A"), first)
        assert earlier is not None
        assert (earlier.revision, earlier.current, earlier.supersedes) == (1, False, None)

    def test_the_same_bytes_again_supersede_without_a_change(self, database: Database) -> None:
        store = database.store
        result("A").store_in(store)
        for day in (1, 2):
            store.submit(submission("x.pdf", f"2026-01-0{day}T00:00:00Z"), document_id("A"), 1001, T0)
        told = store.stored(document_id("A"), submission("x.pdf", "2026-01-02T00:00:00Z"))
        assert told is not None
        assert told.supersedes is not None
        assert (told.revision, told.current, told.supersedes.findings_added, told.supersedes.findings_gone) == (2, True, (), ())

    def test_a_document_in_no_filing_is_current_and_supersedes_nothing(self, database: Database) -> None:
        result("A", entity=None).store_in(database.store)
        database.store.submit(submission(), document_id("A"), 1001, T0)
        told = database.store.stored(document_id("A"), submission())
        assert told is not None
        assert (told.filing, told.revision, told.current, told.supersedes) == (None, None, True, None)


class TestSqliteLedger(LedgerContract):
    """SQLite in a file."""

    @pytest.fixture
    def new_url(self, tmp_path: Path) -> Callable[[], str]:
        made: list[str] = []

        def make() -> str:
            made.append(f"sqlite:///{tmp_path / f'ledger {len(made)}.sqlite'}")
            return made[-1]

        return make
