"""What a call of `up` asks for, and the configuration that comes of it: ports, numbers of processes, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from shared.topics import SERVICES
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError
from tieout.installation.configuration import DEFAULT_PORTS, Configuration, block_of_ports
from tieout.installation.names import PARTS
from tieout.installation.ports import first_free, free_block, holder, is_free


@dataclass(frozen=True)
class Wishes:
    """Options of `up`; None or empty: as it was. `base`: first of consecutive ports, 0 for any free ones: those of
    before, where they are free.

    `while_alive`: pid of a process with whose end the installation is stopped; for tests and benchmarks, which may be killed.
    """

    ports: Mapping[str, int] = field(default_factory=dict)
    base: int | None = None
    processes: Mapping[str, int] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    workers: int | None = None
    brokers: int | None = None
    partitions: int | None = None
    servers_only: bool = False
    while_alive: int | None = None


def wanted(before: Configuration, wishes: Wishes, is_new: bool, running: bool) -> Configuration:
    """The configuration that a call asks for. Args: is_new: nothing was ever started. Raises UserError for what cannot be changed."""
    ports, further = dict(before.ports), before.further_ports
    if wishes.base is not None and not (wishes.base == 0 and (running or (not is_new and _all_free(before)))):
        ports, further = block_of_ports(wishes.base or free_block())
    if unknown := sorted(set(wishes.ports) - {*DEFAULT_PORTS, *ports, *_further_names(before, wishes)}):
        names = ", ".join(DEFAULT_PORTS)
        raise UserError(USAGE, f"--port 没有 {unknown[0]} 这个名称；有 {names}。", f"--port knows no {unknown[0]}; it knows {names}.")
    ports.update(wishes.ports)
    after = msgspec.structs.replace(
        before,
        ports=ports,
        further_ports=further,
        processes={**before.processes, **wishes.processes},
        environment={name: value for name, value in {**before.environment, **wishes.environment}.items() if value},
        commands={**before.commands, **{name: list(command) for name, command in wishes.commands.items()}},
        workers=wishes.workers or before.workers,
        brokers=wishes.brokers or before.brokers,
        partitions=wishes.partitions or before.partitions,
        servers_only=wishes.servers_only,
    )
    if not is_new:
        _refuse_what_is_fixed(before, after)
    for name in after.ports_needed():
        if name not in ports:
            ports[name] = first_free(range(*further), ports.values())
    _refuse_doubles(after)
    if running:
        _refuse_moves(before, after)
    return after


def refuse_ports_in_use(configuration: Configuration, running: set[str]) -> None:
    """Raises UserError that names all ports in use, by whom, and what to do. Args: running: processes of ours, which have theirs already."""
    running = running | {name.replace("kafka", "kafka-controller") for name in running if name.startswith("kafka")}
    ports = configuration.ports
    taken = [(name, ports[name]) for name in configuration.ports_needed() if name not in running and not is_free(ports[name])]
    if not taken:
        return
    zh, en = [], []
    for name, port in taken:
        who = holder(port)
        zh.append(f"{name} 的端口 {port} 已被{who or '别的程序'}占用")
        en.append(f"port {port} of {name} is in use by {who or 'another program'}")
    name, port = taken[0]
    raise UserError(
        NOT_AVAILABLE,
        f"{'；'.join(zh)}。请停止占用者，或换端口：--port {name}={_other(port)}，或 --ports 起始端口（{len(DEFAULT_PORTS)} 个连续端口）。",
        f"{'; '.join(en)}. Stop it, or choose another port: --port {name}={_other(port)}, or --ports BASE ({len(DEFAULT_PORTS)} ports in a row).",
    )


def _all_free(configuration: Configuration) -> bool:
    return all(is_free(configuration.ports[name]) for name in configuration.ports_needed())


def _further_names(before: Configuration, wishes: Wishes) -> set[str]:
    asked = msgspec.structs.replace(
        before, processes={**before.processes, **wishes.processes}, brokers=wishes.brokers or before.brokers, servers_only=False
    )
    return set(asked.ports_needed())


def _refuse_what_is_fixed(before: Configuration, after: Configuration) -> None:
    if after.brokers != before.brokers:
        raise UserError(
            USAGE,
            f"Kafka 节点数（{before.brokers}）在首次启动时确定，不能更改。请用 --data 另建一个安装。",
            f"the number of brokers ({before.brokers}) is fixed at the first start. Make another installation with --data.",
        )
    if after.partitions < before.partitions:
        raise UserError(
            USAGE,
            f"主题的分区数（{before.partitions}）只能增加。",
            f"the number of partitions ({before.partitions}) can only grow.",
        )


def _refuse_doubles(after: Configuration) -> None:
    seen: dict[int, str] = {}
    for name in after.ports_needed():
        port = after.ports[name]
        if other := seen.get(port):
            raise UserError(USAGE, f"{name} 与 {other} 的端口同为 {port}。", f"{name} and {other} have the same port, {port}.")
        seen[port] = name


def _refuse_moves(before: Configuration, after: Configuration) -> None:
    moved = [name for name, port in before.ports.items() if name in after.ports_needed() and after.ports[name] != port]
    if moved:
        listed = ", ".join(f"{name} {before.ports[name]}" for name in moved)
        raise UserError(
            USAGE,
            f"本地安装正在运行（{listed}），端口不能更改。请先运行 tieout down。",
            f"the installation is running ({listed}), so ports cannot change. Call tieout down first.",
        )


def _other(port: int) -> int:
    return port + 10000 if port < 50000 else port - 10000


def parse_port(text: str) -> tuple[str, int]:
    """NAME=PORT. Raises ValueError."""
    name, separator, number = text.partition("=")
    if not (separator and name and number.isascii() and number.isdigit() and 1 <= int(number) <= 65535):
        raise ValueError(text)
    return name, int(number)


def parse_processes(text: str) -> tuple[str, int]:
    """SERVICE=N. Raises ValueError."""
    name, _, number = text.partition("=")
    if name not in SERVICES or not (number.isascii() and number.isdigit() and 1 <= int(number) <= 32):
        raise ValueError(text)
    return name, int(number)


def parse_variable(text: str) -> tuple[str, str]:
    """[SERVICE:]TIEOUT_NAME=VALUE; an empty value takes the setting back. Raises ValueError."""
    name, separator, value = text.partition("=")
    service, colon, variable = name.rpartition(":")
    if not separator or not variable.startswith("TIEOUT_") or (colon and service not in PARTS):
        raise ValueError(text)
    return name, value
