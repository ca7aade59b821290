"""Consumers on FastStream: one broker a service, for each subscription as many subscribers as it works on records at a time.

What bites (faststream 0.7.8, aiokafka 0.14.0) and is guarded here:

- The default ack policy is ACK_FIRST (auto-commit, at most once) and the default offset reset is latest: both are set on every subscriber.
- A header that is null or no UTF-8 makes FastStream's parser raise before any ack logic, and the record is skipped: `_lenient` decodes none.
- A header `reply_to` would make FastStream publish to a topic that a stranger names: it never sees the headers.
- `max_workers` above one hands records over before they are done; so each subscriber takes one record at a time, and there are several of them.
- NACK is a bare seek back, hundreds of times a second: the runner deals with every failure itself and gives back only when it stops.
- A consume loop or coordinator that died still answers pings: `why_dead` looks at their tasks, and `Consumers.heal` starts them again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from aiokafka import ConsumerRecord
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from faststream.message import StreamMessage

from shared.delivery.consumer_state import end, generation, lag, why_dead
from shared.delivery.faults import bug_in
from shared.delivery.kafka_options import METADATA_MAX_AGE_MS, REQUEST_TIMEOUT_MS, forbid_topic_creation, security, servers
from shared.delivery.messages import Received
from shared.delivery.policy import growing_delays
from shared.delivery.ports import Clock
from shared.delivery.progress import Progress
from shared.delivery.runner import GivenBackError
from shared.delivery.service import Subscription
from shared.settings import Settings
from shared.telemetry import metrics
from shared.telemetry.cleaning import clean_text
from shared.telemetry.logs import log
from shared.telemetry.meter import Meter
from shared.topics import full_name

Handle = Callable[[Subscription, Received], Awaitable[None]]

_MEASURE_SECONDS: Final = 4.0
_LONGEST_WAIT: Final = 30.0
_LOGGER: Final = logging.getLogger("faststream")


def group_name(settings: Settings, service: str, topic: str) -> str:
    """The consumer group of a subscription: one for each service and topic (see Subscription)."""
    return f"{settings.topic_prefix}{service}.{topic}"


class _Message(KafkaAckableMessage):
    """A record whose failed commit is counted, not raised: after a rebalance it is normal, and the record comes again."""

    lost: Callable[[BaseException], None]

    async def ack(self) -> None:
        """Commits the consumer's offsets."""
        try:
            await super().ack()
        except (KafkaError, IllegalStateError) as error:
            self.lost(error)


async def _undecoded(message: StreamMessage[Any]) -> Any:
    """The handler gets the record itself: what cannot be decoded must reach the dead letters, not FastStream's error path."""
    return message.raw_message


@dataclass
class _Member:
    """One consumer of a subscription."""

    subscription: Subscription
    subscriber: DefaultSubscriber
    healing: asyncio.Task[None] | None = None


