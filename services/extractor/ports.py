"""What the extractor needs from outside: something that turns a file into page contents, and other engines that read tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import PageContents
from shared.contracts.common import Box
from shared.contracts.extracted import EngineName


class OpenDocument(Protocol):
    """A document opened for reading: `pages` is their number."""

    pages: int

    def contents(self) -> Iterator[PageContents]:
        """Contents of page after page, in order; what a page held is let go before the next is read."""

    def image(self, number: int, dpi: float) -> PageImage:
        """A page (from 1) as it looks. Raises MemoryError where so many pixels cannot be had."""

    def close(self) -> None:
        """Lets go of the file."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as shown: `pixels` are height×width×3, red, green, blue (0–255); `width` and `height` in points."""

    number: int
    width: float
    height: float
    dpi: float
    pixels: NDArray[np.uint8]


class RecognizerEndedError(Exception):
    """The recogniser did not survive an image, or took too long: the text says how. The page is warned of as not read."""


class PageRecognizer(Protocol):
    """Reads the image of a page: its rules and its characters, each with its certainty."""

    version: str
    """Names and versions of the library and models behind it: part of what decides the result."""

    def recognize(self, image: PageImage) -> PageContents:
        """What the image shows, with `source` "image". Raises RecognizerEndedError where its process ended over it."""


class PageReader(Protocol):
    """Turns a file into page contents."""

    version: str
    """Name and version of the library behind it: part of what decides the result."""

    def open(self, path: Path) -> OpenDocument:
        """Opens a document.

        Raises: DocumentRejected with code not_a_pdf, damaged, encrypted or no_pages.
        """


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as another engine read it; rows and columns from 0 inside the region."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    bbox: Box


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A grid of cells found in a region of a page."""

    n_rows: int
    n_cols: int
    cells: Sequence[ReadCell]
    bbox: Box


class TableReader(Protocol):
    """A second, independent reader of tables, or a second voice on those without vertical rules."""

    engine: EngineName
    version: str

    def read(self, path: Path, page: int, region: Box | None) -> Sequence[ReadTable]:
        """Tables inside a region (points, page as shown; None: the whole page) of a page (from 1)."""


class CellTextReader(Protocol):
    """An independent second reader of the text in a box."""

    def read(self, page: int, bbox: Box) -> str | None:
        """The text inside a box (points, page as shown) of a page (from 1); None where it cannot tell."""
