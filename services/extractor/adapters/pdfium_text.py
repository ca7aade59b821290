"""Characters of a page through pdfium: code points, origins, boxes, sizes, directions; what is clipped away is left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_fonts import UNREADABLE, Teller, told
from services.extractor.adapters.pdfium_substitutes import FIRST_RADICAL, LAST_RADICAL, fill_in, without_radicals
from services.extractor.adapters.python_loops import Handles
from services.extractor.domain.page import Bools, Floats, Ints

# Degrees off the horizontal or vertical from which text belongs to no line or cell: watermarks stand at 30 to 60, crooked scans at 1 or 2.
_ASLANT = 6.0
# Hundredths of a point: heights of characters up to this are told apart by a table.
_TALLEST = 20_000

# A hyphen at a line's end is U+0002 for pdfium, in a page's text U+FFFE. A soft hyphen is drawn as one, and fonts give the glyph both values.
_HYPHENS = (0x2, 0xAD, 0xFFFE)
# Spaces of all widths, and characters that print nothing: marks of direction, joiners, the byte order mark.
_BLANKS = [0x7F, 0xA0, *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2065), 0x3000, 0xFEFF]
# Whether each code point is blank; the last stands for all from U+10000 on.
_BLANK = np.zeros(0x10001, dtype=np.bool_)
_BLANK[[*range(0x21), *_BLANKS]] = True
# Whether a code as pdfium gives it is not simply the character's: hyphens, halves of surrogates, radicals, private use, unreadable ones.
_ODD = np.zeros(0x10001, dtype=np.bool_)
_ODD[[*_HYPHENS, *range(0xD800, 0xF900), *range(FIRST_RADICAL, LAST_RADICAL + 1), *range(UNREADABLE, 0x10001)]] = True

Indices = NDArray[np.intp]


@dataclass(slots=True)
class Characters:
    """Characters in the page's own coordinates (unrotated, origin at the bottom left). `box` is (left, bottom, right, top); `cut`: boxes of
    characters that their text's clip hides."""

    codes: Ints
    box: Floats
    origin: Floats
    size: Floats
    angle: Ints
    without_unicode: int
    cut: Floats
    unseen: int = 0
    aslant: str = ""
    red: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def kept(self, keep: Bools) -> Characters:
        """Those that `keep` says."""
        kept = (self.codes[keep], self.box[keep], self.origin[keep], self.size[keep], self.angle[keep])
        return Characters(*kept, self.without_unicode, self.cut, self.unseen, self.aslant, self.red[keep] if len(self.red) else self.red)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page's text objects besides their characters, by address.

    `clipped`: what is seen of those that are not seen whole (a box). `unseen`: those painted and not seen (all in `clipped`). `red`:
    those in red. `teller` and `said` (words for an object, in place of what it prints) fill in what pdfium cannot tell.
    """

    clipped: dict[int, tuple[float, float, float, float]]
    unseen: frozenset[int] = frozenset()
    red: frozenset[int] = frozenset()
    teller: Teller | None = None
    said: dict[int, str] = field(default_factory=dict)


def read_characters(text: int, known: Known) -> Characters:
    """All printing characters of a text page, but for those outside of what is seen of their text object.

    Those of objects that are painted and not seen are counted. Those that stand aslant are kept apart.
    Generated characters and those up to U+0020 are dropped: their boxes are unreliable, and spaces are decided from gaps.
    Soft hyphens that pdfium makes of a hyphen at a line's end (U+0002) are put back.
    """
    count = pdfium.count_chars(text)
    units = _codes(text, count)
    everything = np.arange(count, dtype=np.int32)
    odd = bool(_ODD.take(units, mode="clip").any())
    # A glyph is printed where the file itself maps to U+0000, too: left out, its figure would look whole.
    unmapped = (pdfium.loops.numbers_at(pdfium.char_unmapped, text, everything) | (units == 0)).nonzero()[0]
    codes, lost = _settled(text, units, everything, unmapped, known) if odd or len(unmapped) else (units, 0)
    index = (~_BLANK.take(codes, mode="clip")).nonzero()[0].astype(np.int32)
    origin = pdfium.loops.fill_at(pdfium.char_origin, text, index)
    loose = pdfium.loops.fill_at(pdfium.char_loose_box, text, index)
    box = loose[:, [0, 3, 2, 1]].astype(np.float64)
    size = _ems(text, index, box[:, 3] - box[:, 1])
    angle = np.zeros(len(index), dtype=np.int32)
    slant = _mend_turned(text, index, box, origin, size, angle)
    found = Characters(codes[index], box, origin, size, angle, lost, np.zeros((0, 4)))
    if (known.clipped or known.red) and len(index):
        owners, which = np.unique(pdfium.loops.addresses_at(pdfium.char_object, text, index), return_inverse=True)
        if known.unseen:
            found.unseen = int(np.array([owner in known.unseen for owner in owners.tolist()])[which].sum())
        if known.red:
            found.red = np.array([owner in known.red for owner in owners.tolist()])[which]
        visible, somewhere = _visible(owners, which, box, known.clipped)
        found.cut = box[~visible & somewhere]
        found, slant = found.kept(visible), slant[visible]
    if slant.any():
        found.aslant = "".join(map(chr, found.codes[slant].tolist()))
        found = found.kept(~slant)
    return found


def _settled(text: int, units: Ints, everything: Ints, unmapped: Indices, known: Known) -> tuple[Ints, int]:
    """Code points of all characters where not each is simply what pdfium gives (`units`), and how many cannot be told.

    Args: everything: the numbers of all characters; unmapped: of those without a Unicode value.
    """
    codes = units.copy()
    codes[np.isin(codes, _HYPHENS)] = ord("-")
    codes = _joined_surrogates(codes)
    if len(unmapped):
        codes[unmapped] = told(text, unmapped.tolist(), units[unmapped].tolist(), known.teller)
    lost = _lost(codes)
    if known.said and lost.any():
        fill_in(codes, lost, pdfium.loops.addresses_at(pdfium.char_object, text, everything), known.said)
    without_radicals(codes)
    return codes, int(_lost(codes).sum())


def _visible(owners: Handles, which: Indices, box: Floats, clipped: dict[int, tuple[float, float, float, float]]) -> tuple[Bools, Bools]:
    """Which characters have their centre inside their object's clip, and which have one that leaves anything. What is clipped away is
    still in the text layer: the name of a merged cell that goes on overleaf stands, invisible, above the next page's table."""
    everything = (-1e9, -1e9, 1e9, 1e9)
    limits = np.array([clipped.get(owner, everything) for owner in owners.tolist()])[which]
    middle = (box[:, :2] + box[:, 2:]) / 2
    return np.asarray(((middle >= limits[:, :2]) & (middle <= limits[:, 2:])).all(1)), np.asarray(limits[:, 0] < limits[:, 2])


