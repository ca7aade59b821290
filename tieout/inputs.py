"""Which files a command means: files and folders of the command line become submissions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from shared.contracts.common import ObjectRef, Submission
from shared.plain_text import file_name_text

_CHUNK = 1 << 20


@dataclass
class Inputs:
    """What the arguments of a command come to.

    `files`: PDFs in the order given, folders expanded in the order of their names. `missing`: arguments that do not exist.
    `without_pdf`: folders that hold no PDF. `ignored`: other files found in folders. `unreadable_folders`: folders that cannot be listed.
    """

    files: list[Path] = field(default_factory=list)
    missing: list[Path] = field(default_factory=list)
    without_pdf: list[Path] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)
    unreadable_folders: list[Path] = field(default_factory=list)


def gather(arguments: Iterable[str]) -> Inputs:
    """Expands files and folders: `*.pdf` in any case, recursively; a file named twice is taken once."""
    found = Inputs()
    seen: set[Path] = set()
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            before = len(found.files)
            again = 0
            for file in _walk(path, found):
                if file.suffix.lower() != ".pdf":
                    found.ignored.append(file)
                elif file.resolve() in seen:
                    again += 1
                else:
                    seen.add(file.resolve())
                    found.files.append(file)
            if len(found.files) == before and not again:
                found.without_pdf.append(path)
        elif os.path.lexists(path):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                found.files.append(path)
        else:
            found.missing.append(path)
    return found


def _walk(folder: Path, found: Inputs) -> Iterator[Path]:
    """All files below a folder, sorted; hidden files and folders are passed over, links to folders are not followed."""

    def cannot_list(problem: OSError) -> None:
        found.unreadable_folders.append(Path(problem.filename))

    for parent, folders, files in os.walk(folder, onerror=cannot_list):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(parent) / name


def submission_of(path: Path) -> Submission:
    """The submission that a file is: bucket `file`, key = absolute path, version = none, as last modified."""
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except OSError:
        modified = None
    key = file_name_text(path.absolute())
    return Submission(name=file_name_text(path.name), object=ObjectRef(bucket="file", key=key, last_modified=modified))


def document_id(path: Path) -> tuple[str, int]:
    """(`sha256:HEX`, size in bytes) of a file. Raises OSError where it cannot be read."""
    sha256 = hashlib.sha256()
    size = 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return f"sha256:{sha256.hexdigest()}", size
