"""What goes on inside a consumer of FastStream 0.7.8 and aiokafka 0.14.0: is it alive, how far is it, how to end it for certain.

Neither tells in public; this module alone looks at their tasks.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from faststream.kafka.subscriber.usecase import DefaultSubscriber

from shared.telemetry.cleaning import clean_text
from shared.telemetry.logs import log

_STOP_SECONDS: Final = 5.0


def why_dead(subscriber: DefaultSubscriber) -> str | None:
    """Why a subscriber that was started consumes no more; null while it is alive.

    Its consume loop, aiokafka's coordinator (also a heartbeat that ended with an error: aiokafka 0.14 then reports it for ever and sends
    no other) and fetcher are tasks that may end without anyone noticing.
    """
    consumer = subscriber.consumer
    if consumer is None or consumer._closed:
        return "no consumer"
    if all(task.done() for task in subscriber.tasks):
        return "consume loop ended"
    coordinator, fetcher = consumer._coordinator, consumer._fetcher
    if coordinator is None or coordinator._coordination_task.done():
        return "coordinator ended"
    heartbeat = coordinator._heartbeat_task
    if heartbeat is not None and heartbeat.done() and not heartbeat.cancelled() and heartbeat.exception():
        return f"heartbeat ended: {clean_text(str(heartbeat.exception()))}"
    if fetcher is None or fetcher._fetch_task.done():
        return "fetcher ended"
    return None


def generation(consumer: AIOKafkaConsumer) -> int:
    """Which generation of its group a consumer belongs to; below one: none yet."""
    return consumer._coordinator.generation if consumer._coordinator is not None else -1


async def end(subscriber: DefaultSubscriber, graceful_seconds: float = 0.0) -> None:
    """Stops a subscriber for certain; with the broker away aiokafka's own stop may hang."""
    consumer = subscriber.consumer
    try:
        async with asyncio.timeout(graceful_seconds + _STOP_SECONDS):
            await subscriber.stop()
    except (TimeoutError, Exception) as error:
        log().warning("consumer did not stop cleanly", error=type(error).__name__)
    subscriber.consumer = None
    if consumer is not None and not _all_done(consumer):
        await _abandon(consumer)


def _tasks(consumer: AIOKafkaConsumer) -> list[asyncio.Task[Any]]:
    coordinator, fetcher = consumer._coordinator, consumer._fetcher
    found = [] if coordinator is None else [coordinator._coordination_task, coordinator._heartbeat_task, coordinator._commit_refresh_task]
    return [task for task in (*found, *([] if fetcher is None else [fetcher._fetch_task])) if task is not None]


def _all_done(consumer: AIOKafkaConsumer) -> bool:
    return all(task.done() for task in _tasks(consumer))


async def _abandon(consumer: AIOKafkaConsumer) -> None:
    """Ends the tasks of a consumer that does not stop by itself: a heartbeat that went on would hold its partitions for ever."""
    tasks = _tasks(consumer)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=1.0)
    with suppress(Exception):
        async with asyncio.timeout(1.0):
            await consumer._client.close()


async def lag(consumer: AIOKafkaConsumer) -> tuple[int, int]:
    """(assigned partitions, records not yet taken from them)."""
    partitions = consumer.assignment()
    if not partitions:
        return 0, 0
    ends = await consumer.end_offsets(partitions)
    return len(partitions), sum([max(0, ends[each] - await consumer.position(each)) for each in partitions if each in ends])
