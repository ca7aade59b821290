"""The supervisor: what it is told, what it takes over, the order in which it stops; with stand-ins for all programs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tieout.exit_codes import UserError
from tieout.installation import configuration as configurations
from tieout.installation import process_table, supervisor
from tieout.installation.configuration import Configuration, first_configuration
from tieout.installation.control import socket_address
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.programs import Program
from tieout.installation.status import InstallationStatus, ProcessStatus
from tieout.installation.supervisor import Supervisor

SLEEPER = "import time; time.sleep(60)"
# Writes its name and the time when it is asked to stop.
TELLER = "import os, signal, sys, time\ndef stop(*_):\n open('stops', 'a').write(os.environ['NAME'] + '\\n'); sys.exit(0)\nsignal.signal(signal.SIGTERM, stop)\nprint('ready', flush=True)\ntime.sleep(60)"


async def ready() -> None:
    return None


def stand_ins(code: str) -> Callable[[Installation], list[Program]]:
    """In place of the real programs: `python -c CODE`, the settings of a service as one variable."""

    def programs(installation: Installation) -> list[Program]:
        names = [name for part in ("kafka", "postgres", "s3", "store", "extractor") for name in installation.configuration.names(part)]
        return [
            Program(
                name=name,
                command=(sys.executable, "-c", code),
                inherited={},
                own={"NAME": name, **({} if name in ("kafka", "postgres", "s3") else installation.configuration.environment)},
                folder=installation.layout.root,
                probe=ready,
                needs=("kafka",) if name == "s3" else (),
            )
            for name in names
        ]

    return programs


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation whose folder is longer than an address of a socket may be. What is left of it is killed."""
    monkeypatch.setattr(supervisor, "programs", stand_ins(SLEEPER))
    layout = Layout.of(tmp_path / ("一个很长的名字 " * 8) / "data")
    layout.root.mkdir(parents=True)
    configurations.save(first_configuration(), layout.settings)
    made = Installation.open(layout.data)
    yield made
    for process in process_table.marked(made.owner):
        process_table.send(process, signal.SIGKILL)


@contextlib.asynccontextmanager
async def supervised(installation: Installation) -> AsyncIterator[asyncio.Task[None]]:
    """A supervisor as a task of the test; when the block is left it is cancelled, as if it had been killed."""
    installation.layout.control.unlink(missing_ok=True)
    with socket_address(installation.layout) as address, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(8)
        listener.setblocking(False)
        made = Supervisor(installation)
        task = asyncio.create_task(made.run(listener))
        try:
            async with asyncio.timeout(20):
                while not (task.done() or await asyncio.to_thread(installation.running)):
                    await asyncio.sleep(0.02)
            yield task
        finally:
            for each in (task, *made._tasks.values()):
                each.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def status(installation: Installation) -> InstallationStatus:
    return await asyncio.to_thread(installation.status)


async def bring(installation: Installation, *names: str) -> dict[str, ProcessStatus]:
    for name in names:
        await asyncio.to_thread(installation.start, name, 20)
    return {each.name: each for each in (await status(installation)).processes}


