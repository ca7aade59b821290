"""One record through the runner: what is done with it, and when its offset may be committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from shared.delivery import faults
from shared.delivery.messages import Outgoing, Received, Sendable
from shared.delivery.policy import ARTIFACT_MISSING, ENDED_SERVICE, MALFORMED
from shared.delivery.ports import Attempt
from shared.delivery.records import read_dead_letter, read_deferred
from shared.delivery.runner import Terms
from shared.delivery.service import ServiceApp, Subscription
from shared.envelope import Envelope, from_headers, to_headers
from shared.failures import PoisonError, TransientError
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing.attempts import MemoryAttempts
from shared.testing.memory_broker import TERMS, MemoryBroker, MemoryService, run_until_idle
from shared.topics import EVENTS_DEFERRED, OBJECTS_CREATED, OBJECTS_NOTIFIED, TABLES_EXTRACTED, dead_letters

DEAD = dead_letters("extractor")
PARENT = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
Work = Callable[[Received], Awaitable[Sequence[Sendable]]]


def envelope(identifier: str = "evt:1", **changes: object) -> Envelope:
    return Envelope(id=identifier, source="s", type="objects.created", subject="obj:1", traceparent=PARENT, **changes)  # type: ignore[arg-type]


def outgoing(body: bytes = b"made") -> Outgoing:
    return Outgoing(TABLES_EXTRACTED, "sha256:1", Envelope(id="evt:2", source="s", type="tables.extracted", subject="sha256:1"), body)


def service(handler: Work, attempts: MemoryAttempts | None = None, terms: Terms = TERMS, **options: object) -> MemoryService:
    subscription = Subscription(OBJECTS_CREATED, handler, **options)  # type: ignore[arg-type]
    return MemoryService(ServiceApp("extractor", Settings(), [subscription], attempts or MemoryAttempts()), MemoryBroker(), terms)


def failing(*errors: BaseException | None) -> tuple[Work, list[Received]]:
    """A handler that raises these, one a call, then does its work; and what it was given."""
    left, calls = list(errors), list[Received]()

    async def handler(record: Received) -> Sequence[Sendable]:
        calls.append(record)
        error = left.pop(0) if left else None
        if error is not None:
            raise error
        return [outgoing()]

    return handler, calls


async def test_what_a_handler_returns_is_published_before_the_offset_may_be_committed() -> None:
    handler, calls = failing()
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"body")
    await run_until_idle([it])
    assert it.positions[OBJECTS_CREATED] == 1
    assert [record.body for record in it.broker.topics[TABLES_EXTRACTED]] == [b"made"]
    assert [(record.body, record.attempt) for record in calls] == [(b"body", 1)]
    assert it.meter.value(metrics.EVENTS, topic=OBJECTS_CREATED, outcome="done") == 1


async def test_what_is_published_carries_time_lane_trace_and_redrive_count_of_what_it_follows_from() -> None:
    handler, _ = failing()
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(lane="bulk", redrive=3), b"")
    await run_until_idle([it])
    sent = from_headers(it.broker.topics[TABLES_EXTRACTED][0].headers)
    assert (sent.lane, sent.traceparent, sent.redrive) == ("bulk", PARENT, 3)
    assert sent.time.startswith("2026-01-01T00:00:00")


async def test_a_passing_failure_is_tried_again_here_with_growing_delays() -> None:
    handler, calls = failing(TransientError("s3.away", "x"), TransientError("s3.away", "x"))
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert len(calls) == 3
    assert it.broker.clock.slept == [0.2, 0.4]  # type: ignore[attr-defined]
    assert {record.attempt for record in calls} == {1}  # the same attempt: nothing was wrong with the event
    assert len(it.broker.topics[TABLES_EXTRACTED]) == 1
    assert it.meter.value(metrics.RETRIES, topic=OBJECTS_CREATED, kind="transient") == 2


async def test_a_failure_that_lasts_is_deferred_and_the_next_record_has_its_turn() -> None:
    calls: list[str] = []

    async def handler(record: Received) -> Sequence[Sendable]:
        assert record.envelope is not None
        calls.append(record.envelope.id)
        if record.envelope.id == "evt:bad":
            raise TransientError("database.away", "no answer")
        return []

    attempts = MemoryAttempts()
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope("evt:bad"), b"one")
    it.broker.event(OBJECTS_CREATED, envelope("evt:good"), b"two")
    await run_until_idle([it])
    assert calls[-1] == "evt:good"
    (waiting,) = [read_deferred(record) for record in it.broker.topics[EVENTS_DEFERRED]]
    assert (waiting.service, waiting.code, waiting.count) == ("extractor", "database.away", 1)
    assert waiting.origin.body == b"one"
    assert attempts.kept == {}  # a passing failure is no attempt that counts
    assert sum(it.broker.clock.slept) <= TERMS.retry_seconds + 5  # type: ignore[attr-defined]


async def test_a_missing_artifact_is_deferred_without_waiting() -> None:
    handler, calls = failing(TransientError(ARTIFACT_MISSING, "sha256:1"))
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert len(calls) == 1
    assert read_deferred(it.broker.topics[EVENTS_DEFERRED][0]).code == ARTIFACT_MISSING


async def test_where_deferring_needs_what_is_away_the_record_is_held_here_and_given_back_in_the_end() -> None:
    handler, calls = failing(*[TransientError("database.away", "x")] * 1000)
    it = service(handler, defer=False)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    assert not await it.step(it.app.subscriptions[0])
    assert it.positions[OBJECTS_CREATED] == 0  # comes again
    assert it.broker.topics[EVENTS_DEFERRED] == []
    assert len(calls) > 50
    assert it.broker.clock.monotonic() > TERMS.hold_seconds  # no storm: one return in so many seconds


async def test_poison_is_tried_once_more_and_then_lies_in_the_dead_letters() -> None:
    handler, calls = failing(PoisonError("timeout", "SIGALRM"), ZeroDivisionError("s3cret-value"))
    attempts = MemoryAttempts()
    it = service(handler, attempts)
    original = it.broker.event(OBJECTS_CREATED, envelope(), b"\x00body")
    await run_until_idle([it])
    assert [record.attempt for record in calls] == [1, 2]
    letter = read_dead_letter(it.broker.topics[DEAD][0])
    assert (letter.code, letter.attempts, letter.text) == ("error.ZeroDivisionError", 2, "***")
    assert (letter.origin.key, letter.origin.headers, letter.origin.body) == (original.key, original.headers, original.body)
    assert it.positions[OBJECTS_CREATED] == 1
    assert attempts.kept == {}


async def test_a_second_try_that_works_makes_no_dead_letter() -> None:
    handler, _ = failing(PoisonError("crashed", "SIGSEGV"))
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert it.broker.topics[DEAD] == []
    assert len(it.broker.topics[TABLES_EXTRACTED]) == 1


async def test_the_second_try_is_alone_and_neighbours_wait_for_it() -> None:
    inside: list[str] = []
    together: list[tuple[str, ...]] = []

    async def handler(record: Received) -> Sequence[Sendable]:
        assert record.envelope is not None
        name = f"{record.envelope.id}#{record.attempt}"
        inside.append(name)
        together.append(tuple(inside))
        await asyncio.sleep(0.02)
        inside.remove(name)
        if record.envelope.id == "evt:bad":
            raise ZeroDivisionError
        return []

    it = service(handler)
    records = [it.broker.event(OBJECTS_CREATED, envelope(f"evt:{name}"), b"") for name in ("bad", "a", "b")]
    await asyncio.gather(*(it.runner.handle(it.app.subscriptions[0], record) for record in records))
    await it.runner.handle(it.app.subscriptions[0], it.broker.event(OBJECTS_CREATED, envelope("evt:c"), b""))
    assert ("evt:bad#2",) in together
    assert not any("evt:bad#2" in names and len(names) > 1 for names in together)
    assert any(len(names) > 1 for names in together)  # ordinary work does go side by side


@pytest.mark.parametrize("headers", [(), (("ce_id", None),), (("ce_id", b"\xff"), ("x", None)), to_headers(envelope())[1:2]])
async def test_a_record_without_a_readable_envelope_is_dead_at_once_with_its_bytes(headers: tuple[tuple[str, bytes | None], ...]) -> None:
    handler, calls = failing()
    it = service(handler)
    it.broker.put(OBJECTS_CREATED, headers, b"\xff not json", b"\xfekey")
    it.broker.event(OBJECTS_CREATED, envelope(), b"good")
    await run_until_idle([it])
    letter = read_dead_letter(it.broker.topics[DEAD][0])
    assert (letter.code, letter.attempts) == (MALFORMED, 1)
    assert (letter.origin.body, letter.origin.key, letter.origin.headers) == (b"\xff not json", b"\xfekey", headers)
    assert [record.body for record in calls] == [b"good"]


async def test_records_that_are_not_ours_reach_the_handler_without_envelope() -> None:
    seen: list[Envelope | None] = []

    async def handler(record: Received) -> Sequence[Sendable]:
        seen.append(record.envelope)
        return []

    app = ServiceApp("store", Settings(), [Subscription(OBJECTS_NOTIFIED, handler, needs_envelope=False)], MemoryAttempts())
    it = MemoryService(app, MemoryBroker())
    it.broker.put(OBJECTS_NOTIFIED, (), b"{}")
    await run_until_idle([it])
    assert seen == [None]


async def test_a_cancelled_future_inside_a_handler_is_poison_and_not_the_end_of_the_consumer() -> None:
    """Without the guard CancelledError leaves `handle`, and FastStream's consume loop ends for good."""
    handler, calls = failing(asyncio.CancelledError(), asyncio.CancelledError())
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert len(calls) == 2
    assert read_dead_letter(it.broker.topics[DEAD][0]).code == "handler.cancelled"


