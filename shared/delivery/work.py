"""Work in child processes, awaited by the event loop: how a child's end becomes a failure with a code, and how long things may take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures import CancelledError as FutureCancelledError
from contextlib import suppress
from typing import Any, Final, TypeVar

from shared.delivery.faults import Fault, fault_due, strike
from shared.failures import PoisonError, TransientError
from shared.limits import Limits
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from shared.telemetry import metrics
from shared.telemetry.meter import METER

Result = TypeVar("Result")

_AFTER_DEADLINE: Final = 5.0
_LOOK_SECONDS: Final = 1.0
_NO_POOL: Final = "workers.stopped"
_BESIDES: Final = 60.0
"""Seconds that a record may take besides its child: download, artifact, second readings, a slow storage."""


def last_resort(limits: Limits) -> float:
    """Seconds after which the parent ends a child, whatever it does: the deadline of the longest document and a little."""
    return limits.longest() + _AFTER_DEADLINE


def handler_seconds(limits: Limits) -> float:
    """Seconds that a handler may take at most."""
    return last_resort(limits) + _BESIDES


def poll_seconds(longest: float, retry: float, consumers: int) -> float:
    """`max_poll_interval`: how long the broker waits for a consumer to take its next record.

    The worst case is a record tried twice, whose second try, alone, waits until the other consumers' records have had both of theirs.
    Beyond it a partition would be given to another consumer while the first still works on its record (aiokafka #848).
    """
    return 2 * (consumers + 1) * (longest + retry)


def fitting_workers(wanted: int, child_bytes: int, machine_bytes: int) -> int:
    """How many children may run at a time: as many as wanted, at least one, and no more than fit into three quarters of the memory if
    each took all that it may."""
    return max(1, min(wanted, machine_bytes * 3 // 4 // child_bytes))


async def run_in_child(sandbox: Sandbox, seconds: float, last_resort: float, function: Callable[..., Result], *arguments: Any) -> Result:
    """`function(*arguments)` in a child of the sandbox; the event loop goes on meanwhile.

    Args: seconds, last_resort: as in `Sandbox.submit`.
    Raises: PoisonError: the child was ended: code `timeout`, `memory` or `crashed`. TransientError `workers.stopped`: the pool was stopped
    under it. Whatever the function raised. asyncio.CancelledError only when the awaiting task itself was cancelled (the child's task then
    is cancelled too): a cancelled future of a pool would otherwise look like that and end the consumer.
    """
    try:
        future = _submit(sandbox, seconds, last_resort, function, arguments)
    except RuntimeError as error:  # what pebble says of a pool that was stopped or died
        raise TransientError(_NO_POOL, str(error)) from None
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
    try:
        await _ended_or_pool_dead(ended, sandbox)
    except BaseException:
        future.cancel()
        raise
    try:
        return outcome(future)
    except WorkerEndedError as death:
        METER.count(metrics.WORKER_DEATHS, end=death.end)
        raise PoisonError(death.end, str(death)) from None
    except (FutureCancelledError, asyncio.CancelledError):
        raise TransientError(_NO_POOL, "the task was cancelled") from None
    except BrokenExecutor:  # what pebble says where it was just writing to a child when the pool was stopped
        raise TransientError(_NO_POOL, "the pool of child processes broke") from None


async def _ended_or_pool_dead(ended: asyncio.Event, sandbox: Sandbox) -> None:
    """Waits for a task. A pool that is stopped or dies leaves its futures as they are for ever (pebble 5.2): raises TransientError then."""
    while not ended.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_SECONDS):
                await ended.wait()
        if not ended.is_set() and not sandbox.active:
            raise TransientError(_NO_POOL, "the pool of child processes was stopped")


def _submit(
    sandbox: Sandbox, seconds: float, last_resort: float, function: Callable[..., Result], arguments: tuple[Any, ...]
) -> Future[Result]:
    if fault := fault_due("in_worker"):
        return sandbox.submit(seconds, last_resort, _struck, fault, function, *arguments)
    return sandbox.submit(seconds, last_resort, function, *arguments)


def _struck(fault: Fault, function: Callable[..., Result], *arguments: Any) -> Result:
    """In the child: the fault of a test, then the work."""
    strike(fault)
    return function(*arguments)


def sandbox_alive(sandbox: Sandbox) -> bool:
    """Whether the sandbox still takes tasks: a pulse for `ServiceApp.pulses`."""
    return sandbox.active
