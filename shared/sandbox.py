"""Runs functions on hostile input in child processes with limits on time and memory and without network.

A child that hangs, crashes or eats memory ends alone: its task ends in a `WorkerEndedError`, the others go on. Children come from a
fork server that has imported the libraries once, so a child that had to be killed is replaced in milliseconds.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import resource
import select
import signal
import sys
import threading
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
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
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


def extend_deadline(seconds: float) -> None:
    """Moves the deadline of this process so many seconds further, where it has one."""
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    if left:
        set_deadline(left + seconds)


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


def _end_with_the_parent() -> None:
    """Lets the kernel end this process when the one that started it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with(service: int) -> None:
    """Ends this child when the service ends, also when that is killed: nobody waits for its work any more.

    The parent of a child is the fork server, and that lives as long as any child does. So a thread watches the service itself.
    """

    def watch(descriptor: int) -> None:
        select.select([descriptor], [], [])  # readable when the process has ended
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        descriptor = os.pidfd_open(service)
    except ProcessLookupError:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=watch, args=[descriptor], daemon=True).start()


def confine(memory_bytes: int) -> None:
    """Set-up of a child: its limits, no network, Ctrl-C is the parent's business. It ends with the process that started it.

    Args: memory_bytes: address space. A smaller limit that the process has already stays.
    """
    _end_with_the_parent()
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    least = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_AS, (least, least))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_network)


def _with_deadline(seconds: float, function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    set_deadline(seconds)
    try:
        return function(*arguments)
    finally:
        set_deadline(0)


def _confine_child(memory_bytes: int, service: int) -> None:
    confine(memory_bytes)
    _end_with(service)


class Sandbox:
    """A pool of confined child processes.

    Args: workers: how many children. memory_bytes: address space of each. preload: modules that the fork server imports once. rest_after:
    seconds without work after which the children end, with the memory that their last documents left in them; new ones come from the fork
    server in milliseconds. Null: they stay.
    """

    def __init__(self, workers: int, memory_bytes: int, preload: Sequence[str] = (), rest_after: float | None = None) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._workers, self._memory_bytes, self._rest_after = workers, memory_bytes, rest_after
        self._lock = threading.Lock()
        self._running = 0
        self._rest: threading.Timer | None = None
        self._stopped = False
        self._pool: ProcessPool | None = None  # none while the children rest: pebble starts a pool's children as soon as it is looked at

    def _children(self) -> ProcessPool:
        """The pool; a new one where the children rested, or never worked. Raises RuntimeError where the sandbox was stopped."""
        if self._stopped:
            raise RuntimeError("the sandbox was stopped")
        self._pool = self._pool or ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_PER_CHILD,
            initializer=_confine_child,
            initargs=[self._memory_bytes, os.getpid()],
            context=self._context,
        )
        return self._pool

    def submit(self, seconds: float, last_resort: float, function: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Schedules `function(*arguments)` in a child.

        Args: seconds: deadline that the child sets on itself at first (it may set a later one with `set_deadline` once it knows the
        size of its input). last_resort: the parent kills the child after so many seconds, whatever it does.
        """
        with self._lock:
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
            future: Future[Result] = self._children().schedule(_with_deadline, args=[seconds, function, arguments], timeout=last_resort)
            self._running += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, _: Future[Any]) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0 and self._rest_after is not None:
                self._rest = threading.Timer(self._rest_after, self._end_children)
                self._rest.daemon = True
                self._rest.start()

    def _end_children(self) -> None:
        """Gives the children up, unless work came meanwhile."""
        with self._lock:
            if self._running or self._rest is None:
                return
            resting, self._pool, self._rest = self._pool, None, None
        if resting is not None:
            resting.stop()
            resting.join()

    @property
    def active(self) -> bool:
        """Whether tasks are taken: the sandbox was not stopped, and the threads of its pool live where it has one."""
        with self._lock:
            return not self._stopped and (self._pool is None or bool(self._pool.active))

    def close(self) -> None:
        """Waits for what is running."""
        if (pool := self._given_up()) is not None:
            pool.close()
            pool.join()

    def stop(self) -> None:
        """Ends all children at once."""
        if (pool := self._given_up()) is not None:
            pool.stop()
            pool.join()

    def _given_up(self) -> ProcessPool | None:
        """The pool, to which no tasks come any more."""
        with self._lock:
            self._stopped, self._rest_after = True, None
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
            return self._pool


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
