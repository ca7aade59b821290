"""What a child process does with one document: extract, normalise, validate, each result as canonical JSON in a file."""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shared.contracts.rejected import Rejected
from shared.contracts.vocabulary import WarningCode
from shared.limits import Limits
from tieout import extras, rejections

Stage = Literal["extract", "normalize", "validate"]
STAGES: tuple[Stage, ...] = ("extract", "normalize", "validate")

_PROGRESS = struct.Struct("<BII")  # stage, page, pages: one small write, so that a killed child leaves no lock behind


@dataclass(frozen=True)
class StageResult:
    """What became of a document: files of the results per stage, or why there is none.

    `document_id` is null where the file could not be opened. `storage_problem`: the errno of a result that could not be written.
    `wants`: an extra that is not installed and would read more of this document.
    """

    document_id: str | None = None
    files: dict[Stage, Path] = field(default_factory=dict)
    rejected: Rejected | None = None
    storage_problem: int | None = None
    wants: str | None = None


def run_stages(path: Path, folder: Path, upto: Stage, limits: Limits, verify: bool) -> StageResult:
    """Reads the document at `path` and writes the result of each stage up to `upto` into `folder`."""
    try:
        with _ProgressFile(folder) as progress:
            return _run(path, folder, upto, limits, verify, progress)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            return StageResult(storage_problem=problem.errno)
        return StageResult(rejected=rejections.unreadable(problem))
    except MemoryError:
        raise
    except Exception as problem:  # our own failure on one input must not end the others; it is reported as such
        return StageResult(rejected=rejections.failed(_place(problem)))


def _run(path: Path, folder: Path, upto: Stage, limits: Limits, verify: bool, progress: _ProgressFile) -> StageResult:
    from services.extractor.errors import DocumentRejected
    from services.extractor.work import extract

    pages = 0

    def opened(count: int) -> None:
        nonlocal pages
        pages = count
        progress.write("extract", 0, count)

    files: dict[Stage, Path] = {"extract": folder / "extracted.json"}
    try:
        info = extract(path, files["extract"], limits, verify, opened, lambda page, count: progress.write("extract", page, count))
    except DocumentRejected as rejection:
        rejected = Rejected(code=rejection.code, page=rejection.page, message=rejection.message)
        wants = None if rejection.code != "scan_without_text" or extras.is_installed("ocr") else "ocr"
        return StageResult(rejected=rejected, wants=wants)
    wants = _wanted_extra(files["extract"])
    if upto == "extract":
        return StageResult(info.id, files, wants=wants)

    import msgspec

    from services.normalizer.work import normalize
    from shared.contracts.extracted import Extracted

    progress.write("normalize", pages, pages)
    out = folder / "normalized.json"
    normalized = normalize(msgspec.json.decode(files["extract"].read_bytes(), type=Extracted), out)
    if isinstance(normalized, Rejected):
        return StageResult(info.id, rejected=normalized, wants=wants)
    files["normalize"] = out
    if upto == "normalize":
        return StageResult(info.id, files, wants=wants)

    from services.validator.work import validate

    progress.write("validate", pages, pages)
    files["validate"] = folder / "validated.json"
    validate(normalized, path, files["validate"])
    return StageResult(info.id, files, wants=wants)


# What the extractor warns of where an extra is missing that would read it. (camelot reads nothing by itself: it is a second voice on what is read.)
_READ_BY: dict[str, tuple[WarningCode, ...]] = {
    "ocr": (WarningCode.PAGE_WITHOUT_TEXT, WarningCode.UNRELIABLE_TEXT, WarningCode.PICTURE_UNREAD),
}


def _wanted_extra(extracted: Path) -> str | None:
    """An extra that is not installed and would read what a warning says was not read."""
    missing = [extra for extra in _READ_BY if not extras.is_installed(extra)]
    said = extracted.read_bytes() if missing else b""
    return next((extra for extra in missing if any(f'"code":"{code}"'.encode() in said for code in _READ_BY[extra])), None)


def versions(limits: Limits, verify: bool) -> dict[Stage, str]:
    """The producers' versions of today, by stage: results of these need not be made again."""
    from services.extractor import work as extractor
    from services.normalizer import work as normalizer
    from services.validator import work as validator

    return {"extract": extractor.version(limits, verify), "normalize": normalizer.version(), "validate": validator.version()}


def _place(problem: Exception) -> str:
    """Class, text and innermost place of an exception, in one line."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return f"{type(problem).__name__}: {problem}{where}"


class _ProgressFile:
    """Where a task says how far it is; its parent reads it with `read_progress`."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / "progress", os.O_CREAT | os.O_WRONLY, 0o600)

    def __enter__(self) -> _ProgressFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, stage: Stage, page: int, pages: int) -> None:
        os.pwrite(self._descriptor, _PROGRESS.pack(STAGES.index(stage), page, pages), 0)


def read_progress(folder: Path) -> tuple[Stage, int, int]:
    """(stage, pages read, pages) of the task that works in a folder. Raises OSError or struct.error where it has not begun."""
    stage, page, pages = _PROGRESS.unpack((folder / "progress").read_bytes())
    return STAGES[stage], page, pages
