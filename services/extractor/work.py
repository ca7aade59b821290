"""What a child process of the extractor does. The embedded run does the same, by the same functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.extractor.domain.page import PageContents
from services.extractor.handlers import ReadSettings
from services.extractor.reader import default_settings, producer, read_document
from shared.contracts.extracted import DocumentInfo
from shared.limits import Limits
from shared.sandbox import extend_deadline, set_deadline


def extract(
    pdf: Path,
    out: Path,
    limits: Limits,
    verify: bool = False,
    on_open: Callable[[int], None] | None = None,
    on_page: Callable[[int, int], None] | None = None,
    on_contents: Callable[[PageContents], None] | None = None,
) -> DocumentInfo:
    """Reads a PDF and writes its extracted document to `out`. The deadline of this process grows with its pages, more with scanned ones.

    Args: verify: every table is read by the second reader as well. on_open, on_page, on_contents: as in `read_document`.
    Raises: DocumentRejected, OSError.
    """

    def opened(pages: int) -> None:
        set_deadline(limits.deadline(pages))
        if on_open is not None:
            on_open(pages)

    scans = 0

    def recognized() -> None:
        nonlocal scans
        scans += 1
        extend_deadline(limits.scanning(scans) - limits.scanning(scans - 1))

    return read_document(pdf, out, _settings(limits, verify), opened, on_page, on_contents, recognized)


def version(limits: Limits, verify: bool = False) -> str:
    """The version of what `extract` makes."""
    return producer(_settings(limits, verify)).version


def _settings(limits: Limits, verify: bool) -> ReadSettings:
    return default_settings(limits.file_bytes, limits.pages, verify, limits.scans)
