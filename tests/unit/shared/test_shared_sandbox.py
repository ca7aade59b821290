"""A child that hangs, crashes, eats memory or calls out ends alone."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shared.sandbox import Sandbox, WorkerEndedError, extend_deadline, outcome, set_deadline

MEMORY = 1_000_000_000


def succeed(value: int) -> int:
    return value + 1


def hang_in_python() -> None:
    while True:
        pass


def hang_in_native_code() -> None:
    ctypes.CDLL(None).sleep(100)


def crash() -> None:
    ctypes.string_at(0)


def eat_memory() -> int:
    return len(bytearray(2 * MEMORY))


def call_out() -> None:
    socket.create_connection(("127.0.0.1", 9))


def prolong_and_finish() -> str:
    set_deadline(30)
    ctypes.CDLL(None).usleep(700_000)
    return "finished"


def extend_and_finish() -> str:
    extend_deadline(30)
    ctypes.CDLL(None).usleep(700_000)
    return "finished"


def have_no_deadline_after_extending() -> float:
    set_deadline(0)
    extend_deadline(30)
    return signal.getitimer(signal.ITIMER_REAL)[0]


def fail() -> None:
    raise ValueError("a bad figure")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    box = Sandbox(workers=1, memory_bytes=MEMORY)
    yield box
    box.stop()


@pytest.mark.parametrize("function", [hang_in_python, hang_in_native_code])
def test_a_child_that_hangs_is_ended_at_its_deadline(sandbox: Sandbox, function: object) -> None:
    future = sandbox.submit(0.3, 30, function)  # type: ignore[arg-type]
    with pytest.raises(WorkerEndedError) as ended:
        outcome(future)
    assert ended.value.end == "timeout"


def test_a_child_may_move_its_deadline_further_and_gets_none_by_that(sandbox: Sandbox) -> None:
    assert outcome(sandbox.submit(0.3, 30, extend_and_finish)) == "finished"
    assert outcome(sandbox.submit(30, 60, have_no_deadline_after_extending)) == 0


def test_the_parent_kills_a_child_that_took_its_deadline_away(sandbox: Sandbox) -> None:
    future = sandbox.submit(0, 0.5, hang_in_python)
    with pytest.raises(WorkerEndedError) as ended:
        outcome(future)
    assert ended.value.end == "timeout"


def test_a_child_that_eats_memory_is_named_as_such(sandbox: Sandbox) -> None:
    with pytest.raises(WorkerEndedError) as ended:
        outcome(sandbox.submit(30, 60, eat_memory))
    assert ended.value.end == "memory"


def test_a_crash_ends_one_task_and_the_next_one_runs(sandbox: Sandbox) -> None:
    crashing = sandbox.submit(30, 60, crash)
    following = sandbox.submit(30, 60, succeed, 1)
    with pytest.raises(WorkerEndedError) as ended:
        outcome(crashing)
    assert ended.value.end == "crashed"
    assert "SIGSEGV" in ended.value.detail
    assert outcome(following) == 2


def test_a_child_has_no_network(sandbox: Sandbox) -> None:
    with pytest.raises(PermissionError, match="no network"):
        outcome(sandbox.submit(30, 60, call_out))


def test_a_child_may_prolong_its_deadline_once_it_knows_its_input(sandbox: Sandbox) -> None:
    assert outcome(sandbox.submit(0.4, 60, prolong_and_finish)) == "finished"


def test_an_exception_of_the_function_reaches_the_caller(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="a bad figure"):
        outcome(sandbox.submit(30, 60, fail))


def test_children_without_work_end_and_new_ones_come_with_the_next_task() -> None:
    sandbox = Sandbox(1, 1 << 30, rest_after=0.05)
    try:
        first = outcome(sandbox.submit(10, 20, os.getpid))
        deadline = time.monotonic() + 20
        while psutil.pid_exists(first):
            assert time.monotonic() < deadline
            assert sandbox.active, "resting is no end"
            time.sleep(0.01)
        assert not [child for child in psutil.Process().children(recursive=True) if child.pid == first]
        assert sandbox.active
        assert outcome(sandbox.submit(10, 20, os.getpid)) != first
    finally:
        sandbox.stop()
    assert not sandbox.active
    with pytest.raises(RuntimeError):
        sandbox.submit(10, 20, os.getpid)


def test_children_at_work_do_not_end_for_rest() -> None:
    sandbox = Sandbox(1, 1 << 30, rest_after=0.05)
    try:
        tasks = [sandbox.submit(10, 20, os.getpid), sandbox.submit(10, 20, time.sleep, 0.5), sandbox.submit(10, 20, os.getpid)]
        before, _, after = [outcome(task) for task in tasks]
        assert after == before
    finally:
        sandbox.stop()


def test_children_end_with_their_service_also_in_the_middle_of_work(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    work = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(500)"
    service = subprocess.Popen(
        [sys.executable, "-c", "import os, sys\nfrom shared.sandbox import Sandbox\nif __name__ == '__main__':\n"
         "    sandbox = Sandbox(1, 1 << 30)\n    print(sandbox.submit(60, 90, os.getpid).result(), flush=True)\n"
         "    sandbox.submit(600, 900, exec, sys.argv[1]).result()", work],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert service.stdout is not None
    child = int(service.stdout.readline())
    while not begun.exists():
        time.sleep(0.01)
    service.kill()
    service.wait()
    deadline = time.monotonic() + 60
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    service.stdout.close()
