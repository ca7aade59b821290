"""`tieout subscribe`: events as they are published, one CloudEvent a line in its JSON format."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from shared.canonical import canonical_json
from shared.topics import all_topics, full_name
from tieout.exit_codes import INTERRUPTED, NOT_AVAILABLE, NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick
from tieout.operations.clients import PATIENCE_SECONDS, broker, client_options
from tieout.operations.target import Target

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, ConsumerRecord

_PREFIX: Final = "ce_"


def subscribe(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout subscribe`; returns the exit code. Ctrl-C is its normal end (0), but 130 where `--count` events were asked for and did not come."""
    target = Target.of(arguments.data)
    topic = _topic(arguments.topic, target.settings.topic_prefix)
    complete = asyncio.run(_run(target, topic, arguments.start, arguments.count, arguments.group, language))
    return NOTHING_TO_REPORT if complete or arguments.count is None else INTERRUPTED


def _topic(asked: str, prefix: str) -> str:
    """The full name of a topic of ours, asked for by its short or full name. Raises UserError."""
    names = [topic.name for topic in all_topics()]
    short = asked.removeprefix(prefix) if prefix and asked.startswith(prefix) else asked
    if short not in names:
        raise UserError(USAGE, f"没有主题 {asked}；有 {'、'.join(names)}。", f"there is no topic {asked}; there are {', '.join(names)}.")
    return full_name(prefix, short)


async def _run(target: Target, topic: str, start: str, count: int | None, group: str | None, language: Language) -> bool:
    """Prints events until it is interrupted; says whether `count` of them were printed."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    printed = 0
    async with broker(target), _consumer(target, topic, start, group) as consumer:
        print(f"tieout: {_listening(topic, target, language)}", file=sys.stderr, flush=True)
        ended = asyncio.create_task(stop.wait())
        while count is None or printed < count:
            record = asyncio.create_task(consumer.getone())
            await asyncio.wait((record, ended), return_when=asyncio.FIRST_COMPLETED)
            if not record.done():
                record.cancel()
                return False
            _print(record.result())
            printed += 1
            if group is not None:  # printed first, committed then: an event may come twice, none is left out
                await consumer.commit()
    return True


@contextlib.asynccontextmanager
async def _consumer(target: Target, topic: str, start: str, group: str | None) -> AsyncIterator[AIOKafkaConsumer]:
    """A started consumer of one topic: with a group where that one left off, without from the chosen end."""
    from aiokafka import AIOKafkaConsumer

    reset = "earliest" if start == "beginning" else "latest"
    consumer = AIOKafkaConsumer(
        topic,
        **client_options(target.settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset=reset,
        max_partition_fetch_bytes=8 << 20,
    )
    try:
        async with asyncio.timeout(2 * PATIENCE_SECONDS):
            await consumer.start()
            there = topic in await consumer.topics()
            if not there:
                raise UserError(
                    NOT_AVAILABLE,
                    f"Kafka 上没有主题 {topic}。{target.remedy()[0]}",
                    f"there is no topic {topic} on Kafka. {target.remedy()[1]}",
                )
            if group is None:  # `now` is the moment of this line, not that of the first fetch
                for part in consumer.assignment():
                    await consumer.position(part)
        yield consumer
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(consumer.stop(), PATIENCE_SECONDS)


def _listening(topic: str, target: Target, language: Language) -> str:
    where = target.settings.kafka_bootstrap
    return pick(language, f"正在接收 {topic}（{where}），按 Ctrl-C 结束。", f"listening to {topic} at {where}; Ctrl-C ends it.")


def _print(record: ConsumerRecord[bytes, bytes]) -> None:
    try:
        sys.stdout.buffer.write(canonical_json(cloud_event(record.headers, record.value)) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def cloud_event(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> dict[str, Any]:
    """A record in the JSON format of CloudEvents 1.0: the attributes without `ce_`, then `data`.

    Data that is no JSON is text under `data`. Headers that are no attributes are left out.
    """
    event: dict[str, Any] = {}
    for name, content in headers:
        text = (content or b"").decode("utf-8", "replace")
        if name == "content-type":
            event["datacontenttype"] = text
        elif name.startswith(_PREFIX):
            event[name.removeprefix(_PREFIX)] = text
    try:
        # As it came: decoding and encoding could change a figure.
        decoded = json.loads(value or b"null")
        event["data"] = decoded if value is None or b"\n" in value else msgspec.Raw(value)
    except ValueError:
        event["data"] = (value or b"").decode("utf-8", "replace")
    return event
