"""The store's loops on fakes: the relay is woken at once, the sweep keeps its times, only the leader works, adoption and repairs go on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_world import World, of_version

from services.store import activation, loops
from services.store.domain.errors import StoreUnavailable
from services.store.sweep import sweep
from shared.contracts.events import Decision
from shared.delivery.messages import Sendable
from shared.failures import TransientError
from shared.storage.ports import StorageUnavailableError
from shared.telemetry.meter import METER
from shared.telemetry.metrics import AUDIT_HOLES, LEADER, SUBMISSIONS, SWEEP_LAST, SWEEPS
from shared.topics import DOCUMENTS_STORED, OBJECTS_CREATED
from tests.unit.store.store_documents import VERSIONS, result


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, activate=",".join(f"{stage}={version}" for stage, version in VERSIONS.items()))
    await made.start()
    yield made
    await made.stop()


async def test_what_still_runs_in_a_thread_when_the_service_stops_does_not_hold_the_event_loop(tmp_path: Path) -> None:
    """A loop that stands still is taken for dead by the watchdog, and a stop would end with an error."""
    world = World(tmp_path)
    await world.start()
    release = threading.Event()
    running = asyncio.create_task(world.service._threads.run(release.wait, 20.0))
    stopping = asyncio.create_task(world.stop())
    await asyncio.sleep(0.2)
    release.set()
    await stopping
    assert await running, "the loop went on while the thread ran"


def loop(world: World, name: str) -> asyncio.Task[None]:
    """One of the service's loops, running."""
    background = next(each for each in world.service.app().backgrounds if each.name == name)
    return asyncio.create_task(background.run(world.broker.publish))  # type: ignore[arg-type]


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Waits until a condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def ended(task: asyncio.Task[None]) -> None:
    """Stops a loop."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_notification_wakes_the_relay_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "POLL_SECONDS", 3600.0)
    rounds = 0
    take = world.ledger.take

    def counted(*arguments: Any) -> Any:
        nonlocal rounds
        rounds += 1
        return take(*arguments)

    monkeypatch.setattr(world.ledger, "take", counted)
    relay = loop(world, "relay")
    await until(lambda: rounds)  # it has looked, found nothing, and waits for an hour
    world.put("a.pdf", "A")
    await world.notify("a.pdf")
    await until(lambda: world.broker.on(OBJECTS_CREATED))
    await ended(relay)


async def test_the_relay_finds_by_itself_what_another_process_put_into_the_outbox(world: World) -> None:
    relay = loop(world, "relay")
    world.put("a.pdf", "A")
    world.sweep()  # as `tieout audit --repair` does, from a process of its own
    await until(lambda: world.broker.on(OBJECTS_CREATED))
    await ended(relay)


async def test_the_relay_goes_on_at_once_while_batches_are_full(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "POLL_SECONDS", 3600.0)
    monkeypatch.setattr(loops, "BATCH", 2)
    monkeypatch.setattr("services.store.relay.BATCH", 2)
    for number in range(7):
        world.put(f"{number}.pdf", str(number))
    world.sweep()
    relay = loop(world, "relay")
    await until(lambda: len(world.broker.on(OBJECTS_CREATED)) == 7)
    await ended(relay)


async def test_a_relay_without_its_database_ends_with_a_passing_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise StoreUnavailable("数据库不可用", "the database is away")

    monkeypatch.setattr(world.ledger, "take", away)
    with pytest.raises(TransientError):
        await loop(world, "relay")


async def test_the_sweep_comes_at_the_start_and_shows_what_it_found(world: World) -> None:
    done = METER.value(SWEEPS, result="done")
    world.put("a.pdf", "A")
    task = loop(world, "sweep")
    await until(lambda: METER.value(SWEEPS, result="done") == done + 1)
    assert len(world.rows()) == 1
    assert METER.value(LEADER) == 1
    assert METER.value(SWEEP_LAST) == world.now.timestamp()
    await ended(task)


async def test_a_sweep_that_failed_is_no_success(world: World) -> None:
    failed = METER.value(SWEEPS, result="failed")
    METER.set(SWEEP_LAST, 5)
    world.topics.failure = TransientError("kafka.unavailable", "away")
    task = loop(world, "sweep")
    await until(lambda: METER.value(SWEEPS, result="failed") == failed + 1)
    assert METER.value(SWEEP_LAST) == 5
    await ended(task)


async def test_sweeps_come_again(tmp_path: Path) -> None:
    world = World(tmp_path, sweep_seconds=0.05)
    await world.start()
    done = METER.value(SWEEPS, result="done")
    task = loop(world, "sweep")
    await until(lambda: METER.value(SWEEPS, result="done") >= done + 4)
    await ended(task)
    await world.stop()


async def test_a_store_that_does_not_lead_sweeps_only_once_it_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_FOLLOW_SECONDS", 0.02)
    world.leadership.leads = False
    world.put("a.pdf", "A")
    task = loop(world, "sweep")
    await until(lambda: METER.value(LEADER) == 0)
    await asyncio.sleep(0.1)
    assert world.rows() == []
    world.leadership.leads = True
    await until(world.rows)
    await ended(task)


async def test_measures_show_the_ledger(world: World) -> None:
    for number in range(3):
        world.put(f"{number}.pdf", str(number))
    world.sweep()
    METER.set(SUBMISSIONS, 0, outcome="in_flight")
    task = loop(world, "measures")
    await until(lambda: METER.value(SUBMISSIONS, outcome="in_flight") == 3)
    await ended(task)


async def test_what_does_not_move_is_a_hole_in_the_metrics(world: World) -> None:
    world.put("a.pdf", "A")
    world.sweep()
    await world.relay()
    world.later(hours=1)
    task = loop(world, "sweep")
    await until(lambda: METER.value(AUDIT_HOLES) == 1)
    await ended(task)


async def decided(world: World, kind: str, **about: Any) -> None:
    """A person decides; the sweep carries it out."""
    world.decisions.put(Decision(id=f"decision:{kind}:{sorted(about.items())}", kind=kind, by="li", at="2026-03-02T09:00:00Z", **about))  # type: ignore[arg-type]


async def test_an_activation_that_only_the_bucket_knows_is_adopted_by_the_loops(world: World) -> None:
    newer = "0.2.0+d.c"
    world.put("a.pdf", "A")
    world.sweep()
    await world.stages()
    world.put("b.pdf", "A")
    world.sweep()
    await world.stages(lambda text: of_version(result(text), validate=newer))
    adoption = loop(world, "adoption")
    await decided(world, "activate", stage="validate", version=newer)
    world.broker.records.clear()
    sweeps = loop(world, "sweep")
    await until(lambda: [view.versions["validate"] for view in world.store.documents()] == [newer])
    await until(lambda: len(world.broker.on(DOCUMENTS_STORED)) == 2)
    await ended(sweeps)
    await ended(adoption)


async def test_a_batch_of_lost_artifacts_does_not_hold_adoption_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation, "BATCH", 1)
    newer, texts = "0.2.0+d.c", ("A", "B", "C")
    for text in texts:
        world.put(f"{text}.pdf", text)
        world.sweep()
        await world.stages()
        world.put(f"{text} again.pdf", text)
        world.sweep()
        await world.stages(lambda text: of_version(result(text), validate=newer))
    await decided(world, "activate", stage="validate", version=newer)
    world.sweep()
    first, _ = world.store.adoptable({"validate": newer}, 2)[:2]
    world.artifacts.remove(first[1].digests["validate"])
    adoption = loop(world, "adoption")
    await until(lambda: sorted(view.versions["validate"] for view in world.store.documents()) == [VERSIONS["validate"], newer, newer])
    await ended(adoption)


async def test_what_an_adoption_stored_before_it_was_killed_is_told_after_the_next_start(world: World) -> None:
    newer = "0.2.0+d.c"
    world.put("a.pdf", "A")
    world.sweep()
    await world.stages()
    world.put("b.pdf", "A")
    world.sweep()
    await world.stages(lambda text: of_version(result(text), validate=newer))
    await decided(world, "activate", stage="validate", version=newer)
    world.sweep()
    world.broker.records.clear()

    async def killed(_: Sendable) -> None:
        raise TransientError("kafka.unavailable", "the process ended here")

    background = next(each for each in world.service.app().backgrounds if each.name == "adoption")
    with pytest.raises(TransientError):
        await background.run(killed)
    assert [view.versions["validate"] for view in world.store.documents()] == [newer], "stored, and nobody was told"
    adoption = loop(world, "adoption")
    await until(lambda: len(world.broker.on(DOCUMENTS_STORED)) == 2)
    await until(lambda: world.parts.adopting.read() == ())
    await ended(adoption)


async def test_a_sweep_ends_early_when_the_service_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.store.sweep._PAGE", 5)
    for number in range(50):
        world.put(f"{number:02}.pdf", str(number))
    asked = 0

    def going() -> bool:
        nonlocal asked
        asked += 1
        return asked <= 2

    assert sweep(replace(world.parts.sweep, going=going)).seen == 10


async def test_a_decision_that_cannot_be_carried_out_does_not_stop_those_after_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await decided(world, "activate", stage="extract", version="bad")
    await decided(world, "activate", stage="validate", version="good")
    apply = world.ledger.apply

    def fails_once(decision: Decision, at: Any) -> bool:
        if decision.version == "bad":
            raise ValueError("a defect of ours")
        return apply(decision, at)

    monkeypatch.setattr(world.ledger, "apply", fails_once)
    report = world.sweep()
    assert report.decisions == 1
    assert [name for name in report.failed if name.startswith("decisions")] != []
    assert world.ledger.activated()["validate"] == "good"


async def test_a_storage_that_answers_about_nothing_ends_the_listing_early(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        world.put(f"{number}.pdf", str(number))
    asked = 0

    def away(*_: Any) -> Any:
        nonlocal asked
        asked += 1
        raise StorageUnavailableError("storage.unreachable", "away")

    monkeypatch.setattr(world.storage, "stat", away)
    monkeypatch.setattr("services.store.sweep._PAGE", 30)
    report = world.sweep()
    assert "objects" in report.failed
    assert asked == 30, "of the first page"
