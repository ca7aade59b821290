"""`extract`, `normalize`, `validate`: one line of JSON a file on standard output, in the order given."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from shared.canonical import canonical_json
from shared.contracts.common import Submission
from shared.contracts.rejected import Rejected
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from tieout import extras
from tieout.embedded import Embedded
from tieout.exit_codes import FINDINGS, NOT_AVAILABLE, NOTHING_TO_REPORT, OWN_FAILURE, UNREADABLE, USAGE, UserError
from tieout.inputs import submission_of
from tieout.language import Language, pick, reason, say
from tieout.stages import Stage, StageResult


def extract(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout extract FILE…`."""
    return _print_stage("extract", arguments, language)


def normalize(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout normalize FILE…`."""
    return _print_stage("normalize", arguments, language)


def validate(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout validate FILE…`."""
    return _print_stage("validate", arguments, language)


def _print_stage(stage: Stage, arguments: argparse.Namespace, language: Language) -> int:
    code = NOTHING_TO_REPORT
    with (
        tempfile.TemporaryDirectory(prefix="tieout-") as staging,
        Embedded(stage, arguments.jobs, Limits(), Path(staging), arguments.verify, install=extras.install) as embedded,
    ):
        for path, result in embedded.process(_existing(arguments.paths, language)):
            code = max(code, _print_result(path, stage, result, language))
    missing = any(not os.path.lexists(path) for path in arguments.paths)
    return max(code, USAGE if missing else NOTHING_TO_REPORT)


def _existing(paths: list[str], language: Language) -> Iterator[Path]:
    for path in map(Path, paths):
        if os.path.lexists(path):
            yield path
        else:
            print("tieout: " + no_such_path(path, language), file=sys.stderr)


def no_such_path(path: Path, language: Language) -> str:
    """The line for an argument that does not exist."""
    name = plain(file_name_text(path))
    return pick(language, f"{name}：路径不存在，请检查拼写。", f"{name}: no such file or folder; check the spelling.")


def storage_problem(number: int) -> UserError:
    """The error for a result that cannot be written."""
    return UserError(
        NOT_AVAILABLE,
        f"结果无法写入（{reason(number, 'zh')}）。请腾出磁盘空间或用 --data 指定别处，然后重新运行；已完成的结果已保存。",
        f"results cannot be written ({reason(number, 'en')}). Free some space or name another folder with --data, then call again; what was finished is kept.",
    )


def _print_result(path: Path, stage: Stage, result: StageResult, language: Language) -> int:
    """Prints the line of a document; returns its exit code."""
    if result.storage_problem is not None:
        raise storage_problem(result.storage_problem)
    submission = submission_of(path)
    out = sys.stdout.buffer
    if result.rejected is not None:
        rejected = msgspec.structs.replace(result.rejected, submission=submission)
        out.write(canonical_json(rejected) + b"\n")
        out.flush()
        print("tieout: " + rejection_line(path, rejected, language), file=sys.stderr)
        return OWN_FAILURE if rejected.code == "failed" else UNREADABLE
    file = result.files[stage]
    _write_with_submission(file, submission, out)
    return FINDINGS if stage == "validate" and has_errors(file) else NOTHING_TO_REPORT


def rejection_line(path: Path, rejected: Rejected, language: Language) -> str:
    """One line for a file that was not read: name, page, what, what to do."""
    page = "" if rejected.page is None else pick(language, f"（第 {rejected.page} 页）", f" (page {rejected.page})")
    colon = pick(language, "：", ": ")
    return f"{plain(file_name_text(path))}{page}{colon}{plain(say(rejected.message, language))} [{rejected.code}]"


def has_errors(validated: Path) -> bool:
    """Whether a validated document has a finding of severity error."""
    return msgspec.json.decode(validated.read_bytes(), type=_VerdictOnly).verdict == "inconsistent"


class _VerdictOnly(msgspec.Struct):
    verdict: str


def _write_with_submission(file: Path, submission: Submission, out: BinaryIO) -> None:
    """Copies a result, which may be large, and adds the submission as its last field."""
    with file.open("rb") as source:
        size = file.stat().st_size
        remaining = size - 1  # without the closing brace
        while remaining > 0:
            piece = source.read(min(1 << 20, remaining))
            out.write(piece)
            remaining -= len(piece)
    out.write(b',"submission":' + canonical_json(submission) + b"}\n")
    out.flush()
