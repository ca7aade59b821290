"""The status of an installation as a table, and what to call next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from shared.plain_text import plain
from tieout.installation.installation import Installation
from tieout.installation.status import InstallationStatus, PartStatus, ProcessStatus, State
from tieout.language import Language, pick

STATE_WORDS: Final[dict[State, tuple[str, str]]] = {
    "up": ("运行中", "up"),
    "starting": ("启动中", "starting"),
    "unready": ("未就绪", "not ready"),
    "restarting": ("等待重启", "restarting"),
    "waiting": ("等待依赖", "waiting"),
    "paused": ("被暂停", "paused"),
    "unsupervised": ("无人监管", "unsupervised"),
    "stopped": ("已停止", "stopped"),
    "down": ("未运行", "down"),
}


def table(status: InstallationStatus, language: Language) -> list[str]:
    """One line a process: name, state, address, pid, restarts, last exit; then one for what is wrong with it."""
    heads = (("名称", "name"), ("状态", "state"), ("地址", "address"), ("进程号", "pid"), ("重启", "restarts"), ("上次退出", "last exit"))
    rows = [[pick(language, *head) for head in heads]]
    for part in status.parts:
        rows += [_row(part, number, language) for number in range(len(part.processes))]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    details = [f"{each.name}: {plain(each.detail)}" for each in status.processes if each.detail and each.state != "up"]
    return [*lines, *([""] if details else []), *details]


def places(status: InstallationStatus, language: Language) -> list[str]:
    """Where the inbox, the database and the data are."""
    s3 = status.s3
    zh = (("收件桶", f"{s3.bucket}（{s3.endpoint}）"), ("S3 密钥", s3.credentials), ("数据库", status.database), ("数据目录", status.data))
    en = (("inbox", f"{s3.bucket} at {s3.endpoint}"), ("S3 keys", s3.credentials), ("database", status.database), ("data", status.data))
    lines = zh if language == "zh" else en
    width = max(cell_len(name) for name, _ in lines)
    return [f"{name}{' ' * (width - cell_len(name))}  {value}" for name, value in lines]


def next_steps(installation: Installation, language: Language) -> list[str]:
    """What to call next, with the folder where it is not the default."""
    where = data_option(installation.layout.data)
    steps = [(f"status{where}", "查看状态", "how it is"), (f"down{where}", "停止（数据保留）", "stop it; data stays")]
    if not installation.configuration.servers_only:
        steps = [
            (f"put{where} samples/*.pdf", "放入 PDF", "put PDFs into the inbox"),
            (f"watch{where}", "查看处理进度", "watch them go through the stages"),
            *steps,
        ]
    width = max(cell_len(command) for command, _, _ in steps)
    head = pick(language, "接下来：", "What next:")
    return [head, *(f"  bin/tieout {command}{' ' * (width - cell_len(command))}  {pick(language, zh, en)}" for command, zh, en in steps)]


def data_option(data: Path) -> str:
    """` --data DIR` as it has to be typed; nothing for the default folder."""
    return "" if data == Path("tieout-data").absolute() else f" --data {shlex.quote(str(data))}"


def _row(part: PartStatus, number: int, language: Language) -> list[str]:
    process: ProcessStatus = part.processes[number]
    return [
        process.name,
        pick(language, *STATE_WORDS[process.state]),
        part.addresses[number],
        str(process.pid or "-"),
        str(process.restarts),
        _exit(process.last_exit, language),
    ]


def _exit(text: str | None, language: Language) -> str:
    if text is None:
        return "-"
    how, _, at = text.rpartition(" ")
    how = pick(language, how.replace("exit ", "退出码 ").replace("unknown", "不明"), how)
    return f"{how} {at[11:19]}Z" if "T" in at else text
