"""The rows of the design's table "what happens when", as far as they concern the store, on fakes; tests/stack/test_what_happens_when.py has
them on real servers."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from store_world import INBOX, World, of_version

from shared.contracts.events import DocumentStored
from shared.contracts.filing import FilingChanged
from shared.delivery.messages import Outgoing, Sendable, Verbatim
from shared.envelope import from_headers
from shared.topics import DOCUMENTS_STORED, FILINGS_CHANGED, OBJECTS_CREATED
from tests.unit.store.store_documents import VERSIONS, Result, result, with_findings

ACTIVE = ",".join(f"{stage}={version}" for stage, version in VERSIONS.items())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, activate=ACTIVE)
    await made.start()
    yield made
    await made.stop()


def stored(published: list[Sendable]) -> list[DocumentStored]:
    """The bodies of documents.stored."""
    return [msgspec.json.decode(record.body, type=DocumentStored) for record in published if record.topic == DOCUMENTS_STORED]


def changed(world: World) -> list[FilingChanged]:
    """The bodies of filings.changed."""
    return [msgspec.json.decode(record.body, type=FilingChanged) for record in world.broker.on(FILINGS_CHANGED)]


def corrected(text: str) -> Result:
    """A document with its finding, unless it says that it was corrected."""
    made = result(text)
    return with_findings(made, (), ()) if "corrected" in text else made


async def put_and_store(world: World, key: str, text: str, read: object = result) -> list[DocumentStored]:
    """A file arrives and goes through everything; what was told of it."""
    world.put(key, text)
    world.sweep()
    return stored(await world.stages(read))  # type: ignore[arg-type]


async def test_the_same_bytes_under_another_name_are_a_second_submission_of_one_document(world: World) -> None:
    await put_and_store(world, "x/a.pdf", "A")
    (again,) = await put_and_store(world, "y/b.pdf", "A")
    assert world.outcomes() == ["stored", "stored"]
    (view,) = world.store.documents()
    assert sorted(view.names) == ["a.pdf", "b.pdf"]
    assert again.submission.name == "b.pdf"


async def test_a_key_overwritten_by_a_corrected_file_is_a_new_revision_that_says_what_it_supersedes_and_what_changed(world: World) -> None:
    (first,) = await put_and_store(world, "x/a.pdf", "A", corrected)
    (second,) = await put_and_store(world, "x/a.pdf", "A corrected", corrected)
    assert (first.revision, second.revision) == (1, 2)
    assert second.current
    assert second.supersedes is not None
    assert (second.supersedes.document, second.supersedes.revision, second.supersedes.verdict) == (first.document.id, 1, "inconsistent")
    assert len(second.supersedes.findings_gone) == 1
    assert second.supersedes.findings_added == ()


async def test_a_then_b_then_a_again_makes_a_current(world: World) -> None:
    (a,) = await put_and_store(world, "x/a.pdf", "A")
    await put_and_store(world, "x/a.pdf", "B")
    (again,) = await put_and_store(world, "x/a.pdf", "A")
    assert (again.document.id, again.revision, again.current) == (a.document.id, 3, True)
    current = [view.id for view in world.store.documents() if view.current]
    assert current == [a.document.id]
    assert world.outcomes() == ["stored"] * 3


async def test_narrative_and_tables_in_two_files_make_the_filing_change_with_the_second(world: World) -> None:
    def part(text: str) -> Result:
        return result(text, part=text)

    await put_and_store(world, "x/n.pdf", "narrative", part)
    assert changed(world) == []
    world.later(hours=5)
    await put_and_store(world, "x/t.pdf", "tables", part)
    (filing,) = changed(world)
    assert [member.part for member in filing.members] == ["narrative", "tables"]


async def test_last_years_filing_stored_later_makes_both_years_change(world: World) -> None:
    def of_year(text: str) -> Result:
        return result(text, year=int(text))

    await put_and_store(world, "x/2025.pdf", "2025", of_year)
    assert changed(world) == []
    await put_and_store(world, "x/2024.pdf", "2024", of_year)
    (this_year,) = changed(world)
    assert this_year.filing.year == 2025
    assert this_year.previous is not None
    assert this_year.previous.filing.year == 2024


async def test_an_object_deleted_before_it_is_read_is_gone_and_nothing_waits(world: World) -> None:
    world.put("x/a.pdf", "A")
    world.sweep()
    world.storage.remove(INBOX, "x/a.pdf")
    world.sweep()
    assert await world.stages() == []
    assert world.outcomes() == ["gone"]
    assert [row.under_way for row in world.rows()] == [False]


async def test_results_of_a_new_version_wait_for_its_activation(world: World) -> None:
    await put_and_store(world, "x/a.pdf", "A")
    before = world.store.digest()
    await put_and_store(world, "y/a.pdf", "A", lambda text: of_version(with_findings(result(text), (), ()), validate="9.0.0+d.x"))
    assert world.store.digest() == before


async def test_what_kafka_lost_is_started_again_and_repeats_are_known(world: World) -> None:
    for number in range(3):
        world.put(f"x/{number}.pdf", f"text {number}")
    world.sweep()
    await world.relay()
    lost = world.broker.drain(OBJECTS_CREATED)  # the topic is gone, with what was on it
    assert len(lost) == 3
    world.later(seconds=world.settings.stalled_seconds + 1)
    report = world.sweep()
    assert report.restarted == {"none": 3}
    await world.stages()
    assert world.outcomes() == ["stored"] * 3
    again = [event for record in lost for event in world.events_of(record)]
    before = world.store.digest()
    for event in again:
        await world.deliver(event)
    assert world.store.digest() == before
    assert world.outcomes() == ["stored"] * 3


async def test_what_was_lost_between_the_stages_goes_on_after_its_last_run(world: World) -> None:
    world.put("x/a.pdf", "A")
    world.sweep()
    await world.relay()
    extracted, *_ = world.events_of(world.broker.drain(OBJECTS_CREATED)[0])
    await world.deliver(extracted)
    world.later(seconds=world.settings.stalled_seconds + 1)
    assert world.sweep().restarted == {"extract": 1}
    while await world.relay():
        pass
    (again,) = world.broker.on(extracted.topic)
    assert isinstance(again, Verbatim)
    assert from_headers(again.headers).id == extracted.envelope.id
    assert from_headers(again.headers).reason == "repair"


async def test_yesterdays_database_fills_up_again_from_bucket_and_artifacts(world: World, tmp_path: Path) -> None:
    await put_and_store(world, "x/a.pdf", "A")
    await world.stop()
    shutil.copy(tmp_path / "store.sqlite", tmp_path / "yesterday.sqlite")
    world.open(tmp_path / "store.sqlite")
    await world.start()
    for number in range(4):
        await put_and_store(world, f"y/{number}.pdf", f"text {number}")
    today = world.store.digest(), sorted(map(str, world.outcomes()))
    told = {record.envelope.id for record in world.broker.on(DOCUMENTS_STORED) if isinstance(record, Outgoing)}
    await world.stop()

    world.open(tmp_path / "yesterday.sqlite")
    await world.start()
    world.broker.records.clear()
    assert world.sweep().new == 4
    await world.stages()
    assert (world.store.digest(), sorted(map(str, world.outcomes()))) == today
    again = {record.envelope.id for record in world.broker.on(DOCUMENTS_STORED) if isinstance(record, Outgoing)}
    assert again <= told, "the same events, which consumers know"


async def test_events_under_way_while_the_database_is_restored_are_no_poison(world: World, tmp_path: Path) -> None:
    world.put("x/a.pdf", "A")
    world.sweep()
    await world.relay()
    under_way = world.events_of(world.broker.drain(OBJECTS_CREATED)[0])
    await world.stop()
    world.open(tmp_path / "empty.sqlite")
    await world.start()
    for event in under_way:
        await world.deliver(event)  # of an object that this database does not know
    world.sweep()
    await world.stages()
    assert world.outcomes() == ["stored"]


async def test_a_burst_leaves_in_a_bounded_window_and_fair_between_departments(tmp_path: Path) -> None:
    world = World(tmp_path, window=6)
    await world.start()
    for number in range(60):
        world.put(f"big/{number:03}.pdf", f"big {number}")
    for number in range(30):
        world.put(f"d{number:02}/a.pdf", f"small {number}")
    world.sweep()
    order: list[str] = []
    while await world.relay() or world.created():
        left = world.created()
        assert len(left) <= 6
        order += left
        for record in world.broker.drain(OBJECTS_CREATED):
            for event in world.events_of(record):
                await world.deliver(event)
    assert len(order) == 90
    small = [index for index, key in enumerate(order) if not key.startswith("big/")]
    assert small[-1] < 45, "thirty departments with one file each do not wait behind sixty of another"
    await world.stop()
