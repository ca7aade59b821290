"""The options of `up`, `down`, `status` and `logs`. Imports nothing heavy: every call of the command line reads this."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

_MODULE = "tieout.installation.commands"
Value = TypeVar("Value")


def add_commands(
    add: Callable[..., argparse.ArgumentParser],
    lazy: Callable[[str, str], Any],
    t: Callable[[str, str], str],
    data: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
) -> None:
    """Adds the commands. Args: add, lazy, t: as in `cli.build_parser`. data, as_json: its parsers of `--data` and `--json`."""
    _add_up(add("up", lazy(_MODULE, "up"), "启动本地安装：Kafka、S3、PostgreSQL 和四个服务", "start a local installation: Kafka, S3, PostgreSQL, the four services", data), t)  # fmt: skip
    down = add("down", lazy(_MODULE, "down"), "停止本地安装；数据保留", "stop the local installation; its data stays", data)
    _add_names(down, "只停止这些部分", "stop these parts only", t)
    add("status", lazy(_MODULE, "status"), "显示本地安装各部分的状态", "show how each part of the local installation is", data, as_json)
    logs = add("logs", lazy(_MODULE, "logs"), "显示本地安装各部分的日志", "show the logs of the local installation", data)
    _add_names(logs, "哪些部分，也可为 supervisor（默认全部）", "which parts, supervisor too (default: all)", t)
    logs.add_argument("-f", "--follow", action="store_true", help=t("持续显示新的日志", "go on with new lines"))
    lines = _of(t, _whole_number(0, 1_000_000), "须为 0 到 1000000 的整数", "must be a whole number from 0 to 1000000")
    logs.add_argument("-n", "--lines", type=lines, default=20, metavar="N", help=t("先显示最后几行（默认 20）", "how many of the last lines (default: 20)"))  # fmt: skip


def _add_names(command: argparse.ArgumentParser, zh: str, en: str, t: Callable[[str, str], str]) -> None:
    names = ("kafka", "s3", "postgres", "store", "extractor", "normalizer", "validator")
    command.add_argument("names", nargs="*", metavar=t("部分", "PART"), help=t(f"{zh}：{'、'.join(names)}", f"{en}: {', '.join(names)}"))


def _add_up(up: argparse.ArgumentParser, t: Callable[[str, str], str]) -> None:
    from tieout.installation.wishes import parse_port, parse_processes, parse_variable

    _add_names(up, "只启动运行中安装里的这些部分", "start these parts of a running installation only", t)
    port = _of(t, parse_port, "须为 名称=端口，如 kafka=9192", "must be NAME=PORT, e.g. kafka=9192")
    up.add_argument("--port", action="append", type=port, default=[], metavar="NAME=PORT", help=t("某一部分的端口（kafka、kafka-controller、s3、postgres、各服务），可重复；以后沿用", "port of a part (kafka, kafka-controller, s3, postgres, a service); repeatable; remembered"))  # fmt: skip
    base = _of(t, _base, "须为 1024 到 65000 的整数或 auto", "must be a whole number from 1024 to 65000, or auto")
    up.add_argument("--ports", type=base, metavar="BASE", help=t("从此端口起连续使用（auto：任意空闲端口）；以后沿用", "use consecutive ports from here (auto: any free ones); remembered"))  # fmt: skip
    processes = _of(t, parse_processes, "须为 服务=个数（1 到 32）", "must be SERVICE=N, N from 1 to 32")
    up.add_argument("--processes", action="append", type=processes, default=[], metavar="SERVICE=N", help=t("某服务的进程数（默认 1），可重复；以后沿用", "processes of a service (default: 1); repeatable; remembered"))  # fmt: skip
    workers = _of(t, _whole_number(1, 256), "须为 1 到 256 的整数", "must be a whole number from 1 to 256")
    up.add_argument("--workers", type=workers, metavar="N", help=t("每个服务进程的工作进程数（默认为处理器核数）；以后沿用", "worker processes of each service (default: the number of cores); remembered"))  # fmt: skip
    up.add_argument("--brokers", type=int, choices=[1, 3], help=t("Kafka 节点数，首次启动时确定（默认 1；3：各存三份）", "Kafka brokers, chosen at the first start (default: 1; 3: three replicas)"))  # fmt: skip
    partitions = _of(t, _whole_number(1, 256), "须为 1 到 256 的整数", "must be a whole number from 1 to 256")
    up.add_argument("--partitions", type=partitions, metavar="N", help=t("主题的分区数（默认 4），只能增加", "partitions of a topic (default: 4); can only grow"))  # fmt: skip
    variable = _of(t, parse_variable, "须为 [服务:]TIEOUT_名称=值", "must be [SERVICE:]TIEOUT_NAME=VALUE")
    up.add_argument("--env", action="append", type=variable, default=[], metavar="[SERVICE:]NAME=VALUE", help=t("服务的设置 TIEOUT_*，可重复；空值取消；以后沿用（不要放密码：会存入设置文件）", "a setting TIEOUT_* of services; repeatable; an empty value takes it back; remembered (no secrets: it is written down)"))  # fmt: skip
    up.add_argument("--while-alive", type=_of(t, _whole_number(1, 1 << 30), "须为进程号", "must be a process id"), metavar="PID", help=t("该进程结束时停止（供测试脚本使用）", "stop when this process ends (for test scripts)"))  # fmt: skip
    up.add_argument("--servers-only", action="store_true", help=t("只启动 Kafka、S3 和 PostgreSQL", "start Kafka, S3 and PostgreSQL only"))


def _of(t: Callable[[str, str], str], parse: Callable[[str], Value], zh: str, en: str) -> Callable[[str], Value]:
    """A type of argparse whose error is in the user's language."""

    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except ValueError:
            raise argparse.ArgumentTypeError(t(zh, en)) from None

    return parsed


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return parse


def _base(text: str) -> int:
    return 0 if text == "auto" else _whole_number(1024, 65000)(text)