async def test_a_real_cancellation_passes_and_the_record_is_not_done() -> None:
    begun = asyncio.Event()

    async def handler(_: Received) -> Sequence[Sendable]:
        begun.set()
        await asyncio.sleep(3600)
        return []

    attempts = MemoryAttempts()
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    task = asyncio.create_task(it.step(it.app.subscriptions[0]))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert it.positions[OBJECTS_CREATED] == 0
    assert it.broker.topics[DEAD] == []
    assert attempts.kept == {}  # a drain that was cut off is not the event's fault


async def test_exit_called_by_a_handler_is_poison_too() -> None:
    handler, _ = failing(SystemExit(1), SystemExit(1))
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert read_dead_letter(it.broker.topics[DEAD][0]).code == "error.SystemExit"


async def test_a_handler_that_never_ends_is_ended_and_counts_as_poison() -> None:
    async def handler(_: Received) -> Sequence[Sendable]:
        await asyncio.sleep(3600)
        return []

    it = service(handler, terms=Terms(20, 5, handler_seconds=0.01, hold_seconds=300))
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert read_dead_letter(it.broker.topics[DEAD][0]).code == "handler.timeout"


async def test_an_event_larger_than_its_topic_is_poison_with_a_code_of_its_own() -> None:
    async def handler(_: Received) -> Sequence[Sendable]:
        return [outgoing(b"x" * 2_000_000)]

    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"in")
    it.broker.event(OBJECTS_CREATED, envelope("evt:9"), b"in")
    await run_until_idle([it])
    assert [read_dead_letter(record).code for record in it.broker.topics[DEAD]] == ["event.too_large"] * 2
    assert it.broker.topics[TABLES_EXTRACTED] == []


