"""Starting an installation: what it needs, the supervisor, servers, what has to be in them, services; waiting until each is ready."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from shared.topics import SERVICES
from tieout import extras
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation import configuration as configurations
from tieout.installation import control, kafka_node, log_files, machine, postgres_cluster, process_table, provision
from tieout.installation.configuration import Configuration
from tieout.installation.credentials import make_credentials
from tieout.installation.display import data_option
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.machine import Tell
from tieout.installation.names import KAFKA, POSTGRES, S3, SUPERVISOR
from tieout.installation.programs import ROOT
from tieout.installation.service_environment import refuse_wrong_settings, versions_of_today
from tieout.installation.status import ProcessStatus
from tieout.installation.wishes import Wishes, refuse_ports_in_use, wanted
from tieout.language import reason

_READY_SECONDS = 120
_LEAST_MEGABYTES = 256
"""Empty servers take 50 MB, and PostgreSQL soon has several log segments of 16 MB; the rest is for the first documents."""
_DEATHS = 3
"""A process that died so often while `up` waits for it will not come up."""


class StartFailedError(UserError):
    """A part did not come up: which, why, its last lines."""


@contextlib.contextmanager
def one_at_a_time(layout: Layout, tell: Tell) -> Iterator[None]:
    """`up` and `down` of one installation wait for each other."""
    lock = FileLock(layout.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("另一个 tieout up 或 down 正在进行，等待中…", "another tieout up or down is under way; waiting …")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def make_folder(layout: Layout) -> None:
    """Makes the installation's folder, for its owner alone. Raises UserError."""
    try:
        layout.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        layout.root.mkdir(exist_ok=True)
        layout.root.chmod(0o700)
        layout.lock.touch()
    except OSError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"数据目录 {layout.data} 无法写入（{reason(problem, 'zh')}）。请检查权限，或用 --data 指定别的目录。",
            f"the data folder {layout.data} cannot be written ({reason(problem, 'en')}). Check its permissions, or name another with --data.",
        ) from None


def start(layout: Layout, wishes: Wishes, tell: Tell) -> Installation:
    """Starts what does not run yet and waits until all is ready. Called again it does nothing.

    Ends what it started when it is interrupted. Raises UserError: what is missing on the machine, a port in use; StartFailedError.
    """
    _refuse_early(layout, wishes)
    make_folder(layout)
    with one_at_a_time(layout, tell):
        before = configurations.load(layout.settings)
        is_running = control.answers(layout)
        configuration = wanted(before or configurations.first_configuration(), wishes, before is None, is_running)
        refuse_ports_in_use(configuration, _living(Installation(layout, configuration)))
        extras.need("services")
        refuse_wrong_settings(wishes.environment)
        configuration = _on_this_machine(configuration, layout, is_running, tell)
        if not configuration.servers_only:
            configuration = msgspec.structs.replace(configuration, activate=versions_of_today())
        configurations.save(configuration, layout.settings)
        installation = Installation.open(layout.data)
        _prepare(installation)
        try:
            if is_running:
                installation.ask({"do": "reload"}, timeout=200)
            else:
                _start_supervisor(installation, wishes.while_alive)
            _start_parts(installation, tell)
        except KeyboardInterrupt:
            if not is_running:
                tell("已中断，正在停止已启动的部分…", "interrupted; stopping what was started …")
                stop(installation, tell)
            raise
    return installation


def stop(installation: Installation, tell: Tell) -> bool:
    """Stops everything in order; data stays. Called again it does nothing. Returns: whether anything ran. Raises UserError."""
    layout = installation.layout
    if not control.answers(layout):
        if not process_table.marked(installation.owner):
            return False
        _start_supervisor(installation, None)  # its supervisor was killed: a new one takes over what is left, and ends it
    deadline = time.monotonic() + 200
    running = {process.name for process in installation.status().processes if process.pid}
    control.ask(layout, {"do": "shutdown"})
    while (answer := control.ask(layout, {"do": "status"}, timeout=30)) is not None:
        now = {each["name"] for each in answer["processes"] if each["pid"]}
        for name in sorted(running - now):
            tell(f"{name} 已停止", f"{name} stopped")
        running = now
        if time.monotonic() > deadline:
            listed = ", ".join(sorted(running))
            raise UserError(NOT_AVAILABLE, f"未能停止：{listed}。", f"these did not stop: {listed}.")
        time.sleep(0.1)
    for name in sorted(running):
        tell(f"{name} 已停止", f"{name} stopped")
    return True


def _refuse_early(layout: Layout, wishes: Wishes) -> None:
    """Raises UserError for wrong options and ports in use before a folder is made."""
    if not layout.root.exists():
        refuse_ports_in_use(wanted(configurations.first_configuration(), wishes, is_new=True, running=False), set())
        _refuse_small_disk(layout)


