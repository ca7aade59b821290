"""Wiring of the extractor: the page reader on pdfium behind the handler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.extractor import handlers
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.handlers import ReadSettings
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo


def read_document(
    path: Path,
    out: Path,
    settings: ReadSettings | None = None,
    on_open: Callable[[int], None] | None = None,
    on_page: Callable[[int, int], None] | None = None,
) -> DocumentInfo:
    """`handlers.read_document` with pdfium as page reader."""
    return handlers.read_document(path, out, PdfiumReader(), settings, on_open, on_page)


def producer(settings: ReadSettings | None = None) -> Producer:
    """Who makes results with these settings: the version by which they are kept."""
    return handlers.producer(PdfiumReader.version, settings or ReadSettings())