async def test_a_dead_letter_that_does_not_fit_is_sent_without_its_body() -> None:
    handler, _ = failing(ZeroDivisionError(), ZeroDivisionError())
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"x" * (8 * 1024 * 1024))
    await run_until_idle([it])
    letter = read_dead_letter(it.broker.topics[DEAD][0])
    assert letter.origin.body is None
    assert letter.origin.size == 8 * 1024 * 1024


async def test_where_the_dead_letter_cannot_be_published_the_record_is_not_done() -> None:
    handler, calls = failing(*[ZeroDivisionError()] * 4)
    attempts = MemoryAttempts()
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    it.broker.refuse = [OSError("broker away")]
    with pytest.raises(OSError, match="broker away"):
        await it.step(it.app.subscriptions[0])
    assert it.positions[OBJECTS_CREATED] == 0
    assert attempts.kept != {}  # the attempts count on: next time it is buried without much ado
    await run_until_idle([it])
    assert len(it.broker.topics[DEAD]) == 1
    assert [record.attempt for record in calls] == [1, 2, 3]


async def test_an_event_that_ended_the_service_each_time_is_given_up_without_another_try() -> None:
    handler, calls = failing()
    attempts = MemoryAttempts()
    attempts.kept["extractor/evt:1-0"] = Attempt(5, "2025-12-31T00:00:00Z")
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    letter = read_dead_letter(it.broker.topics[DEAD][0])
    assert (letter.code, letter.first_at) == (ENDED_SERVICE, "2025-12-31T00:00:00Z")
    assert calls == []


async def test_after_one_death_of_the_service_the_event_goes_alone_and_fails_for_good_the_next_time() -> None:
    handler, calls = failing(PoisonError("crashed", "SIGSEGV"))
    attempts = MemoryAttempts()
    attempts.kept["extractor/evt:1-0"] = Attempt(1, "2025-12-31T00:00:00Z")
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert [record.attempt for record in calls] == [2]
    assert read_dead_letter(it.broker.topics[DEAD][0]).attempts == 2


async def test_what_waits_while_a_neighbour_is_tried_alone_is_not_counted_as_begun() -> None:
    """A neighbour that ends the service again and again would take it along into the dead letters."""
    inside, leave = asyncio.Event(), asyncio.Event()

    async def handler(_: Received) -> Sequence[Sendable]:
        inside.set()
        await leave.wait()
        return []

    attempts = MemoryAttempts()
    attempts.kept = {f"extractor/evt:{number}-0": Attempt(1, "2025-12-31T00:00:00Z") for number in (1, 2)}
    it = service(handler, attempts)
    records = [it.broker.event(OBJECTS_CREATED, envelope(f"evt:{number}"), b"") for number in (1, 2)]
    handling = [asyncio.create_task(it.runner.handle(it.app.subscriptions[0], record)) for record in records]
    await inside.wait()
    await asyncio.sleep(0.1)
    assert sorted(attempt.number for attempt in attempts.kept.values()) == [1, 2]
    leave.set()
    await asyncio.gather(*handling)
    assert attempts.kept == {}


