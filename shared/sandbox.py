"""Runs functions on hostile input in child processes with limits on time and memory and without network.

A child that hangs, crashes or eats memory ends alone: its task ends in a `WorkerEndedError`, the others go on. Children come from a
fork server that has imported the libraries once, so a child that had to be killed is replaced in milliseconds.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pebble import ProcessExpired, ProcessPool

Result = TypeVar("Result")
End = Literal["timeout", "memory", "crashed"]

# A child is replaced after so many documents: what a PDF library leaks is bounded by it.
_TASKS_PER_CHILD = 200
_NETWORK_EVENTS = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"})


@dataclass(frozen=True)
class WorkerEndedError(Exception):
    """The child did not survive its input: `end` says how, `detail` the signal or exit code."""

    end: End
    detail: str

    def __str__(self) -> str:
        return f"{self.end} ({self.detail})"


def set_deadline(seconds: float) -> None:
    """Ends this process when the seconds are over, also inside native code that never returns to Python.

    For use inside a child; 0 takes the deadline away.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _refuse_network(event: str, _: tuple[object, ...]) -> None:
    if event in _NETWORK_EVENTS:
        raise PermissionError(f"a document's reader has no network ({event})")


def collect_rarely() -> None:
    """Makes Python look for reference cycles less often: a document's models are trees of tens of thousands of objects without cycles.

    Measured: normalising and validating take a fifth less time; memory does not change.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _confine(memory_bytes: int) -> None:
    """Set-up of a child: its limits, no network, Ctrl-C is the parent's business."""
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)


def _with_deadline(seconds: float, function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    set_deadline(seconds)
    try:
        return function(*arguments)
    finally:
        set_deadline(0)


class Sandbox:
    """A pool of confined child processes.

    Args: workers: how many children. memory_bytes: address space of each. preload: modules that the fork server imports once.
    """

    def __init__(self, workers: int, memory_bytes: int, preload: Sequence[str] = ()) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(preload))
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=_TASKS_PER_CHILD, initializer=_confine, initargs=[memory_bytes], context=context
        )

    def submit(self, seconds: float, last_resort: float, function: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Schedules `function(*arguments)` in a child.

        Args: seconds: deadline that the child sets on itself at first (it may set a later one with `set_deadline` once it knows the
        size of its input). last_resort: the parent kills the child after so many seconds, whatever it does.
        """
        future: Future[Result] = self._pool.schedule(_with_deadline, args=[seconds, function, arguments], timeout=last_resort)
        return future

    @property
    def active(self) -> bool:
        """Whether tasks are taken: the pool was not stopped, and its own threads live."""
        return bool(self._pool.active)

    def close(self) -> None:
        """Waits for what is running."""
        self._pool.close()
        self._pool.join()

    def stop(self) -> None:
        """Ends all children at once."""
        self._pool.stop()
        self._pool.join()


def outcome(future: Future[Result]) -> Result:
    """The result of a task.

    Raises: WorkerEndedError: the child was ended by its limits or crashed. Any exception that the function raised.
    """
    try:
        return future.result()
    except ProcessExpired as expired:
        raise _end_of(expired.exitcode) from None
    except FutureTimeoutError:
        raise WorkerEndedError("timeout", "last resort") from None
    except MemoryError:
        raise WorkerEndedError("memory", "MemoryError") from None


def _end_of(exitcode: int | None) -> WorkerEndedError:
    """How a child ended, from its exit code (negative: the signal)."""
    if exitcode is None or exitcode >= 0:
        return WorkerEndedError("crashed", f"exit code {exitcode}")
    name = signal.Signals(-exitcode).name
    if -exitcode == signal.SIGALRM:
        return WorkerEndedError("timeout", name)
    # The kernel's memory killer sends SIGKILL; nobody else does while the parent's last resort has not been reached.
    return WorkerEndedError("memory" if -exitcode == signal.SIGKILL else "crashed", name)
