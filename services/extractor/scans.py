"""Pages whose text is not to be had from the file: recognised in their image where that can be done, said to be unread otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from services.extractor.domain.legibility import Legibility, legibility
from services.extractor.domain.page import PageContents
from services.extractor.domain.pictured import beneath_overlay, is_overlaid, pictures_amid_text, with_tables_of
from services.extractor.ports import OpenDocument, PageRecognizer, RecognizerEndedError

# Digits of 7 pt text are 14 pixels high at this resolution; more costs time and does not read better (benchmarks/scans.py).
DPI = 200.0
# The largest image that is made: A2 at the resolution above. Larger pages are looked at from further away, down to the least that can be read.
_LARGEST_PIXELS = 16e6
_LEAST_DPI = 90.0

MISSING = "recognition is not installed; 请安装文字识别组件 / install it: bin/setup core ocr"
_EVIDENCE: dict[Legibility, str] = {
    "image": "it is an image",
    "outlines": "its letters are drawn as shapes",
    "codes": "its fonts do not say which characters they draw",
    "rubbish": "its text layer is no text",
}


@dataclass(slots=True)
class Scans:
    """How pages are recognised, and how many were.

    `recognizer`: null where the extra is not installed. `most`: pages of one document that are recognised. `on_scan`: called before each.
    `found`: pages that needed it; `readable`: pages with text that is the file's own or was recognised.
    """

    recognizer: PageRecognizer | None
    most: int
    on_scan: Callable[[], None] = lambda: None
    found: int = 0
    readable: int = 0

    def legible(self, document: OpenDocument) -> Iterator[PageContents]:
        """The pages of a document; those without a sound text layer as their image shows them, tables in pictures as theirs do."""
        for page in document.contents():
            read = self._read(document, page)
            self.readable += len(read.codes) > 0 and (not read.unread or _is_own_text(page))
            yield read

    def _read(self, document: OpenDocument, page: PageContents) -> PageContents:
        evidence = _EVIDENCE.get(legibility(page))
        if evidence is not None:
            return self._seen(document, page, evidence)
        if is_overlaid(page):
            seen = self._seen(document, page, "it is an image with a few words over it")
            return seen if seen.unread else beneath_overlay(page, seen)
        pictures = pictures_amid_text(page)
        if not len(pictures):
            return page
        seen = self._seen(document, page, "a part of it is an image")
        return seen if seen.unread else with_tables_of(page, seen, pictures) or page

    def _seen(self, document: OpenDocument, page: PageContents, evidence: str) -> PageContents:
        """What a page's image shows; the page itself with the reason where that cannot be had."""
        self.found += 1
        if self.recognizer is None:
            return replace(page, unread=f"{evidence}, and {MISSING}")
        if self.found > self.most:
            return replace(page, unread=f"{evidence}, and only the first {self.most} such pages are read")
        dpi = _resolution(page)
        if dpi < _LEAST_DPI:
            return replace(page, unread=f"{evidence}, and it is too large to be recognised")
        self.on_scan()
        try:
            read = self.recognizer.recognize(document.image(page.number, dpi))
        except RecognizerEndedError as ended:
            return replace(page, unread=f"{evidence}, and recognition ended over it ({ended})")
        except MemoryError:
            return replace(page, unread=f"{evidence}, and its image needs more memory than there is")
        return replace(read, images=page.images, pictures=page.pictures)


def _is_own_text(page: PageContents) -> bool:
    return legibility(page) == "sound" and not is_overlaid(page)


def _resolution(page: PageContents) -> float:
    """Dots an inch at which a page is looked at."""
    inches = page.width * page.height / 72**2
    return min(DPI, float((_LARGEST_PIXELS / max(inches, 0.01)) ** 0.5))
