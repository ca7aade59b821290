"""The commands `up`, `down`, `status` and `logs`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import msgspec

from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT, USAGE, UserError
from tieout.installation import display, log_files, starting
from tieout.installation.installation import Installation
from tieout.installation.layout import Layout
from tieout.installation.machine import Tell
from tieout.installation.names import PARTS, SUPERVISOR
from tieout.installation.status import InstallationStatus
from tieout.installation.wishes import Wishes
from tieout.language import Language, pick


def up(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout up`: starts an installation, or single parts of a running one."""
    if arguments.names:
        installation = Installation.open(arguments.data)
        for name in arguments.names:
            _started(installation, name)
    else:
        wishes = Wishes(
            ports=dict(arguments.port),
            base=arguments.ports,
            processes=dict(arguments.processes),
            environment=dict(arguments.env),
            workers=arguments.workers,
            brokers=arguments.brokers,
            partitions=arguments.partitions,
            servers_only=arguments.servers_only,
            while_alive=arguments.while_alive,
        )
        installation = starting.start(Layout.of(arguments.data), wishes, _teller(language))
    status = _settled(installation)
    lines = [*display.table(status, language), "", *display.places(status, language)]
    print("\n".join([*lines, "", *display.next_steps(installation, language)]))
    return NOTHING_TO_REPORT if status.is_up else NOT_AVAILABLE


def _settled(installation: Installation, seconds: float = 10) -> InstallationStatus:
    """The status as soon as everything is up: on a busy machine a part that was ready may answer late."""
    deadline = time.monotonic() + seconds
    while not (found := installation.status()).is_up and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def _started(installation: Installation, name: str) -> None:
    try:
        installation.start(name)
    except TimeoutError as problem:
        raise UserError(
            NOT_AVAILABLE,
            f"{name} 没有启动成功（{problem}）。请查看 tieout logs {name}。",
            f"{name} did not come up ({problem}). See tieout logs {name}.",
        ) from None


def down(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout down`: stops an installation, or single parts of it."""
    installation = Installation.open(arguments.data)
    tell = _teller(language)
    if arguments.names:
        for name in arguments.names:
            installation.stop(name)
            tell(f"{name} 已停止；tieout up {name} 再次启动", f"{name} stopped; tieout up {name} starts it again")
        return NOTHING_TO_REPORT
    with starting.one_at_a_time(installation.layout, tell):
        ran = starting.stop(installation, tell)
    data = installation.layout.data
    if ran:
        tell(f"本地安装已停止；数据保留在 {data}。", f"the installation is stopped; its data stays in {data}.")
    else:
        tell("本地安装没有运行。", "the installation is not running.")
    return NOTHING_TO_REPORT


def status(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout status`: how every part is."""
    installation = Installation.open(arguments.data)
    found = installation.status()
    if arguments.json:
        print(msgspec.json.encode(found).decode())
        return NOTHING_TO_REPORT if found.is_up else NOT_AVAILABLE
    print("\n".join([*display.table(found, language), "", *display.places(found, language)]))
    if found.is_up:
        return NOTHING_TO_REPORT
    where = display.data_option(installation.layout.data)
    if found.supervisor.state != "up":
        living = any(process.pid for process in found.processes)
        zh = "监管进程不在了，其余进程仍在运行" if living else "本地安装没有运行"
        en = "the supervisor is gone, the others run on" if living else "the installation is not running"
        print(f"\n{pick(language, f'{zh}：请运行 bin/tieout up{where}', f'{en}: call bin/tieout up{where}')}")
    else:
        name = next(process.name for process in found.processes if process.state != "up")
        print(f"\n{pick(language, '原因见', 'see')} bin/tieout logs {name}{where}")
    return NOT_AVAILABLE


def logs(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout logs`: the last lines of a part's logs, and those to come."""
    installation = Installation.open(arguments.data)
    known = [SUPERVISOR, *(name for part in PARTS for name in installation.configuration.names(part) or [part])]
    names = arguments.names or known
    chosen = [each for name in names for each in known if each == name or each.startswith(f"{name}-")]
    if unknown := next((name for name in names if name not in known), None):
        listed = ", ".join(known)
        raise UserError(USAGE, f"没有 {unknown}；有 {listed}。", f"there is no {unknown}; there are {listed}.")
    paths = {installation.layout.log(name): name for name in dict.fromkeys(chosen)}
    lead: Callable[[str], str] = (lambda _: "") if len(paths) == 1 else lambda name: f"{name}: "
    for path, name in paths.items():
        for line in log_files.last_lines(path, arguments.lines):
            print(f"{lead(name)}{line}")
    if not any(path.exists() for path in paths):
        print(pick(language, "还没有日志。", "there is no log yet."), file=sys.stderr)
    if arguments.follow:
        sys.stdout.flush()
        for path, line in log_files.follow(list(paths)):
            print(f"{lead(paths[path])}{line}", flush=True)
    return NOTHING_TO_REPORT


def _teller(language: Language) -> Tell:
    def tell(zh: str, en: str) -> None:
        print(f"tieout: {pick(language, zh, en)}", file=sys.stderr, flush=True)

    return tell
