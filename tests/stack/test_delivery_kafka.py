"""The delivery on a real broker: the ways in which Kafka clients lose, repeat or stall records without a word in the log.

Where a guard can be taken out by a switch the test is run without it as well and has to see the loss.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from conftest import free_ports
from delivery_bench import SESSION, committed, event, follow_up, get, program, put, put_events, read, running, settings_of, until

from shared.delivery.consumers import Consumers
from shared.delivery.messages import Outgoing, Received
from shared.delivery.records import read_dead_letter, read_deferred
from shared.envelope import to_headers
from shared.failures import TransientError
from shared.telemetry import metrics
from shared.telemetry.meter import Meter
from shared.topics import EVENTS_DEFERRED, OBJECTS_CREATED, TABLES_EXTRACTED, dead_letters
from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack
GROUP = "extractor.objects.created"
DEAD = dead_letters("extractor")


def received(record: Any, topic: str) -> Received:
    """A record of a plain consumer as the delivery's readers want it."""
    return Received(topic, record.partition, record.offset, record.timestamp, record.key, tuple(record.headers), record.value, None)


class Seen:
    """A handler that counts what it was given; `do` may fail or wait."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, record: Received) -> list[Outgoing]:
        self.bodies.append(record.body)
        await self.do(record)
        return [follow_up(record)]

    async def do(self, record: Received) -> None:
        """Nothing."""


async def test_an_event_from_before_the_group_is_handled_published_and_then_committed(place: Installation) -> None:
    await put_events(place, [1, 2, 3])  # with offset reset "latest", the default, nobody would ever see them
    seen = Seen()
    async with running(settings_of(place), seen):
        await until(lambda: len(seen.bodies) == 3)
    assert [record.value for record in await read(place, TABLES_EXTRACTED)] == [b"1", b"2", b"3"]
    assert await committed(place, GROUP, OBJECTS_CREATED) == 3


async def _strict(_: Consumers, record: Any, original: Any) -> Any:
    return await original(record)


STRANGE: Sequence[tuple[str, bytes | None]] = (
    ("x-null", None),
    ("x-bytes", b"\xff\xfe"),
    ("reply_to", b"stranger"),
    ("correlation_id", b"\xff"),
)


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_record_with_null_or_broken_headers_is_handled_like_any_other(
    place: Installation, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Without the lenient parser FastStream commits past it and the handler never sees it."""
    if not guarded:
        monkeypatch.setattr(Consumers, "_lenient", _strict)
    await put(place, OBJECTS_CREATED, [((*to_headers(event(1)), *STRANGE), b"strange"), (to_headers(event(2)), b"plain")])
    seen = Seen()
    async with running(settings_of(place), seen):
        await until(lambda: b"plain" in seen.bodies)
    assert (b"strange" in seen.bodies) == guarded


async def test_broken_json_and_a_missing_envelope_end_in_dead_letters_with_all_bytes(place: Installation) -> None:
    await put(place, OBJECTS_CREATED, [((("x", None),), b"\xff{"), (to_headers(event(2)), b"{broken")])
    seen = Seen()
    async with running(settings_of(place), seen):
        await until(lambda: seen.bodies == [b"{broken"])  # a handler gets raw bytes: decoding is not left to FastStream
        letters = await until_some(place, DEAD)
    letter = read_dead_letter(received(letters[0], DEAD))
    assert (letter.code, letter.origin.body, letter.origin.headers, letter.origin.key) == (
        "event.malformed",
        b"\xff{",
        (("x", None),),
        b"key",
    )
    assert (letter.origin.partition, letter.origin.offset) == (0, 0)


async def until_some(place: Installation, topic: str, count: int = 1) -> list[Any]:
    """Records of a topic once there are so many."""
    found: list[Any] = []

    async def enough() -> bool:
        found[:] = await read(place, topic)
        return len(found) >= count

    await until(enough)
    return found


@pytest.mark.parametrize("error", [ZeroDivisionError(), asyncio.CancelledError(), SystemExit(1)])
async def test_poison_is_buried_after_its_second_try_and_its_neighbours_go_on(place: Installation, error: BaseException) -> None:
    """CancelledError out of a handler ends FastStream's consume loop, and SystemExit its subscriber: nothing would follow."""

    class Poisoned(Seen):
        async def do(self, record: Received) -> None:
            if record.body == b"2":
                raise error

    await put_events(place, [1, 2, 3])
    seen = Poisoned()
    async with running(settings_of(place), seen) as service:
        await until(lambda: b"3" in seen.bodies)
        assert service._consumers.dead() == []
        (letter,) = await until_some(place, DEAD)
    assert seen.bodies == [b"1", b"2", b"2", b"3"]
    assert read_dead_letter(received(letter, DEAD)).origin.body == b"2"
    assert await committed(place, GROUP, OBJECTS_CREATED) == 3


