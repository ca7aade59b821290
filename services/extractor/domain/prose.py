"""Lines outside tables and labels → text: kinds, paragraphs joined from their lines, also over a page break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.domain.page import PageContents
from services.extractor.domain.reading import Line
from shared.contracts.common import Box
from shared.contracts.extracted import TextKind, TextLine

_PAGE_NUMBER = re.compile(
    r"^[-—–－~·•.\s]*(?:"
    r"(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*页)?(?:\s*[/／,，、]?\s*(?:共\s*)?\d{0,4}\s*页?)?"
    r"|共\s*\d{1,4}\s*页\s*[/／,，、]?\s*第\s*\d{1,4}\s*页"
    r"|(?:page\s*|p\.\s*)?\d{1,4}(?:\s*of\s*\d{1,4})?"
    r")[-—–－~·•.\s]*$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十0-9]+(?:部分|章|节)|[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])"
)
_LIST_ITEM = re.compile(r"^(?:[0-9０-９]{1,2}\s*[.．、)）]|[（(][0-9０-９]{1,2}[）)]|[①-⑳●•·◆■★])")
_SENTENCE_END = re.compile(r"[。；;！!？?：:]$")
# Headers, footers and page numbers stand in the outer parts of a page: margins of 2.5 cm on A4 are 8 %, on its short side 12 %.
MARGIN, NUMBER_MARGIN = 0.085, 0.125
# A line is full when it ends this close (ems) to the right margin: a wrapped word or an unbreakable figure leaves up to 2.5 em free.
FULL = 2.6
LONGEST_HEADING = 45


def in_margin(line: Line, page: PageContents, share: float = MARGIN) -> bool:
    """Whether a line stands where headers and footers do."""
    return line.box[3] < share * page.height or line.box[1] > (1 - share) * page.height


def is_page_number(line: Line, page: PageContents) -> bool:
    """A page number, at the head or foot of a page."""
    return in_margin(line, page, NUMBER_MARGIN) and bool(_PAGE_NUMBER.match(line.text))


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence does."""
    return bool(_SENTENCE_END.search(text))


@dataclass(slots=True)
class _Paragraph:
    page: PageContents
    text: str
    box: Box
    lines: int
    last: Line
    left: float
    right: float
    centred: bool


class Prose:
    """Joins lines to paragraphs; holds the last one back, since it may go on."""

    def __init__(self) -> None:
        self._open: _Paragraph | None = None

    def add(self, lines: list[Line], page: PageContents, width: tuple[float, float]) -> Iterator[TextLine]:
        """Takes lines in order (top to bottom) of a page whose text block reaches from left to right as `width` says."""
        for line in lines:
            if self._open is not None and _goes_on(self._open, line, page, width):
                _extend(self._open, line, page)
                continue
            yield from self.flush()
            middle = (line.box[0] + line.box[2]) / 2
            centred = abs(middle - page.width / 2) < 0.04 * page.width and line.box[0] > width[0] + 2.5 * line.size
            box = page.shown(line.box)
            self._open = _Paragraph(page, line.text, box, 1, line, width[0], width[1], centred)

    def flush(self) -> Iterator[TextLine]:
        """What is held back."""
        if self._open is not None:
            one, self._open = self._open, None
            yield TextLine(page=one.last.page if one.lines == 1 else one.page.number, kind=_kind(one), text=one.text, bbox=one.box)


def text_block(lines: list[Line], page: PageContents) -> tuple[float, float]:
    """Left and right border of a page's running text: of its lines that are at least half as wide as the page."""
    wide = [line for line in lines if line.box[2] - line.box[0] > 0.5 * page.width]
    if not wide:
        return (0.0, page.width)
    return (min(line.box[0] for line in wide), max(line.box[2] for line in wide))


def _goes_on(one: _Paragraph, line: Line, page: PageContents, width: tuple[float, float]) -> bool:
    last = one.last
    if one.centred or abs(last.size - line.size) > 0.15 * line.size or last.box[2] < one.right - FULL * last.size:
        return False
    left = width[0] or one.left  # a page with a paragraph's last line alone does not show where its text block begins
    if line.box[0] > left + 1.2 * line.size:
        return False
    if one.page.number != page.number or last.page != line.page:
        return page.number == last.page + 1 and not _SENTENCE_END.search(last.text)
    return 0 < line.box[3] - last.box[3] < 3.2 * line.size


def _extend(one: _Paragraph, line: Line, page: PageContents) -> None:
    words = one.text[-1:].isascii() and one.text[-1:].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha()
    one.text += (" " if words else "") + line.text
    if page.number == one.page.number:
        box = page.shown(line.box)
        one.box = (min(one.box[0], box[0]), min(one.box[1], box[1]), max(one.box[2], box[2]), max(one.box[3], box[3]))
    one.last = line
    one.lines += 1


def _kind(one: _Paragraph) -> TextKind:
    text = one.text.strip()
    if one.lines == 1 and not _SENTENCE_END.search(text) and len(text) <= LONGEST_HEADING and (_HEADING.match(text) or one.centred):
        return "heading"
    if _LIST_ITEM.match(text):
        return "list_item"
    if one.lines > 1 or _SENTENCE_END.search(text) or len(text) > LONGEST_HEADING:
        return "paragraph"
    return "other"
