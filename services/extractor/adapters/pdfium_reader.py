"""The page reader on pdfium: bytes to page contents, in reading space, one page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pypdfium2
from pypdfium2 import raw

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_annotations import with_annotations
from services.extractor.adapters.pdfium_fonts import FontTables, Teller
from services.extractor.adapters.pdfium_layers import Layers, layers_off, switched_off, take_away
from services.extractor.adapters.pdfium_objects import NOWHERE, picture_boxes, read_objects
from services.extractor.adapters.pdfium_paths import outlined_letters, read_marks
from services.extractor.adapters.pdfium_seen import hidden_text, text_paint
from services.extractor.adapters.pdfium_substitutes import forget_substitutes
from services.extractor.adapters.pdfium_text import Characters, Known, read_characters
from services.extractor.domain.page import Bools, Floats, Ints, PageContents, no_floats
from services.extractor.errors import rejected
from services.extractor.ports import PageImage

# pdfium keeps what it parsed until the document is closed: reopened every 50 pages, 1,635 pages take 69 MB instead of 247 MB, no slower.
_PAGES_PER_OPENING = 50
# The mark may follow other bytes: PDF 32000-1, annex H, note 13 (readers accept it within the first 1024 bytes).
_HEADER_WITHIN = 1024
# A file without pages is small.
_SMALL = 65536


class PdfiumReader:
    """`PageReader` on pypdfium2. Not thread-safe: pdfium is not."""

    version = f"pdfium {pypdfium2.PDFIUM_INFO}"

    def open(self, path: Path) -> PdfiumDocument:
        """Opens a document; encrypted ones only with an empty user password."""
        with path.open("rb") as file:
            head = file.read(_HEADER_WITHIN)
        if b"%PDF" not in head:
            raise rejected("not_a_pdf")
        return PdfiumDocument(path)


class PdfiumDocument:
    """A document held open; `pages` is their number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: pypdfium2.PdfDocument | None = _opened(path)
        self._aids = _Aids(FontTables(path), layers_off(path))
        self.pages = len(self._document)
        if self.pages == 0:
            self.close()
            raise rejected("no_pages")

    def close(self) -> None:
        """Lets go of the file."""
        self._aids.fonts.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._document is not None:
            self._document.close()
            self._document = None

    def contents(self) -> Iterator[PageContents]:
        """Contents of all pages in order."""
        for index in range(self.pages):
            if self._document is None or (index and index % _PAGES_PER_OPENING == 0):
                self._let_go()
                self._document = _opened(self._path)
            yield _read_page(self._document, index, self._aids)

    def image(self, number: int, dpi: float) -> PageImage:
        """A page (from 1) as it looks."""
        if self._document is None:
            self._document = _opened(self._path)
        page = self._document[number - 1]
        try:
            width, height = page.get_size()
            pixels = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False).to_numpy()
            return PageImage(number, width, height, dpi, np.ascontiguousarray(pixels[:, :, :3]))
        finally:
            page.close()


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        return document
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) or re.search("password|security", str(error), re.IGNORECASE):
            raise rejected("encrypted") from error
        raise rejected("no_pages" if _says_no_pages(path) else "damaged") from error


