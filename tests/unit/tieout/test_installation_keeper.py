"""A process under supervision: started again when it dies, stopped in order, by force where it does not listen."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tieout.installation import log_files, process_table
from tieout.installation.keeper import Keeper
from tieout.installation.layout import Layout
from tieout.installation.process_table import MARK, Mark
from tieout.installation.programs import Program

SLEEPER = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); time.sleep(60)"
Keep = Callable[..., Keeper]


async def ready() -> None:
    return None


@pytest.fixture
async def keep(tmp_path: Path) -> AsyncIterator[Keep]:
    """Supervises `python -c CODE`; all are ended afterwards."""
    keepers: list[Keeper] = []
    tasks: list[asyncio.Task[None]] = []
    layout = Layout.of(tmp_path / "data")

    def make(code: str = SLEEPER, command: tuple[str, ...] = (), needs_ready: bool = True, stop_seconds: float = 10) -> Keeper:
        program = Program(
            name=f"p{len(keepers)}",
            command=command or (sys.executable, "-c", code),
            inherited={},
            own={},
            folder=tmp_path / "work",
            probe=ready,
            stop_seconds=stop_seconds,
        )
        keepers.append(Keeper(program, layout, f"unit{os.getpid()}", lambda: None, lambda _: needs_ready))
        tasks.append(asyncio.create_task(keepers[-1].keep()))
        return keepers[-1]

    yield make
    for keeper in keepers:
        keeper.program = Program(**{**vars(keeper.program), "stop_signal": signal.SIGKILL})
        await keeper.stop()
    for task in tasks:
        task.cancel()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


async def test_it_is_not_started_before_it_is_wanted(keep: Keep) -> None:
    keeper = keep()
    await until(lambda: keeper.state == "stopped")
    assert keeper.status().pid is None


async def test_what_is_killed_is_started_again_and_counted(keep: Keep) -> None:
    keeper = keep()
    keeper.start()
    await until(lambda: keeper.state == "up")
    first = keeper.status().pid
    killed = keeper.kill(signal.SIGKILL)
    assert killed is not None
    assert killed.pid == first
    await until(lambda: keeper.state == "up" and keeper.status().pid != first)
    status = keeper.status()
    assert status.restarts == 1
    assert status.last_exit is not None
    assert status.last_exit.startswith("SIGKILL ")


async def test_a_death_that_was_asked_for_brings_no_growing_delay(keep: Keep, caplog: pytest.LogCaptureFixture) -> None:
    keeper = keep()
    keeper.start()
    for count in range(1, 4):
        await until(lambda: keeper.state == "up")
        keeper.kill(signal.SIGKILL)
        await until(lambda count=count: keeper.status().restarts == count)
    assert caplog.text.count("next start in 0.2 s") == 3


async def test_what_ends_by_itself_is_started_again_a_little_later_each_time(keep: Keep, caplog: pytest.LogCaptureFixture) -> None:
    keeper = keep("raise SystemExit(3)")
    keeper.start()
    await until(lambda: keeper.status().restarts >= 2)
    assert str(keeper.status().last_exit).startswith("exit 3 ")
    assert "next start in 0.5 s" in caplog.text


async def test_what_is_halted_is_left_alone(keep: Keep) -> None:
    keeper = keep()
    keeper.start()
    await until(lambda: keeper.state == "up")
    keeper.kill(signal.SIGSTOP)
    process = keeper.status().identity
    assert process is not None
    await until(lambda: process_table.is_stopped(process))
    await keeper.refresh()
    assert keeper.state == "paused"
    keeper.kill(signal.SIGCONT)
    await until(lambda: not process_table.is_stopped(process))
    await keeper.refresh()
    assert keeper.state == "up"
    assert (keeper.status().pid, keeper.status().restarts) == (process.pid, 0)


async def test_what_is_stopped_stays_stopped_and_is_no_failure(keep: Keep) -> None:
    keeper = keep()
    keeper.start()
    await until(lambda: keeper.state == "up")
    await keeper.stop()
    await until(lambda: keeper.state == "stopped")
    assert (keeper.status().pid, keeper.status().restarts, keeper.status().last_exit) == (None, 0, None)
    keeper.start()
    await until(lambda: keeper.state == "up")


async def test_what_was_halted_can_be_stopped(keep: Keep) -> None:
    keeper = keep()
    keeper.start()
    await until(lambda: keeper.state == "up")
    keeper.kill(signal.SIGSTOP)
    await keeper.stop()
    await until(lambda: keeper.state == "stopped")


async def test_what_does_not_listen_is_killed_when_its_time_is_over(keep: Keep, tmp_path: Path) -> None:
    keeper = keep(DEAF, stop_seconds=0.2)
    keeper.start()
    log = Layout.of(tmp_path / "data").log(keeper.program.name)
    await until(lambda: "deaf" in log_files.last_lines(log, 1))
    process = keeper.status().identity
    await keeper.stop()
    assert process is not None
    assert not process_table.alive(process)


async def test_stopping_while_it_waits_for_the_next_start_ends_the_waiting(keep: Keep) -> None:
    keeper = keep("raise SystemExit(1)")
    keeper.start()
    await until(lambda: keeper.status().restarts >= 3)
    await keeper.stop()
    await until(lambda: keeper.state == "stopped")


async def test_children_of_a_dead_process_are_ended(keep: Keep) -> None:
    keeper = keep(PARENT)
    keeper.start()
    owner = f"unit{os.getpid()}"
    await until(lambda: len(process_table.marked(owner, keeper.program.name)) == 2)
    before = set(process_table.marked(owner, keeper.program.name))
    keeper.kill(signal.SIGKILL)
    await until(lambda: not any(map(process_table.alive, before)))


async def test_it_waits_for_what_it_needs(keep: Keep) -> None:
    keeper = keep(needs_ready=False)
    keeper.start()
    await until(lambda: keeper.state == "waiting")
    assert keeper.status().pid is None


async def test_a_program_that_is_not_there_is_said_and_tried_again(keep: Keep) -> None:
    keeper = keep(command=("/nowhere/program",))
    keeper.start()
    await until(lambda: keeper.status().restarts >= 2)
    assert "/nowhere/program" in str(keeper.status().detail)


async def test_a_process_of_an_earlier_supervisor_is_taken_over_and_kept_alive(keep: Keep) -> None:
    keeper = keep()
    mark = Mark(f"unit{os.getpid()}", keeper.program.name, keeper.program.fingerprint)
    orphan = subprocess.Popen([sys.executable, "-c", SLEEPER], env={MARK: str(mark)})
    found = process_table.identity(orphan.pid)
    assert found is not None
    keeper.adopt(found, restarts=4, last_exit="exit 1 2026-01-01T00:00:00+00:00", since=None)
    keeper.start()
    await until(lambda: keeper.state == "up")
    assert (keeper.status().pid, keeper.status().restarts) == (orphan.pid, 4)
    orphan.kill()
    await asyncio.to_thread(orphan.wait)
    await until(lambda: keeper.state == "up" and keeper.status().pid != orphan.pid)
    assert keeper.status().restarts == 5


async def test_its_output_is_in_its_log_which_nobody_else_may_read(keep: Keep, tmp_path: Path) -> None:
    keeper = keep("import sys, time; print('out'); print('err', file=sys.stderr, flush=True); sys.stdout.flush(); time.sleep(60)")
    keeper.start()
    log = Layout.of(tmp_path / "data").log(keeper.program.name)
    await until(lambda: sorted(log_files.last_lines(log, 2)) == ["err", "out"])
    assert log.stat().st_mode & 0o077 == 0
