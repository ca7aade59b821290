"""Gathers what a report says: from a file that is read now, or from what is stored of a document."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.store.domain.views import DocumentView
from shared.contracts.common import ObjectRef
from shared.contracts.extracted import Extracted, ReadWarning
from shared.contracts.filing import Filing
from shared.contracts.normalized import Normalized
from shared.contracts.rejected import Rejected
from shared.contracts.validated import Validated
from shared.failures import StageError
from shared.ids import is_unversioned
from shared.limits import Limits
from tieout import extras
from tieout.data_folder import DataFolder, Stored
from tieout.embedded import Embedded
from tieout.exit_codes import USAGE, UserError
from tieout.explain_filing import Named, joined, members_named
from tieout.handover.contents import Between, Handover
from tieout.inputs import document_id, submission_of
from tieout.language import Language
from tieout.stage_commands import storage_problem


class _Warned(msgspec.Struct):
    """Of an extracted document only what the reader warned of."""

    warnings: tuple[ReadWarning, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """A report's contents. `original`: a file with the document's bytes; null where they cannot be had."""

    contents: Handover
    original: Path | None


def from_file(path: Path, data: Path, scratch: Path) -> Gathered | Rejected:
    """What a file says: as it is stored in this release's versions, else read now; what people accepted in the folder counts for both.

    Args: data: the data folder; it may be missing. Raises: UserError. OSError: the file cannot be read.
    """
    identifier, _ = document_id(path)
    with contextlib.ExitStack() as stack:
        folder = _opened(data, stack)
        known = folder.known(identifier, verify=False) if folder is not None else None
        if folder is not None and isinstance(known, Stored):
            return Gathered(_stored(folder, folder.document(identifier)), path)
        accepted = folder.accepted() if folder is not None else {}
    read = _read(path, scratch)
    if isinstance(read, Rejected):
        return read
    extracted, normalized, validated = read
    name = submission_of(path).name
    return Gathered(Handover(name, extracted.document.pages, validated, normalized, extracted.warnings, {}, accepted), path)


def _opened(data: Path, stack: contextlib.ExitStack) -> DataFolder | None:
    """The data folder; None where it holds no results."""
    try:
        return stack.enter_context(DataFolder(data, writing=False))
    except UserError as problem:
        if problem.exit_code == USAGE:
            return None
        raise


def _read(path: Path, scratch: Path) -> tuple[Extracted, Normalized, Validated] | Rejected:
    """The whole pipeline on one file. Raises UserError where results cannot be written."""
    with Embedded("validate", 1, Limits(), scratch, install=extras.install) as embedded:
        for _, result in embedded.process([path]):
            if result.storage_problem is not None:
                raise storage_problem(result.storage_problem)
            if result.rejected is not None:
                return result.rejected
            files = {stage: file.read_bytes() for stage, file in result.files.items()}
    return (
        msgspec.json.decode(files["extract"], type=Extracted),
        msgspec.json.decode(files["normalize"], type=Normalized),
        msgspec.json.decode(files["validate"], type=Validated),
    )


def from_stored(asked: str, data: Path, scratch: Path) -> Gathered:
    """What is stored of a document. Raises UserError."""
    with DataFolder(data, writing=False) as folder:
        view = folder.document(asked)
        return Gathered(_stored(folder, view), original_of(folder, view, scratch))


def _stored(folder: DataFolder, view: DocumentView) -> Handover:
    stored = folder.validated(view)
    warnings = msgspec.json.decode(folder.extracted(view), type=_Warned).warnings
    between: dict[Language, tuple[Between, ...]] = {"zh": _between(folder, view.id, "zh"), "en": _between(folder, view.id, "en")}
    return Handover(view.name, stored.pages, stored.validated, folder.normalized(view), warnings, between, folder.accepted())


def _between(folder: DataFolder, document: str, language: Language) -> tuple[Between, ...]:
    """The findings between this document and others, of all filings that it plays a part in."""
    return tuple(each for filing in folder.between(document) for each in _of_filing(folder, filing, document, language))


def _of_filing(folder: DataFolder, filing: Filing, document: str, language: Language) -> Iterator[Between]:
    for finding in filing.findings:
        if document not in (finding.document, *(each.document for each in finding.evidence)):
            continue
        members = members_named(filing, finding)
        documents = {member.document: Named(folder.normalized_member(member), folder.name_of(member.document)) for member in members}
        shown, checks, context = joined(filing, finding, documents, language)
        yield Between(shown, checks, context)


def original_of(folder: DataFolder, view: DocumentView, scratch: Path) -> Path | None:
    """A file with the bytes of a document: where it lay when it was read, or fetched from the installation's bucket; verified."""
    for place in folder.objects(view):
        found = Path(place.key) if place.bucket == "file" else _fetched(folder, place, scratch)
        if found is not None and _has_digest(found, view.id):
            return found
    return None


def _fetched(folder: DataFolder, place: ObjectRef, scratch: Path) -> Path | None:
    if folder.installation is None:
        return None
    target = scratch / "original.pdf"
    storage = folder.installation.storage()
    version = place.version if place.version and not is_unversioned(place.version) else None
    try:
        storage.download(storage.stat(place.bucket, place.key, version), target, Limits().file_bytes)
    except StageError:  # deleted meanwhile, or the storage does not answer: the report goes without it and says so
        return None
    return target


def _has_digest(path: Path, document: str) -> bool:
    try:
        return document_id(path)[0] == document
    except OSError:
        return False
