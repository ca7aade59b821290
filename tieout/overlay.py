"""`overlay`: pictures of pages with what was detected drawn over them, for looking at how a document was read."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path

from services.extractor.errors import DocumentRejected
from services.extractor.overlay import Overlaid, draw_overlay
from shared.contracts.rejected import Rejected
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from tieout import rejections
from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT, UNREADABLE, USAGE, UserError
from tieout.language import Language, pick, reason
from tieout.stage_commands import no_such_path, rejection_line

# Drawing a page takes about .15 s beside reading it.
_SECONDS_PER_PICTURE = 2.0


def overlay(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout overlay FILE [--page N] -o DIR`."""
    path = Path(arguments.path)
    if not os.path.lexists(path):
        print("tieout: " + no_such_path(path, language), file=sys.stderr)
        return USAGE
    chosen = frozenset(page for pages in arguments.page or () for page in pages)
    folder: Path = arguments.output
    _writable(folder)
    found = _drawn(path, folder, chosen)
    if isinstance(found, Rejected):
        print("tieout: " + rejection_line(path, found, language), file=sys.stderr)
        return UNREADABLE
    if missing := sorted(page for page in chosen if page > found.pages):
        raise UserError(
            USAGE,
            f"没有第 {missing[0]} 页：{plain(file_name_text(path))} 共 {found.pages} 页。",
            f"there is no page {missing[0]}: {plain(file_name_text(path))} has {found.pages}.",
        )
    _summarise(found, folder, language)
    return NOTHING_TO_REPORT


def _writable(folder: Path) -> None:
    """Raises UserError where pictures cannot be put there: better before a long document is read than after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as problem:
        raise _cannot_write(problem.errno or 0, folder) from None


def _cannot_write(number: int, folder: Path) -> UserError:
    name = plain(file_name_text(folder))
    return UserError(
        NOT_AVAILABLE,
        f"图片无法写入 {name}（{reason(number, 'zh')}）；请用 -o 指定别处。",
        f"pictures cannot be written to {name} ({reason(number, 'en')}); name another folder with -o.",
    )


def _drawn(path: Path, folder: Path, chosen: frozenset[int]) -> Overlaid | Rejected:
    """Reads and draws in a confined child. Raises UserError where the pictures cannot be written."""
    limits = Limits()
    longest = limits.deadline(limits.pages) + limits.pages * _SECONDS_PER_PICTURE
    sandbox = Sandbox(1, limits.memory_bytes)
    try:
        return outcome(sandbox.submit(limits.seconds, longest, draw_overlay, path, folder, _stem(path), chosen, limits))
    except DocumentRejected as rejection:
        return Rejected(code=rejection.code, page=rejection.page, message=rejection.message)
    except WorkerEndedError as end:
        return rejections.ended(end, limits)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            raise _cannot_write(problem.errno, folder) from None
        return rejections.unreadable(problem)
    finally:
        sandbox.stop()


def _stem(path: Path) -> str:
    """The file's name without its ending, fit for a picture's name."""
    return plain(file_name_text(Path(path.stem))).replace("/", "_") or "document"


def _summarise(found: Overlaid, folder: Path, language: Language) -> None:
    name = plain(file_name_text(folder))
    print(
        pick(
            language,
            f"{len(found.files)} 页 → {name}：{found.tables} 张表，{found.cells} 个单元格，其中 {found.doubtful} 个置信度低。",
            f"{len(found.files)} pages → {name}: {found.tables} tables, {found.cells} cells, {found.doubtful} of them with low confidence.",
        )
    )
    print(
        pick(
            language,
            "青：表线  蓝：单元格  绿：表头  紫：合并格  红：置信度低（附数值）  橙：标题、单位等  灰：正文  黑：表（编号、读法、行×列）",
            "cyan: rules  blue: cells  green: boxhead  violet: spans  red: low confidence (with its value)  orange: title, unit …  "
            "grey: text  black: table (id, engine, rows x columns)",
        )
    )
