"""Wiring of the normaliser: its topic, its child processes, what it keeps where."""

from __future__ import annotations

from pathlib import Path

from services.normalizer.events import on_tables_extracted
from shared.contracts.rejected import Rejected
from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp, Subscription
from shared.limits import Limits
from shared.settings import Settings
from shared.stage_service import StageService
from shared.storage.ports import ObjectStorage
from shared.topics import TABLES_EXTRACTED


def create_app(settings: Settings, storage: ObjectStorage | None = None, limits: Limits | None = None) -> ServiceApp:
    """The normaliser as a service. Args: storage: null: S3 as the settings say."""
    limits = limits or Limits()
    service = StageService("normalize", settings, "services.normalizer", storage, limits)

    async def normalize(source: Path, out: Path) -> Rejected | None:
        rejected: Rejected | None = await service.in_child("normalize_file", source, out, limits)
        return rejected

    async def extracted(received: Received) -> list[Outgoing]:
        return await on_tables_extracted(received, await service.stage(), normalize)

    return service.app([Subscription(TABLES_EXTRACTED, extracted, consumers=service.workers)])
