"""The options of `accept`. Imports nothing heavy: every call of the command line reads this."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Words = Callable[[str, str], str]
Add = Callable[..., argparse.ArgumentParser]


def add_commands(
    add: Add,
    lazy: Callable[[str, str], Any],
    t: Words,
    data: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
) -> None:
    """Adds the commands. Args: add, lazy, t: as in `cli.build_parser`. data, as_json: its parsers of `--data` and `--json`."""
    accept = add(
        "accept",
        lazy("tieout.handover.accept", "accept"),
        "认可一个问题（数字属实，不必更正），或撤回认可；不写编号则列出已认可的",
        "accept a finding as it stands, or take that back; without one, list what was accepted",
        data,
        as_json,
    )
    _add_accept(accept, t)


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