def _codes(text: int, count: int) -> Ints:
    """Code points of all characters: in one call where the page's text has as many UTF-16 units as it has characters.

    It has fewer where characters have no Unicode value, which the text leaves out; then each is asked.
    """
    units = np.zeros(count + 1, dtype=np.uint16)
    if pdfium.page_text(text, 0, count, units.ctypes.data) == count + 1:
        return units[:count].astype(np.int32)
    return pdfium.loops.numbers_at(pdfium.char_unicode, text, np.arange(count, dtype=np.int32))


def _ems(text: int, index: Ints, height: Floats) -> Floats:
    """Ems in points, of upright characters: the loose box is as high as the font's ascent and descent, 1.0 to 1.3 em.

    One character of each height is asked for its font size and matrix: fonts of a page share few heights.
    """
    if not len(height):
        return height
    rounded = height.round(2)
    hundredths = (rounded * 100).round()
    if not (hundredths.min() >= 0 and hundredths.max() < _TALLEST):
        known, example, which = np.unique(rounded, return_index=True, return_inverse=True)
        return _sizes(text, index[example], known)[which]
    which = hundredths.astype(np.intp)
    example = np.full(int(which.max()) + 1, -1)
    example[which[::-1]] = np.arange(len(which) - 1, -1, -1)  # the first of each height is written last
    heights = (example >= 0).nonzero()[0]
    size = np.zeros(len(example))
    size[heights] = _sizes(text, index[example[heights]], rounded[example[heights]])
    return size[which]


def _sizes(text: int, where: Ints, otherwise: Floats) -> Floats:
    """Font size by the matrix's scale, per character."""
    matrix = pdfium.loops.fill_at(pdfium.char_matrix, text, where)
    size = pdfium.loops.doubles_at(pdfium.char_size, text, where)
    found = np.abs(size) * np.hypot(matrix[:, 2], matrix[:, 3])
    return np.maximum(0.1, np.where(found > 0, found, np.abs(otherwise)))


def _joined_surrogates(codes: Ints) -> Ints:
    """Pairs of UTF-16 surrogates as one code point at the place of the first, the second blank.

    A half alone, from a damaged character map, is no text that can be written: U+FFFD stands for it.
    """
    high = ((codes >= 0xD800) & (codes < 0xDC00)).nonzero()[0]
    for k in high.tolist():
        if k + 1 < len(codes) and 0xDC00 <= codes[k + 1] < 0xE000:
            codes[k] = 0x10000 + ((int(codes[k]) - 0xD800) << 10) + int(codes[k + 1]) - 0xDC00
            codes[k + 1] = 0x20
    codes[(codes >= 0xD800) & (codes < 0xE000)] = UNREADABLE
    return codes


def _lost(codes: Ints) -> Bools:
    """Characters that cannot be told: of the private use area, and what stands for unreadable ones."""
    return np.asarray(((codes >= 0xE000) & (codes <= 0xF8FF)) | ((codes >= UNREADABLE) & (codes <= 0xFFFF)))


def _mend_turned(text: int, index: Ints, box: Floats, origin: Floats, size: Floats, angle: Ints) -> Bools:
    """Characters that do not stand upright, and those of fonts without metrics.

    An upright character's loose box begins at its origin exactly, and most of it stands above (downwards, fonts without a descent begin
    there as well). The others get their quarter turn and em from the matrix, and, where
    the loose box is degenerate, the tight one. Returns: which stand aslant, between the quarters.
    """
    slant = np.zeros(len(index), dtype=np.bool_)
    flat = (box[:, 3] - box[:, 1] < 0.1) | (box[:, 2] - box[:, 0] <= 0)
    level = (np.abs(box[:, 0] - origin[:, 0]) <= 0.01 + 0.002 * size) & (box[:, 3] - origin[:, 1] > 0.1 * size)
    odd = (flat | ~level).nonzero()[0]
    if not len(odd):
        return slant
    where = index[odd]
    matrix = pdfium.loops.fill_at(pdfium.char_matrix, text, where)
    size[odd] = _sizes(text, where, size[odd])
    quarters = np.arctan2(matrix[:, 1], matrix[:, 0]) / (np.pi / 2)
    angle[odd] = np.round(quarters).astype(np.int32) % 4
    slant[odd] = np.abs(quarters - np.round(quarters)) * 90 > _ASLANT
    degenerate = flat.nonzero()[0]
    if len(degenerate):
        tight = pdfium.loops.fill_at(pdfium.char_box, text, index[degenerate])
        box[degenerate] = tight[:, [0, 2, 1, 3]]
    return slant
