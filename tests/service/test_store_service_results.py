"""The store on fakes: what it does with results, rejections, filings, dead letters, deferred events and decisions, and with all of them twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from store_world import ARTIFACTS, World, of_version

from services.store.activation import Adoption
from services.store.domain.errors import StoreUnavailable
from services.store.domain.told import read_told
from services.store.filing_reminders import FilingReminders
from shared.canonical import canonical_json, digest
from shared.contracts.events import Decision, DocumentStored, DocumentValidated
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.validated import Counts, Coverage, RulesProducer
from shared.delivery.messages import Outgoing, Received, Sendable, Verbatim
from shared.delivery.policy import Failure
from shared.delivery.records import dead_letter, deferred
from shared.envelope import Envelope, from_headers, to_headers
from shared.failures import PoisonError, TransientError
from shared.flows import receives
from shared.ids import event_id
from shared.topics import (
    DECISIONS_MADE,
    DOCUMENTS_STORED,
    FACTS_NORMALIZED,
    FILINGS_CHANGED,
    FILINGS_VALIDATED,
    OBJECTS_CREATED,
    TABLES_EXTRACTED,
)
from tests.unit.store.store_documents import VERSIONS, Result, result


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, activate=",".join(f"{stage}={version}" for stage, version in VERSIONS.items()))
    await made.start()
    yield made
    await made.stop()


async def arrived(world: World, key: str = "x/a.pdf", text: str = "A") -> Verbatim:
    """A file arrives and leaves for the extractor: its `objects.created`."""
    world.put(key, text)
    world.sweep()
    await world.relay()
    (record,) = world.broker.drain(OBJECTS_CREATED)
    assert isinstance(record, Verbatim)
    return record


def stored_bodies(records: list[Sendable]) -> list[DocumentStored]:
    """The bodies of documents.stored among published records."""
    return [msgspec.json.decode(record.body, type=DocumentStored) for record in records if record.topic == DOCUMENTS_STORED]


def poison() -> Failure:
    """A failure of our own."""
    return Failure("poison", "timeout", "shared.failures.PoisonError", "took too long", "0123456789abcdef")


def as_received(record: Sendable, topic: str | None = None) -> Received:
    """A record as a service received it."""
    headers = to_headers(record.envelope) if isinstance(record, Outgoing) else record.headers
    key = record.key.encode() if isinstance(record.key, str) else record.key
    return Received(topic or record.topic, 0, 7, 0, key, headers, record.body, from_headers(headers))


def decision(kind: str, **about: Any) -> Decision:
    """What a person decided."""
    return Decision(id=f"decision:{kind}:{len(about)}:{sorted(about.items())}", kind=kind, by="li", at="2026-03-02T09:00:00Z", **about)  # type: ignore[arg-type]


async def decide(world: World, made: Decision) -> None:
    """The event of a decision comes."""
    envelope = Envelope(id=event_id(DECISIONS_MADE, made.id), source="tieout/cli", type=f"tieout.{DECISIONS_MADE}", subject=made.id)
    await world.deliver(Outgoing(DECISIONS_MADE, made.id, envelope, canonical_json(made)))


async def test_the_store_listens_to_everything_that_the_flows_say(world: World) -> None:
    subscriptions = world.service.app().subscriptions
    assert sorted(each.topic for each in subscriptions) == sorted(receives("store"))
    deferring = {each.topic for each in subscriptions if each.defer}
    assert all(not topic.endswith("dead-letters") and topic != "events.deferred" for topic in deferring)


async def test_a_result_is_stored_and_told_with_revision_and_runs(world: World) -> None:
    created = await arrived(world)
    published: list[Sendable] = []
    for event in world.events_of(created):
        published += await world.deliver(event)
    (stored,) = stored_bodies(published)
    assert (stored.revision, stored.current, stored.supersedes, stored.verdict) == (1, True, None, "inconsistent")
    assert stored.runs.validate is not None
    assert stored.runs.validate.version == VERSIONS["validate"]
    (row,) = world.rows()
    assert (row.outcome, row.stage, row.document) == ("stored", "validate", stored.document.id)
    assert [step.kind for step in world.ledger.trail(row.object)] == [
        "arrived",
        "dispatched",
        "extracted",
        "normalized",
        "validated",
        "stored",
    ]


async def test_every_event_twice_and_in_any_order_leaves_the_same_rows(world: World, tmp_path: Path) -> None:
    created = await arrived(world)
    once = world.events_of(created)
    for event in once:
        await world.deliver(event)
    expected = world.store.digest(), world.outcomes(), [each.envelope.id for each in world.broker.on(DOCUMENTS_STORED)]  # type: ignore[union-attr]
    again: list[Sendable] = []
    for event in (*reversed(once), *once):
        again += await world.deliver(event)
    assert {each.envelope.id for each in again if isinstance(each, Outgoing) and each.topic == DOCUMENTS_STORED} == set(expected[2])
    assert (world.store.digest(), world.outcomes()) == expected[:2]
    assert len(world.store.documents()) == 1


async def test_an_accepted_finding_is_so_after_its_event_and_again_after_the_database_was_lost(world: World, tmp_path: Path) -> None:
    created = await arrived(world)
    for event in world.events_of(created):
        await world.deliver(event)
    (found,) = world.store.findings()
    made = decision("accept", finding=found.id, why="as approved")
    world.decisions.put(made)
    await decide(world, made)
    assert [each.why for each in world.store.accepted()] == ["as approved"]
    world.open(tmp_path / "new.sqlite")
    assert world.store.accepted() == []
    world.sweep()
    assert [(each.finding, each.by) for each in world.store.accepted()] == [(found.id, "li")]


async def test_a_result_that_overtakes_the_stages_before_it_is_stored_all_the_same(world: World) -> None:
    created = await arrived(world)
    for event in reversed(world.events_of(created)):
        await world.deliver(event)
    assert world.outcomes() == ["stored"]


async def test_progress_is_noted_without_loading_a_payload(world: World) -> None:
    created = await arrived(world)
    extracted, normalized, _ = world.events_of(created)
    world.storage.calls.clear()
    await world.deliver(extracted)
    await world.deliver(normalized)
    assert world.storage.calls == []
    (row,) = world.rows()
    assert row.stage == "normalize"


async def test_an_inline_result_and_one_by_reference_are_stored_alike(world: World, tmp_path: Path) -> None:
    digests = []
    for inline in (True, False):
        folder = tmp_path / str(inline)
        folder.mkdir()
        each = World(folder)
        await each.start()
        created = await arrived(each)
        *_, event = each.events_of(created)
        if inline:
            body = msgspec.json.decode(event.body, type=DocumentValidated)
            validated = result("A").validated
            event = Outgoing(
                event.topic, event.key, event.envelope,
                canonical_json(msgspec.structs.replace(body, checks=validated.checks, facts=validated.facts, claims=validated.claims)),
            )  # fmt: skip
        await each.deliver(event)
        digests.append(each.store.digest())
        await each.stop()
    assert digests[0] == digests[1]


async def test_an_inline_result_of_another_digest_than_its_run_is_refused(world: World) -> None:
    created = await arrived(world)
    *_, event = world.events_of(created)
    body = msgspec.json.decode(event.body, type=DocumentValidated)
    changed = canonical_json(msgspec.structs.replace(body, checks=(), facts=()))
    with pytest.raises(PoisonError):
        await world.deliver(Outgoing(event.topic, event.key, event.envelope, changed))
    assert world.store.documents() == []


@pytest.mark.parametrize("stage", ["extract", "normalize", "validate"])
async def test_a_missing_or_damaged_artifact_is_made_again_by_its_stage(world: World, stage: str) -> None:
    created = await arrived(world)
    *_, event = world.events_of(created)
    wanted = getattr(read_told(as_received(event)).runs, stage).digest.removeprefix("sha256:")
    world.storage.put(ARTIFACTS, f"artifacts/{wanted[:2]}/{wanted}.json.gz", b"damaged")
    with pytest.raises(TransientError) as caught:
        await world.deliver(event)
    assert caught.value.code == "artifact.missing"
    failure = Failure("transient", caught.value.code, "x", caught.value.text, "0")
    await world.deliver(deferred("store", as_received(event), failure, world._time()))
    world.later(hours=1)
    while await world.relay():
        pass
    topics = {"extract": OBJECTS_CREATED, "normalize": TABLES_EXTRACTED, "validate": FACTS_NORMALIZED}
    (again,) = world.broker.on(topics[stage])
    assert isinstance(again, Verbatim)
    assert from_headers(again.headers).force


async def test_a_database_that_is_away_keeps_nothing_half(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    created = await arrived(world)
    *_, event = world.events_of(created)

    def away(*_: Any) -> Any:
        raise StoreUnavailable("数据库不可用", "the database is away")

    monkeypatch.setattr(world.store, "store_result", away)
    with pytest.raises(TransientError):
        await world.deliver(event)
    assert world.outcomes() == [None]
    monkeypatch.undo()
    await world.deliver(event)
    assert world.outcomes() == ["stored"]


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b'{"submission": 5}', b"\xff"])
async def test_a_damaged_event_of_a_stage_is_poison(world: World, body: bytes) -> None:
    created = await arrived(world)
    for event in world.events_of(created):
        with pytest.raises(PoisonError):
            await world.deliver(Outgoing(event.topic, event.key, event.envelope, body))


async def test_a_rejection_is_a_normal_end_with_its_reason(world: World) -> None:
    created = await arrived(world)
    for event in world.events_of(created, lambda _: "encrypted"):
        await world.deliver(event)
        await world.deliver(event)
    (row,) = world.rows()
    assert row.outcome == "rejected"
    (view,) = world.store.documents()
    assert view.rejection is not None
    assert view.rejection.code == "encrypted"


async def test_an_object_that_was_gone_when_it_was_to_be_read_ends_as_gone(world: World) -> None:
    created = await arrived(world)
    for event in world.events_of(created, lambda _: "gone"):
        await world.deliver(event)
    assert world.outcomes() == ["gone"]
    assert world.store.rejections() == []


async def test_a_dead_letter_ends_a_submission_and_can_be_sent_again(world: World) -> None:
    created = await arrived(world)
    letter = dead_letter("extractor", as_received(created), poison(), 2, "2026-03-02T08:00:00Z", "2026-03-02T08:01:00Z", "0.1.0")
    world.later(minutes=5)
    await world.deliver(letter)
    await world.deliver(letter)
    assert world.outcomes() == ["dead_lettered"]
    (kept,) = world.ledger.dead_letters()
    assert (kept.service, kept.code, kept.attempts) == ("extractor", "timeout", 2)
    await decide(world, decision("redrive", dead_letter=kept.id))
    while await world.relay():
        pass
    (again,) = world.broker.drain(OBJECTS_CREATED)
    assert isinstance(again, Verbatim)
    assert (again.key, again.body) == (created.key, created.body)
    assert from_headers(again.headers).redrive == 1
    assert from_headers(again.headers).id == from_headers(created.headers).id
    for event in world.events_of(again):
        await world.deliver(event)
    assert world.outcomes() == ["stored"]


async def test_a_discarded_dead_letter_stays_counted_and_is_not_sent_again(world: World) -> None:
    created = await arrived(world)
    await world.deliver(
        dead_letter("extractor", as_received(created), poison(), 2, "2026-03-02T08:00:00Z", "2026-03-02T08:01:00Z", "0.1.0")
    )
    (kept,) = world.ledger.dead_letters()
    await decide(world, decision("discard", dead_letter=kept.id))
    assert await world.relay() == 0
    assert world.outcomes() == ["dead_lettered"]
    assert world.ledger.dead_letters() == []


async def test_a_record_that_is_no_dead_letter_begets_no_other(world: World) -> None:
    for topic in ("store.dead-letters", "extractor.dead-letters"):
        headers = to_headers(Envelope(id="x", source="x", type="x", subject="x"))
        assert await world.deliver(Verbatim(topic, None, headers, b"none of ours")) == []
    assert world.ledger.dead_letters() == []


async def test_dead_letters_of_damaged_records_are_kept_byte_for_byte(world: World) -> None:
    headers = (("ce_id", None), ("odd", b"\xff\xfe"))
    damaged = Received(OBJECTS_CREATED, 3, 9, 0, b"\xff", headers, b"\x00not json", None)
    letter = dead_letter("extractor", damaged, poison(), 1, "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "0.1.0")
    await world.deliver(Verbatim(letter.topic, letter.key, letter.headers, letter.body))
    (short,) = world.ledger.dead_letters()
    kept = world.ledger.dead_letter(short.id)
    assert kept is not None
    assert (kept.key, kept.headers, kept.value, kept.partition, kept.offset) == (b"\xff", headers, b"\x00not json", 3, 9)


async def test_a_deferred_event_is_sent_again_when_it_is_due_as_it_was(world: World) -> None:
    created = await arrived(world)
    extracted, *_ = world.events_of(created)
    failure = Failure("transient", "storage.unreachable", "x", "away", "0")
    await world.deliver(deferred("normalizer", as_received(extracted), failure, world._time()))
    (row,) = world.rows()
    assert row.waiting == "storage.unreachable"
    assert await world.relay() == 0
    world.later(seconds=11)
    assert await world.relay() == 1
    (again,) = world.broker.on(TABLES_EXTRACTED)
    assert isinstance(again, Verbatim)
    assert again.body == extracted.body
    assert from_headers(again.headers).id == extracted.envelope.id


async def test_versions_of_the_first_start_count_and_later_ones_do_not_replace_them(tmp_path: Path) -> None:
    world = World(tmp_path, activate="extract=1,validate=2")
    await world.start()
    assert world.ledger.activated() == {"extract": "1", "validate": "2"}
    world.settings = world.settings.model_copy(update={"activate": "extract=9,normalize=3,validate=9"})
    world.open(tmp_path / "store.sqlite")
    await world.start()
    assert world.ledger.activated() == {"extract": "1", "normalize": "3", "validate": "2"}
    await world.stop()


async def adopt(world: World) -> list[Outgoing]:
    """Adoption until nothing is left."""
    adoption, events = Adoption(world.store, world.ledger, world.artifacts, world.parts.adopting), []
    while True:
        batch = adoption.some()
        events += batch.events
        adoption.told()
        if not batch.more:
            return events


async def test_after_an_activation_waiting_results_become_current_and_back_again(world: World) -> None:
    newer = "0.2.0+d.c"
    for number in range(3):
        created = await arrived(world, f"x/{number}.pdf", f"text {number}")
        for read in (result, lambda text: of_version(result(text, year=2025), validate=newer)):
            for event in world.events_of(created, read):  # type: ignore[arg-type]
                await world.deliver(event)
    assert {view.versions["validate"] for view in world.store.documents()} == {VERSIONS["validate"]}
    assert await adopt(world) == []
    await decide(world, decision("activate", stage="validate", version=newer))
    events = await adopt(world)
    assert {view.versions["validate"] for view in world.store.documents()} == {newer}
    told = {event.envelope.id for event in world.broker.on(DOCUMENTS_STORED) if isinstance(event, Outgoing)}
    again = {event.envelope.id for event in events if event.topic == DOCUMENTS_STORED}
    assert len(again) == 3
    assert not again & told, "another result, another event"
    assert await adopt(world) == [], "nothing is left"
    await decide(world, decision("activate", stage="validate", version=VERSIONS["validate"], why="rollback"))
    await adopt(world)
    assert {view.versions["validate"] for view in world.store.documents()} == {VERSIONS["validate"]}


async def test_adoption_passes_over_a_document_whose_artifacts_are_gone(world: World) -> None:
    newer = "0.2.0+d.c"
    for number in range(2):
        created = await arrived(world, f"x/{number}.pdf", f"text {number}")
        for event in world.events_of(created):
            await world.deliver(event)
        lost = world.events_of(created, lambda text: of_version(result(text), validate=newer))
        for event in lost:
            await world.deliver(event)
        if number == 0:
            wanted = read_told(as_received(lost[-1])).runs.validate.digest  # type: ignore[union-attr]
            world.artifacts.remove(wanted)
    await decide(world, decision("activate", stage="validate", version=newer))
    await adopt(world)
    assert sorted(view.versions["validate"] for view in world.store.documents()) == [VERSIONS["validate"], newer]


async def test_reprocess_goes_behind_uploads(tmp_path: Path) -> None:
    world = World(tmp_path, window=4)
    await world.start()
    for number in range(4):
        world.put(f"old/{number}.pdf", f"old {number}")
    world.sweep()
    await world.stages()
    await decide(world, decision("reprocess", stage="extract"))
    for number in range(3):
        world.put(f"new/{number}.pdf", f"new {number}")
    world.sweep()
    while await world.relay():
        pass
    left = world.created()
    assert sorted(left[:3]) == ["new/0.pdf", "new/1.pdf", "new/2.pdf"]
    assert len(left[3:]) <= 1, "bulk work takes a quarter of the window at most"
    await world.stages()
    assert all(outcome == "stored" for outcome in world.outcomes())
    await world.stop()


def verdict_of(changed: FilingChanged) -> Filing:
    """A verdict over the parts of a filing."""
    return Filing(
        filing=changed.filing, members=changed.members, previous=changed.previous, verdict="consistent", counts=Counts(exact=1),
        coverage=Coverage(figures=1, tied=1, untied=0), checks=(), findings=(), producer=RulesProducer(name="validator", version=VERSIONS["validate"], rules="r1"),
    )  # fmt: skip


def two_parts(text: str) -> Result:
    """Narrative and tables of one filing, by the document's text."""
    return result(text, part="narrative" if text.startswith("narrative") else "tables")