async def test_a_passing_failure_is_deferred_and_does_not_block_the_partition(place: Installation) -> None:
    class Away(Seen):
        async def do(self, record: Received) -> None:
            if record.body == b"1":
                raise TransientError("database.away", "no answer")

    await put_events(place, [1, 2])
    seen = Away()
    async with running(settings_of(place), seen):
        await until(lambda: b"2" in seen.bodies)
        (waiting,) = await until_some(place, EVENTS_DEFERRED)
    told = read_deferred(received(waiting, EVENTS_DEFERRED))
    assert (told.code, told.origin.body, told.count) == ("database.away", b"1", 1)


async def test_a_fault_of_the_runner_itself_makes_no_storm_and_loses_nothing(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """NACK is a bare seek: without the wait the same record comes hundreds of times a second."""
    await put_events(place, [1, 2])
    seen = Seen()
    async with running(settings_of(place), seen, wait=False) as service:
        calls, handle = 0, service._runner.handle
        mended = asyncio.Event()

        async def broken(subscription: Any, record: Received) -> None:
            nonlocal calls
            calls += 1
            if not mended.is_set():
                raise RuntimeError("a bug in the delivery")
            await handle(subscription, record)

        monkeypatch.setattr(service._consumers, "_handle", broken)
        await until(lambda: calls)
        await asyncio.sleep(1.5)
        assert calls <= 2
        mended.set()
        await until(lambda: seen.bodies == [b"1", b"2"])


async def test_a_record_that_the_broker_refuses_as_too_large_is_poison_and_the_next_ones_on_its_partition_go(place: Installation) -> None:
    """The topic takes less here than its definition says. An idempotent producer would be ruined by it: OutOfOrderSequenceNumber from then
    on, until the publisher renews it after several failures."""
    await configure(place, TABLES_EXTRACTED, {"max.message.bytes": "20000"})

    class Long(Seen):
        async def __call__(self, record: Received) -> list[Outgoing]:
            self.bodies.append(record.body)
            made = follow_up(record)
            return [Outgoing(made.topic, made.key, made.envelope, b"x" * 100_000 if record.body == b"2" else record.body)]

    await put_events(place, [1, 2, 3, 4])
    async with running(settings_of(place), Long()) as service:
        (letter,) = await until_some(place, DEAD)
        await until_some(place, TABLES_EXTRACTED, 3)
        assert service._meter.value(metrics.PUBLISH_RETRIES, topic=TABLES_EXTRACTED) == 0
    assert read_dead_letter(received(letter, DEAD)).code == "event.too_large"
    assert [record.value for record in await read(place, TABLES_EXTRACTED)] == [b"1", b"3", b"4"]


async def configure(place: Installation, topic: str, values: dict[str, str]) -> None:
    """Changes a topic's settings on the broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.bootstrap)
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, place.topic(topic), configs=values)])
    finally:
        await admin.close()


async def remake(place: Installation, topic: str, delete: bool = True, make: bool = True) -> None:
    """Deletes a topic and makes it again with one partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.bootstrap)
    await admin.start()
    try:
        name = place.topic(topic)
        if delete:
            await admin.delete_topics([name])
            if not make:
                await until(lambda: _gone(admin, name))
        if make:
            await until(lambda: _made(admin, name))
    finally:
        await admin.close()


async def _gone(admin: AIOKafkaAdminClient, name: str) -> bool:
    return name not in await admin.list_topics()


async def _made(admin: AIOKafkaAdminClient, name: str) -> bool:
    answer = await admin.create_topics([NewTopic(name, 1, 1)])
    return all(error[1] == 0 for error in answer.topic_errors)


async def test_a_topic_that_was_deleted_and_made_again_is_heard_soon(place: Installation) -> None:
    """With aiokafka's default metadata age it stays silent for five minutes; `until` gives up after twenty seconds."""
    seen = Seen()
    async with running(settings_of(place), seen):
        await put_events(place, [1])
        await until(lambda: seen.bodies == [b"1"])
        await remake(place, OBJECTS_CREATED)
        await put_events(place, [2])
        await until(lambda: seen.bodies == [b"1", b"2"])


async def test_a_service_waits_for_a_topic_that_is_missing_and_makes_none(place: Installation) -> None:
    await remake(place, OBJECTS_CREATED, make=False)
    seen = Seen()
    async with running(settings_of(place), seen, wait=False) as service:
        await asyncio.sleep(1.0)
        ready, report = await service.readiness()
        assert not ready
        assert "have not joined" in str(report)
        assert (await service.liveness())[0]
        await remake(place, OBJECTS_CREATED, delete=False)  # fails if it was there
        await put_events(place, [1])
        await until(lambda: seen.bodies == [b"1"])


