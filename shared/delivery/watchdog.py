"""Ends a process whose event loop stands still: its heartbeats stop, its records go to others, and nothing it does can be committed.

Blocking the loop longer than the session makes Kafka hand the same record out for ever. Ended and started again, the attempts count, and
the record becomes a dead letter. Blocked means: the loop did not turn while this thread did; a process that was stopped (SIGSTOP) or
a machine without time for either is not meant.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Final

from shared.telemetry import metrics
from shared.telemetry.logs import log
from shared.telemetry.meter import Meter

_TICK: Final = 0.25
EXIT_NOT_ALIVE: Final = 4


def _exit() -> None:
    os._exit(EXIT_NOT_ALIVE)


class Watchdog:
    """Watches the loop it was started in.

    Args: seconds: how long the loop may stand still. end: what then happens, in the watching thread.
    """

    def __init__(self, seconds: float, meter: Meter, end: Callable[[], None] = _exit) -> None:
        self._limit = int(seconds / _TICK)
        self._meter = meter
        self._end = end
        self._turns = 0
        self._done = threading.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to watch the running loop."""
        self._task = asyncio.create_task(self._turn())
        threading.Thread(target=self._watch, args=(threading.get_ident(),), name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Watches no more."""
        self._done.set()
        if self._task is not None:
            self._task.cancel()

    async def _turn(self) -> None:
        while True:
            self._turns += 1
            await asyncio.sleep(_TICK)

    def _watch(self, loop_thread: int) -> None:
        seen, still = self._turns, 0
        while not self._done.is_set():
            time.sleep(_TICK)
            still = still + 1 if self._turns == seen else 0
            seen = self._turns
            if still == int(1 / _TICK):
                self._meter.count(metrics.LOOP_BLOCKED)
            if still > self._limit:
                frame = sys._current_frames().get(loop_thread)
                where = [f"{each.name} ({each.filename.rpartition('/')[2]}:{each.lineno})" for each in traceback.extract_stack(frame)[-8:]]
                log().critical("the event loop stands still, the service ends", seconds=still * _TICK, where=where)
                self._end()
                return
