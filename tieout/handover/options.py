"""The options of `accept` and `report`. Imports nothing heavy: every call of the command line reads this."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Words = Callable[[str, str], str]
Add = Callable[..., argparse.ArgumentParser]


def add_commands(
    add: Add,
    lazy: Callable[[str, str], Any],
    t: Words,
    folder: Callable[[str], Path],
    data: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
) -> None:
    """Adds the commands. Args: add, lazy, t, folder: as in `cli.build_parser`. data, as_json: its parsers of `--data` and `--json`."""
    accept = add(
        "accept",
        lazy("tieout.handover.accept", "accept"),
        "认可一个问题（数字属实，不必更正），或撤回认可；不写编号则列出已认可的",
        "accept a finding as it stands, or take that back; without one, list what was accepted",
        data,
        as_json,
    )
    _add_accept(accept, t)
    report = add(
        "report",
        lazy("tieout.handover.report", "report"),
        "生成交给部门的材料：标注差错的 PDF、报告网页、工作簿、更正通知",
        "write what is handed to a department: the PDF with marks, a page to read, a workbook, a notice",
        data,
    )
    report.add_argument(
        "document",
        metavar=t("文件或编号", "FILE-OR-ID"),
        help=t("PDF，或已保存文件的编号（前几位即可）、文件名", "a PDF; or a stored document's id (its first digits), or name"),
    )
    report.add_argument(
        "-o",
        "--output",
        type=folder,
        default=Path("tieout-report"),
        metavar="DIR",
        help=t("存放的目录（默认 tieout-report）", "folder to write to (default: tieout-report)"),
    )


def _add_accept(accept: argparse.ArgumentParser, t: Words) -> None:
    accept.add_argument(
        "finding",
        nargs="?",
        metavar=t("问题编号", "FINDING"),
        help=t("问题编号（开头六位以上即可）", "a finding's id, or its first six characters or more"),
    )
    why = t("原因，随决定一起保存（认可时必填）", "the reason; it is kept with the decision (needed to accept)")
    accept.add_argument("--why", metavar=t("原因", "TEXT"), help=why)
    by = t("决定者（默认为系统用户名）", "who decides (default: the name of the system's user)")
    accept.add_argument("--by", metavar=t("姓名", "NAME"), help=by)
    accept.add_argument("--undo", action="store_true", help=t("撤回认可", "take an acceptance back"))
