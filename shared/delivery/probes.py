"""Asks dependencies and own parts whether they answer: in threads, each with a time limit, none twice at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from shared.delivery.policy import failure_of
from shared.delivery.service import Probe

_SECONDS: Final = 3.0


class Probes:
    """Probes by name. One that hangs keeps its thread and says no until it comes back."""

    def __init__(self, probes: Mapping[str, Probe], secrets: tuple[str, ...] = (), seconds: float = _SECONDS) -> None:
        self._probes = dict(probes)
        self._secrets = secrets
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(max(1, len(self._probes)), thread_name_prefix="probe")
        self._running: dict[str, Future[bool]] = {}

    async def ask(self) -> dict[str, str]:
        """By name: `ok`, or what is the matter."""
        answers = await asyncio.gather(*(self._ask(name) for name in self._probes))
        return dict(zip(self._probes, answers, strict=True))

    async def _ask(self, name: str) -> str:
        running = self._running.get(name)
        if running is None or running.done():
            running = self._running[name] = self._threads.submit(self._probes[name])
        try:
            async with asyncio.timeout(self._seconds):
                return "ok" if await asyncio.shield(asyncio.wrap_future(running)) else "says no"
        except TimeoutError:
            return f"no answer within {self._seconds:g} s"
        except Exception as error:
            return failure_of(error, self._secrets).text or type(error).__name__

    def stop(self) -> None:
        """Waits for nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
