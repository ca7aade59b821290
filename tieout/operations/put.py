"""`tieout put FILE-OR-FOLDER…`: PDFs into the bucket that departments use, and with `--wait` what became of them."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from shared.canonical import canonical_json
from shared.ids import object_id
from shared.plain_text import file_name_text, plain
from shared.storage.ports import ObjectStorage, StoredObject
from tieout.exit_codes import INTERRUPTED, NOTHING_TO_REPORT, UNREADABLE, USAGE, UserError
from tieout.inputs import Inputs, gather
from tieout.language import Language, pick, reason
from tieout.operations.target import Target
from tieout.stage_commands import no_such_path
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

DEPARTMENT: Final = "department"
"""Metadata that names the department; the store's intake reads it."""
_CONTENT_LIMIT: Final = 1024  # bytes of an object's key in S3


@dataclass(frozen=True)
class Uploaded:
    """A file that lies in the bucket now."""

    file: Path
    stored: StoredObject

    @property
    def object(self) -> str:
        """Its id in the ledger."""
        return object_id(self.stored.bucket, self.stored.key, self.stored.version)


def put(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout put`; returns the exit code. Interrupted, it has told every file that is in the bucket."""
    department = _department(arguments.department)
    inputs = gather(arguments.paths)
    keys = _keys(inputs.files, department)
    target = Target.of(arguments.data)
    codes = [_say_what_is_missing(inputs, language)]
    if not keys:
        return max(codes)
    if arguments.wait:
        with target.told(), target.ledger():  # whoever cannot wait is told before anything is uploaded
            pass
    uploaded: list[Uploaded] = []
    console = summary_console()
    try:
        with target.told():
            storage = target.storage()
            for file, key in keys.items():
                _upload(storage, target.settings.s3_bucket, file, key, department, uploaded, codes, language)
                if uploaded and uploaded[-1].file == file:
                    _tell(console, uploaded[-1], arguments.json)
        if arguments.wait:
            from tieout.operations.settled import wait

            codes.append(wait(target, uploaded, arguments.timeout, console, arguments.json, language))
    except (KeyboardInterrupt, UserError) as end:
        _say(pick(language, f"已上传 {len(uploaded)} 个文件，共 {len(keys)} 个。", f"{len(uploaded)} of {len(keys)} files are uploaded."))
        if isinstance(end, UserError):
            raise
        return INTERRUPTED
    if not arguments.json and not arguments.wait:
        _hint(console, uploaded, target.option, language)
    return max(codes)


def _upload(
    storage: ObjectStorage,
    bucket: str,
    file: Path,
    key: str,
    department: str | None,
    uploaded: list[Uploaded],
    codes: list[int],
    language: Language,
) -> None:
    """Uploads one file. One that cannot be read here is named, and the others go on."""
    try:
        with file.open("rb"):
            pass
    except OSError as problem:
        name = file_name_text(file)
        _say(pick(language, f"{name}：无法读取（{reason(problem, 'zh')}）。", f"{name}: cannot be read ({reason(problem, 'en')})."))
        codes.append(UNREADABLE)
        return
    uploaded.append(Uploaded(file, storage.put_file(bucket, key, file, {DEPARTMENT: department} if department else None)))


def _department(given: str | None) -> str | None:
    """The department as the first folder of keys. Raises UserError where it would make a key that servers refuse or fold."""
    if given is None:
        return None
    name = given.strip()
    if not name or any(part in ("", ".", "..") for part in name.split("/")) or plain(name) != name or _unencodable(name):
        raise UserError(
            USAGE,
            f"部门名称“{plain(given)}”不能用作文件夹名。请写名称，如 教育局。",
            f"the department '{plain(given)}' cannot be a folder's name. Give a name like Education.",
        )
    return name


def _unencodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _keys(files: list[Path], department: str | None) -> dict[Path, str]:
    """The key of each file: DEPARTMENT/NAME, without control characters: listings in XML cannot name such keys, so they would be lost.

    Raises UserError where two files would get one key; then nothing is uploaded.
    """
    by_key: defaultdict[str, list[Path]] = defaultdict(list)
    for file in files:
        name = plain(file_name_text(file.name))
        by_key[f"{department}/{name}" if department else name].append(file)
    if long := next((key for key in by_key if len(key.encode()) > _CONTENT_LIMIT), None):
        raise UserError(USAGE, f"{long[:40]}…：名称过长。", f"{long[:40]}…: the name is too long.")
    twice = {key: same for key, same in by_key.items() if len(same) > 1}
    if twice:
        key, same = next(iter(twice.items()))
        zh = "、".join(file_name_text(file) for file in same)
        en = ", ".join(file_name_text(file) for file in same)
        raise UserError(
            USAGE,
            f"{len(twice)} 个名称重复，后者会替换前者：{key}（{zh}）。未上传任何文件；请按部门分次上传（--department）。",
            f"{len(twice)} names occur more than once, and the later file would replace the earlier: {key} ({en}). "
            "Nothing was uploaded; upload each department by itself (--department).",
        )
    return {same[0]: key for key, same in by_key.items()}


def _say_what_is_missing(inputs: Inputs, language: Language) -> int:
    """Names what cannot be uploaded; returns the exit code that follows."""
    for path in inputs.missing:
        _say(no_such_path(path, language))
    for path in inputs.without_pdf:
        name = file_name_text(path)
        _say(pick(language, f"{name}：文件夹中没有 PDF。", f"{name}: there is no PDF in this folder."))
    for path in inputs.unreadable_folders:
        name = file_name_text(path)
        _say(pick(language, f"{name}：文件夹无法打开，请检查权限。", f"{name}: the folder cannot be opened; check its permissions."))
    if inputs.ignored:
        number = len(inputs.ignored)
        _say(pick(language, f"略过 {number} 个非 PDF 文件。", f"{number} other files passed over."))
    if inputs.without_pdf or inputs.unreadable_folders:
        return UNREADABLE
    return USAGE if inputs.missing else NOTHING_TO_REPORT


def _tell(console: Console, each: Uploaded, as_json: bool) -> None:
    if as_json:
        stored = each.stored
        line = {
            "file": file_name_text(each.file),
            "bucket": stored.bucket,
            "key": stored.key,
            "version": stored.version,
            "object": each.object,
            "bytes": stored.size,
        }
        sys.stdout.buffer.write(canonical_json(line) + b"\n")
        sys.stdout.buffer.flush()
        return
    # Version and id are never broken over lines: people copy them.
    console.print(Text(plain(each.stored.key), "cyan"), soft_wrap=True)
    console.print(Text(f"  {each.stored.version}  {each.object}", "dim"), soft_wrap=True)


def _hint(console: Console, uploaded: list[Uploaded], option: str, language: Language) -> None:
    if not uploaded:
        return
    text = pick(
        language,
        f"已上传 {len(uploaded)} 个文件。进度：tieout watch{option}；一份文件的去向：tieout trace{option} 文件名",
        f"{len(uploaded)} files are uploaded. Progress: tieout watch{option}; the way of one: tieout trace{option} NAME",
    )
    print_paragraph(console, Text(text, "dim"), margin=0)


def _say(text: str) -> None:
    print(f"tieout: {text}", file=sys.stderr)
