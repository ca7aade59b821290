"""How consumers and producer are set up, without a broker: the defaults of FastStream and aiokafka lose events."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiokafka.client
import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaRouter

from shared.delivery import faults
from shared.delivery.clock import SystemClock
from shared.delivery.consumers import Consumers, group_name
from shared.delivery.kafka_options import client_options, forbid_topic_creation, security
from shared.delivery.messages import Outgoing, Received
from shared.delivery.producer import Publisher
from shared.delivery.progress import Progress
from shared.delivery.service import Subscription
from shared.envelope import Envelope
from shared.failures import PoisonError
from shared.settings import Settings
from shared.telemetry.meter import Meter
from shared.testing.clock import FakeClock
from shared.topics import FACTS_NORMALIZED, OBJECTS_CREATED, TABLES_EXTRACTED, all_topics


async def handler(_: Received) -> Sequence[Outgoing]:
    return []


async def handle(_: Subscription, __: Received) -> None:
    return None


def consumers(settings: Settings | None = None) -> Consumers:
    subscriptions = [Subscription(OBJECTS_CREATED, handler, consumers=3), Subscription(FACTS_NORMALIZED, handler)]
    clock = SystemClock()
    progress = Progress(clock, [each.topic for each in subscriptions])
    return Consumers("extractor", settings or Settings(), subscriptions, handle, 2000.0, clock, progress, Meter())


def unsafe(broker: KafkaBroker) -> list[str]:
    """Subscribers that may lose events."""
    return [
        f"{subscriber.topic_names}: {subscriber.ack_policy}"
        for subscriber in broker.subscribers
        if subscriber.ack_policy is not AckPolicy.NACK_ON_ERROR
        or subscriber._connection_args["enable_auto_commit"]
        or subscriber._connection_args["auto_offset_reset"] != "earliest"
    ]


def test_every_subscriber_commits_after_the_work_and_begins_at_the_beginning() -> None:
    it = consumers()
    assert len(it.broker.subscribers) == 4
    assert unsafe(it.broker) == []


def test_the_check_finds_what_faststream_makes_of_its_own_accord() -> None:
    """Its default acknowledges first; a policy on the broker is not inherited by a router that is included later."""
    plain, routed, router = KafkaBroker(), KafkaBroker(ack_policy=AckPolicy.NACK_ON_ERROR), KafkaRouter()
    kept = [plain.subscriber("plain", group_id="g"), router.subscriber("routed", group_id="g")]
    routed.include_router(router)
    assert len(kept) == 2
    assert len(unsafe(plain)) == 1
    assert len(unsafe(routed)) == 1


def test_the_bug_of_acknowledging_first_can_be_put_in_and_is_found() -> None:
    faults.set_up_faults("extractor", Settings(fault_points="extractor:ack_first:bug"))
    try:
        it = consumers()
        assert len(unsafe(it.broker)) == 4
    finally:
        faults.set_up_faults("extractor", Settings())


def test_each_subscription_has_a_group_of_its_own_and_each_consumer_takes_one_record_at_a_time() -> None:
    it = consumers()
    found = it.broker.subscribers
    assert sorted(str(each.group_id) for each in found) == ["tieout.extractor.facts.normalized", *["tieout.extractor.objects.created"] * 3]
    assert {type(subscriber).__name__ for subscriber in found} == {"DefaultSubscriber"}  # no batches, no concurrent ones
    assert group_name(Settings(topic_prefix="x."), "store", "a.b") == "x.store.a.b"


def test_sessions_polls_and_the_age_of_metadata_are_chosen_not_defaulted() -> None:
    it = consumers(Settings(session_seconds=8))
    arguments = it.broker.subscribers[0]._connection_args
    assert (arguments["session_timeout_ms"], arguments["heartbeat_interval_ms"], arguments["max_poll_interval_ms"]) == (
        8000,
        2000,
        2_000_000,
    )
    assert it.broker._connection_kwargs["metadata_max_age_ms"] == 10_000
    assert not it.broker.config.broker_config.allow_auto_create_topics


def test_clients_ask_for_metadata_without_making_topics() -> None:
    forbid_topic_creation()
    request = aiokafka.client.MetadataRequest(["any"])
    assert request._allow_auto_topic_creation is False


@pytest.mark.parametrize(
    ("changes", "protocol", "mechanism"),
    [
        ({}, "PLAINTEXT", None),
        ({"kafka_security": "ssl"}, "SSL", None),
        ({"kafka_security": "sasl_plaintext", "kafka_sasl_mechanism": "PLAIN"}, "SASL_PLAINTEXT", "PLAIN"),
        ({"kafka_security": "sasl_ssl", "kafka_sasl_mechanism": "SCRAM-SHA-256"}, "SASL_SSL", "SCRAM-SHA-256"),
        ({"kafka_security": "sasl_ssl"}, "SASL_SSL", "SCRAM-SHA-512"),
    ],
)
def test_tls_and_sasl_reach_the_clients(changes: dict[str, str], protocol: str, mechanism: str | None) -> None:
    settings = Settings(kafka_user="tieout", kafka_password="secret", kafka_bootstrap="a:1, b:2", **changes)  # type: ignore[arg-type]
    options = client_options(settings, "me")
    assert (options["security_protocol"], options.get("sasl_mechanism")) == (protocol, mechanism)
    assert options["bootstrap_servers"] == ["a:1", "b:2"]
    assert (options.get("ssl_context") is not None) == protocol.endswith("SSL")
    if mechanism:
        assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("tieout", "secret")
    assert security(settings).use_ssl == protocol.endswith("SSL")


async def test_a_record_over_its_topics_size_is_refused_before_it_is_sent() -> None:
    publisher = Publisher(Settings(kafka_bootstrap="127.0.0.1:1"), "me", FakeClock(), Meter())
    envelope = Envelope(id="e", source="s", type="t", subject="x")
    async with asyncio.timeout(5):  # there is no broker: what is sent is tried for ever
        with pytest.raises(PoisonError) as error:
            await publisher.publish(Outgoing(TABLES_EXTRACTED, "k", envelope, b"x" * 1024 * 1024))
        assert error.value.code == "event.too_large"
        with pytest.raises(PoisonError, match=r"no topic 'no\.such'"):
            await publisher.publish(Outgoing("no.such", "k", envelope, b""))


async def test_the_producer_waits_for_all_replicas_and_is_not_idempotent(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []

    class Recorded:
        def __init__(self, **options: object) -> None:
            made.append(options)

        async def start(self) -> None:
            raise OSError("no broker here")

        async def stop(self) -> None:
            return None

    monkeypatch.setattr("shared.delivery.producer.AIOKafkaProducer", Recorded)
    publisher = Publisher(Settings(), "me", FakeClock(), Meter())
    with pytest.raises(OSError, match="no broker"):
        await publisher.answers()
    assert (made[0]["acks"], made[0]["enable_idempotence"]) == ("all", False)
    assert made[0]["max_request_size"] > max(spec.max_bytes for spec in all_topics())  # type: ignore[operator]
