"""The command line: what it accepts, and which module does it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.versions import RELEASE
from tieout.exit_codes import INTERRUPTED, MEANINGS, NOT_AVAILABLE, OWN_FAILURE, UserError
from tieout.language import Language, pick, preferred, reason, say
from tieout.parser import Parser, parser_class

Command = Callable[[argparse.Namespace, Language], int]


def _lazy(module: str, function: str) -> Command:
    """A command whose module is imported when it runs: start-up stays short."""

    def run(arguments: argparse.Namespace, language: Language) -> int:
        import importlib

        code: int = getattr(importlib.import_module(module), function)(arguments, language)
        return code

    return run


def build_parser(language: Language) -> Parser:
    """The whole command line with its help in one language."""
    made = parser_class(language)

    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    parser = made(
        prog="tieout",
        description=t(
            "读取政府部门预算、决算公开的 PDF，核对全部勾稽关系，指出哪个数字不对、应为多少、在第几页。",
            "Reads the budget and final-accounts disclosures of Chinese government departments, reconciles every total and says\n"
            "which figure is wrong, what it should be and where it stands.",
        ),
        epilog=t(
            "从这里开始：\n  bin/tieout run samples/\n\n各命令的选项：bin/tieout 命令 --help\n\n"
            f"退出码：{'；'.join(f'{code} {zh}' for code, zh, _ in MEANINGS)}。",
            "Start here:\n  bin/tieout run samples/ --lang en\n\nThe options of a command: bin/tieout COMMAND --help\n\n"
            f"Exit codes: {'; '.join(f'{code} {en}' for code, _, en in MEANINGS)}.",
        ),
    )
    parser.add_argument("--version", action="version", version=f"tieout {RELEASE}", help=t("显示版本", "show the version"))

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--lang",
        choices=["zh", "en"],
        default=argparse.SUPPRESS,
        help=t("界面语言（默认随系统，否则中文）", "language (default: the locale's, else Chinese)"),
    )

    def path(text: str) -> str:
        if not text:  # an empty variable of a script must not mean the folder that we happen to be in
            raise argparse.ArgumentTypeError(t("路径为空", "the path is empty"))
        return text

    def folder(text: str) -> Path:
        return Path(path(text))

    def jobs(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 256:
            raise argparse.ArgumentTypeError(t("须为 1 到 256 的整数", "must be a whole number from 1 to 256"))
        return int(text)

    def pages(text: str) -> range:
        from tieout.pages import page_range

        try:
            return page_range(text)
        except ValueError:
            raise argparse.ArgumentTypeError(t("须为页码，如 7 或 7-12", "must be a page from 1, as 7, or pages, as 7-12")) from None

    where = t("数据目录（默认 tieout-data）", "data folder (default: tieout-data)")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=folder, default=argparse.SUPPRESS, metavar="DIR", help=where)
    work = argparse.ArgumentParser(add_help=False)
    work.add_argument(
        "--jobs",
        type=jobs,
        default=_default_jobs(),
        metavar="N",
        help=t("并行进程数（默认为处理器核数）", "child processes at a time (default: the number of cores)"),
    )
    work.add_argument(
        "--verify", action="store_true", help=t("每张表都由第二个读取器独立复读", "read every table by the second reader as well")
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help=t("以 JSON 输出，供程序读取", "print JSON, for programs"))
    selection = argparse.ArgumentParser(add_help=False)
    selection.add_argument("--entity", metavar=t("名称", "NAME"), help=t("单位名称（含该文字即可）", "entity whose name contains this"))
    selection.add_argument("--year", type=int, metavar=t("年度", "YEAR"), help=t("年度", "year"))

    parser.add_argument(
        "--lang", choices=["zh", "en"], help=t("界面语言（默认随系统，否则中文）", "language (default: the locale's, else Chinese)")
    )
    parser.add_argument("--data", type=folder, default=Path("tieout-data"), metavar="DIR", help=where)
    commands = parser.add_subparsers(title=t("命令", "commands"), metavar=t("命令", "COMMAND"), parser_class=made)

    def adder(commands: Any) -> Callable[..., Parser]:
        def add(name: str, run: Command | None, zh: str, en: str, *parents: argparse.ArgumentParser) -> Parser:
            """Adds a command; one without `run` only holds further ones."""
            command: Parser = commands.add_parser(name, help=t(zh, en), description=t(zh, en), parents=[*parents, common])
            command.set_defaults(parser=command, **({"run": run} if run else {}))
            return command

        return add

    def nested(command: argparse.ArgumentParser) -> Callable[..., Parser]:
        """What adds commands below a command."""
        return adder(command.add_subparsers(title=t("命令", "commands"), metavar=t("命令", "COMMAND"), parser_class=made))

    add = adder(commands)
    run = add("run", _lazy("tieout.run", "run"), "读取、核对并保存，给出结论", "read, reconcile, store and summarise", data, work, as_json)
    run.add_argument(
        "paths",
        nargs="+",
        type=path,
        metavar=t("文件或文件夹", "FILE-OR-FOLDER"),
        help=t("PDF，或含 PDF 的文件夹（含子文件夹）", "PDFs, or folders with PDFs (recursive)"),
    )
    run.add_argument(
        "--report",
        type=folder,
        metavar="DIR",
        help=t("另存 XLSX 工作簿和每份文件的 JSON", "also write an XLSX workbook and JSON per document"),
    )
    run.add_argument(
        "--quiet", action="store_true", help=t("只报告无法读取的文件，不显示结论", "name only files that could not be read; no summary")
    )
    run.add_argument("--again", action="store_true", help=t("已处理过的文件也重新处理", "read documents again that are done"))

    for stage, zh, en in (
        ("extract", "输出抽取结果（每份文件一行 JSON）", "print what was extracted, one line of JSON a file"),
        ("normalize", "输出规范化结果（每份文件一行 JSON）", "print the facts with codes, one line of JSON a file"),
        ("validate", "输出核对结果（每份文件一行 JSON）", "print checks and findings, one line of JSON a file"),
    ):
        command = add(stage, _lazy("tieout.stage_commands", stage), zh, en, work)
        command.add_argument("paths", nargs="+", type=path, metavar=t("文件", "FILE"), help="PDF")

    overlay = add(
        "overlay",
        _lazy("tieout.overlay", "overlay"),
        "把识别出的表线、单元格、表头、标题画在页面上，存为图片",
        "draw the rules, cells, boxheads and titles that were found over the pages, as pictures",
    )
    overlay.add_argument("path", type=path, metavar=t("文件", "FILE"), help="PDF")
    overlay.add_argument(
        "--page",
        type=pages,
        action="append",
        metavar="N",
        help=t("只画这些页，如 7 或 7-12（可多次）", "only these, e.g. 7 or 7-12 (repeatable)"),
    )
    overlay.add_argument(
        "-o",
        "--output",
        type=folder,
        default=Path("tieout-overlay"),
        metavar="DIR",
        help=t("图片存放的目录（默认 tieout-overlay）", "folder for the pictures (default: tieout-overlay)"),
    )

    show = add("show", _lazy("tieout.queries", "show"), "显示一份已保存的文件", "show a stored document", data, as_json)
    show.add_argument(
        "document",
        metavar=t("文件或编号", "FILE-OR-ID"),
        help=t("文件名、路径、文件编号（前几位即可）或 filing:编号", "file name, path, the first digits of a document's id, or filing:ID"),
    )

    changes = add(
        "changes",
        _lazy("tieout.changes", "changes"),
        "重新公开的文件与前一版相比改了哪些数",
        "what a re-issued document says otherwise than the revision before",
        data,
        as_json,
    )
    changes.add_argument(
        "document",
        metavar=t("文件或编号", "FILE-OR-ID"),
        help=t("文件名、路径或文件编号（前几位即可）", "file name, path, or the first digits of a document's id"),
    )
    changes.add_argument(
        "earlier",
        nargs="?",
        metavar=t("较早的文件", "EARLIER"),
        help=t(
            "与这一份比较（默认：同一公开事项的前一版）",
            "compare with this one (default: the revision before, of the same part of its filing)",
        ),
    )

    units = add(
        "units",
        _lazy("tieout.units", "units"),
        "部门表中各单位的数与单位自己公开的数核对",
        "compare a department's rows of its units with what the units published",
        data,
        as_json,
    )
    units.add_argument(
        "department",
        metavar=t("部门文件或编号", "FILE-OR-ID"),
        help=t("部门的文件名、路径或文件编号（前几位即可）", "the department's file name, path, or the first digits of its id"),
    )

    findings = add(
        "findings",
        _lazy("tieout.queries", "findings"),
        "列出全部问题，最严重的在前",
        "list all findings, worst first",
        data,
        selection,
        as_json,
    )
    findings.add_argument(
        "--severity", choices=["error", "warning", "info"], help=t("只看这一级别：错误、提醒或说明", "of this severity only")
    )
    findings.add_argument(
        "--code", metavar=t("代码", "CODE"), help=t("只看这一类，如 sum.mismatch", "of this code only, e.g. sum.mismatch")
    )

    findings.add_argument("--open", action="store_true", help=t("不含已认可的", "without those that were accepted"))

    explain = add(
        "explain",
        _lazy("tieout.queries", "explain"),
        "逐项列出一个问题的算式及所在页",
        "write out the sum behind a finding, line by line",
        data,
        as_json,
    )
    explain.add_argument(
        "finding",
        metavar=t("问题编号", "FINDING"),
        help=t(
            "问题编号（开头六位以上即可）；与 --figure 同用时为文件名或文件编号",
            "a finding's id, or its first six characters or more; with --figure a document by its file's name or its id",
        ),
    )
    explain.add_argument(
        "--figure",
        metavar=t("数字", "FIGURE"),
        help=t(
            "列出核对该数字的所有算式：编号（如 t3/7/5）或印刷的金额",
            "all sums that hold this figure instead: its id (t3/7/5), or its amount as printed",
        ),
    )

    from tieout.handover.options import add_commands as add_handover  # accept, report

    add_handover(add, _lazy, t, folder, data, as_json)

    export = add("export", _lazy("tieout.queries", "export"), "导出保存的结果", "export what is stored", data, selection)
    export.add_argument(
        "--format", choices=["xlsx", "csv", "parquet", "json"], default="xlsx", help=t("格式（默认 xlsx）", "format (default: xlsx)")
    )
    export.add_argument(
        "-o",
        "--output",
        type=folder,
        default=Path("tieout-export"),
        metavar="DIR",
        help=t("输出目录（默认 tieout-export）", "folder to write to (default: tieout-export)"),
    )
    export.add_argument(
        "--digest", action="store_true", help=t("只输出全部数据的摘要值", "print one digest over all facts, checks and findings instead")
    )

    codes = nested(add("codes", None, "查询政府收支分类科目", "look up the national codes of functions, economic classes and income"))
    found = codes(
        "search", _lazy("tieout.codes", "search"), "按名称、曾用名或编码查找", "find codes by name, former name or number", as_json
    )
    found.add_argument(
        "text",
        nargs="+",
        metavar=t("名称或编码", "NAME-OR-NUMBER"),
        help=t(
            "名称或其一部分，或编码的开头；个别错字也能找到", "a name or a part of it, or the first digits; a slip of the pen is forgiven"
        ),
    )
    found.add_argument(
        "--kind",
        choices=["function", "economic", "gov_economic", "income"],
        help=t("只找功能、部门经济、政府经济或收入分类", "of this classification only"),
    )
    found.add_argument("--all", action="store_true", help=t("全部列出", "list all, however many"))
    code = codes(
        "show",
        _lazy("tieout.codes", "show"),
        "显示一个科目：上下级、曾用名、来源、对应的 COFOG 编码",
        "show a code: what is above and below it, its former names, its sources, its place in COFOG",
        as_json,
    )
    code.add_argument("code", metavar=t("编码", "CODE"), help=t("如 2080109、30101、50101", "as 2080109, 30101, 50101"))
    code.add_argument("--year", type=int, metavar=t("年度", "YEAR"), help=t("另列该年的名称", "say its name in this year too"))

    from tieout.installation.options import add_commands  # the local installation: up, down, status, logs

    add_commands(add, _lazy, t, data, as_json)

    from tieout.operations import options as operations  # put, watch, trace, subscribe, dlq, reprocess, activate, audit

    operations.add_commands(add, nested, _lazy, t, data, as_json)
    return parser


def _default_jobs() -> int:
    return max(1, len(os.sched_getaffinity(0)))


def _language(arguments: Sequence[str]) -> Language:
    """The language of `--lang` wherever it stands, so that errors in the other arguments are in it as well."""
    for index, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return preferred()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code. Prints no traceback for a user's mistake."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _prepare_streams()
    language = _language(arguments)
    try:
        parser = build_parser(language)
        if not arguments:
            parser.print_help()
            return 0
        if arguments[0] == "help":
            arguments = [*arguments[1:], "--help"]
        parsed, unknown = parser.parse_known_args(arguments)
        if unknown:  # the help of the command, not the general one, lists what it takes
            getattr(parsed, "parser", parser).error(f"unrecognized arguments: {' '.join(unknown)}")
        if not hasattr(parsed, "run"):
            getattr(parsed, "parser", parser).error(pick(language, "缺少命令", "no command given"))
        code: int = parsed.run(parsed, language)
        sys.stdout.flush()
        return code
    except UserError as problem:
        _complain(say(problem.message, language))
        return problem.exit_code
    except KeyboardInterrupt:
        _complain(pick(language, "已中断；已完成的结果已保存。", "interrupted; what was finished is kept."))
        return INTERRUPTED
    except BrokenPipeError:  # `| head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        place = f" {problem.filename}" if problem.filename else ""
        _complain(pick(language, "系统错误：", "system error: ") + reason(problem, language) + place)
        return NOT_AVAILABLE
    except Exception as problem:
        if os.environ.get("TIEOUT_TRACEBACK"):
            raise
        hint = pick(
            language,
            "这是 tieout 的缺陷；设置 TIEOUT_TRACEBACK=1 可查看详情。",
            "This is a defect of tieout; TIEOUT_TRACEBACK=1 shows the details.",
        )
        _complain(f"{type(problem).__name__}: {problem}. {hint}")
        return OWN_FAILURE


def _prepare_streams() -> None:
    """Output never fails for a character that the terminal lacks (✓ in GBK), nor for a stream that the caller closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _complain(text: str) -> None:
    print(f"tieout: {text}", file=sys.stderr)
