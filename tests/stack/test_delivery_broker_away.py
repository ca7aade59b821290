"""The delivery while its broker is frozen, stopped, or would make topics by itself: on a Kafka of these tests' own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator

import msgspec
import pytest
from conftest import free_ports, wait_until
from delivery_bench import committed, event, follow_up, put_events, read, running, settings_of, until

from shared.delivery.messages import Outgoing, Received
from shared.telemetry import metrics
from shared.topics import OBJECTS_CREATED, TABLES_EXTRACTED
from tieout.installation import kafka_node, provision
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.names import CONTROLLER, KAFKA
from tieout.installation.ports import is_free

pytestmark = pytest.mark.stack


class Broker:
    """A Kafka that may be frozen, killed and started again."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.start()

    def start(self) -> None:
        """Starts it and waits for its port."""
        command, folder = kafka_node.command(self.place.configuration), self.place.layout.kafka(1)
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=folder, env={**os.environ, **kafka_node.ENVIRONMENT}, stdout=log, stderr=log)
        wait_until(lambda: not is_free(self.place.configuration.ports[KAFKA]), 60)

    def stop(self) -> None:
        """Kills it."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def broker(servers: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that makes topics which somebody asks for, as brokers of others may."""
    ports = dict(zip((KAFKA, CONTROLLER), free_ports(2), strict=True))
    configuration = msgspec.structs.replace(servers.configuration, ports={**servers.configuration.ports, **ports}, prefix="own.")
    place = Installation(Layout.of(tmp_path_factory.mktemp("own")), configuration)
    kafka_node.prepare(place.layout, configuration)
    with (place.layout.kafka(1) / "server.properties").open("a") as settings:
        settings.write("\nauto.create.topics.enable=true\n")
    own = Broker(place)
    try:
        yield own
    finally:
        own.stop()


@pytest.fixture
async def place(broker: Broker) -> Installation:
    """Topics of the test's own on that broker."""
    place = Installation(broker.place.layout, msgspec.structs.replace(broker.place.configuration, prefix=f"own{next(_numbers)}."))
    await asyncio.to_thread(provision.make_topics, place)
    return place


_numbers = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def _short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.delivery.producer._PUBLISH_SECONDS", 1.0)
    monkeypatch.setattr("shared.delivery.producer._STOP_SECONDS", 1.0)
    monkeypatch.setattr("shared.delivery.consumer_state._STOP_SECONDS", 1.0)


def handler_of(seen: list[bytes]) -> object:
    async def handler(record: Received) -> list[Outgoing]:
        seen.append(record.body)
        return [follow_up(record)]

    return handler


async def test_a_missing_topic_is_not_made_by_looking_at_it_even_where_the_broker_would(broker: Broker, place: Installation) -> None:
    """aiokafka asks with `allow_auto_topic_creation`; without our request class the topic comes to be, with one partition."""
    gone = msgspec.structs.replace(place.configuration, prefix=f"{place.configuration.prefix}missing.")
    nowhere = Installation(place.layout, gone)
    async with running(settings_of(nowhere), handler_of([]), wait=False) as service:  # type: ignore[arg-type]
        await asyncio.sleep(1.5)
        assert not (await service.readiness())[0]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.5):
                await service._publisher.publish(follow_up(Received(OBJECTS_CREATED, 0, 0, 0, b"", (), b"", event(1))))
    assert not [name for name in await topics(place) if name.startswith(nowhere.prefix)]


async def topics(place: Installation) -> set[str]:
    """All topics of the broker."""
    from aiokafka.admin import AIOKafkaAdminClient

    admin = AIOKafkaAdminClient(bootstrap_servers=place.bootstrap)
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


async def test_a_publish_that_the_broker_does_not_confirm_is_tried_until_it_does(broker: Broker, place: Installation) -> None:
    """Not bounded, it would hang; not repeated, the event would be lost; acknowledged without it, too."""
    seen: list[bytes] = []

    async def handler(record: Received) -> list[Outgoing]:
        seen.append(record.body)
        if record.body == b"1":
            broker.process.send_signal(signal.SIGSTOP)
        return [follow_up(record)]

    await put_events(place, [1, 2])
    async with running(settings_of(place), handler) as service:
        await until(lambda: service._meter.value(metrics.PUBLISH_RETRIES, topic=TABLES_EXTRACTED) >= 2)
        assert seen == [b"1"]
        broker.process.send_signal(signal.SIGCONT)
        await until(lambda: b"2" in seen)
        await until(lambda: is_committed(place, 2))
    # What timed out may have arrived as well: unknown is not "not sent". Consumers recognise the repeat by its id.
    assert {record.value for record in await read(place, TABLES_EXTRACTED)} == {b"1", b"2"}


async def is_committed(place: Installation, offset: int) -> bool:
    """Whether all before this offset is committed."""
    return await committed(place, "extractor.objects.created", OBJECTS_CREATED) == offset


async def test_with_the_broker_frozen_a_service_stops_within_its_drain_time(broker: Broker, place: Installation) -> None:
    seen: list[bytes] = []
    await put_events(place, [1])
    async with running(settings_of(place, drain_seconds=0.5), handler_of(seen)):  # type: ignore[arg-type]
        await until(lambda: seen)
        broker.process.send_signal(signal.SIGSTOP)
    # `running` waits for thirty seconds at most
    broker.process.send_signal(signal.SIGCONT)


async def test_a_broker_that_was_killed_and_started_again_costs_nothing(broker: Broker, place: Installation) -> None:
    seen: list[bytes] = []
    await put_events(place, range(3))
    async with running(settings_of(place), handler_of(seen)) as service:  # type: ignore[arg-type]
        await until(lambda: len(seen) == 3)
        broker.stop()
        await asyncio.sleep(1.0)
        alive, _ = await service.liveness()
        ready, _ = await service.readiness()
        assert (alive, ready) == (True, False)
        await asyncio.to_thread(broker.start)
        await put_events(place, range(3, 6))
        await until(lambda: {b"3", b"4", b"5"} <= set(seen), 40)
        await until(lambda: is_committed(place, 6))
    assert {record.value for record in await read(place, TABLES_EXTRACTED)} == {b"%d" % number for number in range(6)}


async def test_a_service_that_starts_before_its_broker_waits_for_it(broker: Broker, place: Installation) -> None:
    seen: list[bytes] = []
    await put_events(place, [1])
    broker.stop()
    async with running(settings_of(place), handler_of(seen), wait=False) as service:  # type: ignore[arg-type]
        await asyncio.sleep(1.0)
        assert (await service.liveness())[0]
        assert not (await service.readiness())[0]
        await asyncio.to_thread(broker.start)
        await until(lambda: seen == [b"1"], 40)