def _says_no_pages(path: Path) -> bool:
    """pdfium refuses a sound file whose page tree is empty as it does a damaged one."""
    with path.open("rb") as file:
        head = file.read(_SMALL)
    return re.search(rb"/Type\s*/Pages\b(?:(?!endobj).){0,200}?/Count\s+0\b", head, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class _Aids:
    """What is known of the whole file besides pdfium's view of it."""

    fonts: FontTables
    layers: Layers | None


def _read_page(document: pypdfium2.PdfDocument, index: int, aids: _Aids) -> PageContents:
    handle = document.raw
    page = pdfium.load_page(pdfium.address(handle), index)
    if not page:
        raise rejected("damaged", index + 1)
    copy = None
    try:
        off = switched_off(document, index, aids.layers) if aids.layers else []
        copy = with_annotations(document, page, index)
        own, shown = (copy.document, copy.page) if copy else (pdfium.address(handle), page)
        return _contents(own, shown, index + 1, partial(aids.fonts.character, index), off)
    finally:
        if copy:
            copy.close()
        pdfium.close_page(page)


def _contents(document: int, page: int, number: int, teller: Teller, off: list[int]) -> PageContents:
    area = np.zeros((1, 4), dtype=np.float32)  # left, top, right, bottom
    pdfium.page_box(page, area.ctypes.data)
    left, top, right, bottom = (float(value) for value in area[0])
    rotation = int(pdfium.page_rotation(page)) % 4
    objects = read_objects(document, page)
    unseen = take_away(objects, page, off) if off else []
    paint = text_paint(objects)
    unseen += paint.unseen
    said = forget_substitutes(objects)
    text = pdfium.load_text(page)  # its raw handle must not outlive the page, and is closed before it
    try:
        hidden = hidden_text(objects, (left, bottom, right, top)) | dict.fromkeys(unseen, NOWHERE)
        characters = read_characters(text, Known(hidden, frozenset(unseen), frozenset(paint.red), teller, said)) if text else _none()
    finally:
        if text:
            pdfium.close_text(text)
    marks = read_marks(objects)
    inside = _inside((characters.box[:, :2] + characters.box[:, 2:]) / 2, (left, bottom, right, top))
    cut = characters.cut
    if not inside.all():
        cut = np.concatenate([cut, characters.box[~inside]])
        characters = characters.kept(inside)
    quarter, angle = _reading_direction(characters, rotation)
    frame = _Frame(left, bottom, right - left, top - bottom, quarter)
    box = frame.boxes(characters.box)
    origin = frame.points(characters.origin)
    lines, keep = _clamped(marks.box, (left, bottom, right, top))
    pictures, seen = _clamped(picture_boxes(objects), (left, bottom, right, top))
    return PageContents(
        number=number,
        width=frame.width,
        height=frame.height,
        turn=(rotation - quarter) % 4,
        codes=characters.codes,
        box=box,
        origin=origin,
        size=characters.size,
        angle=angle,
        marks=frame.boxes(lines[keep]),
        paint=marks.paint[keep],
        filled=marks.filled[keep],
        weight=marks.weight[keep],
        images=objects.images,
        without_unicode=characters.without_unicode,
        cut=frame.boxes(cut) if len(cut) else no_floats(4),
        pictures=frame.boxes(pictures[seen]) if len(pictures) else no_floats(4),
        outlines=0 if len(characters.codes) else outlined_letters(objects),
        unseen=characters.unseen,
        aslant=characters.aslant,
        red=characters.red,
    )


def _reading_direction(characters: Characters, rotation: int) -> tuple[int, Ints]:
    """The quarter turn of most characters (the page's, where it has none), and their angles against it."""
    if not len(characters.codes):
        return rotation, characters.angle
    if not np.count_nonzero(characters.angle):
        return 0, characters.angle
    quarter = int(np.bincount(characters.angle, minlength=4).argmax())
    return quarter, (characters.angle - quarter) % 4


def _none() -> Characters:
    empty = np.zeros(0, dtype=np.int32)
    return Characters(empty, np.zeros((0, 4)), np.zeros((0, 2)), np.zeros(0), empty, 0, np.zeros((0, 4)))


def _inside(points: Floats, area: tuple[float, float, float, float]) -> Bools:
    left, bottom, right, top = area
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= left) & (x <= right) & (y >= bottom) & (y <= top))


def _clamped(boxes: Floats, area: tuple[float, float, float, float]) -> tuple[Floats, Bools]:
    """Marks cut at the page box; those outside do not exist."""
    left, bottom, right, top = area
    if not len(boxes):
        return boxes, np.zeros(0, dtype=np.bool_)
    keep = (boxes[:, 2] >= left) & (boxes[:, 0] <= right) & (boxes[:, 3] >= bottom) & (boxes[:, 1] <= top)
    clamped = np.empty(boxes.shape)
    np.maximum(boxes[:, :2], (left, bottom), out=clamped[:, :2])
    np.minimum(boxes[:, 2:], (right, top), out=clamped[:, 2:])
    return clamped, np.asarray(keep)


class _Frame:
    """The way from the page's own coordinates to reading space: turned clockwise by `quarter`, origin at the top left."""

    def __init__(self, left: float, bottom: float, width: float, height: float, quarter: int) -> None:
        self._left, self._bottom, self._w, self._h, self._quarter = left, bottom, width, height, quarter
        self.width, self.height = (width, height) if quarter % 2 == 0 else (height, width)

    def points(self, xy: Floats) -> Floats:
        x, y = xy[:, 0] - self._left, xy[:, 1] - self._bottom
        turned = np.empty((len(xy), 2))
        if self._quarter == 0:
            turned[:, 0], turned[:, 1] = x, self._h - y
        elif self._quarter == 1:
            turned[:, 0], turned[:, 1] = y, x
        elif self._quarter == 2:
            turned[:, 0], turned[:, 1] = self._w - x, y
        else:
            turned[:, 0], turned[:, 1] = self._h - y, self._w - x
        return turned

    def boxes(self, boxes: Floats) -> Floats:
        corners = self.points(boxes.reshape(-1, 2)).reshape(-1, 2, 2)
        turned = np.empty((len(boxes), 4))
        np.minimum(corners[:, 0], corners[:, 1], out=turned[:, :2])
        np.maximum(corners[:, 0], corners[:, 1], out=turned[:, 2:])
        return turned
