"""Kafka for operating commands: a client's options, one record out, and what a broker that does not answer looks like."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shared.topics import full_name
from tieout.operations.target import Target

if TYPE_CHECKING:
    from shared.settings import Settings

PATIENCE_SECONDS: Final = 10.0
"""How long a command waits for a broker before it says that there is none."""


def client_options(settings: Settings) -> dict[str, Any]:
    """Options of every aiokafka client: brokers, TLS, SASL. From then on no client of this process makes a topic by looking at it."""
    from shared.delivery import kafka_options

    kafka_options.forbid_topic_creation()
    return kafka_options.client_options(settings, "tieout-cli")


@contextlib.asynccontextmanager
async def broker(target: Target) -> AsyncIterator[None]:
    """Turns a broker that does not answer into one line that names it and says what to do."""
    from aiokafka.errors import KafkaError

    try:
        yield
    except (KafkaError, TimeoutError, OSError) as problem:
        why = str(problem) or type(problem).__name__
        raise target.down("Kafka", "Kafka", target.settings.kafka_bootstrap, why) from problem


@dataclass(frozen=True)
class Record:
    """A record to send. `topic`: the short name."""

    topic: str
    key: str
    headers: tuple[tuple[str, bytes], ...]
    body: bytes


async def send(target: Target, records: Sequence[Record]) -> None:
    """Sends records and returns once all replicas have them. Raises UserError where the broker does not answer in time."""
    from aiokafka import AIOKafkaProducer

    prefix = target.settings.topic_prefix
    async with broker(target), asyncio.timeout(2 * PATIENCE_SECONDS + 0.05 * len(records)):
        producer = AIOKafkaProducer(**client_options(target.settings), acks="all", enable_idempotence=False, max_request_size=8 << 20)
        try:
            await producer.start()
            for each in records:
                await producer.send_and_wait(full_name(prefix, each.topic), each.body, key=each.key.encode(), headers=list(each.headers))
        finally:
            await producer.stop()
