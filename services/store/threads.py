"""A bounded pool of threads for the synchronous ports: the event loop never waits for the database or the bucket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from services.store.domain.errors import ArtifactMissing, ArtifactUnavailable, DigestMismatch, DiskFull, StoreError, StoreUnavailable
from shared.delivery.policy import ARTIFACT_MISSING
from shared.failures import TransientError

Result = TypeVar("Result")


class Threads:
    """Runs functions in at most `size` threads and tells the store's errors in the words of delivery (`in_delivery_words`)."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPoolExecutor(size, "store")

    async def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The function's result. Raises what it raises; a database or storage that is away as TransientError."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(_told, function, *arguments))

    def close(self) -> None:
        """Waits for what runs."""
        self._pool.shutdown(wait=True)


def _told(function: Callable[..., Result], *arguments: Any) -> Result:
    try:
        return function(*arguments)
    except StoreError as problem:
        raise in_delivery_words(problem) from problem


def in_delivery_words(problem: StoreError) -> Exception:
    """A store's error as a failure: passing (database, disk, storage), or the artifact has to be made again. Others stay as they are.

    A damaged artifact counts as missing: the stage before makes it again and writes over it.
    """
    if isinstance(problem, StoreUnavailable | DiskFull | ArtifactUnavailable):
        return TransientError(problem.code, str(problem))
    if isinstance(problem, ArtifactMissing | DigestMismatch):
        return TransientError(ARTIFACT_MISSING, str(problem))
    return problem
