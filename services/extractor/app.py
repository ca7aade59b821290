"""Wiring of the extractor: its topic, its child processes, what it keeps where. Everything heavy is imported by the children only."""

from __future__ import annotations

from pathlib import Path

from services.extractor.events import on_object_created
from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp, Subscription
from shared.limits import Limits
from shared.settings import Settings
from shared.stage_service import StageService
from shared.storage.ports import ObjectStorage
from shared.topics import OBJECTS_CREATED


def create_app(settings: Settings, storage: ObjectStorage | None = None, limits: Limits | None = None) -> ServiceApp:
    """The extractor as a service. Args: storage: null: S3 as the settings say."""
    limits = limits or Limits()
    service = StageService("extract", settings, "services.extractor", storage, limits, version_arguments=(limits,))

    async def extract(pdf: Path, out: Path) -> object:
        return await service.in_child("extract", pdf, out, limits)

    async def created(received: Received) -> list[Outgoing]:
        return await on_object_created(received, await service.stage(), service.storage, extract)

    return service.app([Subscription(OBJECTS_CREATED, created, consumers=service.workers)])
