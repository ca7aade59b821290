"""What the tests of the delivery share: settings for a place, a service run inside the test, records put and read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

from shared.delivery.faults import set_up_faults
from shared.delivery.messages import Outgoing, Received
from shared.delivery.process import Process
from shared.delivery.service import ServiceApp, Subscription
from shared.envelope import Envelope, to_headers
from shared.ids import trace_parent
from shared.settings import Settings
from shared.telemetry.meter import Meter
from shared.testing.attempts import MemoryAttempts
from shared.topics import OBJECTS_CREATED, TABLES_EXTRACTED
from tieout.installation.installation import Installation

# Long enough that a machine with something else to do does not lose its partitions, short enough for a test to wait for it.
SESSION = 1.5
ROOT = Path(__file__).resolve().parents[2]


def settings_of(place: Installation, **changes: Any) -> Settings:
    """Settings of a service in a place, with short times."""
    found = place.environment("extractor")
    values = {name.removeprefix("TIEOUT_").lower(): value for name, value in found.items() if name.startswith("TIEOUT_")}
    values |= {"http_port": 0, "session_seconds": SESSION, "drain_seconds": 10, "retry_seconds": 1.0} | changes
    return Settings(**values)  # type: ignore[arg-type]


def event(number: int, **changes: Any) -> Envelope:
    """The envelope of an event on objects.created."""
    return Envelope(
        id=f"evt:{number}",
        source="tieout/test",
        type="objects.created",
        subject=f"obj:{number}",
        traceparent=trace_parent(f"obj:{number}"),
        **changes,
    )


def follow_up(record: Received) -> Outgoing:
    """What a stage makes of an event."""
    assert record.envelope is not None
    envelope = Envelope(
        id=record.envelope.id + "/next", source="tieout/extractor", type="tables.extracted", subject=record.envelope.subject
    )
    return Outgoing(TABLES_EXTRACTED, "key", envelope, record.body)


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    handler: Callable[[Received], Awaitable[Sequence[Any]]],
    consumers: int = 1,
    attempts: Any = None,
    wait: bool = True,
    **more: Any,
) -> AsyncIterator[Process]:
    """A service `extractor` on objects.created, in the test's own loop."""
    set_up_faults("extractor", settings)
    subscription = Subscription(OBJECTS_CREATED, handler, consumers=consumers, **more.pop("subscription", {}))
    app = ServiceApp("extractor", settings, [subscription], attempts or MemoryAttempts(), **more)
    process = Process(app, Meter())
    task = asyncio.create_task(process.run())
    try:
        if wait:
            await until(lambda: process._joined and process._consumers.joined())
        yield process
    finally:
        process._stop.set()
        await asyncio.wait_for(task, 30)
        assert process.last_resort is not None
        process.last_resort.cancel()
        set_up_faults("extractor", Settings())


async def until(condition: Callable[[], Any], seconds: float = 20) -> None:
    """Waits until a condition (a plain or an async function) holds."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.02)


async def put(
    place: Installation, topic: str, records: Sequence[tuple[Sequence[tuple[str, bytes | None]], bytes]], partition: int | None = 0
) -> None:
    """Puts records (headers, body) on a topic, by plain aiokafka."""
    producer = AIOKafkaProducer(bootstrap_servers=place.bootstrap, max_request_size=20_000_000, acks="all")
    await producer.start()
    try:
        for headers, body in records:
            await producer.send_and_wait(place.topic(topic), body, b"key", partition, headers=list(headers))  # type: ignore[arg-type]
    finally:
        await producer.stop()


async def put_events(place: Installation, numbers: Sequence[int], topic: str = OBJECTS_CREATED, partition: int | None = 0) -> None:
    """Puts events with their number as body."""
    await put(place, topic, [(to_headers(event(number)), str(number).encode()) for number in numbers], partition)


async def read(place: Installation, topic: str) -> list[ConsumerRecord]:
    """All records that lie on a topic now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=20_000_000)
    await consumer.start()
    try:
        name = place.topic(topic)
        partitions = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name) or await _partitions(consumer, name)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[ConsumerRecord] = []
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, name: str) -> set[int]:
    return set(await consumer._client._wait_on_metadata(name))


async def committed(place: Installation, group: str, topic: str, partition: int = 0) -> int | None:
    """The committed offset of a group."""
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, enable_auto_commit=False, group_id=place.prefix + group)
    await consumer.start()
    try:
        each = TopicPartition(place.topic(topic), partition)
        consumer.assign([each])
        return await consumer.committed(each)
    finally:
        await consumer.stop()


class Program:
    """A service in a process of its own (delivery_program.py)."""

    def __init__(self, place: Installation, folder: Path, **settings: object) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        values = {"session_seconds": SESSION, "drain_seconds": 10, "retry_seconds": 1.0, "http_port": 0, "work": folder, **settings}
        environment = {**os.environ, **place.environment("extractor"), "PYTHONPATH": str(ROOT)}
        environment |= {f"TIEOUT_{name.upper()}": str(value) for name, value in values.items()}
        self.log = folder / "log"
        with self.log.open("ab") as log:
            command = [sys.executable, str(Path(__file__).with_name("delivery_program.py"))]
            self.process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)

    def diary(self) -> list[str]:
        """What its handler began and ended, over all processes in this folder: `begun EVENT ATTEMPT`."""
        path = self.folder / "diary"
        return path.read_text().splitlines() if path.exists() else []

    async def ended(self, seconds: float = 20) -> int:
        """Its exit code."""
        return await asyncio.to_thread(self.process.wait, seconds)


@contextlib.contextmanager
def program(place: Installation, folder: Path, **settings: object) -> Iterator[Program]:
    """A service in a process of its own; killed in the end."""
    started = Program(place, folder, **settings)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body of a GET on this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
