"""What waits on Kafka: for each topic and consumer group the records not yet committed, and how many consumers there are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.flows import receives
from shared.topics import SERVICES, ServiceName, full_name
from tieout.operations.clients import PATIENCE_SECONDS, client_options

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, TopicPartition
    from aiokafka.admin import AIOKafkaAdminClient

    from shared.settings import Settings


@dataclass(frozen=True)
class Lag:
    """A topic (short name) as one service reads it. `lag`: records not yet committed, those under way included; null: there is no topic.

    `consumers`: members of the group.
    """

    topic: str
    service: ServiceName
    group: str
    lag: int | None
    consumers: int


class Backlog:
    """Reads the lags of an installation; use as a context manager. Raises KafkaError, OSError, TimeoutError: the broker does not answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None

    async def __aenter__(self) -> Backlog:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Gives the connections back; the next question opens new ones."""
        admin, consumer, self._admin, self._consumer = self._admin, self._consumer, None, None
        for client in (admin and admin.close, consumer and consumer.stop):
            if client is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(client(), 2)

    async def read(self) -> list[Lag]:
        """All topics that services read, in the order of the services. Closes the connections where it fails."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._read()
        except BaseException:
            await self.close()
            raise

    async def _open(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        from aiokafka import AIOKafkaConsumer
        from aiokafka.admin import AIOKafkaAdminClient

        if self._admin is None or self._consumer is None:
            options = client_options(self._settings)
            # aiokafka 0.14 learns of one unknown topic per retry when it is asked for offsets: with its 100 ms that is 1.5 s for ours.
            self._admin, self._consumer = AIOKafkaAdminClient(**options), AIOKafkaConsumer(**options, retry_backoff_ms=10)
            await self._admin.start()
            await self._consumer.start()
        return self._admin, self._consumer

    async def _read(self) -> list[Lag]:
        from aiokafka import TopicPartition

        admin, consumer = await self._open()
        prefix = self._settings.topic_prefix
        pairs = [(service, topic) for service in SERVICES for topic in receives(service)]
        names = {full_name(prefix, topic): topic for _, topic in pairs}
        described = await admin.describe_topics(list(names))
        parts = {
            names[each["topic"]]: [TopicPartition(each["topic"], part["partition"]) for part in each["partitions"]]
            for each in described
            if each["partitions"]
        }
        every = [part for same in parts.values() for part in same]
        first, end = await consumer.beginning_offsets(every), await consumer.end_offsets(every)
        groups = [full_name(prefix, f"{service}.{topic}") for service, topic in pairs]
        states = await asyncio.gather(*(self._group(admin, group) for group in groups))
        return [
            Lag(topic, service, group, lag_of(parts[topic], first, end, committed) if topic in parts else None, consumers)
            for (service, topic), group, (committed, consumers) in zip(pairs, groups, states, strict=True)
        ]

    async def _group(self, admin: AIOKafkaAdminClient, group: str) -> tuple[dict[TopicPartition, int], int]:
        """What a group has committed, and how many members it has."""
        node = await admin.find_coordinator(group)
        offsets = await admin.list_consumer_group_offsets(group, group_coordinator_id=node)
        described = await admin.describe_consumer_groups([group], group_coordinator_id=node)
        # (error, group, state, protocol type, protocol, members, …), see aiokafka 0.14, protocol/admin.py
        members = sum(len(each[5]) for answer in described for each in answer.groups)
        return {part: found.offset for part, found in offsets.items()}, members


def lag_of(
    parts: Iterable[TopicPartition],
    first: Mapping[TopicPartition, int],
    end: Mapping[TopicPartition, int],
    committed: Mapping[TopicPartition, int],
) -> int:
    """Records between what a group has committed and the end. Where it has committed nothing it begins with the first record that is there."""
    return sum(max(0, end[part] - max(first[part], committed.get(part, -1))) for part in parts)
