"""`report`: what is handed over for a document: the PDF with its figures marked, a page to read and print, a workbook, and a notice for programs."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from rich.text import Text

from services.store.adapters.exports import whole_files
from shared.canonical import canonical_json
from shared.contracts.rejected import Rejected
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from tieout import rejections
from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT, UNREADABLE, UserError
from tieout.handover.contents import Handover
from tieout.handover.crops import MOST_PICTURES, crop_of, pictures
from tieout.handover.gather import Gathered, from_file, from_stored
from tieout.handover.html_page import page_of
from tieout.handover.marked_pdf import mark_file
from tieout.handover.marks import marks_of
from tieout.handover.notice import notice_of
from tieout.handover.words import counts_line, title_line, verdict_word
from tieout.handover.workbook import write_workbook
from tieout.language import Language, pick, reason
from tieout.run_report import file_stem
from tieout.stage_commands import rejection_line
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

# Drawing a page takes about .1 s, and a page of vectors some seconds; writing marks takes less than reading the file.
_SECONDS, _SECONDS_PER_PAGE = 60.0, 2.0
_MARGIN_SECONDS = 10.0

Result = TypeVar("Result")

_WHY_NOT: dict[str, tuple[str, str]] = {
    "encrypted": (
        "文件设有限制（加密），不能在不改动原文的情况下标注",
        "the file is restricted (encrypted) and cannot be marked without changing it",
    ),
    "damaged": ("文件结构有损坏，不能可靠地标注", "the file's structure is damaged and cannot be marked safely"),
    "ended": ("标注所需的时间或内存超过上限", "marking it took more time or memory than the limits allow"),
    "missing": ("找不到原文件（已移动、改动或删除）", "the original cannot be had (moved, changed or deleted)"),
}


@dataclass
class Made:
    """Files that were written, what could not be made, and the exit code for that."""

    files: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    code: int = NOTHING_TO_REPORT


def report(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout report FILE|ID -o DIR`."""
    folder: Path = arguments.output
    _writable(folder)
    with tempfile.TemporaryDirectory(prefix="tieout-") as scratch:
        gathered = _gathered(arguments, Path(scratch))
        if isinstance(gathered, Rejected):
            print("tieout: " + rejection_line(Path(arguments.document), gathered, language), file=sys.stderr)
            return UNREADABLE
        try:
            made = write_parts(gathered, folder, Path(scratch), language)
        except OSError as problem:
            raise _cannot_write(problem, folder) from None
    _say(gathered.contents, made, language)
    return made.code


def _gathered(arguments: argparse.Namespace, scratch: Path) -> Gathered | Rejected:
    path = Path(arguments.document)
    if not os.path.lexists(path) or path.is_dir():
        return from_stored(arguments.document, arguments.data, scratch)
    try:
        return from_file(path, arguments.data, scratch)
    except OSError as problem:
        return rejections.unreadable(problem)


def write_parts(gathered: Gathered, folder: Path, scratch: Path, language: Language) -> Made:
    """Writes the parts of a report into a folder; one that cannot be made is left out, with a remark. Raises OSError."""
    contents, made = gathered.contents, Made()
    stem = file_stem(Path(plain(contents.name)).stem)
    names = [f"{stem}.marked.pdf", f"{stem}.report.html", f"{stem}.report.xlsx", f"{stem}.notice.json"]
    marked = _marked(gathered, scratch, made, language)
    drawn = _pictures(gathered, language)
    with whole_files(folder, names if marked else names[1:]) as paths:
        if marked is not None:
            shutil.copyfile(marked, paths[0])
        page, book, notice = paths[-3:]
        page.write_text(page_of(contents, drawn, made.remarks, language), encoding="utf-8")
        write_workbook(contents, book, language)
        notice.write_bytes(canonical_json(notice_of(contents)) + b"\n")
    if marked is None:
        (folder / names[0]).unlink(missing_ok=True)  # of an earlier call: it would be taken for this one's
    made.files = [folder / name for name in (names if marked else names[1:])]
    return made


def _marked(gathered: Gathered, scratch: Path, made: Made, language: Language) -> Path | None:
    """The marked PDF in the scratch folder; None, with a remark, where it could not be made."""
    if gathered.original is None:
        _without(made, "missing", NOT_AVAILABLE, language)
        return None
    marks = marks_of(gathered.contents, language)
    target = scratch / "marked.pdf"
    try:
        result = _confined(gathered.contents.pages, mark_file, gathered.original, target, marks.marks)
    except WorkerEndedError:
        _without(made, "ended", UNREADABLE, language)
        return None
    if result.reason:
        _without(made, result.reason, UNREADABLE, language)
        return None
    if result.repaired:
        made.remarks.append(
            pick(
                language,
                "原文件的交叉引用有损坏，阅读器靠搜索恢复；标注副本保留了同样的损坏。",
                "The original's cross-references are damaged and mended by readers; the marked copy keeps that damage.",
            )
        )
    if marks.left_out:
        made.remarks.append(
            pick(
                language,
                f"PDF 中有 {marks.left_out} 个问题未标注（数量过多）。",
                f"{marks.left_out} findings are not marked in the PDF: too many.",
            )
        )
    return target


def _without(made: Made, why: str, code: int, language: Language) -> None:
    zh, en = _WHY_NOT[why]
    made.remarks.append(pick(language, f"没有标注的 PDF：{zh}。", f"No marked PDF: {en}."))
    made.code = max(made.code, code)


def _pictures(gathered: Gathered, language: Language) -> dict[int, bytes]:
    """Pictures of the places, by the number of the finding; those that could not be drawn are left out."""
    if gathered.original is None:
        return {}
    wanted = [(item.number, crop) for item in gathered.contents.items(language) if (crop := crop_of(item)) is not None][:MOST_PICTURES]
    if not wanted:
        return {}
    try:
        drawn = _confined(gathered.contents.pages, pictures, gathered.original, [crop for _, crop in wanted])
    except WorkerEndedError:
        return {}
    return {number: picture for (number, _), picture in zip(wanted, drawn, strict=True) if picture}


def _confined(pages: int, function: Callable[..., Result], *arguments: object) -> Result:
    """Runs a function on the hostile original in a confined child. Raises WorkerEndedError."""
    limits = Limits()
    seconds = _SECONDS + _SECONDS_PER_PAGE * min(pages, limits.pages)
    sandbox = Sandbox(1, limits.memory_bytes)
    try:
        return outcome(sandbox.submit(seconds, seconds + _MARGIN_SECONDS, function, *arguments))
    finally:
        sandbox.stop()


def _writable(folder: Path) -> None:
    """Raises UserError where the report cannot be put there: better before a long document is read than after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise _cannot_write(problem, folder) from None


def _cannot_write(problem: OSError, folder: Path) -> UserError:
    name = plain(file_name_text(folder))
    return UserError(
        NOT_AVAILABLE,
        f"报告无法写入 {name}（{reason(problem, 'zh')}）；请用 -o 指定别处。",
        f"the report cannot be written to {name} ({reason(problem, 'en')}); name another folder with -o.",
    )


def _say(contents: Handover, made: Made, language: Language) -> None:
    console = summary_console()
    print_paragraph(console, Text(title_line(contents, language), "bold"), margin=0)
    print_paragraph(console, Text(verdict_word(contents.validated.verdict, language)), margin=0)
    print_paragraph(console, Text(counts_line(contents.items(language), language)), margin=0)
    for file in made.files:
        print(file_name_text(file))
    for remark in made.remarks:
        print(f"tieout: {remark}", file=sys.stderr)