async def test_a_dead_letter_that_cannot_be_published_is_waited_for_and_the_record_is_not_acknowledged(place: Installation) -> None:
    async def handler(_: Received) -> list[Outgoing]:
        raise ZeroDivisionError

    await remake(place, DEAD, make=False)
    await put_events(place, [1])
    async with running(settings_of(place), handler) as service:
        await until(
            lambda: service._meter.value(metrics.FAILURES, topic=OBJECTS_CREATED, kind="poison", code="error.ZeroDivisionError") == 2
        )
        await asyncio.sleep(1.0)  # a commit would have come by now
        assert await committed(place, GROUP, OBJECTS_CREATED) is None
        await remake(place, DEAD, delete=False)
        await until(lambda: is_committed(place))
        assert len(await read(place, DEAD)) == 1


@pytest.mark.parametrize("part", ["consume loop", "coordinator", "heartbeat", "fetcher"])
async def test_a_consumer_one_of_whose_tasks_died_is_seen_and_started_again(place: Installation, part: str) -> None:
    """Each of these ends without a word while the broker still answers pings."""
    seen = Seen()
    async with running(settings_of(place), seen) as service:
        await put_events(place, [1])
        await until(lambda: seen.bodies == [b"1"])
        (member,) = service._consumers._members
        consumer = member.subscriber.consumer
        assert consumer is not None
        if part == "heartbeat":
            await until(lambda: consumer._coordinator._heartbeat_task)
            consumer._coordinator._do_heartbeat = _unexpected  # as after one response with an error code that aiokafka does not expect
        else:
            tasks = {
                "consume loop": member.subscriber.tasks[0],
                "coordinator": consumer._coordinator._coordination_task,
                "fetcher": consumer._fetcher._fetch_task,
            }
            tasks[part].cancel()
        await until(lambda: service._meter.value(metrics.CONSUMER_RESTARTS, topic=OBJECTS_CREATED) == 1)
        await put_events(place, [2])
        await until(lambda: b"2" in seen.bodies)
        assert (await service.liveness())[0]


async def _unexpected() -> bool:
    raise RuntimeError("error code 77")


async def test_a_second_member_joining_during_a_slow_handler_loses_nothing(place: Installation) -> None:
    """Duplicates are normal then: a rebalance does not wait for the record in flight, and its commit fails."""

    class Slow(Seen):
        async def do(self, record: Received) -> None:
            await asyncio.sleep(0.4)

    for partition in range(4):
        await put_events(place, range(partition * 10, partition * 10 + 4), partition=partition)
    first, second = Slow(), Slow()
    async with running(settings_of(place), first) as service:
        await until(lambda: len(first.bodies) >= 2)
        async with running(settings_of(place), second, consumers=2):
            await until(lambda: len({*first.bodies, *second.bodies}) == 16)
            await until(lambda: service._progress.in_flight(OBJECTS_CREATED) == 0)
            assert service._consumers.dead() == []
    counts = Counter(record.value for record in await read(place, TABLES_EXTRACTED))
    assert len(counts) == 16
    assert max(counts.values()) <= 4


@pytest.mark.parametrize("bug", ["", "extractor:ack_first:bug", "extractor:ack_before_publish:bug"])
async def test_a_service_killed_at_work_loses_nothing_and_the_attempt_counts(place: Installation, tmp_path: Path, bug: str) -> None:
    """With either bug put in, the killed event is lost: this test would catch it."""
    await put(place, OBJECTS_CREATED, [(to_headers(event(1)), json.dumps({"sleep": 0 if "publish" in bug else 2.5}).encode())])
    with program(place, tmp_path, fault_points=bug) as first:
        await until(lambda: first.diary()[-1:] == (["ended evt:1 1"] if "publish" in bug else ["begun evt:1 1"]))
        if bug:
            await until(lambda: is_committed(place))
        first.process.kill()
    await put(place, OBJECTS_CREATED, [(to_headers(event(2)), b"{}")])
    with program(place, tmp_path) as second:
        made: set[bytes] = set()

        async def second_made() -> bool:
            made.update(dict(record.headers)["ce_id"] for record in await read(place, TABLES_EXTRACTED))
            return b"evt:2/next" in made

        await until(second_made)
    assert (b"evt:1/next" in made) == (not bug)
    assert ("begun evt:1 2" in second.diary()) == (not bug)


async def is_committed(place: Installation) -> bool:
    """Whether the first offset is committed."""
    return await committed(place, GROUP, OBJECTS_CREATED) == 1


