"""The supervisor: one process in the background that keeps all others of an installation alive. `tieout up` starts it.

It starts what it is told to, starts again what dies, writes down what runs, and answers over a socket (`control`). If it is killed itself,
the others live on; the next one takes them over, as far as they are run the same way, and replaces the others.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from shared.topics import SERVICES
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation import log_files, process_table
from tieout.installation.configuration import write_atomically
from tieout.installation.control import LONGEST, socket_address
from tieout.installation.installation import Installation
from tieout.installation.keeper import Keeper
from tieout.installation.names import KAFKA, POSTGRES, S3, SUPERVISOR, part_of
from tieout.installation.programs import Program, programs
from tieout.installation.status import SupervisorStatus, read_state

_log = logging.getLogger("supervisor")
# What is stopped first stands first: services finish their work while the servers are still there.
_STOP_ORDER = (frozenset(SERVICES), frozenset({S3}), frozenset({POSTGRES}), frozenset({KAFKA}))


class Supervisor:
    """All processes of an installation. Args: installation: as it is written down when the supervisor starts; `reload` reads it again."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._keepers: dict[str, Keeper] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._boot = process_table.boot_id()
        self._stopping = asyncio.Event()

    async def run(self, listener: socket.socket, while_alive: int | None = None) -> None:
        """Supervises until `shutdown`, SIGTERM or the end of the process `while_alive`, then stops everything in order."""
        await self._take_over()
        for program in programs(self._installation):
            self._add(program)
        self._write_state()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stopping.set)
        server = await asyncio.start_unix_server(self._serve, sock=listener, limit=LONGEST)
        _log.info("supervises %s", self._installation.layout.data)
        self._tasks["logs"] = asyncio.create_task(self._shorten_logs())
        if while_alive is not None:
            self._tasks["while alive"] = asyncio.create_task(self._stop_with(while_alive))
        try:
            await self._stopping.wait()
            for parts in _STOP_ORDER:
                await asyncio.gather(*(keeper.stop() for keeper in self._of(parts)))
            self._write_state()
        finally:
            server.close()
        _log.info("everything is stopped")

    async def _stop_with(self, pid: int) -> None:
        process = process_table.identity(pid)
        while process is not None and process_table.alive(process):
            await asyncio.sleep(0.5)
        _log.info("pid %d, for which this runs, has ended", pid)
        self._stopping.set()

    async def _shorten_logs(self) -> None:
        while True:
            await asyncio.sleep(60)
            for name in (SUPERVISOR, *self._keepers):
                try:
                    await asyncio.to_thread(log_files.shorten, self._installation.layout.log(name))
                except OSError as problem:
                    _log.warning("the log of %s grows: %s", name, problem)

    # Processes

    async def _take_over(self) -> None:
        """Adopts what an earlier supervisor left running; what is run differently today, or not at all, is stopped."""
        left = process_table.marked(self._installation.owner)
        noted = read_state(self._installation)
        known = {each.name: each for each in noted.processes} if noted else {}
        wanted = {program.name: program for program in programs(self._installation)}
        for name, process in process_table.heads(left).items():
            program = wanted.get(name)
            if program is not None and program.fingerprint == left[process].fingerprint:
                before = known.get(name)
                same = before is not None and before.identity == process
                keeper = self._add(program)
                if before is not None:
                    keeper.adopt(process, before.restarts, before.last_exit, before.since if same else None)
                else:
                    keeper.adopt(process, 0, None, None)
            else:
                _log.info("%s: pid %d is from an earlier start and is replaced", name, process.pid)
                await _end(process)
        for process, mark in left.items():  # children whose parent is gone
            if mark.name not in self._keepers:
                process_table.send(process, signal.SIGKILL)

    def _add(self, program: Program) -> Keeper:
        if program.name not in self._keepers:
            layout, owner = self._installation.layout, self._installation.owner
            keeper = Keeper(program, layout, owner, self._write_state, self._needs_ready)
            self._keepers[program.name] = keeper
            self._tasks[program.name] = asyncio.create_task(keeper.keep())
        return self._keepers[program.name]

    def _needs_ready(self, program: Program) -> bool:
        # a server that was ready once counts as there, also when it is slow or halted at the moment
        return all(need in self._keepers and self._keepers[need].state in ("up", "unready", "paused") for need in program.needs)

    def _of(self, names: Iterable[str]) -> list[Keeper]:
        """The keepers of parts and processes."""
        wanted = set(names)
        return [keeper for name, keeper in self._keepers.items() if wanted & {name, part_of(name)}]

    # What can be asked

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            question = json.loads(await reader.readline())
            answer = await getattr(self, f"_do_{question.pop('do')}")(**question)
        except Exception as problem:  # whoever asked gets to know, and the next question is answered
            _log.exception("a question could not be answered")
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        with contextlib.suppress(OSError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
            writer.close()

    async def _do_hello(self) -> dict[str, Any]:
        return {"pid": os.getpid()}

    async def _do_status(self) -> dict[str, Any]:
        await asyncio.gather(*(keeper.refresh() for keeper in self._keepers.values()))
        answer: dict[str, Any] = msgspec.to_builtins(self._state())
        return answer

    async def _do_start(self, name: str) -> dict[str, Any]:
        for keeper in self._of({name}):
            keeper.start()
        return {}

    async def _do_stop(self, name: str) -> dict[str, Any]:
        await asyncio.gather(*(keeper.stop() for keeper in self._of({name})))
        return {}

    async def _do_kill(self, name: str, number: int) -> dict[str, Any]:
        killed = [process for keeper in self._of({name}) if (process := keeper.kill(number)) is not None]
        while number == signal.SIGKILL and any(map(process_table.alive, killed)):
            await asyncio.sleep(0.01)  # whoever asks for the status next does not find it up
        return {"pids": [process.pid for process in killed]}

    async def _do_reload(self) -> dict[str, Any]:
        """Reads the configuration again: what is no longer in it is stopped, what is run differently is started anew, what is new waits."""
        self._installation = Installation.open(self._installation.layout.data)
        wanted = {program.name: program for program in programs(self._installation)}
        await asyncio.gather(*(self._replace(name, wanted.get(name)) for name in list(self._keepers)))
        for program in wanted.values():
            self._add(program)
        self._write_state()
        return {}

    async def _replace(self, name: str, program: Program | None) -> None:
        keeper = self._keepers[name]
        if program is not None and program.fingerprint == keeper.program.fingerprint:
            return
        ran = keeper.wanted
        await keeper.stop()
        if program is None:
            self._tasks.pop(name).cancel()
            del self._keepers[name]
            return
        keeper.program = program
        if ran:
            keeper.start()

    async def _do_shutdown(self) -> dict[str, Any]:
        self._stopping.set()
        return {}

    # What is written down

    def _state(self) -> SupervisorStatus:
        return SupervisorStatus(pid=os.getpid(), boot=self._boot, processes=[keeper.status() for keeper in self._keepers.values()])

    def _write_state(self) -> None:
        try:
            write_atomically(self._installation.layout.state, msgspec.json.encode(self._state()))
        except UserError as problem:  # a full disk must not end the supervision; processes are found by their mark as well
            _log.warning("%s", problem)


async def _end(process: process_table.Identity, seconds: float = 20) -> None:
    """Ends a process that nobody supervises: in order, then by force."""
    process_table.send(process, signal.SIGTERM)
    process_table.send(process, signal.SIGCONT)
    deadline = time.monotonic() + seconds
    while process_table.alive(process):
        if time.monotonic() > deadline:
            process_table.send(process, signal.SIGKILL)
        await asyncio.sleep(0.05)


def main(arguments: list[str] | None = None) -> int:
    """Runs a supervisor in the foreground; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tieout.installation.supervisor")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--while-alive", type=int, metavar="PID")
    parsed = parser.parse_args(arguments)
    installation = Installation.open(parsed.data)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    with installation.layout.supervisor_lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.error("another supervisor runs already")
            return NOT_AVAILABLE
        installation.layout.control.unlink(missing_ok=True)
        with socket_address(installation.layout) as address, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen(64)
            listener.setblocking(False)
            try:
                asyncio.run(Supervisor(installation).run(listener, parsed.while_alive))
            finally:
                installation.layout.control.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
