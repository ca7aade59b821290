"""An independent second reading of cells, by pdfplumber: for tables read with doubt, and before a figure is called wrong.

pdfplumber (pdfminer) shares no code with the PDFium reader of the extractor: where both read the same text in the same box, the document
prints it; where they differ, it may be our misreading.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.contracts.common import Box

# Characters that stand on one line differ in height by no more than this part of their size.
_SAME_LINE = 0.5
# Fake bold draws a glyph twice within this part of its width (measured up to .12 em).
_SAME_GLYPH = 0.15


class CellReader:
    """Reads single cells of a PDF that pdfplumber has opened."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._page = 0
        self._characters: list[dict[str, Any]] = []
        self._left = self._top = 0.0

    def read(self, page: int, bbox: Box) -> str | None:
        """The text whose glyphs have their middle inside a box; None where the page cannot be read.

        Args: page: from 1. bbox: points from the top left of the page as shown.
        """
        try:
            characters = self._of_page(page)
        except Exception:  # pdfminer raises what it likes on damaged pages; no reading is an answer
            return None
        x0, top, x1, bottom = bbox[0] + self._left, bbox[1] + self._top, bbox[2] + self._left, bbox[3] + self._top
        inside = [
            character
            for character in characters
            if x0 <= (character["x0"] + character["x1"]) / 2 <= x1 and top <= (character["top"] + character["bottom"]) / 2 <= bottom
        ]
        return "".join(_in_reading_order(inside))

    def _of_page(self, page: int) -> list[dict[str, Any]]:
        """The characters of a page. One page is held at a time: pdfplumber keeps 1.5 MB of each."""
        if page != self._page:
            sheet = self._document.pages[page - 1]
            self._characters, self._page = sheet.chars, page
            # Characters stand on the whole sheet, boxes on what of it is shown.
            self._left, self._top = sheet.cropbox[0], sheet.cropbox[1]
            sheet.close()
        return self._characters


def _in_reading_order(characters: list[dict[str, Any]]) -> Iterator[str]:
    """The texts of characters line by line, without the second print of fake bold."""
    lines: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=lambda each: (each["bottom"], each["x0"])):
        if lines and abs(lines[-1][0]["bottom"] - character["bottom"]) <= _SAME_LINE * character["size"]:
            lines[-1].append(character)
        else:
            lines.append([character])
    for line in lines:
        previous: dict[str, Any] | None = None
        for character in sorted(line, key=lambda each: each["x0"]):
            again = (
                previous is not None
                and previous["text"] == character["text"]
                and character["x0"] - previous["x0"] <= _SAME_GLYPH * max(character["size"], 1.0)
            )
            if not again:
                yield character["text"]
                previous = character


class FileReader:
    """Reads cells of a PDF that is opened when the first one is asked for: most documents accuse nobody.

    Use as a context manager. Where pdfplumber cannot open the file, every reading is None.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: Any = None
        self._reader: CellReader | None = None
        self._tried = False

    def __enter__(self) -> FileReader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._document is not None:
            with contextlib.suppress(Exception):  # closing walks the page tree, which may be what is damaged
                self._document.close()

    def read(self, page: int, bbox: Box) -> str | None:
        """The text inside a box of a page; see `CellReader.read`."""
        if not self._tried:
            self._tried = True
            for library in ("pdfminer", "pdfplumber"):  # they tell of each damage; where they cannot read, there is no second reading
                logging.getLogger(library).setLevel(logging.CRITICAL)
            try:
                import pdfplumber

                self._document = pdfplumber.open(self._path)
            except Exception:  # as above: whatever it raises, there is no second reading
                return None
            self._reader = CellReader(self._document)
        return None if self._reader is None else self._reader.read(page, bbox)
