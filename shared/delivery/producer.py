"""Publishing: every record is confirmed by all replicas, however long that takes; none is so large that the broker refuses it.

The producer is not idempotent on purpose (docs/decisions/0006-services.md): it would never expire a batch while the broker is away, and
one record over the topic's limit would ruin it for that partition. A publish that timed out may have arrived: it is sent again, and
consumers recognise the repeat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError, RecordTooLargeError
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from shared.delivery.kafka_options import client_options, forbid_topic_creation
from shared.delivery.messages import Outgoing, RawHeaders, Sendable
from shared.delivery.policy import TOO_LARGE, growing_delays
from shared.delivery.ports import Clock
from shared.envelope import to_headers
from shared.failures import PoisonError
from shared.settings import Settings
from shared.telemetry import metrics
from shared.telemetry.cleaning import clean_text
from shared.telemetry.logs import log
from shared.telemetry.meter import Meter
from shared.topics import TopicSpec, all_topics, full_name

_PUBLISH_SECONDS: Final = 15.0
_STOP_SECONDS: Final = 5.0
_BATCH_OVERHEAD: Final = 61  # header of a record batch, format 2
_RENEW_AFTER: Final = 6  # failures in a row; aiokafka recovers alone from a broker that was away


class Publisher:
    """Sends records of all topics; see `shared.delivery.messages.Publish` for `publish`.

    Args: limits: largest record by topic (short name), from `shared/topics.py` where not given.
    """

    def __init__(self, settings: Settings, client_id: str, clock: Clock, meter: Meter, limits: Mapping[str, int] | None = None) -> None:
        self._settings = settings
        self._client_id = client_id
        self._clock = clock
        self._meter = meter
        self._limits = dict(limits) if limits is not None else {spec.name: _limit(spec) for spec in all_topics()}
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()

    async def publish(self, sendable: Sendable) -> None:
        """See Publish."""
        topic, key, headers, body = _plain(sendable)
        self._check_size(topic, key, headers, body)
        delays = growing_delays()
        failures = 0
        with self._meter.timed(metrics.PUBLISH_SECONDS, topic=topic):
            while True:
                try:
                    async with asyncio.timeout(_PUBLISH_SECONDS):
                        await self._send(topic, key, headers, body)
                except (MessageSizeTooLargeError, RecordTooLargeError, RecordListTooLargeError) as error:
                    raise PoisonError(TOO_LARGE, f"the broker refuses a record of {len(body)} bytes on {topic}") from error
                except (TimeoutError, KafkaError, OSError) as error:
                    failures += 1
                    self._meter.count(metrics.PUBLISH_RETRIES, topic=topic)
                    log().warning(
                        "publishing tried again", to=topic, error=type(error).__name__, text=clean_text(str(error)), tries=failures
                    )
                    if failures % _RENEW_AFTER == 0:
                        await self.renew()
                    await self._clock.sleep(next(delays))
                else:
                    break
        self._meter.count(metrics.PUBLISHED, topic=topic)

    async def answers(self) -> bool:
        """Whether a broker answers (the probe of readiness)."""
        async with asyncio.timeout(_STOP_SECONDS):
            producer = await self._started()
            return bool(await producer.client.force_metadata_update())

    async def renew(self) -> None:
        """Throws the connection away: the next record gets a new one. A producer that is broken for good heals so."""
        async with self._lock:
            await self._drop()

    async def stop(self) -> None:
        """Closes; bounded also when the broker is away."""
        await self.renew()

    async def _send(self, topic: str, key: bytes | None, headers: RawHeaders, body: bytes) -> None:
        producer = await self._started()
        sent = await producer.send(full_name(self._settings.topic_prefix, topic), body, key, headers=list(headers))
        await sent

    async def _started(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                forbid_topic_creation()
                producer = AIOKafkaProducer(
                    **client_options(self._settings, self._client_id),
                    acks="all",
                    enable_idempotence=False,
                    max_request_size=max(self._limits.values()) + 1024 * 1024,
                )
                self._producer = producer
                try:
                    await producer.start()
                except BaseException:
                    await self._drop()
                    raise
            return self._producer

    async def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(TimeoutError, KafkaError, OSError):
                async with asyncio.timeout(_STOP_SECONDS):
                    await producer.stop()

    def _check_size(self, topic: str, key: bytes | None, headers: RawHeaders, body: bytes) -> None:
        """Raises PoisonError: the record is larger than its topic takes."""
        size = _BATCH_OVERHEAD + DefaultRecordBatchBuilder.estimate_size_in_bytes(key, body, list(headers))
        limit = self._limits.get(topic)
        if limit is None:
            raise PoisonError("event.topic_unknown", f"there is no topic {topic!r} in shared/topics.py")
        if size > limit:
            raise PoisonError(TOO_LARGE, f"a record for {topic} has {size} bytes, the topic takes {limit}")


def _limit(spec: TopicSpec) -> int:
    return int(spec.config()["max.message.bytes"])


def _plain(sendable: Sendable) -> tuple[str, bytes | None, RawHeaders, bytes]:
    if isinstance(sendable, Outgoing):
        return sendable.topic, sendable.key.encode("utf-8", "backslashreplace"), to_headers(sendable.envelope), sendable.body
    return sendable.topic, sendable.key, sendable.headers, sendable.body
