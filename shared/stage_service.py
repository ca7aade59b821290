"""A stage as a service: its child processes, and the wiring that the three have in common."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
from collections.abc import Sequence
from typing import Any, Final

from shared.contracts.events import StageName
from shared.delivery.service import ServiceApp, Subscription
from shared.delivery.work import fitting_workers, last_resort, run_in_child, sandbox_alive
from shared.limits import Limits
from shared.sandbox import Sandbox
from shared.settings import Settings
from shared.stage import SERVICE_OF, Stage, empty_scratch
from shared.storage.artifacts import ArtifactBucket
from shared.storage.attempts import Attempts
from shared.storage.ports import ObjectStorage
from shared.storage.runs import RunIndex
from shared.telemetry import metrics
from shared.telemetry.meter import METER

REST_SECONDS: Final = 60.0
"""Children without work end after so long: what their last documents left in them is given back."""


def _call(module: str, name: str, *arguments: Any) -> Any:
    """In the child: a function by its module and name, so that the parent need not import what only children use."""
    return getattr(importlib.import_module(module), name)(*arguments)


class StageService:
    """What a stage's `app.py` wires.

    Args: package: the service's; children call functions of its module `work`, whose `version` is called with `version_arguments`, and its
    module `warm` is imported once for all of them. storage: null: S3.
    """

    def __init__(
        self,
        name: StageName,
        settings: Settings,
        package: str,
        storage: ObjectStorage | None,
        limits: Limits,
        version_arguments: Sequence[object] = (),
    ) -> None:
        self._name, self._settings, self._limits = name, settings, limits
        self._work = f"{package}.work"
        self._version_arguments = tuple(version_arguments)
        self._stage: Stage | None = None
        self._lock = asyncio.Lock()
        self.storage = storage or _s3(settings)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        self.workers = fitting_workers(settings.workers, limits.memory_bytes, memory)
        METER.set(metrics.WORKERS, self.workers)
        self._sandbox = Sandbox(self.workers, limits.memory_bytes, [f"{package}.warm"], REST_SECONDS)

    async def in_child(self, function: str, *arguments: Any) -> Any:
        """A function of the work module in a child. Raises PoisonError where the child does not survive it; whatever the function raises."""
        on_a_document = function.partition("_")[0] == self._name  # extract, normalize_file, validate_file
        with METER.timed(metrics.STAGE_SECONDS, stage=self._name) if on_a_document else contextlib.nullcontext():
            return await self._run(function, *arguments)

    async def _run(self, function: str, *arguments: Any) -> Any:
        return await run_in_child(self._sandbox, self._limits.seconds, last_resort(self._limits), _call, self._work, function, *arguments)

    async def stage(self) -> Stage:
        """What the handlers need. The version is that of the children, who import what it is made of; they are asked once."""
        async with self._lock:
            if self._stage is None:
                self._stage = Stage(
                    name=self._name,
                    version=str(await self.in_child("version", *self._version_arguments)),
                    artifacts=ArtifactBucket(self.storage, self._settings.s3_artifacts),
                    runs=RunIndex(self.storage, self._settings.s3_artifacts),
                    work=self._settings.work,
                    inline_bytes=self._settings.inline_bytes,
                    limits=self._limits,
                )
        return self._stage

    def app(self, subscriptions: Sequence[Subscription]) -> ServiceApp:
        """The service with its subscriptions."""
        return ServiceApp(
            name=SERVICE_OF[self._name],
            settings=self._settings,
            subscriptions=subscriptions,
            attempts=Attempts(self.storage, self._settings.s3_artifacts),
            probes={"s3": lambda: self.storage.ready(self._settings.s3_bucket) and self.storage.ready(self._settings.s3_artifacts)},
            pulses={"workers": lambda: sandbox_alive(self._sandbox)},
            on_start=[self._start],
            on_stop=[self._stop],
        )

    async def _start(self) -> None:
        """The children are there before the first document, and so is what they import."""
        await asyncio.to_thread(empty_scratch, self._settings.work)
        await self.stage()

    async def _stop(self) -> None:
        await asyncio.to_thread(self._sandbox.stop)


def _s3(settings: Settings) -> ObjectStorage:
    from shared.storage.s3 import S3Storage

    return S3Storage(settings)
