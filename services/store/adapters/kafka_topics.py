"""Topics that are missing on the broker are made again, with the partitions and settings of shared/topics.py."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from shared.delivery.kafka_options import client_options
from shared.failures import TransientError
from shared.settings import Settings
from shared.topics import all_topics, full_name

_EXISTS: Final = 36  # TOPIC_ALREADY_EXISTS: another store was faster
_SECONDS: Final = 20.0  # a broker that is away must not hold the sweep


class KafkaTopics:
    """A `TopicAdmin` (services/store/ports.py). Each call has a connection of its own: it comes once in a sweep."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def make_missing(self) -> tuple[str, ...]:
        """Makes the topics that are not there; returns their short names. Raises TransientError."""
        try:
            return asyncio.run(asyncio.wait_for(self._make_missing(), _SECONDS))
        except (KafkaError, OSError, TimeoutError) as problem:
            raise TransientError("kafka.unavailable", str(problem) or f"Kafka did not answer within {_SECONDS:g} s") from problem

    async def _make_missing(self) -> tuple[str, ...]:
        settings = self._settings
        admin = AIOKafkaAdminClient(**client_options(settings, "tieout-store-topics"))
        try:
            await admin.start()
            there = set(await admin.list_topics())
            missing = [spec for spec in all_topics() if full_name(settings.topic_prefix, spec.name) not in there]
            if missing:
                new = [
                    NewTopic(
                        full_name(settings.topic_prefix, spec.name),
                        settings.partitions if spec.spread else 1,
                        settings.replication,
                        topic_configs=spec.config(),
                    )
                    for spec in missing
                ]
                _check(await admin.create_topics(new))
            return tuple(spec.name for spec in missing)
        finally:
            await admin.close()


def _check(response: Any) -> None:
    for name, code, *message in response.topic_errors:
        if code not in (0, _EXISTS):
            raise for_code(code)(f"{name}: {message[0] if message else ''}")
