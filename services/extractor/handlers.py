"""Reading one document: open, extract, write the artifact. A plain function; the caller gives it a process with limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from services.extractor.artifact import document_info, write_extracted
from services.extractor.domain.extraction import Piece, extract_stream
from services.extractor.domain.page import PageContents
from services.extractor.errors import rejected, too_large
from services.extractor.ports import OpenDocument, PageReader
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo
from shared.versions import producer_version

MEBI = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings that change results: they are part of the producer's version."""

    max_bytes: int = 100 * MEBI
    max_pages: int = 2000
    verify: bool = False


def producer(reader_version: str, settings: ReadSettings) -> Producer:
    """Who makes the result, in which version: release, page reader, settings."""
    return Producer(name="extractor", version=producer_version(data=[reader_version.encode()], settings=asdict(settings)))


def read_document(
    path: Path,
    out: Path,
    reader: PageReader,
    settings: ReadSettings | None = None,
    on_open: Callable[[int], None] | None = None,
    on_page: Callable[[int, int], None] | None = None,
) -> DocumentInfo:
    """Reads a PDF and writes its `tieout.extracted/1` document, without submission, to `out`.

    Args: on_open: called with the number of pages once the document is open. on_page: called with (page, pages) as each page is read.
    Returns: the document's identity. `out` appears only when it is whole.
    Raises: DocumentRejected: not_a_pdf, damaged, encrypted, no_pages, too_large, scan_without_text. OSError: the path cannot be read.
    """
    settings = settings or ReadSettings()
    size = path.stat().st_size
    if size > settings.max_bytes:
        limit = settings.max_bytes // MEBI
        raise too_large(f"{size / MEBI:.0f} MB，上限 {limit} MB", f"{size / MEBI:.0f} MB, at most {limit} MB are read")
    document = reader.open(path)
    part = out.with_name(out.name + ".part")
    try:
        if on_open is not None:
            on_open(document.pages)
        if document.pages > settings.max_pages:
            found, limit = document.pages, settings.max_pages
            raise too_large(f"{found} 页，上限 {limit} 页", f"{found} pages, at most {limit} are read")
        info = document_info(path, document.pages)
        with part.open("wb") as file:
            write_extracted(file, info, _extracted(document, on_page), producer(reader.version, settings))
        part.replace(out)
    finally:
        document.close()
        part.unlink(missing_ok=True)
    return info


def _extracted(document: OpenDocument, on_page: Callable[[int, int], None] | None) -> Iterator[Piece]:
    """The pieces of the document; rejects one whose pages are all images without text."""
    seen = _Seen()
    yield from extract_stream(_watched(document, seen, on_page))
    if seen.images and not seen.text:
        raise rejected("scan_without_text")


@dataclass(slots=True)
class _Seen:
    text: bool = False
    images: bool = False


def _watched(document: OpenDocument, seen: _Seen, on_page: Callable[[int, int], None] | None) -> Iterator[PageContents]:
    for page in document.contents():
        seen.text |= len(page.codes) > 0
        seen.images |= page.images > 0
        yield page
        if on_page is not None:
            on_page(page.number, document.pages)