async def test_a_redriven_event_counts_anew() -> None:
    handler, calls = failing()
    attempts = MemoryAttempts()
    attempts.kept["extractor/evt:1-0"] = Attempt(5, "2025-12-31T00:00:00Z")
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(redrive=1), b"")
    await run_until_idle([it])
    assert [record.attempt for record in calls] == [1]


async def test_attempts_that_cannot_be_counted_are_the_storages_trouble_not_the_events() -> None:
    handler, calls = failing()
    attempts = MemoryAttempts()
    attempts.errors = [TransientError("storage.unavailable", "x"), OSError("socket")]
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert [record.attempt for record in calls] == [1]
    assert it.broker.topics[DEAD] == []


async def test_attempts_that_cannot_be_cleared_do_not_undo_the_work() -> None:
    class Unclearable(MemoryAttempts):
        def done(self, key: str) -> None:
            raise OSError("away")

    handler, calls = failing()
    it = service(handler, Unclearable())
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert len(calls) == 1
    assert it.positions[OBJECTS_CREATED] == 1


async def test_while_the_service_stops_nothing_is_waited_for() -> None:
    handler, calls = failing(*[TransientError("s3.away", "x")] * 100)
    attempts = MemoryAttempts()
    it = service(handler, attempts)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    it.runner.stop()
    assert not await it.step(it.app.subscriptions[0])
    assert len(calls) == 1
    assert attempts.kept == {}
    assert it.meter.value(metrics.EVENTS, topic=OBJECTS_CREATED, outcome="returned") == 1


async def test_a_dead_letter_that_its_reader_fails_on_is_not_buried_again() -> None:
    """Else the store would read its own dead letter, fail, and write the next one, for ever."""

    async def handler(_: Received) -> Sequence[Sendable]:
        raise ZeroDivisionError

    app = ServiceApp("store", Settings(), [Subscription(dead_letters("store"), handler, durable_attempts=False)], MemoryAttempts())
    it = MemoryService(app, MemoryBroker())
    it.broker.event(dead_letters("store"), envelope(), b"")
    await run_until_idle([it])
    assert len(it.broker.topics[dead_letters("store")]) == 1
    assert it.meter.value(metrics.DEAD_LETTERS, topic=dead_letters("store"), code="error.ZeroDivisionError") == 1


async def test_what_comes_from_the_deferred_is_never_deferred_again() -> None:
    handler, _ = failing(*[TransientError("database.away", "x")] * 1000)
    app = ServiceApp("store", Settings(), [Subscription(EVENTS_DEFERRED, handler)], MemoryAttempts())
    it = MemoryService(app, MemoryBroker())
    it.broker.event(EVENTS_DEFERRED, envelope(), b"")
    assert not await it.step(app.subscriptions[0])
    assert len(it.broker.topics[EVENTS_DEFERRED]) == 1


async def test_without_durable_attempts_the_storage_is_left_alone() -> None:
    handler, calls = failing(ZeroDivisionError(), ZeroDivisionError())
    attempts = MemoryAttempts()
    attempts.errors = [OSError("must not be called")] * 9
    it = service(handler, attempts, durable_attempts=False)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    assert [record.attempt for record in calls] == [1, 2]
    assert len(it.broker.topics[DEAD]) == 1


async def test_an_event_given_twice_is_handled_twice_with_the_same_result() -> None:
    handler, _ = failing()
    it = service(handler)
    for _ in range(2):
        it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    first, second = it.broker.topics[TABLES_EXTRACTED]
    assert from_headers(first.headers).id == from_headers(second.headers).id
    assert it.broker.topics[DEAD] == []


async def test_the_bug_of_publishing_after_the_ack_can_be_put_in_for_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_active", faults._active)  # taken away again afterwards
    faults.set_up_faults("extractor", Settings(fault_points="extractor:ack_before_publish:bug"))
    handler, _ = failing()
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    faults.set_up_faults("extractor", Settings())
    assert it.positions[OBJECTS_CREATED] == 1
    assert it.broker.topics[TABLES_EXTRACTED] == []  # a kill now would lose it


async def test_what_is_published_says_how_often_its_work_was_begun() -> None:
    handler, _ = failing(ValueError("the first time"), None)
    it = service(handler)
    it.broker.event(OBJECTS_CREATED, envelope(), b"")
    await run_until_idle([it])
    (sent,) = it.broker.topics[TABLES_EXTRACTED]
    assert from_headers(sent.headers).attempts == 2
