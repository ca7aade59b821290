"""The store on fakes: notifications, the sweep and the relay lead to one ledger row and one event for each object, whatever comes twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from store_world import INBOX, World

from services.store.domain.arrivals import found_object
from services.store.domain.errors import StoreUnavailable
from services.store.intake import inbox_objects
from services.store.sweep import is_overdue
from shared.contracts.events import Decision, ObjectCreated
from shared.delivery.messages import Verbatim
from shared.envelope import from_headers
from shared.failures import TransientError
from shared.storage.ports import StorageUnavailableError
from shared.telemetry.meter import METER
from shared.telemetry.metrics import NOTIFICATIONS
from shared.topics import OBJECTS_CREATED, OBJECTS_NOTIFIED


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def test_a_notified_object_leaves_for_the_extractor_with_its_department(world: World) -> None:
    stored = world.put("林业局/2025 预算+说明.pdf", "A", department="档案馆")
    await world.notify("林业局/2025 预算+说明.pdf")
    await world.relay()
    (record,) = world.broker.on(OBJECTS_CREATED)
    assert isinstance(record, Verbatim)
    created = msgspec.json.decode(record.body, type=ObjectCreated)
    assert created.submission.department == "档案馆"
    assert created.submission.name == "2025 预算+说明.pdf"
    assert created.submission.object is not None
    assert created.submission.object.version == stored.version
    assert from_headers(record.headers).object == created.object
    assert (created.bytes, created.etag) == (1, stored.etag)


async def test_a_key_that_was_escaped_in_the_notification_is_found(world: World) -> None:
    world.put("林业局/2025 预算.pdf", "A")
    await world.notify("%E6%9E%97%E4%B8%9A%E5%B1%80/2025+%E9%A2%84%E7%AE%97.pdf")
    assert [row.submission.name for row in world.rows()] == ["2025 预算.pdf"]


async def test_a_key_that_only_looks_escaped_is_taken_as_it_is(world: World) -> None:
    world.put("100%25+.pdf", "A")
    await world.notify("100%25+.pdf")
    assert [row.submission.name for row in world.rows()] == ["100%25+.pdf"]


async def test_notified_twice_and_swept_an_object_leaves_once(world: World) -> None:
    world.put("a.pdf", "A")
    await world.notify("a.pdf", "a.pdf")
    await world.notify("a.pdf")
    assert world.sweep().new == 0
    while await world.relay():
        pass
    assert len(world.broker.on(OBJECTS_CREATED)) == 1
    assert len(world.rows()) == 1


async def test_a_sweep_and_a_notification_lead_to_the_same_event(tmp_path: Path) -> None:
    events = []
    for name in ("notified", "swept"):
        (tmp_path / name).mkdir()
        world = World(tmp_path / name)
        await world.start()
        world.put("x/a.pdf", "A", department="档案馆")
        if name == "notified":
            await world.notify("x/a.pdf")
        else:
            world.sweep()
        await world.relay()
        (record,) = world.broker.on(OBJECTS_CREATED)
        assert isinstance(record, Verbatim)
        events.append((from_headers(record.headers).id, record.key, record.body))
        await world.stop()
    assert events[0] == events[1]


async def test_of_versions_put_in_a_row_the_sweep_gets_those_that_no_notification_named(world: World) -> None:
    for text in ("A", "B", "C"):
        world.put("a.pdf", text)
    for _ in range(3):
        await world.notify("a.pdf")  # without version: each finds the latest
    assert len(world.rows()) == 1
    assert world.sweep().new == 2
    assert len({row.object for row in world.rows()}) == 3


async def test_without_notifications_the_sweep_finds_everything(world: World) -> None:
    for number in range(25):
        world.put(f"d{number % 3}/{number}.pdf", str(number))
    report = world.sweep()
    assert (report.seen, report.new) == (25, 25)
    assert {row.submission.department for row in world.rows()} == {"d0", "d1", "d2"}
    assert world.sweep().new == 0


@pytest.mark.parametrize("versioned", [True, False])
async def test_buckets_with_and_without_versions_are_known_after_one_look(tmp_path: Path, versioned: bool) -> None:
    world = World(tmp_path, versioned=versioned)
    await world.start()
    world.put("a.pdf", "A")
    await world.notify("a.pdf")
    assert world.sweep().new == 0, "a listing and a question about one object must tell the same version"
    world.put("a.pdf", "B")
    assert world.sweep().new == 1
    await world.stop()


async def test_without_versions_the_bytes_that_were_written_over_before_they_were_read_are_gone(tmp_path: Path) -> None:
    world = World(tmp_path, versioned=False)
    await world.start()
    world.put("a.pdf", "A")
    world.sweep()
    world.put("a.pdf", "B")
    report = world.sweep()
    assert (report.new, report.gone) == (1, 1)
    assert sorted(map(str, world.outcomes())) == ["None", "gone"]
    await world.stop()


async def test_folder_markers_and_other_buckets_are_counted_and_make_no_row(world: World) -> None:
    world.storage.put(INBOX, "林业局/", b"")
    world.storage.make_bucket("other")
    world.storage.put("other", "a.pdf", b"A")
    other = METER.value(NOTIFICATIONS, result="other")
    await world.notify("林业局/")
    await world.notify("a.pdf", bucket="other")
    assert world.sweep().seen == 0
    assert world.rows() == []
    assert METER.value(NOTIFICATIONS, result="other") == other + 2


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"{}", b'{"Records": [null, {"s3": {"bucket": {"name": "inbox"}, "object": {"key": "../x"}}}]}']
)
async def test_garbage_among_the_notifications_is_counted_and_done_with(world: World, body: bytes) -> None:
    counted = sum(METER.value(NOTIFICATIONS, result=result) for result in ("unreadable", "gone"))
    assert await world.deliver(Verbatim(OBJECTS_NOTIFIED, None, (("x", None), ("y", b"\xff")), body)) == []
    assert sum(METER.value(NOTIFICATIONS, result=result) for result in ("unreadable", "gone")) > counted


async def test_a_notification_waits_for_a_storage_that_is_away(world: World) -> None:
    world.put("a.pdf", "A")
    world.storage.failure = StorageUnavailableError("storage.unreachable", "away")
    with pytest.raises(TransientError):
        await world.notify("a.pdf")
    world.storage.failure = None
    await world.notify("a.pdf")
    assert len(world.rows()) == 1


async def test_a_key_that_no_client_can_ask_for_is_done_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise ValueError("object name with '.' or '..'")

    monkeypatch.setattr(world.storage, "stat", refuse)
    await world.notify("../x.pdf")
    assert world.rows() == []


async def test_a_hint_about_which_a_healthy_storage_will_not_answer_is_done_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise StorageUnavailableError("storage.failed", "KeyTooLongError")

    monkeypatch.setattr(world.storage, "stat", refuse)
    await world.notify("k" * 2000)
    assert world.rows() == []


async def test_a_database_that_is_away_is_a_passing_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise StoreUnavailable("数据库不可用", "the database is away")

    world.put("a.pdf", "A")
    monkeypatch.setattr(world.ledger, "note_object", away)
    with pytest.raises(TransientError) as caught:
        await world.notify("a.pdf")
    assert caught.value.code == "store.unavailable"


async def test_an_object_deleted_before_it_is_read_is_gone_with_and_without_a_marker(world: World) -> None:
    world.put("marked.pdf", "A")
    purged = world.put("purged.pdf", "B")
    world.sweep()
    world.storage.remove(INBOX, "marked.pdf")
    world.storage.purge(INBOX, "purged.pdf", purged.version)
    assert world.sweep().gone == 2
    assert world.outcomes() == ["gone", "gone"]
    assert await world.relay() == 0, "nothing waits"
    assert world.sweep().gone == 0


async def test_an_object_that_was_deleted_before_the_store_knew_it_is_accounted_for(world: World) -> None:
    world.put("a.pdf", "A")
    world.storage.remove(INBOX, "a.pdf")
    await world.notify("a.pdf")
    report = world.sweep()
    assert (report.seen, report.new, report.gone) == (1, 1, 1)
    assert world.outcomes() == ["gone"]


async def test_what_arrives_while_the_bucket_is_listed_does_not_look_vanished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("a.pdf", "A")
    listing = world.storage.versions

    def late(bucket: str) -> Any:
        shown = list(listing(bucket))
        world.put("b.pdf", "B")  # the listing has passed its place
        found = world.storage.stat(INBOX, "b.pdf")
        world.ledger.note_object(found_object(found), world.now)
        return iter(shown)

    monkeypatch.setattr(world.storage, "versions", late)
    assert world.sweep().gone == 0
    assert world.outcomes() == [None, None]


async def test_one_object_that_cannot_be_asked_about_does_not_hide_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        world.put(f"{name}.pdf", name)
    stat = world.storage.stat

    def one_fails(bucket: str, key: str, version: str | None = None) -> Any:
        if key == "b.pdf":
            raise StorageUnavailableError("storage.failed", "500")
        return stat(bucket, key, version)

    monkeypatch.setattr(world.storage, "stat", one_fails)
    report = world.sweep()
    assert report.new == 2
    assert "objects" in report.failed
    monkeypatch.undo()
    assert world.sweep().new == 1


def _listing_without_control_characters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The listing of a server that writes XML with Go."""
    listing = world.storage.versions
    monkeypatch.setattr(
        world.storage, "versions", lambda bucket: (replace(each, key=each.key.replace("\x1b", "\ufffd")) for each in listing(bucket))
    )


