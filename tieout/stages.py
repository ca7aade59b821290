"""What a child process does with one document: extract, normalise, validate, each result as canonical JSON in a file."""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from shared.canonical import canonical_json
from shared.contracts.rejected import Rejected
from shared.contracts.vocabulary import WarningCode
from shared.limits import Limits
from shared.sandbox import set_deadline
from tieout import extras, rejections

if TYPE_CHECKING:
    from services.extractor.handlers import ReadSettings

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
    from services.extractor.reader import read_document

    pages = 0

    def opened(count: int) -> None:
        nonlocal pages
        pages = count
        set_deadline(limits.deadline(count))
        progress.write("extract", 0, count)

    files: dict[Stage, Path] = {"extract": folder / "extracted.json"}
    try:
        info = read_document(
            path,
            files["extract"],
            reading_settings(limits, verify),
            on_open=opened,
            on_page=lambda page, count: progress.write("extract", page, count),
        )
    except DocumentRejected as rejection:
        return StageResult(rejected=Rejected(code=rejection.code, page=rejection.page, message=rejection.message))
    wants = _wanted_extra(files["extract"])
    if upto == "extract":
        return StageResult(info.id, files, wants=wants)

    from services.normalizer.adapters.catalogue_files import standard_catalogue
    from services.normalizer.handlers import normalize_document

    progress.write("normalize", pages, pages)
    normalized = normalize_document(files["extract"].read_bytes(), standard_catalogue())
    if not normalized.forms and not normalized.claims:
        return StageResult(info.id, rejected=rejections.nothing_to_check(), wants=wants)
    files["normalize"] = _write(folder / "normalized.json", normalized)
    if upto == "normalize":
        return StageResult(info.id, files, wants=wants)

    from services.validator.adapters.rules_files import load_rules
    from services.validator.handlers import validate_document
    from shared.second_reader import FileReader

    progress.write("validate", pages, pages)
    with FileReader(path) as second_reader:
        validated = validate_document(normalized, load_rules(), second_reader)
    files["validate"] = _write(folder / "validated.json", validated)
    return StageResult(info.id, files, wants=wants)


def _wanted_extra(extracted: Path) -> str | None:
    """The fallback engine, where a region without rules was left as text because it is not installed."""
    if extras.is_installed("camelot"):
        return None
    return "camelot" if f'"code":"{WarningCode.BORDERLESS_TABLE}"'.encode() in extracted.read_bytes() else None


def reading_settings(limits: Limits, verify: bool) -> ReadSettings:
    """The extractor's settings for a call of ours."""
    from services.extractor.reader import default_settings

    return default_settings(limits.file_bytes, limits.pages, verify)


def versions(limits: Limits, verify: bool) -> dict[Stage, str]:
    """The producers' versions of today, by stage: results of these need not be made again."""
    from services.extractor.reader import producer
    from services.normalizer.adapters.catalogue_files import standard_catalogue
    from services.normalizer.handlers import normalizer_version
    from services.validator.adapters.rules_files import load_rules
    from services.validator.domain.validate import validator_version

    return {
        "extract": producer(reading_settings(limits, verify)).version,
        "normalize": normalizer_version(standard_catalogue()),
        "validate": validator_version(load_rules()),
    }


def _write(file: Path, result: object) -> Path:
    file.write_bytes(canonical_json(result))
    return file


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
