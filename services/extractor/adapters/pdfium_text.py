"""Characters of a page through pdfium: code points, origins, boxes, sizes, directions; what is clipped away is left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.domain.page import Bools, Floats, Ints


@dataclass(slots=True)
class Characters:
    """Characters in the page's own coordinates (unrotated, origin at the bottom left). `box` is (left, bottom, right, top)."""

    codes: Ints
    box: Floats
    origin: Floats
    size: Floats
    angle: Ints
    without_unicode: int

    def kept(self, keep: Bools) -> Characters:
        """Those that `keep` says."""
        return Characters(self.codes[keep], self.box[keep], self.origin[keep], self.size[keep], self.angle[keep], self.without_unicode)


def read_characters(text: int, clipped: dict[int, tuple[float, float, float, float]]) -> Characters:
    """All printing characters of a text page, but for those outside of what is seen of their text object (`clipped`: object → its box).

    Generated characters and those up to U+0020 are dropped: their boxes are unreliable, and spaces are decided from gaps.
    Soft hyphens that pdfium makes of a hyphen at a line's end (U+0002) are put back.
    """
    count = pdfium.count_chars(text)
    codes = _codes(text, count)
    codes[codes == 2] = ord("-")
    codes, halves = _joined_surrogates(codes)
    blank = (codes <= 0x20) | (codes == 0xA0) | (codes == 0x3000) | ((codes >= 0x2000) & (codes <= 0x200B)) | (codes == 0xFEFF)
    index = np.flatnonzero(~blank)
    odd = (codes == 0) | ((codes >= 0xE000) & (codes <= 0xF8FF)) | (codes >= 0xFFFD) & (codes <= 0xFFFF)
    unmapped = np.flatnonzero(odd & ~halves)
    lost = sum(map(pdfium.char_unmapped, repeat(text), unmapped.tolist())) if len(unmapped) else 0
    where = index.tolist()
    n = len(where)
    origin = np.zeros((n, 2))
    pdfium.exhaust(map(pdfium.char_origin, repeat(text), where, *pdfium.columns(origin)))
    loose = np.zeros((n, 4), dtype=np.float32)  # FS_RECTF: left, top, right, bottom
    pdfium.exhaust(map(pdfium.char_loose_box, repeat(text), where, pdfium.columns(loose)[0]))
    box = loose[:, [0, 3, 2, 1]].astype(np.float64)
    size = _ems(text, index, box[:, 3] - box[:, 1])
    angle = np.zeros(n, dtype=np.int32)
    _mend_turned(text, index, box, origin, size, angle)
    found = Characters(codes[index], box, origin, size, angle, int(lost) + int(halves.sum()))
    return found.kept(_visible(text, where, box, clipped)) if clipped and n else found


def _visible(text: int, where: list[int], box: Floats, clipped: dict[int, tuple[float, float, float, float]]) -> Bools:
    """Which characters have their centre inside their object's clip. What is clipped away is still in the text layer: the name of
    a merged cell that goes on overleaf stands, invisible, above the next page's table."""
    everything = (-1e9, -1e9, 1e9, 1e9)
    limits = np.array([clipped.get(owner, everything) for owner in map(pdfium.char_object, repeat(text), where)])
    middle = (box[:, :2] + box[:, 2:]) / 2
    return np.asarray(((middle >= limits[:, :2]) & (middle <= limits[:, 2:])).all(1))


def _codes(text: int, count: int) -> Ints:
    """Code points of all characters: in one call where the page's text has as many UTF-16 units as it has characters.

    It has fewer where characters have no Unicode value, which the text leaves out; then each is asked.
    """
    units = np.zeros(count + 1, dtype=np.uint16)
    if pdfium.page_text(text, 0, count, units.ctypes.data) == count + 1:
        return units[:count].astype(np.int32)
    return np.fromiter(map(pdfium.char_unicode, repeat(text), range(count)), dtype=np.int32, count=count)


def _ems(text: int, index: NDArray[Any], height: Floats) -> Floats:
    """Ems in points, of upright characters: the loose box is as high as the font's ascent and descent, 1.0 to 1.3 em.

    One character of each height is asked for its font size and matrix: fonts of a page share few heights.
    """
    if not len(height):
        return height
    known, example, which = np.unique(np.round(height, 2), return_index=True, return_inverse=True)
    return _sizes(text, index[example].tolist(), known)[which]


def _sizes(text: int, where: list[int], otherwise: Floats) -> Floats:
    """Font size by the matrix's scale, per character."""
    matrix = np.zeros((len(where), 6), dtype=np.float32)
    pdfium.exhaust(map(pdfium.char_matrix, repeat(text), where, pdfium.columns(matrix)[0]))
    size = np.fromiter(map(pdfium.char_size, repeat(text), where), dtype=np.float64, count=len(where))
    found = np.abs(size) * np.hypot(matrix[:, 2], matrix[:, 3])
    return np.maximum(0.1, np.where(found > 0, found, np.abs(otherwise)))


def _joined_surrogates(codes: Ints) -> tuple[Ints, Bools]:
    """Pairs of UTF-16 surrogates as one code point at the place of the first, the second blank; and which are halves that stood alone.

    A half alone, from a damaged character map, is no text that can be written: U+FFFD stands for it.
    """
    high = np.flatnonzero((codes >= 0xD800) & (codes < 0xDC00))
    for k in high.tolist():
        if k + 1 < len(codes) and 0xDC00 <= codes[k + 1] < 0xE000:
            codes[k] = 0x10000 + ((int(codes[k]) - 0xD800) << 10) + int(codes[k + 1]) - 0xDC00
            codes[k + 1] = 0x20
    alone = (codes >= 0xD800) & (codes < 0xE000)
    codes[alone] = 0xFFFD
    return codes, alone


def _mend_turned(text: int, index: NDArray[Any], box: Floats, origin: Floats, size: Floats, angle: Ints) -> None:
    """Characters that do not stand upright, and those of fonts without metrics.

    An upright character's loose box begins at its origin exactly. The others get their quarter turn and em from the matrix, and, where
    the loose box is degenerate, the tight one.
    """
    flat = (box[:, 3] - box[:, 1] < 0.1) | (box[:, 2] - box[:, 0] <= 0)
    odd = np.flatnonzero(flat | (np.abs(box[:, 0] - origin[:, 0]) > 0.01 + 0.002 * size))
    if not len(odd):
        return
    where = index[odd].tolist()
    matrix = np.zeros((len(where), 6), dtype=np.float32)
    pdfium.exhaust(map(pdfium.char_matrix, repeat(text), where, pdfium.columns(matrix)[0]))
    size[odd] = _sizes(text, where, size[odd])
    angle[odd] = np.round(np.arctan2(matrix[:, 1], matrix[:, 0]) / (np.pi / 2)).astype(np.int32) % 4
    degenerate = np.flatnonzero(flat)
    if len(degenerate):
        tight = np.zeros((len(degenerate), 4))  # left, right, bottom, top
        pdfium.exhaust(map(pdfium.char_box, repeat(text), index[degenerate].tolist(), *pdfium.columns(tight)))
        box[degenerate] = tight[:, [0, 2, 1, 3]]