async def test_an_object_whose_key_the_listing_cannot_tell_is_the_one_that_was_notified(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _listing_without_control_characters(world, monkeypatch)
    world.put("财政局/a\x1b.pdf", "A")
    await world.notify("财政局/a\x1b.pdf")
    world.later(seconds=10_000)
    report = world.sweep()
    assert (report.new, report.gone, len(world.rows())) == (0, 0, 1)
    assert _holes(world) == []
    world.storage.remove(INBOX, "财政局/a\x1b.pdf")
    assert world.sweep().gone == 1


async def test_an_object_whose_key_nobody_told_is_a_hole_and_then_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _listing_without_control_characters(world, monkeypatch)
    world.put("财政局/a\x1b.pdf", "A")
    assert world.sweep().new == 0, "it may have vanished while the bucket was listed"
    assert _holes(world) == ["财政局/a\ufffd.pdf"]
    world.later(seconds=1000)
    assert world.sweep().new == 1
    assert world.sweep().new == 0
    assert _holes(world) == []
    assert [(row.submission.name, row.submission.department) for row in world.rows()] == [("a\ufffd.pdf", "财政局")]
    monkeypatch.setattr(World, "_bytes_of", lambda *_: b"")
    await world.stages(lambda _: "gone")  # as the extractor says, who cannot ask for it either
    assert world.outcomes() == ["gone"]
    world.later(seconds=100_000)
    assert not world.sweep().restarted
    assert world.outcomes() == ["gone"]


async def test_what_was_gone_and_is_there_again_is_read_after_all(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    world.storage.remove(INBOX, "a.pdf")
    assert world.sweep().gone == 1
    marker = next(each for each in world.storage.versions(INBOX) if each.deleted)
    world.later(seconds=1000)
    assert not world.sweep().restarted, "it is hidden"
    world.storage.purge(INBOX, "a.pdf", marker.version)
    assert world.sweep().restarted == {"none": 1}
    assert not world.sweep().restarted
    await world.stages()
    assert world.outcomes() == ["stored"]


def _holes(world: World) -> list[str]:
    objects = (found_object(each.stored) for each in inbox_objects(world.parts.inbox, world.ledger))
    return [hole.key for hole in world.ledger.audit(objects, world.now, world.now - timedelta(seconds=20_000)).holes]


async def test_a_part_of_the_sweep_that_fails_keeps_no_other_from_mending(world: World) -> None:
    world.topics.failure = TransientError("kafka.unavailable", "away")
    world.put("a.pdf", "A")
    report = world.sweep()
    assert report.new == 1
    assert set(report.failed) == {"topics"}


async def test_the_sweep_makes_missing_topics_again(world: World) -> None:
    world.topics.missing = (OBJECTS_CREATED,)
    assert world.sweep().topics == (OBJECTS_CREATED,)
    assert world.sweep().topics == ()


async def test_the_sweep_carries_out_decisions_that_the_database_does_not_know(world: World) -> None:
    decision = Decision(id="decision:1", kind="activate", by="li", at="2026-03-01T00:00:00Z", stage="extract", version="9.9")
    world.decisions.put(decision)
    assert world.sweep().decisions == 1
    assert world.ledger.activated()["extract"] == "9.9"
    world.storage.calls.clear()
    assert world.sweep().decisions == 0
    assert "get" not in world.storage.calls, "what was carried out is not read again"


async def test_a_submission_without_progress_is_started_again_with_growing_patience(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    await world.relay()
    restarts = []
    for minute in range(60 * 12):
        world.later(minutes=1)
        if world.sweep().restarted:
            restarts.append(minute)
            while await world.relay():
                pass
    gaps = [later - earlier for earlier, later in pairwise(restarts)]
    assert restarts[0] <= 16
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 4 * gaps[0]
    ids = {from_headers(record.headers).id for record in world.broker.on(OBJECTS_CREATED) if isinstance(record, Verbatim)}
    assert len(ids) == 1, "the same event again, which consumers know"


async def test_what_makes_progress_is_not_started_again(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    await world.relay()
    world.later(minutes=10)
    (row,) = world.rows()
    assert world.sweep().restarted.total() == 0
    assert not is_overdue(row, world.parts.sweep.stalled, world.now)


async def test_the_relay_sends_nothing_while_another_store_leads(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    world.leadership.leads = False
    assert await world.relay() == 0
    world.leadership.leads = True
    assert await world.relay() == 1


async def test_killed_between_sending_and_marking_the_relay_sends_the_same_event_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put("a.pdf", "A")
    world.sweep()

    def killed(*_: Any) -> Any:
        raise StoreUnavailable("数据库不可用", "killed here")

    monkeypatch.setattr(world.ledger, "sent", killed)
    with pytest.raises(TransientError):
        await world.relay()
    monkeypatch.undo()
    await world.relay()
    assert await world.relay() == 0
    records = world.broker.on(OBJECTS_CREATED)
    assert len(records) == 2
    assert records[0] == records[1]


async def test_an_event_that_no_broker_takes_becomes_a_dead_letter_and_blocks_nothing(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    world.broker.unfit.add(OBJECTS_CREATED)
    await world.relay()
    assert await world.relay() == 0
    (letter,) = world.ledger.dead_letters()
    assert (letter.service, letter.code, letter.topic) == ("store", "event.too_large", OBJECTS_CREATED)
    assert world.outcomes() == ["dead_lettered"]


async def test_the_window_bounds_what_is_with_the_extractor(tmp_path: Path) -> None:
    world = World(tmp_path, window=3)
    await world.start()
    for number in range(10):
        world.put(f"{number}.pdf", str(number))
    world.sweep()
    while await world.relay():
        pass
    assert len(world.created()) == 3
    await world.stop()


async def test_departments_take_turns_in_a_burst(tmp_path: Path) -> None:
    world = World(tmp_path, window=1)
    await world.start()
    for number in range(20):
        world.put(f"big/{number:02}.pdf", f"b{number}")
    for name in ("x", "y"):
        world.put(f"{name}/late.pdf", name)
    world.sweep()
    left = []
    for _ in range(6):
        await world.relay()
        left += world.created()
        for record in world.broker.drain(OBJECTS_CREATED):
            for event in world.events_of(record):
                await world.deliver(event)
    assert {"x/late.pdf", "y/late.pdf"} <= set(left[:4])
    await world.stop()


async def test_a_listing_of_many_objects_is_compared_by_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    unknown = world.ledger.unknown

    def counted(ids: Any) -> Any:
        asked.append(len(ids))
        return unknown(ids)

    monkeypatch.setattr(world.ledger, "unknown", counted)
    for number in range(2500):
        world.storage.put(INBOX, f"{number:05}.pdf", b"x")
    monkeypatch.setattr(world.ledger, "note_object", lambda *_: True)
    world.sweep()
    assert asked == [1000, 1000, 500]


async def test_a_test_event_of_the_storage_is_no_hint(world: World) -> None:
    body = json.dumps({"Service": "S3", "Event": "s3:TestEvent", "Bucket": INBOX}).encode()
    assert await world.deliver(Verbatim(OBJECTS_NOTIFIED, None, (), body)) == []
    assert world.rows() == []
