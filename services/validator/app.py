"""Wiring of the validator: its topics, its child processes, what it keeps where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.validator.events import Work, on_facts_normalized, on_filing_changed
from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp, Subscription
from shared.limits import Limits
from shared.settings import Settings
from shared.stage_service import StageService
from shared.storage.ports import ObjectStorage
from shared.topics import FACTS_NORMALIZED, FILINGS_CHANGED


def create_app(settings: Settings, storage: ObjectStorage | None = None, limits: Limits | None = None) -> ServiceApp:
    """The validator as a service. Args: storage: null: S3 as the settings say."""
    limits = limits or Limits()
    service = StageService("validate", settings, "services.validator", storage, limits)

    async def validate(source: Path, pdf: Path | None, out: Path) -> bool:
        return bool(await service.in_child("validate_file", source, pdf, out, limits))

    async def reconcile(changed: bytes, files: Mapping[str, Path], out: Path) -> bool:
        return bool(await service.in_child("reconcile_files", changed, dict(files), out, limits))

    work = Work(validate, reconcile)

    async def normalized(received: Received) -> list[Outgoing]:
        return await on_facts_normalized(received, await service.stage(), service.storage, work)

    async def changed(received: Received) -> list[Outgoing]:
        return await on_filing_changed(received, await service.stage(), work)

    return service.app(
        [
            Subscription(FACTS_NORMALIZED, normalized, consumers=service.workers),
            Subscription(FILINGS_CHANGED, changed),
        ]
    )
