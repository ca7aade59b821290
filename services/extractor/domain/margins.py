"""What stands in the margins of pages: running headers, footers, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.extractor.domain.labels import is_label_text
from services.extractor.domain.page import PageContents
from services.extractor.domain.prose import ends_sentence, in_margin, is_page_number
from services.extractor.domain.reading import Line, PageReading
from shared.contracts.extracted import TextKind

# Printed again at the same height: programs round to whole pixels.
SAME_HEIGHT = 4.0


# A line this close to the upper or lower edge stands outside the text: a header 1.5 cm from the edge ends at 53 points.
EDGE = 55.0
LONGEST_RUNNING = 45
_COUNTED = re.compile(r"[\d\s]+")


def at_edge(line: Line, page: PageContents) -> bool:
    """Whether a line is a header or footer by its place alone, printed on this page only: those of even pages, of a section's first page."""
    outside = line.box[3] < EDGE or line.box[1] > page.height - EDGE
    return outside and len(line.text) <= LONGEST_RUNNING and not is_label_text(line.text) and not ends_sentence(line.text)


def below_first(reading: PageReading) -> frozenset[str]:
    """What lines say below the page's first table, labels aside: signatures and notes that a program prints below each part of a table."""
    if not reading.tables:
        return frozenset()
    foot = reading.tables[0].box[3]
    return frozenset(line.text for line in reading.lines if line.box[1] > foot - 1.0 and not is_label_text(line.text))


class Margins:
    """The lines in the margins of the page before and of this one, known as headers and footers by being printed again."""

    def __init__(self) -> None:
        self._before: dict[str, float] = {}
        self._now: dict[str, float] = {}
        self._titles: dict[str, float] = {}

    def turn(self, reading: PageReading) -> None:
        """The next page is this one's turn."""
        self._before, self._now = self._now, _texts(reading)

    def kind(self, line: Line, page: PageContents) -> TextKind | None:
        """What a line in the margin of this page is: a page number, or printed on the page before as well."""
        if is_page_number(line, page):
            return "page_number"
        if not in_margin(line, page):
            return None
        if _near(self._before.get(_key(line)), line) or _near(self._titles.get(line.text), line):
            return "header" if line.box[1] < page.height / 2 else "footer"
        return None

    def is_footer(self, line: Line, page: PageContents) -> bool:
        """Whether a line at the foot of the page before is printed again on this one."""
        return in_margin(line, page) and _near(self._now.get(_key(line)), line) and line.box[1] > page.height / 2

    def left_as_text(self, lines: Iterable[Line], page: PageContents) -> None:
        """Takes lines of this page that read like labels and are no table's: the title of the document in a browser's header."""
        self._titles |= {
            line.text: line.box[1] for line in lines if in_margin(line, page) and line.box[1] < page.height / 2 and is_label_text(line.text)
        }


def _near(at: float | None, line: Line) -> bool:
    return at is not None and abs(at - line.box[1]) < SAME_HEIGHT


def _texts(reading: PageReading) -> dict[str, float]:
    """Lines in the margins, digits left out, with their height: what may be a header or footer if it comes again.

    Numbers, units and titles of forms stand in the same place on many pages and are no headers.
    """
    return {_key(line): line.box[1] for line in reading.lines if in_margin(line, reading.page) and not is_label_text(line.text)}


def _key(line: Line) -> str:
    return _COUNTED.sub("", line.text)
