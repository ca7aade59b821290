"""What a child process of the validator does. The embedded run validates by the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validator_version
from services.validator.handlers import reconcile_filing, validate_document
from services.validator.ports import SecondReader
from shared.canonical import canonical_json
from shared.contracts.common import Box
from shared.contracts.filing import FilingChanged, Member
from shared.contracts.normalized import Normalized
from shared.image_reader import ImageReader
from shared.limits import Limits
from shared.sandbox import set_deadline
from shared.second_reader import FileReader

_NORMALIZED: Final = msgspec.json.Decoder(Normalized)


class _PdfNeededError(Exception):
    """A cell has to be read a second time, and the document is not here."""


class _Absent:
    """Stands for the second readers while the document is not here: most documents accuse nobody, and theirs need not be loaded."""

    def read(self, page: int, bbox: Box) -> str | None:  # noqa: ARG002 - the port's
        raise _PdfNeededError


def validate(normalized: Normalized, pdf: Path, out: Path) -> None:
    """Writes the validated document of a normalised one to `out`. Args: pdf: the document, for second readings. Raises OSError."""
    with FileReader(pdf) as reader:
        _validate(normalized, reader, _image_reader(pdf), out)


def _image_reader(pdf: Path) -> ImageReader | None:
    """The reader of a document's images; null where the extra `ocr` is not installed."""
    return ImageReader(pdf) if ImageReader.installed_version() else None


def _validate(normalized: Normalized, reader: SecondReader, image_reader: ImageReader | None, out: Path) -> None:
    out.write_bytes(canonical_json(validate_document(normalized, load_rules(), reader, image_reader)))


def validate_file(source: Path, pdf: Path | None, out: Path, limits: Limits) -> bool:
    """The same from file to file; the deadline of this process grows with the document's pages.

    Args: pdf: null while it is not here. Returns: False where it is needed; then nothing was written. Raises OSError,
    msgspec.ValidationError.
    """
    normalized = _NORMALIZED.decode(source.read_bytes())
    set_deadline(limits.deadline(max((fact.page for fact in normalized.facts), default=0)))
    if pdf is not None:
        validate(normalized, pdf, out)
        return True
    try:
        _validate(normalized, _Absent(), _image_reader(source), out)
    except _PdfNeededError:
        return False
    return True


def reconcile_files(changed: bytes, files: Mapping[str, Path], out: Path, limits: Limits) -> bool:
    """Writes the reconciled filing to `out`; False where it needs no verdict besides those of its documents.

    Args: changed: the body of `filings.changed`. files: the normalised documents of all members, by digest.
    """

    def source(member: Member) -> Normalized:
        return _NORMALIZED.decode(files[member.digest].read_bytes())

    set_deadline(limits.deadline(limits.pages))
    filing = reconcile_filing(msgspec.json.decode(changed, type=FilingChanged), source, load_rules())
    if filing is None:
        return False
    out.write_bytes(canonical_json(filing))
    return True


def version() -> str:
    """The version of what `validate` makes: another one where images are read."""
    return validator_version(load_rules(), ImageReader.installed_version())
