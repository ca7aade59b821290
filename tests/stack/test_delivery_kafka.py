"""The delivery on a real broker: each test takes one of the ways in which Kafka clients lose, repeat or stall records without a word.

What a test looks like when its guard is taken out stands in its first line or beside the switch that takes it out.
"""

from __future__ import annotations

import pytest
from delivery_bench import committed, event, follow_up, put, put_events, read, running, settings_of, until

from shared.delivery.messages import Outgoing, Received
from shared.topics import OBJECTS_CREATED, TABLES_EXTRACTED
from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack


async def test_an_event_is_handled_published_and_then_committed(place: Installation) -> None:
    await put_events(place, [1, 2, 3])  # before the group exists: offset reset "latest" would never show them
    seen: list[bytes] = []

    async def handler(record: Received) -> list[Outgoing]:
        seen.append(record.body)
        return [follow_up(record)]

    async with running(settings_of(place), handler):
        await until(lambda: len(seen) == 3)
    assert [record.value for record in await read(place, TABLES_EXTRACTED)] == [b"1", b"2", b"3"]
    assert await committed(place, "extractor.objects.created", OBJECTS_CREATED) == 3