async def do(call: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.to_thread(call, *arguments)


async def test_parts_are_started_stopped_and_killed_by_name(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "kafka", "store")
        assert {name for name, each in before.items() if each.state == "up"} == {"kafka", "store"}
        assert await do(installation.kill, "store") == [before["store"].pid]
        await do(installation.wait_ready, ["store"], 20)
        await do(installation.stop, "kafka")
        after = {each.name: each for each in (await status(installation)).processes}
        assert (after["kafka"].state, after["store"].state, after["store"].restarts) == ("stopped", "up", 1)


async def test_a_name_that_does_not_exist_is_refused_with_those_that_do(installation: Installation) -> None:
    async with supervised(installation):
        with pytest.raises(UserError, match=r"there is no web; there are kafka, .*extractor"):
            await do(installation.kill, "web")


async def test_the_state_is_written_down_for_the_time_when_nobody_answers(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "store")
    found = installation.status()  # the supervisor was killed, its children live
    assert found.supervisor.state == "down"
    assert not found.is_up
    assert {each.name: each.state for each in found.processes if each.pid} == {"store": "unsupervised"}
    assert found.services[0].pids == [before["store"].pid]


async def test_a_new_supervisor_takes_over_what_the_killed_one_left(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "kafka", "s3", "store")
    async with supervised(installation):
        await do(installation.wait_ready, ["kafka", "s3", "store"], 20)
        after = {each.name: each for each in (await status(installation)).processes}
        assert {name: after[name].pid for name in ("kafka", "s3", "store")} == {name: before[name].pid for name in ("kafka", "s3", "store")}


async def test_what_was_started_but_not_written_down_is_found_by_its_mark(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "store")
    installation.layout.state.unlink()
    async with supervised(installation):
        after = await bring(installation, "store")
        assert after["store"].pid == before["store"].pid


async def test_what_is_run_differently_today_is_replaced(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "kafka", "store")
    configurations.save(changed(installation, environment={"TIEOUT_X": "1"}), installation.layout.settings)
    later = Installation.open(installation.layout.data)
    async with supervised(later):
        after = await bring(later, "kafka", "store")
        assert after["kafka"].pid == before["kafka"].pid
        assert after["store"].pid != before["store"].pid
        assert before["store"].identity is not None
        assert not process_table.alive(before["store"].identity)


def changed(installation: Installation, **changes: Any) -> Configuration:
    return msgspec.structs.replace(installation.configuration, **changes)


async def test_a_process_of_another_installation_is_left_alone(installation: Installation, tmp_path: Path) -> None:
    layout = Layout.of(tmp_path / "another")
    layout.root.mkdir(parents=True)
    configurations.save(first_configuration(), layout.settings)
    another = Installation.open(layout.data)
    async with supervised(another):
        theirs = await bring(another, "store")
        layout.state.rename(installation.layout.state)  # even where our own notes claim it
        assert {each.state for each in installation.status().processes} == {"down"}
        async with supervised(installation):
            assert (await status(installation)).services[0].pids == []
        identity = theirs["store"].identity
        assert identity is not None
        assert process_table.alive(identity)
        await do(another.stop, "store")


async def test_reloading_restarts_what_changed_adds_what_is_new_and_ends_what_is_gone(installation: Installation) -> None:
    async with supervised(installation):
        before = await bring(installation, "kafka", "store", "extractor")
        ports = {**installation.configuration.ports, "extractor-2": 1, "extractor-3": 2}
        configurations.save(changed(installation, processes={"extractor": 3}, ports=ports), installation.layout.settings)
        more = Installation.open(installation.layout.data)
        await do(more.ask, {"do": "reload"}, 30)
        three = await bring(more, "extractor")
        assert three["extractor"].pid == before["extractor"].pid
        assert three["extractor-3"].state == "up"
        configurations.save(changed(more, processes={"extractor": 1}, environment={"TIEOUT_X": "1"}), more.layout.settings)
        await do(more.ask, {"do": "reload"}, 30)
        fewer = Installation.open(installation.layout.data)
        await do(fewer.wait_ready, ["store", "extractor", "kafka"], 20)
        one = {each.name: each for each in (await status(fewer)).processes}
        assert "extractor-3" not in one
        assert one["kafka"].pid == before["kafka"].pid
        assert one["extractor"].pid != before["extractor"].pid
        left = process_table.marked(installation.owner)
        assert sorted(mark.name for mark in left.values()) == ["extractor", "kafka", "store"]


async def test_services_are_stopped_before_the_servers_and_kafka_last(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "programs", stand_ins(TELLER))
    logs = {name: installation.layout.log(name) for name in ("kafka", "postgres", "s3", "store", "extractor")}
    async with supervised(installation) as task:
        await bring(installation, *logs)
        async with asyncio.timeout(20):
            while not all("ready" in log.read_text() for log in logs.values()):
                await asyncio.sleep(0.02)
        await do(installation.ask, {"do": "shutdown"})
        async with asyncio.timeout(30):
            await task
    stops = (installation.layout.root / "stops").read_text().split()
    assert set(stops[:2]) == {"store", "extractor"}
    assert stops[2:] == ["s3", "postgres", "kafka"]
    assert process_table.marked(installation.owner) == {}


async def test_a_second_supervisor_does_not_start(installation: Installation) -> None:
    with installation.layout.supervisor_lock.open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        assert await do(supervisor.main, ["--data", str(installation.layout.data)]) == 5


async def test_a_question_that_it_does_not_know_does_not_harm_it(installation: Installation) -> None:
    async with supervised(installation):
        with pytest.raises(UserError, match="AttributeError"):
            await do(installation.ask, {"do": "dance"})
        assert await do(installation.running)


async def test_it_goes_on_where_its_notes_cannot_be_written(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UserError(5, "磁盘已满", "disk full")

    monkeypatch.setattr(supervisor, "write_atomically", full)
    async with supervised(installation):
        before = await bring(installation, "store")
        os.kill(before["store"].pid or 0, signal.SIGKILL)
        await do(installation.wait_ready, ["store"], 20)
