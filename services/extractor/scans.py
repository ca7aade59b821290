"""Pages whose text is not to be had from the file: recognised in their image where that can be done, said to be unread otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from services.extractor.domain.legibility import Legibility, legibility
from services.extractor.domain.page import PageContents
from services.extractor.ports import OpenDocument, PageRecognizer, RecognizerEndedError

# Digits of 7 pt text are 14 pixels high at this resolution; more costs time and does not read better (benchmarks/scans.py).
DPI = 200.0
# The largest image that is made: A2 at the resolution above. Larger pages are looked at from further away, down to the least that can be read.
_LARGEST_PIXELS = 16e6
_LEAST_DPI = 90.0

MISSING = "recognition is not installed (bin/setup core ocr)"
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
    """

    recognizer: PageRecognizer | None
    most: int
    on_scan: Callable[[], None] = lambda: None
    found: int = 0

    def legible(self, document: OpenDocument) -> Iterator[PageContents]:
        """The pages of a document; those without a sound text layer as their image shows them."""
        for page in document.contents():
            evidence = _EVIDENCE.get(legibility(page))
            yield page if evidence is None else self._recognized(document, page, evidence)

    def _recognized(self, document: OpenDocument, page: PageContents, evidence: str) -> PageContents:
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


def _resolution(page: PageContents) -> float:
    """Dots an inch at which a page is looked at."""
    inches = page.width * page.height / 72**2
    return min(DPI, float((_LARGEST_PIXELS / max(inches, 0.01)) ** 0.5))