async def test_the_second_part_makes_the_filing_change_and_its_verdict_is_stored_once(world: World) -> None:
    world.put("n.pdf", "narrative")
    world.sweep()
    await world.stages(two_parts)
    assert world.broker.on(FILINGS_CHANGED) == [], "one part has nothing to be compared with"
    world.put("t.pdf", "tables")
    world.sweep()
    await world.stages(two_parts)
    (event,) = world.broker.on(FILINGS_CHANGED)
    changed = msgspec.json.decode(event.body, type=FilingChanged)
    assert [member.part for member in changed.members] == ["narrative", "tables"]
    body = canonical_json(verdict_of(changed))
    envelope = Envelope(
        id=digest(body), source="x", type=f"tieout.{FILINGS_VALIDATED}", subject=changed.filing.id, producer=VERSIONS["validate"]
    )
    for _ in range(2):
        await world.deliver(Outgoing(FILINGS_VALIDATED, changed.filing.id, envelope, body))
    assert world.store.unreconciled_filings() == []


async def test_a_verdict_by_reference_is_read_from_its_artifact(world: World) -> None:
    for name, text in (("n.pdf", "narrative"), ("t.pdf", "tables")):
        world.put(name, text)
    world.sweep()
    await world.stages(two_parts)
    changed = msgspec.json.decode(world.broker.on(FILINGS_CHANGED)[-1].body, type=FilingChanged)
    whole = canonical_json(verdict_of(changed))
    reference = world.artifacts.put(whole)
    envelope = Envelope(id="x", source="x", type=f"tieout.{FILINGS_VALIDATED}", subject=changed.filing.id, digest=reference)
    await world.deliver(Outgoing(FILINGS_VALIDATED, changed.filing.id, envelope, b'{"cut": "short"}'))
    assert world.store.unreconciled_filings() == []


async def test_a_filing_whose_verdict_does_not_come_is_told_again_with_growing_patience(world: World) -> None:
    for name, text in (("n.pdf", "narrative"), ("t.pdf", "tables")):
        world.put(name, text)
    world.sweep()
    await world.stages(two_parts)
    told = {event.envelope.id for event in world.broker.on(FILINGS_CHANGED) if isinstance(event, Outgoing)}
    reminders, again = FilingReminders(900), []
    for minute in range(0, 60 * 24):
        events = reminders.due(world.store.unreconciled_filings(), minute * 60.0)
        again += [minute] * len(events)
        assert {event.envelope.id for event in events} <= told, "the same event, which the validator knows"
    gaps = [later - earlier for earlier, later in pairwise(again)]
    assert again[0] == 15
    assert gaps == sorted(gaps)
    assert len(again) < 12
