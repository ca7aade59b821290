"""Whether a page's text can be taken from the file, or has to be recognised in its image.

A sound text layer is exact and recognition is not: a page is only recognised where there is evidence that its characters are not those that a
reader sees. Nothing here looks at the words of a document, only at what kinds of characters it has.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import is_cjk
from services.extractor.domain.page import Bools, Ints, PageContents

Legibility = Literal["sound", "blank", "image", "outlines", "codes", "rubbish"]
"""sound: the text is the file's. blank: nothing to read. image: pictures and no text. outlines: letters drawn as shapes. codes: fonts that do not
say which characters they draw. rubbish: fonts that say wrong ones."""

# A page without text whose pictures cover less than this is not a scan: emblems and stamps cover .02 to .1, the least scan seen .5.
LEAST_PICTURE = 0.2
# A page without text whose filled shapes could be at least so many letters shows letters as outlines; an emblem or a chart has fewer.
LEAST_OUTLINES = 60
# Too few characters say nothing about a text layer: a page number and a title may be anything.
LEAST_CHARACTERS = 20
# Share of characters without a meaning above which the others are of no use either. Sound pages have .00, with a few special bullets .02.
MEANINGLESS = 0.3
# Share of common ideographs among all. Real pages have .97 and more (names of places are the rest); shifted codes have .25 to .55.
COMMON = 0.7


def legibility(page: PageContents) -> Legibility:
    """How a page can be read."""
    if not len(page.codes):
        if _pictured(page) >= LEAST_PICTURE:
            return "image"
        return "outlines" if page.outlines >= LEAST_OUTLINES else "blank"
    if len(page.codes) < LEAST_CHARACTERS:
        return "sound"
    lost, foreign, ideographs, common = _counted(page.codes)
    if lost / len(page.codes) > MEANINGLESS:
        return "codes"
    if foreign / len(page.codes) > MEANINGLESS:
        return "rubbish"
    if ideographs >= LEAST_CHARACTERS and common / ideographs < COMMON:
        return "rubbish"
    return "sound"


def _pictured(page: PageContents) -> float:
    """The share of the page that its pictures cover, those that overlap counted twice."""
    if not len(page.pictures):
        return 0.0
    extent = page.pictures[:, 2:] - page.pictures[:, :2]
    return float(np.minimum(1.0, extent.prod(axis=1).sum() / max(page.width * page.height, 1.0)))


def _counted(codes: Ints) -> tuple[int, int, int, int]:
    """How many characters have no meaning, are foreign, are ideographs, and of these are common in simplified, or in traditional writing."""
    count = np.bincount(_kinds().take(codes, mode="clip"), minlength=2 * _BIG5)
    lost, foreign, ideographs, simplified, traditional = (_HAVE @ count).tolist()
    if codes.max() >= _PRIVATE_PLANES:
        lost += int((codes >= _PRIVATE_PLANES).sum())
    return lost, foreign, ideographs, max(simplified, traditional)


# What a character may be, several at once.
_LOST, _FOREIGN, _IDEOGRAPH, _GB2312, _BIG5 = 1, 2, 4, 8, 16
_HAVE = np.array([[kind & bit > 0 for kind in range(2 * _BIG5)] for bit in (_LOST, _FOREIGN, _IDEOGRAPH, _GB2312, _BIG5)], dtype=np.int64)
# Private use from here to the end of Unicode.
_PRIVATE_PLANES = 0xF0000


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point up to U+20000 is, which stands for all above it."""
    codes = np.arange(0x20001, dtype=np.int32)
    kinds = np.where(_foreign(codes), _FOREIGN, 0).astype(np.uint8)
    kinds[:0x20] |= _LOST
    kinds[0xE000:0xF900] |= _LOST
    kinds[0xFFFD:0x10000] |= _LOST
    kinds[0x3400:0xA000] |= _IDEOGRAPH
    for encoding, bit in (("gb2312", _GB2312), ("big5", _BIG5)):
        kinds[0x3400:0xA000][_common(encoding)[0x3400:0xA000]] |= bit
    return kinds


def _foreign(codes: Ints) -> Bools:
    """Characters of scripts that a Chinese form has no use for: accented Latin (UTF-8 or GBK bytes taken for Latin-1), Cyrillic, Hangul …

    Signs, arrows, circled numbers, Roman and Greek letters are in use.
    """
    return ~np.asarray(
        ((codes >= 0x20) & (codes < 0x7F))
        | np.isin(codes, (0xA5, 0xA7, 0xA8, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xD7, 0xF7))
        | ((codes >= 0x391) & (codes <= 0x3C9))
        | ((codes >= 0x2000) & (codes < 0x2E80))
        | is_cjk(codes)
    )


@cache
def _common(encoding: str) -> Bools:
    """For each code point up to U+A000, whether it is an ideograph of the first level of a national standard: by frequency of use, 3755
    (GB 2312) or 5401 (Big5)."""
    if encoding == "gb2312":
        pairs = [(high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    else:
        pairs = [(high, low) for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    text = b"".join(bytes(pair) for pair in pairs).decode(encoding, errors="ignore")
    table = np.zeros(0xA001, dtype=np.bool_)
    table[[code for code in map(ord, text) if code <= 0xA000]] = True
    return table
