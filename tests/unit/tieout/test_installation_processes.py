"""Processes are told apart by pid and start, and found by the mark in their environment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tieout.installation import process_table
from tieout.installation.process_table import MARK, Identity, Mark

SLEEPER = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"


@pytest.fixture
def run() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a process with a mark; all are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(mark: Mark | None = None, code: str = SLEEPER) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **({MARK: str(mark)} if mark else {})}
        started.append(subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_process_is_itself_until_it_ends(run: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = run()
    found = process_table.identity(process.pid)
    assert found is not None
    assert process_table.alive(found)
    process.kill()
    until(lambda: not process_table.alive(found))  # a zombie counts as ended: nobody has waited for it yet
    process.wait()
    assert process_table.identity(process.pid) is None


def test_a_signal_never_hits_a_later_process_of_the_same_pid(run: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = run()
    found = process_table.identity(process.pid)
    assert found is not None
    assert not process_table.send(Identity(process.pid, found.started - 1), signal.SIGKILL)
    assert process.poll() is None
    assert process_table.send(found, signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL


def test_a_halted_process_is_seen(run: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = run()
    found = process_table.identity(process.pid)
    assert found is not None
    assert not process_table.is_stopped(found)
    process_table.send(found, signal.SIGSTOP)
    until(lambda: process_table.is_stopped(found))
    process_table.send(found, signal.SIGCONT)
    until(lambda: not process_table.is_stopped(found))


def test_marked_processes_are_found_with_their_children_and_the_first_of_each_is_its_head(
    run: Callable[..., subprocess.Popen[bytes]],
) -> None:
    owner = f"test{os.getpid()}"
    store, extractor = run(Mark(owner, "store", "f1"), PARENT), run(Mark(owner, "extractor", "f2"))
    run(Mark("another", "store", "f1"))
    until(lambda: len(process_table.marked(owner)) == 3)
    found = process_table.marked(owner)
    assert {name: process.pid for name, process in process_table.heads(found).items()} == {"store": store.pid, "extractor": extractor.pid}
    assert {mark.fingerprint for mark in found.values()} == {"f1", "f2"}
    assert [mark.name for mark in process_table.marked(owner, "extractor").values()] == ["extractor"]


def test_an_orphan_is_found_as_the_head_of_its_name(run: Callable[..., subprocess.Popen[bytes]]) -> None:
    owner = f"orphan{os.getpid()}"
    parent = run(Mark(owner, "store"), PARENT)
    until(lambda: len(process_table.marked(owner)) == 2)
    parent.kill()
    parent.wait()
    until(lambda: len(process_table.marked(owner)) == 1)
    (left,) = process_table.heads(process_table.marked(owner)).values()
    assert left.pid != parent.pid
