"""A service to be killed: an extractor whose handler sleeps as long as the event says, and writes down what it began and ended."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp, Subscription, launch
from shared.envelope import Envelope
from shared.settings import Settings
from shared.testing.attempts import FolderAttempts
from shared.topics import OBJECTS_CREATED, TABLES_EXTRACTED


def build(settings: Settings) -> ServiceApp:
    """The service."""
    diary = settings.work / "diary"
    attempts = FolderAttempts(settings.work / "attempts")

    async def handler(record: Received) -> list[Outgoing]:
        assert record.envelope is not None
        told = json.loads(record.body)
        _write(diary, "begun", record)
        if told.get("die"):
            os.kill(os.getpid(), 9)
        await asyncio.sleep(told.get("sleep", 0))
        _write(diary, "ended", record)
        envelope = Envelope(id=record.envelope.id + "/next", source="x", type="tables.extracted", subject=record.envelope.subject)
        return [Outgoing(TABLES_EXTRACTED, "key", envelope, record.body)]

    return ServiceApp("extractor", settings, [Subscription(OBJECTS_CREATED, handler)], attempts)


def _write(diary: Path, what: str, record: Received) -> None:
    with diary.open("a") as out:
        out.write(f"{what} {record.envelope.id if record.envelope else ''} {record.attempt}\n")


if __name__ == "__main__":
    sys.exit(launch("extractor", build))
