"""Reading a document with the engines of this installation: pdfium behind the handler, the others beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.extractor import handlers
from services.extractor.adapters.camelot_reader import CamelotReader
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.adapters.scan_recognizer import ScanRecognizer
from services.extractor.domain.page import PageContents
from services.extractor.errors import MEBI
from services.extractor.handlers import Helpers, ReadSettings
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo
from shared.second_reader import FileReader


def read_document(
    path: Path,
    out: Path,
    settings: ReadSettings | None = None,
    on_open: Callable[[int], None] | None = None,
    on_page: Callable[[int, int], None] | None = None,
    on_contents: Callable[[PageContents], None] | None = None,
    on_scan: Callable[[], None] = lambda: None,
) -> DocumentInfo:
    """`handlers.read_document` with pdfium as page reader, pdfplumber as second reader, camelot for tables without rules, and the recogniser
    of scanned pages, each where it is installed."""
    settings = settings or default_settings()
    with FileReader(path) as second, ScanRecognizer() as recognizer:
        helpers = Helpers(second, CamelotReader("hybrid") if settings.fallback else None, recognizer if settings.recognizer else None)
        return handlers.read_document(path, out, PdfiumReader(), settings, helpers, on_open, on_page, on_contents, on_scan)


def default_settings(max_bytes: int = 100 * MEBI, max_pages: int = 2000, verify: bool = False, max_scans: int = 200) -> ReadSettings:
    """The settings of a call here: which further engines are installed decides results, and so the version."""
    return ReadSettings(max_bytes, max_pages, verify, CamelotReader.available(), ScanRecognizer.installed_version(), max_scans)


def producer(settings: ReadSettings | None = None) -> Producer:
    """Who makes results with these settings: the version by which they are kept."""
    return handlers.producer(PdfiumReader.version, settings or default_settings())