class Consumers:
    """All consumers of a service.

    Args: handle: `Runner.handle`. poll_seconds: the longest that a record may take before the broker takes the partition away.
    """

    def __init__(
        self,
        service: str,
        settings: Settings,
        subscriptions: Sequence[Subscription],
        handle: Handle,
        poll_seconds: float,
        clock: Clock,
        progress: Progress,
        meter: Meter,
    ) -> None:
        forbid_topic_creation()
        self._service = service
        self._settings = settings
        self._handle = handle
        self._poll_ms = int(poll_seconds * 1000)
        self._clock = clock
        self._progress = progress
        self._meter = meter
        self.broker = KafkaBroker(
            servers(settings),
            client_id=f"tieout-{service}",
            security=security(settings),
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            allow_auto_create_topics=False,
            consumer_only=True,  # what is published goes through shared/delivery/producer.py
            parser=self._lenient,
            decoder=_undecoded,
            apply_types=False,
            graceful_timeout=settings.drain_seconds,
            logger=_LOGGER,
            log_level=logging.DEBUG,
        )
        self._members = [_Member(each, self._subscribe(each)) for each in subscriptions for _ in range(each.consumers)]

    def _subscribe(self, subscription: Subscription) -> DefaultSubscriber:
        session_ms = int(self._settings.session_seconds * 1000)
        subscriber = self.broker.subscriber(
            full_name(self._settings.topic_prefix, subscription.topic),
            group_id=group_name(self._settings, self._service, subscription.topic),
            ack_policy=AckPolicy.ACK_FIRST if bug_in("ack_first") else AckPolicy.NACK_ON_ERROR,
            auto_offset_reset="earliest",
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=max(100, session_ms // 4),
            max_poll_interval_ms=self._poll_ms,
            auto_commit_interval_ms=500,  # of no effect but with the bug `ack_first`, which it makes show quickly
            no_reply=True,
        )
        failures = 0

        async def consume(record: Any) -> None:
            nonlocal failures
            try:
                await self._handle(subscription, _received(record, subscription.topic))
                failures = 0
            except GivenBackError as reason:
                log().info("record given back", topic=record.topic, partition=record.partition, offset=record.offset, why=str(reason))
                raise NackMessage from None
            except Exception:
                # A fault of the runner itself. NACK is a bare seek back: without the wait it would come hundreds of times a second.
                failures += 1
                log().exception("delivery failed", topic=record.topic, partition=record.partition, offset=record.offset, times=failures)
                await self._clock.sleep(min(_LONGEST_WAIT, 2.0 ** min(failures - 1, 10)))
                raise NackMessage from None

        subscriber(consume)
        return subscriber

    async def _lenient(self, record: ConsumerRecord[Any, Any], original: Any) -> StreamMessage[Any]:
        """FastStream's message for a record, without its headers (see the module)."""
        plain = await original(replace(record, headers=()))
        if not isinstance(plain, KafkaAckableMessage):  # only with the bug `ack_first`
            plain.raw_message = record
            return cast("StreamMessage[Any]", plain)
        message = _Message(
            body=b"",
            raw_message=record,
            message_id=f"{record.topic}-{record.partition}-{record.offset}",
            consumer=plain.consumer,
        )

        def lost(error: BaseException) -> None:
            self._meter.count(metrics.COMMIT_FAILURES, topic=record.topic.removeprefix(self._settings.topic_prefix))
            log().warning("offset not committed", topic=record.topic, partition=record.partition, offset=record.offset, text=str(error))

        message.lost = lost
        return message

    async def start(self) -> None:
        """Joins all groups; waits for a broker or topic that is not there, for ever and visibly."""
        await self.broker.connect()
        await asyncio.gather(*(self._start(member) for member in self._members))

    async def _start(self, member: _Member) -> None:
        for delay in growing_delays(0.5):
            try:
                await member.subscriber.start()
            except Exception as error:
                name = full_name(self._settings.topic_prefix, member.subscription.topic)
                text = clean_text(str(error)) or type(error).__name__
                log().warning(
                    "waiting for Kafka", topic=name, error=type(error).__name__, text=text, servers=self._settings.kafka_bootstrap
                )
                await end(member.subscriber)
                await self._clock.sleep(delay)
            else:
                return

    def joined(self) -> bool:
        """Whether every consumer runs and belongs to its group."""
        return all(member.subscriber.consumer is not None and generation(member.subscriber.consumer) > 0 for member in self._members)

    def dead(self) -> list[str]:
        """Consumers that are not alive: `TOPIC: why`. One that is being started again waits for Kafka and is not meant."""
        found = [
            (each.subscription.topic, why_dead(each.subscriber)) for each in self._members if each.healing is None or each.healing.done()
        ]
        return [f"{topic}: {why}" for topic, why in found if why]

    def heal(self) -> None:
        """Starts consumers that died again, each in a task of its own."""
        for member in self._members:
            if (member.healing is None or member.healing.done()) and (why := why_dead(member.subscriber)):
                log().error("consumer died, started again", topic=member.subscription.topic, why=why)
                self._meter.count(metrics.CONSUMER_RESTARTS, topic=member.subscription.topic)
                member.healing = asyncio.create_task(self._restart(member))

    async def _restart(self, member: _Member) -> None:
        await end(member.subscriber)
        await self._start(member)

    async def measure(self) -> None:
        """Sets the lag of each topic: end offsets less positions, and what is being worked on."""
        for topic in dict.fromkeys(member.subscription.topic for member in self._members):
            consumers = [m.subscriber.consumer for m in self._members if m.subscription.topic == topic and m.subscriber.consumer]
            try:
                async with asyncio.timeout(_MEASURE_SECONDS):
                    counts = [await lag(consumer) for consumer in consumers]
            except (TimeoutError, KafkaError, IllegalStateError, OSError):
                self._progress.unmeasured(topic)
                continue
            waiting = sum(records for _, records in counts) + self._progress.in_flight(topic)
            self._progress.measured(topic, waiting)
            self._meter.set(metrics.LAG, waiting, topic=topic)
            self._meter.set(metrics.PARTITIONS, sum(partitions for partitions, _ in counts), topic=topic)
            self._meter.set(metrics.IDLE_SECONDS, self._progress.idle_seconds(topic), topic=topic)

    async def stop(self) -> None:
        """Finishes the records being worked on, within the drain time; leaves the groups."""
        for member in self._members:
            if member.healing is not None:
                member.healing.cancel()
        await asyncio.gather(*(end(member.subscriber, self._settings.drain_seconds) for member in self._members))


def _received(record: ConsumerRecord[Any, Any], topic: str) -> Received:
    return Received(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        at_ms=record.timestamp,
        key=record.key,
        headers=tuple(record.headers),
        body=record.value or b"",
        envelope=None,
    )
