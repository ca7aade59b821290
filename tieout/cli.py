"""The command line: what it accepts, and which module does it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shared.versions import RELEASE
from tieout.exit_codes import INTERRUPTED, NOT_AVAILABLE, OWN_FAILURE, USAGE, UserError
from tieout.language import Language, pick, preferred, say

Command = Callable[[argparse.Namespace, Language], int]


class _Parser(argparse.ArgumentParser):
    """argparse in the user's language; a wrong call is one line and a hint, with exit code 2."""

    language: Language = "zh"

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False, **options)
        self._positionals.title = pick(self.language, "参数", "arguments")
        self._optionals.title = pick(self.language, "选项", "options")
        self.add_argument("-h", "--help", action="help", help=pick(self.language, "显示本帮助", "show this help"))

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", pick(self.language, "用法：", "usage:"), 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", pick(self.language, "用法：", "usage:"), 1)

    def error(self, message: str) -> Any:
        hint = pick(self.language, f"用法有误：{message}。查看 {self.prog} --help。", f"wrong usage: {message}. See {self.prog} --help.")
        raise UserError(USAGE, hint, hint)


def _lazy(module: str, function: str) -> Command:
    """A command whose module is imported when it runs: start-up stays short."""

    def run(arguments: argparse.Namespace, language: Language) -> int:
        import importlib

        code: int = getattr(importlib.import_module(module), function)(arguments, language)
        return code

    return run


def build_parser(language: Language) -> argparse.ArgumentParser:
    """The whole command line with its help in one language."""
    parser_class: type[argparse.ArgumentParser] = type("Parser", (_Parser,), {"language": language})

    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    parser = parser_class(
        prog="tieout",
        description=t(
            "读取政府部门预算、决算公开的 PDF，核对全部勾稽关系，指出哪个数字不对、应为多少、在第几页。",
            "Reads the budget and final-accounts disclosures of Chinese government departments, reconciles every total and says\n"
            "which figure is wrong, what it should be and where it stands.",
        ),
        epilog=t(
            "从这里开始：\n  bin/tieout run samples/\n\n"
            "退出码：0 无需处理；1 有错误；2 用法有误或路径不存在；3 有文件无法读取；4 程序自身故障；5 缺少所需环境；130 已中断。",
            "Start here:\n  bin/tieout run samples/ --lang en\n\n"
            "Exit codes: 0 nothing to report; 1 errors found; 2 wrong usage or no such path; 3 a document could not be read;\n"
            "4 our own failure; 5 something needed is not there; 130 interrupted.",
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
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data",
        type=Path,
        default=Path("tieout-data"),
        metavar="DIR",
        help=t("数据目录（默认 tieout-data）", "data folder (default: tieout-data)"),
    )
    work = argparse.ArgumentParser(add_help=False)
    work.add_argument(
        "--jobs",
        type=_jobs,
        default=_default_jobs(),
        metavar="N",
        help=t("并行进程数（默认为处理器核数）", "child processes at a time (default: the number of cores)"),
    )
    work.add_argument(
        "--verify", action="store_true", help=t("每张表都由第二个读取器独立复读", "read every table by the second reader as well")
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help=t("以 JSON 输出", "print JSON"))
    selection = argparse.ArgumentParser(add_help=False)
    selection.add_argument("--entity", metavar=t("名称", "NAME"), help=t("单位名称（含该文字即可）", "entity whose name contains this"))
    selection.add_argument("--year", type=int, metavar=t("年度", "YEAR"), help=t("年度", "year"))

    parser.add_argument(
        "--lang", choices=["zh", "en"], help=t("界面语言（默认随系统，否则中文）", "language (default: the locale's, else Chinese)")
    )
    commands = parser.add_subparsers(title=t("命令", "commands"), metavar=t("命令", "COMMAND"), parser_class=parser_class)

    def add(name: str, run: Command, zh: str, en: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=t(zh, en), description=t(zh, en), parents=[*parents, common])
        command.set_defaults(run=run)
        return command

    run = add("run", _lazy("tieout.run", "run"), "读取、核对并保存，给出结论", "read, reconcile, store and summarise", data, work, as_json)
    run.add_argument(
        "paths",
        nargs="+",
        metavar=t("文件或文件夹", "FILE-OR-FOLDER"),
        help=t("PDF，或含 PDF 的文件夹（含子文件夹）", "PDFs, or folders with PDFs (recursive)"),
    )
    run.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help=t("另存 XLSX 工作簿和每份文件的 JSON", "also write an XLSX workbook and JSON per document"),
    )
    run.add_argument("--quiet", action="store_true", help=t("只显示错误信息", "print problems only"))
    run.add_argument("--again", action="store_true", help=t("已处理过的文件也重新处理", "process documents again that are done"))

    for stage, zh, en in (
        ("extract", "输出抽取结果（每份文件一行 JSON）", "print what was extracted, one line of JSON a file"),
        ("normalize", "输出规范化结果（每份文件一行 JSON）", "print the facts with codes, one line of JSON a file"),
        ("validate", "输出核对结果（每份文件一行 JSON）", "print checks and findings, one line of JSON a file"),
    ):
        command = add(stage, _lazy("tieout.stage_commands", stage), zh, en, work)
        command.add_argument("paths", nargs="+", metavar=t("文件", "FILE"), help="PDF")

    show = add("show", _lazy("tieout.queries", "show"), "显示一份已保存的文件", "show a stored document", data, as_json)
    show.add_argument(
        "document",
        metavar=t("文件或编号", "FILE-OR-ID"),
        help=t("文件名、路径或文件编号（前几位即可）", "file name, path, or the first digits of a document's id"),
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
    findings.add_argument("--severity", choices=["error", "warning", "info"], help=t("只看这一级别", "of this severity only"))
    findings.add_argument(
        "--code", metavar=t("代码", "CODE"), help=t("只看这一类，如 sum.mismatch", "of this code only, e.g. sum.mismatch")
    )

    explain = add(
        "explain",
        _lazy("tieout.queries", "explain"),
        "逐项列出一个问题的算式及所在页",
        "write out the sum behind a finding, line by line",
        data,
        as_json,
    )
    explain.add_argument(
        "finding", metavar=t("问题编号", "FINDING"), help=t("问题编号（前几位即可）", "the first digits of a finding's id")
    )

    export = add("export", _lazy("tieout.queries", "export"), "导出保存的结果", "export what is stored", data, selection)
    export.add_argument(
        "--format", choices=["xlsx", "csv", "parquet", "json"], default="xlsx", help=t("格式（默认 xlsx）", "format (default: xlsx)")
    )
    export.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("tieout-export"),
        metavar="DIR",
        help=t("输出目录（默认 tieout-export）", "folder to write to (default: tieout-export)"),
    )
    export.add_argument(
        "--digest", action="store_true", help=t("只输出全部数据的摘要值", "print one digest over all facts, checks and findings instead")
    )
    return parser


def _default_jobs() -> int:
    return max(1, len(os.sched_getaffinity(0)))


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("--jobs: 1–256")
    return int(text)


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
    language = _language(arguments)
    try:
        parser = build_parser(language)
        if not arguments:
            parser.print_help()
            return 0
        parsed = parser.parse_args(arguments)
        if not hasattr(parsed, "run"):
            parser.error(pick(language, "缺少命令", "no command given"))
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
        _complain(pick(language, f"系统错误：{problem.strerror}{place}", f"system error: {problem.strerror}{place}"))
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


def _complain(text: str) -> None:
    print(f"tieout: {text}", file=sys.stderr)
