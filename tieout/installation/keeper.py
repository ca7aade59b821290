"""Keeps one process alive: starts it, sees when it is ready, starts it again when it dies, and stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable

from tieout.installation import log_files, process_table
from tieout.installation.layout import Layout
from tieout.installation.probes import ask
from tieout.installation.process_table import MARK, Identity, Mark
from tieout.installation.programs import Program
from tieout.installation.restarts import DELAYS, Restarts
from tieout.installation.status import ProcessStatus, State

_log = logging.getLogger("supervisor")
_PROBE_SECONDS = 3.0
_ENDING = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT})


class Keeper:
    """One process under supervision.

    Args: program: what it runs. layout, installation: whose it is. changed: called whenever its state changes.
    needs_ready: whether what the program needs is ready.
    """

    def __init__(
        self, program: Program, layout: Layout, installation: str, changed: Callable[[], None], needs_ready: Callable[[Program], bool]
    ) -> None:
        self.program = program
        self.wanted = False
        self.state: State = "stopped"
        self.detail: str | None = None
        self._layout = layout
        self._installation = installation
        self._changed = changed
        self._needs_ready = needs_ready
        self._process: Identity | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._wake = asyncio.Event()
        self._gone = asyncio.Event()
        self._restarts = 0
        self._last_exit: str | None = None
        self._since: datetime.datetime | None = None
        self._in_a_row = Restarts()
        self._due = 0.0
        self._asked_for = False

    # What others ask for

    def status(self) -> ProcessStatus:
        """How it is."""
        return ProcessStatus(
            name=self.program.name,
            state=self.state,
            pid=self._process.pid if self._process else None,
            started=self._process.started if self._process else None,
            restarts=self._restarts,
            last_exit=self._last_exit,
            since=self._since.isoformat(timespec="seconds") if self._since else None,
            detail=self.detail,
        )

    def adopt(self, process: Identity, restarts: int, last_exit: str | None, since: str | None) -> None:
        """Takes over a process that an earlier supervisor started."""
        self._process, self._restarts, self._last_exit = process, restarts, last_exit
        self._since = datetime.datetime.fromisoformat(since) if since else _now()
        self.wanted = True
        self._enter("starting")
        _log.info("%s: taken over, pid %d", self.program.name, process.pid)

    def start(self) -> None:
        """Wants it to run, now."""
        self.wanted = True
        self._due = 0.0
        self._wake.set()

    async def stop(self) -> None:
        """Stops it in order, and by force where it takes too long; it stays stopped."""
        self.wanted = False
        self._wake.set()
        if self._process is None:
            return
        self._gone.clear()
        process = self._process
        for number, seconds in ((self.program.stop_signal, self.program.stop_seconds), (signal.SIGKILL, 10.0)):
            process_table.send(process, number)
            process_table.send(process, signal.SIGCONT)  # one that was halted could not see the other signal
            try:
                async with asyncio.timeout(seconds):
                    await self._gone.wait()
            except TimeoutError:
                _log.warning("%s: still there %g s after %s", self.program.name, seconds, signal.Signals(number).name)
            else:
                return

    def kill(self, number: int) -> Identity | None:
        """Sends a signal; returns the process that got it. A death that was asked for is no sign of illness: no growing delay."""
        process = self._process
        if process is None or not process_table.send(process, number):
            return None
        self._asked_for = number in _ENDING
        return process

    async def refresh(self) -> None:
        """Looks whether it is ready now."""
        process = self._process
        if process is None:
            return
        if not process_table.alive(process):  # `_watch` will see it in a moment
            self._enter("restarting")
            return
        if process_table.is_stopped(process):
            self._enter("paused")
            return
        problem = await ask(self.program.probe, _PROBE_SECONDS)
        if self._process != process:
            return
        if problem is None:
            self._enter("up")
        else:
            self._enter("starting" if self.state == "starting" else "unready", problem)

    # The loop

    async def keep(self) -> None:
        """Runs until it is cancelled."""
        while True:
            try:
                await self._step()
            except Exception:  # a defect here must not leave a process without supervision
                _log.exception("%s: trouble in its supervision", self.program.name)
                await asyncio.sleep(1)

    async def _step(self) -> None:
        self._wake.clear()
        if self._process is not None:
            await self._watch(self._process)
        elif not self.wanted:
            self._enter("stopped")
            await self._wake.wait()
        elif (pause := self._due - time.monotonic()) > 0:
            self._enter("restarting", self.detail)
            await self._pause(pause)
        elif not self._needs_ready(self.program):
            self._enter("waiting", f"for {', '.join(self.program.needs)}")
            await self._pause(0.1)
        else:
            self._launch()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _launch(self) -> None:
        program = self.program
        mark = Mark(self._installation, program.name, program.fingerprint)
        try:
            program.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with log_files.open_log(self._layout.log(program.name)) as log:
                with contextlib.suppress(OSError):  # a full disk: the process may still do its work
                    log.write(f"--- {_now().isoformat(timespec='seconds')} tieout starts {program.name}\n".encode())
                self._child = subprocess.Popen(
                    program.command,
                    cwd=program.folder,
                    env={**program.inherited, **program.own, MARK: str(mark)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # the terminal's Ctrl-C is not for it
                )
        except OSError as problem:  # the program is not there, or no memory is left
            self._ended("not started", 0, str(problem))
            return
        # A child that ended already is a zombie until it is waited for: it keeps its pid, and its start can be read
        self._process = process_table.identity(self._child.pid) or Identity(self._child.pid, -1)
        self._since = _now()
        self._enter("starting")
        _log.info("%s: started, pid %d", program.name, self._child.pid)

    async def _watch(self, process: Identity) -> None:
        began = time.monotonic()
        prober = asyncio.create_task(self._until_ready())
        try:
            await _end_of(process, self._child)
        finally:
            prober.cancel()
        how = _how(self._child)
        for left in process_table.marked(self._installation, self.program.name):  # children of a dead process work for nobody
            process_table.send(left, signal.SIGKILL)
        self._process = self._child = self._since = None
        self._gone.set()
        self._ended(how, time.monotonic() - began)

    def _ended(self, how: str, ran: float, detail: str | None = None) -> None:
        if not self.wanted:
            _log.info("%s: stopped (%s)", self.program.name, how)
            self._enter("stopped")
            return
        self._last_exit = f"{how} {_now().isoformat(timespec='seconds')}"
        self._restarts += 1
        later, delay = self._in_a_row.after(ran)
        if self._asked_for:
            self._asked_for, delay = False, DELAYS[0]
        else:
            self._in_a_row = later
        self._due = time.monotonic() + delay
        _log.warning("%s: ended (%s) after %.1f s; next start in %g s", self.program.name, how, ran, delay)
        self._enter("restarting", detail)

    async def _until_ready(self) -> None:
        pause = 0.05
        while self.state != "up":
            await self.refresh()
            await asyncio.sleep(pause)
            pause = min(0.5, pause * 1.3)

    def _enter(self, state: State, detail: str | None = None) -> None:
        different = state != self.state
        self.state, self.detail = state, detail
        if different:
            self._changed()


async def _end_of(process: Identity, child: subprocess.Popen[bytes] | None) -> None:
    """Waits until a process is gone. A child of ours stays a zombie until `_how` asks for its end, so that its pid is not used again."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    except OSError:  # kernels before 5.3, and sandboxes that lack the call
        while process_table.alive(process):
            await asyncio.sleep(0.1)
        return
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        if child is None and not process_table.alive(process):
            return
        loop.add_reader(handle, ended.set)
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


def _how(child: subprocess.Popen[bytes] | None) -> str:
    """How a process ended; an adopted one is not ours to ask."""
    if child is None:
        return "unknown"
    code = child.wait()
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