async def test_an_event_that_kills_the_service_each_time_ends_in_the_dead_letters(place: Installation, tmp_path: Path) -> None:
    await put(place, OBJECTS_CREATED, [(to_headers(event(1)), b'{"die": true}'), (to_headers(event(2)), b"{}")])
    for _ in range(2):
        with program(place, tmp_path, begun_limit=2) as dying:
            assert await dying.ended() == -signal.SIGKILL
    with program(place, tmp_path, begun_limit=2) as third:
        await until(lambda: "ended evt:2 1" in third.diary())
    (letter,) = await read(place, DEAD)
    told = read_dead_letter(received(letter, DEAD))
    assert (told.code, told.origin.body) == ("service.ended", b'{"die": true}')
    assert third.diary() == ["begun evt:1 1", "begun evt:1 2", "begun evt:2 1", "ended evt:2 1"]


async def test_sigterm_lets_the_record_in_work_be_finished_and_committed(place: Installation, tmp_path: Path) -> None:
    await put(place, OBJECTS_CREATED, [(to_headers(event(1)), b'{"sleep": 1.5}'), (to_headers(event(2)), b'{"sleep": 1.5}')])
    with program(place, tmp_path) as service:
        await until(lambda: service.diary() == ["begun evt:1 1"])
        service.process.terminate()
        assert await service.ended() == 0
    assert service.diary() == ["begun evt:1 1", "ended evt:1 1"]
    assert await committed(place, GROUP, OBJECTS_CREATED) == 1
    assert len(await read(place, TABLES_EXTRACTED)) == 1


async def test_a_drain_that_takes_too_long_is_cut_off_and_the_record_comes_again_as_if_new(place: Installation, tmp_path: Path) -> None:
    await put(place, OBJECTS_CREATED, [(to_headers(event(1)), b'{"sleep": 600}')])
    with program(place, tmp_path, drain_seconds=0.5) as service:
        await until(lambda: service.diary() == ["begun evt:1 1"])
        service.process.terminate()
        assert await service.ended() == 0
    assert await committed(place, GROUP, OBJECTS_CREATED) is None
    with program(place, tmp_path, drain_seconds=0.5) as service:
        await until(lambda: service.diary() == ["begun evt:1 1"] * 2)  # the attempt was taken back: nothing was wrong with the event


async def test_an_event_loop_that_stands_still_ends_the_service_and_counts(place: Installation, tmp_path: Path) -> None:
    """Blocked longer than the session, the record would be processed for ever and never committed."""
    await put(place, OBJECTS_CREATED, [(to_headers(event(1)), b"{}")])
    with program(place, tmp_path, fault_points="extractor:before_handler:block=60") as blocked:
        assert await blocked.ended() == 4
        assert "the event loop stands still" in blocked.log.read_text()
        assert "before_handler" not in blocked.diary()
    with program(place, tmp_path) as healed:
        await until(lambda: healed.diary() == ["begun evt:1 2", "ended evt:1 2"])


async def test_health_readiness_and_metrics_are_served(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.delivery.process._MEASURE_EVERY", 1)

    class Waiting(Seen):
        async def do(self, record: Received) -> None:
            await go_on.wait()

    go_on = asyncio.Event()
    (port,) = free_ports(1)
    ready = {"s3": True}
    async with running(settings_of(place, http_port=port), Waiting(), probes={"s3": lambda: ready["s3"]}) as service:
        await until(lambda: asyncio.to_thread(lambda: get(port, "/readyz")[0] == 200))
        assert (await asyncio.to_thread(get, port, "/healthz"))[0] == 200
        ready["s3"] = False

        def dependencies() -> tuple[int, object]:
            status, body = get(port, "/readyz")
            return status, json.loads(body)["dependencies"]

        # A group that was joined may be joined anew meanwhile, and Kafka is not ready for that long.
        await until(lambda: asyncio.to_thread(lambda: dependencies() == (503, {"kafka": "ok", "s3": "says no"})))
        await put_events(place, [1, 2, 3])
        await until(lambda: service._meter.value(metrics.LAG, topic=OBJECTS_CREATED) == 3)  # one in work, two waiting
        _, body = await asyncio.to_thread(get, port, "/metrics")
        assert 'tieout_in_flight{topic="objects.created"} 1.0' in body
        assert "tieout_build_info" in body
        go_on.set()
        await until(lambda: service._meter.value(metrics.LAG, topic=OBJECTS_CREATED) == 0)


async def test_a_service_with_waiting_records_and_no_completed_work_is_not_alive_and_ends(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.delivery.process._TROUBLE_SECONDS", 0.1)
    monkeypatch.setattr("shared.delivery.process._MEASURE_EVERY", 1)

    class Stuck(Seen):
        async def do(self, record: Received) -> None:
            await asyncio.sleep(600)

    await put_events(place, [1, 2])
    async with running(settings_of(place, stuck_seconds=1, drain_seconds=0.2), Stuck()) as service:
        await until(lambda: service._code == 4)
        assert service._troubles[0].startswith("no progress on objects.created")


def test_the_session_of_these_tests_is_one_that_the_broker_allows() -> None:
    assert SESSION >= 0.5
    assert Meter().value(metrics.LAG, topic="x") == 0
