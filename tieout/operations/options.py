"""The options of the operating commands. Imports nothing heavy: every call of the command line reads this."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final, TypeVar

_PACKAGE: Final = "tieout.operations"
_STAGES: Final = ["extract", "normalize", "validate"]
_SERVICES: Final = ["extractor", "normalizer", "validator", "store"]
Value = TypeVar("Value")
Words = Callable[[str, str], str]
Add = Callable[..., argparse.ArgumentParser]


def add_commands(
    add: Add,
    nested: Callable[[argparse.ArgumentParser], Add],
    lazy: Callable[[str, str], Any],
    t: Words,
    data: argparse.ArgumentParser,
    as_json: argparse.ArgumentParser,
) -> None:
    """Adds the commands. Args: add, nested, lazy, t: as in `cli.build_parser`. data, as_json: its parsers of `--data` and `--json`."""

    def run(module: str, function: str) -> Any:
        return lazy(f"{_PACKAGE}.{module}", function)

    put = add("put", run("put", "put"), "上传 PDF，交给各服务处理", "upload PDFs for the services to process", data, as_json)
    _add_put(put, t)
    watch = add("watch", run("watch", "watch"), "显示处理进度、积压和故障", "show progress, backlog and what is wrong", data, as_json)
    _add_watch(watch, t)
    trace = add(
        "trace",
        run("trace", "trace"),
        "显示一份报送走到哪一步、为何等待",
        "show the way of a submission and what it waits for",
        data,
        as_json,
    )
    trace.add_argument("asked", metavar=t("编号或文件名", "ID-OR-NAME"), help=t("对象编号、文件编号（前几位即可）、桶中的键或文件名", "object id, document id (or its first digits), key or file name"))  # fmt: skip
    subscribe = add(
        "subscribe", run("subscribe", "subscribe"), "输出发布的事件（每个一行 JSON）", "print published events, one line of JSON each", data
    )
    _add_subscribe(subscribe, t)
    dlq = add("dlq", None, "查看死信，决定重新投递或放弃", "look at dead letters; send them again or discard them")
    _add_dead_letters(nested(dlq), run, t, data, as_json)
    reprocess = add(
        "reprocess",
        run("reprocess", "reprocess"),
        "重新处理已有的文件，排在新上传之后",
        "process documents again, behind new uploads",
        data,
    )
    _add_reprocess(reprocess, t)
    activate = add("activate", run("reprocess", "activate"), "决定一个阶段以哪个版本的结果为准；不写版本则列出", "decide which version of a stage counts; without one, list them", data, as_json)  # fmt: skip
    activate.add_argument("stage", nargs="?", choices=_STAGES, metavar=t("阶段", "STAGE"), help="extract, normalize, validate")
    activate.add_argument("version", nargs="?", metavar=t("版本", "VERSION"), help=t("版本（默认：列出已知版本）", "version (default: list the known ones)"))  # fmt: skip
    _add_why(activate, t)
    audit = add("audit", run("audit", "audit"), "逐一核对桶中的对象与账簿，指出漏项", "check every object of the bucket against the ledger and name holes", data, as_json)  # fmt: skip
    audit.add_argument("--repair", action="store_true", help=t("先清扫一次，补上漏项", "mend holes by one sweep first"))
    clean = add("clean", run("clean", "clean"), "删除过期且非当前结果所用的产物", "remove old artifacts that no current result rests on", data, as_json)  # fmt: skip
    _add_clean(clean, t)


def _add_clean(clean: argparse.ArgumentParser, t: Words) -> None:
    days = _of(t, _whole_number(1, 36_500), "须为 1 到 36500 的天数", "must be days from 1 to 36500")
    clean.add_argument("--older-than", type=days, metavar="DAYS", help=t("只删除早于这么多天的（默认 TIEOUT_KEEP_ARTIFACTS_DAYS）", "only what is older than so many days (default: TIEOUT_KEEP_ARTIFACTS_DAYS)"))  # fmt: skip
    clean.add_argument("--dry-run", action="store_true", help=t("只统计，不删除", "count only, remove nothing"))


def _add_put(put: argparse.ArgumentParser, t: Words) -> None:
    put.add_argument("paths", nargs="+", type=_of(t, _path, "路径为空", "the path is empty"), metavar=t("文件或文件夹", "FILE-OR-FOLDER"), help=t("PDF，或含 PDF 的文件夹（含子文件夹）；同一次不能有重名", "PDFs, or folders with PDFs (recursive); names must differ within a call"))  # fmt: skip
    put.add_argument("--department", metavar="NAME", help=t("报送部门；键为“部门/文件名”（默认无部门，键为文件名）", "department; the key is DEPARTMENT/NAME (default: none, and the key is the name)"))  # fmt: skip
    put.add_argument(
        "--wait", action="store_true", help=t("等到每份文件都有结果，并显示结论", "wait until each is settled and show its verdict")
    )
    seconds = _of(t, _number(1, 86_400), "须为 1 到 86400 的秒数", "must be seconds from 1 to 86400")
    put.add_argument("--timeout", type=seconds, default=600.0, metavar="S", help=t("最多等多少秒（默认 600）", "wait so many seconds at most (default: 600)"))  # fmt: skip


def _add_watch(watch: argparse.ArgumentParser, t: Words) -> None:
    watch.add_argument("--once", action="store_true", help=t("只显示一次", "show it once"))
    seconds = _of(t, _number(0.2, 3600), "须为 0.2 到 3600 的秒数", "must be seconds from 0.2 to 3600")
    watch.add_argument("--interval", type=seconds, default=2.0, metavar="S", help=t("每隔多少秒更新（默认 2）", "seconds between updates (default: 2)"))  # fmt: skip


def _add_subscribe(subscribe: argparse.ArgumentParser, t: Words) -> None:
    subscribe.add_argument("--topic", default="documents.validated", metavar="TOPIC", help=t("主题（默认 documents.validated）", "topic (default: documents.validated)"))  # fmt: skip
    subscribe.add_argument("--from", dest="start", choices=["beginning", "now"], default="now", help=t("从最早的事件还是从现在开始（默认 now）；消费组已有进度的，从该处继续", "first event kept, or from now on (default: now); a group goes on where it left off"))  # fmt: skip
    count = _of(t, _whole_number(1, 10**9), "须为正整数", "must be a positive whole number")
    subscribe.add_argument("--count", type=count, metavar="N", help=t("输出 N 个后结束；此前按 Ctrl-C 则退出码为 130（不用此项时为 0）", "end after N events; Ctrl-C before that is exit code 130 (without this option: 0)"))  # fmt: skip
    subscribe.add_argument(
        "--group", metavar="NAME", help=t("消费组：记住进度（默认不用）", "consumer group that remembers how far it is (default: none)")
    )


def _add_dead_letters(add: Add, run: Callable[[str, str], Any], t: Words, data: argparse.ArgumentParser, as_json: argparse.ArgumentParser) -> None:  # fmt: skip
    module = "dead_letters"
    letters = add("list", run(module, "list_letters"), "列出死信，最近的在前", "list dead letters, latest first", data, as_json)
    service = t("只看此服务", "of this service only")
    letters.add_argument("--service", choices=_SERVICES, help=service)
    letters.add_argument("--all", action="store_true", help=t("包括已重新投递和已放弃的", "also those that were sent again or discarded"))
    show = add("show", run(module, "show_letter"), "显示一封死信", "show a dead letter", data, as_json)
    identifier = t("死信编号（开头几位即可）", "a dead letter's id, or the beginning of it")
    show.add_argument("letter", metavar=t("编号", "ID"), help=identifier)
    show.add_argument(
        "--body", action="store_true", help=t("也显示正文（可能含未公开的预算）", "show the body as well (it may hold unpublished budgets)")
    )
    redrive = add("redrive", run(module, "redrive"), "重新投递死信：原样再发一次", "send dead letters again, as they were", data)
    redrive.add_argument("letters", nargs="*", metavar=t("编号", "ID"), help=identifier)
    redrive.add_argument("--all", action="store_true", help=t("全部待处理的死信", "all about which nothing was decided"))
    redrive.add_argument("--service", choices=_SERVICES, help=f"--all: {service}")
    discard = add("discard", run(module, "discard"), "放弃处理死信", "discard dead letters", data)
    discard.add_argument("letters", nargs="+", metavar=t("编号", "ID"), help=identifier)
    discard.add_argument(
        "--why", required=True, metavar=t("原因", "TEXT"), help=t("原因，随决定一起保存", "the reason; it is kept with the decision")
    )


def _add_reprocess(reprocess: argparse.ArgumentParser, t: Words) -> None:
    reprocess.add_argument("--from", dest="stage", required=True, choices=_STAGES, help=t("从哪个阶段起", "stage to begin with"))
    which = reprocess.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--document",
        metavar="ID",
        help=t("一份文件（编号的前几位、键或文件名）", "one document (first digits of its id, key, or file name)"),
    )
    which.add_argument("--all", action="store_true", help=t("全部文件", "all documents"))
    since = _of(t, _moment, "须为过去的时间，如 2026-11-20、2026-11-20T08:00Z 或 12h", "must be a time in the past: 2026-11-20, 2026-11-20T08:00Z, or 12h ago as 12h")  # fmt: skip
    which.add_argument("--since", type=since, metavar="TIME", help=t("此后到达的文件：日期、时间（UTC）或 90m、12h、3d 以来", "those that arrived since then: a date, a time (UTC), or 90m, 12h, 3d ago"))  # fmt: skip
    _add_why(reprocess, t)


def _add_why(command: argparse.ArgumentParser, t: Words) -> None:
    command.add_argument(
        "--why", default="", metavar=t("原因", "TEXT"), help=t("原因，随决定一起保存", "the reason; it is kept with the decision")
    )


def _of(t: Words, parse: Callable[[str], Value], zh: str, en: str) -> Callable[[str], Value]:
    """A type of argparse whose error is in the user's language."""

    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except (ValueError, OverflowError):
            raise argparse.ArgumentTypeError(t(zh, en)) from None

    return parsed


def _path(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _number(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if not least <= value <= most:  # NaN is refused as well
            raise ValueError(text)
        return value

    return parse


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return parse


def _moment(text: str) -> Any:
    from tieout.operations.moments import moment

    return moment(text)