def _refuse_small_disk(layout: Layout) -> None:
    existing = next(folder for folder in (layout.data, *layout.data.parents) if folder.exists())
    disk = shutil.disk_usage(existing)
    free = disk.free >> 20
    if disk.total and free < _LEAST_MEGABYTES:  # file systems of no fixed size say 0
        raise UserError(
            NOT_AVAILABLE,
            f"{existing} 所在磁盘只剩 {free} MB，本地安装至少需要 {_LEAST_MEGABYTES} MB。请腾出空间，或用 --data 指定别的磁盘。",
            f"the disk of {existing} has {free} MB left; an installation needs {_LEAST_MEGABYTES} MB at least. "
            "Make room, or name a folder on another disk with --data.",
        )


def _living(installation: Installation) -> set[str]:
    return set(process_table.heads(process_table.marked(installation.owner)))


def _on_this_machine(configuration: Configuration, layout: Layout, is_running: bool, tell: Tell) -> Configuration:
    """The configuration with the programs of this machine. A running installation keeps those that it has: others would restart it."""
    postgres_cluster.binaries()
    if is_running and all(Path(each).exists() for each in (configuration.java, configuration.jars, configuration.gateway)):
        return configuration
    machine.refuse_missing_tools()
    java = machine.java()
    return msgspec.structs.replace(
        configuration,
        java=java,
        jars=str(machine.jars(java, tell)),
        gateway=str(machine.gateway(tell)),
        sidecar=configuration.sidecar or (not layout.buckets.exists() and not provision.has_extended_attributes(layout.root)),
    )


def _prepare(installation: Installation) -> None:
    layout = installation.layout
    make_credentials(layout)
    for folder in (layout.buckets, layout.versions, *([layout.sidecar] if installation.configuration.sidecar else [])):
        folder.mkdir(exist_ok=True, mode=0o700)
    if not _living(installation) & {POSTGRES}:
        postgres_cluster.prepare(layout)
    kafka_node.prepare(layout, installation.configuration)


def _start_supervisor(installation: Installation, while_alive: int | None) -> None:
    layout = installation.layout
    with log_files.open_log(layout.log(SUPERVISOR)) as log:
        command = [sys.executable, "-P", "-m", "tieout.installation.supervisor", "--data", str(layout.data)]
        command += [] if while_alive is None else ["--while-alive", str(while_alive)]
        child = subprocess.Popen(
            command,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60  # taking over what an earlier one left may include stopping some of it
    while not control.answers(layout):
        if child.poll() is not None or time.monotonic() > deadline:
            raise _failed(installation, ProcessStatus(name=SUPERVISOR, state="down", last_exit=f"exit {child.returncode}"))
        time.sleep(0.05)


def _start_parts(installation: Installation, tell: Tell) -> None:
    """Servers, what has to be in them, services. The S3 server comes after its topic: it sends an event when it starts."""
    began = time.monotonic()
    configuration = installation.configuration
    status = installation.status()
    before = {each.name for each in status.processes if each.state == "up"}
    if status.is_up:
        tell("本地安装已在运行。", "the installation is running already.")

    def bring(*parts: str) -> None:
        for part in parts:
            control.ask(installation.layout, {"do": "start", "name": part})
        _await(installation, parts, before, began, tell)

    bring(KAFKA, POSTGRES)
    provision.make_topics(installation)
    provision.make_database(installation)
    bring(S3)
    provision.make_buckets(installation)
    bring(*(service for service in SERVICES if configuration.count(service)))


def _await(installation: Installation, parts: tuple[str, ...], told: set[str], began: float, tell: Tell) -> None:
    """Waits until all processes of some parts are up, and says each. Raises StartFailedError."""
    deadline = time.monotonic() + _READY_SECONDS
    deaths: dict[str, int] = {}
    while True:
        processes = [each for each in installation.status().processes if each.part in parts]
        for each in processes:
            if each.state == "up" and each.name not in told:
                told.add(each.name)
                took = time.monotonic() - began
                tell(f"{each.name} 就绪（{took:.1f} 秒）", f"{each.name} is ready ({took:.1f} s)")
            if each.restarts - deaths.setdefault(each.name, each.restarts) >= _DEATHS:
                raise _failed(installation, each)
        waiting = [each for each in processes if each.state != "up"]
        if not waiting:
            return
        if time.monotonic() > deadline:
            raise _failed(installation, waiting[0])
        time.sleep(0.1)


def _failed(installation: Installation, process: ProcessStatus) -> StartFailedError:
    name = process.name
    lines = log_files.last_lines(installation.layout.log(name), 12)
    shown = "".join(f"\n  {line}" for line in lines)
    where = data_option(installation.layout.data)
    why = "; ".join(each for each in (process.last_exit, process.detail) if each) or process.state
    return StartFailedError(
        NOT_AVAILABLE,
        f"{name} 没有启动成功（{why}）。最后的日志：{shown}\n完整日志：bin/tieout logs {name}{where}；全部停止：bin/tieout down{where}；排除原因后再次运行 bin/tieout up{where}。",
        f"{name} did not come up ({why}). Its last lines:{shown}\n"
        f"The whole log: bin/tieout logs {name}{where}. To stop all: bin/tieout down{where}. "
        f"When the cause is gone: bin/tieout up{where}.",
    )
