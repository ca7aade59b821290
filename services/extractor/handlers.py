"""Reading one document: open, extract, write the artifact. A plain function; the caller gives it a process with limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from msgspec import UNSET

from services.extractor.artifact import document_info, write_extracted
from services.extractor.domain.agreement import compare, same_text
from services.extractor.domain.extraction import Piece, extract_stream
from services.extractor.domain.page import PageContents
from services.extractor.domain.secondvoice import confirmed
from services.extractor.errors import MEBI, rejected, scan_without_words, too_large, too_large_file
from services.extractor.ports import CellTextReader, OpenDocument, PageReader, PageRecognizer, TableReader
from services.extractor.scans import Scans
from shared.contracts.common import Box, Producer
from shared.contracts.extracted import Cell, DocumentInfo, Table
from shared.versions import producer_version


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings that change results: they are part of the producer's version.

    `verify`: every cell is read by the second reader as well. `fallback`: another engine is at hand as a second voice on tables without vertical rules.
    `recognizer`: names and versions of what reads scanned pages, empty where it is not installed; `max_scans`: how many of a document it reads.
    """

    max_bytes: int = 100 * MEBI
    max_pages: int = 2000
    verify: bool = False
    fallback: bool = False
    recognizer: str = ""
    max_scans: int = 200


def producer(reader_version: str, settings: ReadSettings) -> Producer:
    """Who makes the result, in which version: release, page reader, settings."""
    return Producer(name="extractor", version=producer_version(data=[reader_version.encode()], settings=asdict(settings)))


@dataclass(frozen=True)
class Helpers:
    """Other engines at hand. `second`: reads cells a second time. `grids`: a second voice on tables without vertical rules. `recognizer`: reads images."""

    second: CellTextReader | None = None
    grids: TableReader | None = None
    recognizer: PageRecognizer | None = None


def read_document(
    path: Path,
    out: Path,
    reader: PageReader,
    settings: ReadSettings | None = None,
    helpers: Helpers | None = None,
    on_open: Callable[[int], None] | None = None,
    on_page: Callable[[int, int], None] | None = None,
    on_contents: Callable[[PageContents], None] | None = None,
    on_scan: Callable[[], None] = lambda: None,
) -> DocumentInfo:
    """Reads a PDF and writes its `tieout.extracted/1` document, without submission, to `out`.

    Args: on_open: called with the number of pages once the document is open. on_page: called with (page, pages) as each page is read.
    on_contents: called with what each page holds, for looking at it. on_scan: called before a page is recognised, which takes its time.
    Returns: the document's identity. `out` appears only when it is whole.
    Raises: DocumentRejected: not_a_pdf, damaged, encrypted, no_pages, too_large, scan_without_text. OSError: the path cannot be read.
    """
    settings = settings or ReadSettings()
    helpers = helpers or Helpers()
    size = path.stat().st_size
    if size > settings.max_bytes:
        raise too_large_file(size, settings.max_bytes)
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
            scans = Scans(helpers.recognizer, settings.max_scans, on_scan)
            pieces = _heard(_extracted(document, scans, on_page, on_contents), path, helpers.grids)
            write_extracted(file, info, _verified(pieces, helpers.second, settings.verify), producer(reader.version, settings))
        part.replace(out)
    finally:
        document.close()
        part.unlink(missing_ok=True)
    return info


# Figures of less confidence than this are read a second time even when nobody asked. Of other cells the second reader, who looks into the
# same boxes, has nothing to say; a page takes it about 50 ms.
LOW_CONFIDENCE = 0.5


def _verified(pieces: Iterator[Piece], second: CellTextReader | None, every_cell: bool) -> Iterator[Piece]:
    """The pieces, with the cells marked that the second reader reads differently."""
    for piece in pieces:
        # The second reader reads the file's text: of what an image shows it knows nothing.
        if second is None or not isinstance(piece, Table) or piece.engine == "ocr":
            yield piece
            continue
        wanted = [every_cell or _doubtful(cell) for cell in piece.cells]
        if not any(wanted):
            yield piece
            continue
        readings = [_second_text(second, cell) if again else None for cell, again in zip(piece.cells, wanted, strict=True)]
        table, warnings = compare(piece, readings)
        yield table
        yield from warnings


def _doubtful(cell: Cell) -> bool:
    return cell.confidence < LOW_CONFIDENCE and any(map(str.isdigit, cell.text))


def _second_text(second: CellTextReader, cell: Cell) -> str | None:
    """The second reader's text of a cell, its further places joined."""
    places = [(cell.page, cell.bbox)] if cell.places is UNSET else [(place.page, place.bbox) for place in cell.places]
    texts = [text for page, box in places if (text := second.read(page, box)) is not None]
    if len(texts) < len(places):
        return None
    # A spreadsheet program prints the text of a merged cell again on the next page.
    return texts[0] if all(same_text(text, texts[0]) for text in texts) else "".join(texts)


def _heard(pieces: Iterator[Piece], path: Path, other: TableReader | None) -> Iterator[Piece]:
    """The pieces; another engine is asked about tables whose columns come from white space, and confidence falls where it differs.

    About pages that the file turns (/Rotate) it says nothing.
    """
    for piece in pieces:
        if other is not None and isinstance(piece, Table) and piece.engine == "stream":
            found = {page: [cell for table in other.read(path, page, box) for cell in table.cells] for page, box in _places(piece).items()}
            yield confirmed(piece, {page: cells for page, cells in found.items() if cells})
        else:
            yield piece


def _places(table: Table) -> dict[int, Box]:
    """The box around a table's cells on each of its pages."""
    boxes: dict[int, list[Box]] = {}
    for cell in table.cells:
        boxes.setdefault(cell.page, []).append(cell.bbox)
    return {
        page: (min(b[0] for b in all_), min(b[1] for b in all_), max(b[2] for b in all_), max(b[3] for b in all_))
        for page, all_ in boxes.items()
    }


def _extracted(
    document: OpenDocument,
    scans: Scans,
    on_page: Callable[[int, int], None] | None,
    on_contents: Callable[[PageContents], None] | None,
) -> Iterator[Piece]:
    """The pieces of the document; rejects one whose pages are all images without text."""
    yield from extract_stream(_watched(document, scans, on_page, on_contents))
    if scans.found and not scans.readable:
        raise rejected("scan_without_text") if scans.recognizer is None else scan_without_words()


def _watched(
    document: OpenDocument,
    scans: Scans,
    on_page: Callable[[int, int], None] | None,
    on_contents: Callable[[PageContents], None] | None,
) -> Iterator[PageContents]:
    for page in scans.legible(document):
        if on_contents is not None:
            on_contents(page)
        yield page
        if on_page is not None:
            on_page(page.number, document.pages)
