"""Glyphs → text: duplicates of fake bold, lines by origin, spaces from gaps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Bools, Floats, Ints, PageContents
from services.extractor.domain.raised import settle_raised

# The same glyph again within this part of an em is fake bold (seen: .02–.1 em; the closest honest neighbours are "ll", .22 em).
BOLD_SHIFT = 0.12
# Baselines closer than this part of an em are one line: figures of a row stand up to .3 em apart, wrapped lines at least 1 em.
SAME_LINE = 0.5
# A gap wider than this part of an em is a space: beside Latin letters and digits; at the change to CJK; between CJK characters,
# which are spread out to fill a width ("信 息 网 络") without a space being meant.
LATIN_GAP, MIXED_GAP, CJK_GAP = 0.24, 0.6, 2.5
_GAPS = np.array([LATIN_GAP, MIXED_GAP, CJK_GAP])


def distinct(page: PageContents) -> Bools:
    """Which glyphs are not a second print of another (fake bold): the first in drawing order stays."""
    n = len(page.codes)
    keep = np.ones(n, dtype=np.bool_)
    if n < 2:
        return keep
    codes, size, x, y = page.codes, page.size, page.origin[:, 0], page.origin[:, 1]
    # Twentieths of a point: one integer sorts faster than three keys.
    key = (codes.astype(np.int64) << 42) + (x * 20).round().astype(np.int64)
    height = y / np.maximum(size * 0.5, 0.1)
    furthest = BOLD_SHIFT * float(size.max())
    for shift in (0.0, 0.5):  # twice, with other bins: near duplicates may fall on both sides of a bin's edge
        order = (key + (np.floor(height + shift).astype(np.int64) << 21)).argsort(kind="stable")
        sorted_codes, places = codes[order], x[order]
        same = ((sorted_codes[:-1] == sorted_codes[1:]) & (np.abs(places[:-1] - places[1:]) < furthest)).nonzero()[0]
        if not len(same):
            continue
        a, b = order[same], order[same + 1]
        apart = BOLD_SHIFT * size[a]
        near = (np.abs(x[a] - x[b]) < apart) & (np.abs(y[a] - y[b]) < apart) & (np.abs(size[a] - size[b]) < 0.1 * size[a])
        keep[np.maximum(a, b)[near]] = False
    return keep


def characters(codes: Ints) -> list[str]:
    """The character of each code point."""
    return list(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))


def _cjk_table() -> Bools:
    """For each code point up to U+20000, which stands for all above it."""
    table = np.zeros(0x20001, dtype=np.bool_)
    for first, end in ((0x2E80, 0xA000), (0xF900, 0xFB00), (0xFF00, 0xFFF0), (0x20000, 0x20001)):
        table[first:end] = True
    return table


_CJK = _cjk_table()


def is_cjk(codes: Ints) -> Bools:
    """CJK ideographs, kana, and full-width forms and punctuation."""
    return _CJK.take(codes, mode="clip")


def along(page: PageContents) -> tuple[Floats, Floats, Floats]:
    """Per glyph: start and end along its line, and the line's place across, growing in reading order; sideways glyphs turned."""
    start, end, across = page.box[:, 0].copy(), page.box[:, 2].copy(), page.origin[:, 1].copy()
    for quarter in (1, 2, 3) if page.angle.any() else ():
        chosen = page.angle == quarter
        if chosen.any():
            box, origin = page.box[chosen], page.origin[chosen]
            if quarter == 1:  # upwards
                start[chosen], end[chosen], across[chosen] = -box[:, 3], -box[:, 1], origin[:, 0]
            elif quarter == 2:
                start[chosen], end[chosen], across[chosen] = -box[:, 2], -box[:, 0], -origin[:, 1]
            else:  # downwards
                start[chosen], end[chosen], across[chosen] = box[:, 1], box[:, 3], -origin[:, 0]
    return start, end, across


def starts_of(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal numbers begins."""
    fresh = np.ones(len(group), dtype=np.bool_)
    np.not_equal(group[1:], group[:-1], out=fresh[1:])
    return np.asarray(fresh.nonzero()[0])


class TextMaker:
    """Orders a page's glyphs into lines and strings; holds the page's arrays in the form that all callers need."""

    def __init__(self, page: PageContents) -> None:
        self.page = page
        self.start, self.end, self.across = along(page)
        self._chars = characters(page.codes)
        settle_raised(page, self.start, self.end, self.across, self._chars)
        self._cjk = is_cjk(page.codes)
        letters = page.codes
        self._letter = ((letters >= 65) & (letters <= 90)) | ((letters >= 97) & (letters <= 122))
        self._turned = bool(page.angle.any())
        self._last: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None = None

    def ordered(self, index: NDArray[np.int64], group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Glyphs sorted by group, line, place in the line.

        Args: index: glyphs; group: a number per glyph (a cell, a column of the page); lines do not reach over groups.
        Returns: glyphs in order, their groups, and line numbers that grow over all groups.
        """
        if self._turned:
            group = group * 4 + self.page.angle[index]
        order = np.lexsort((self.across[index], group))
        index, group = index[order], group[order]
        size, across = self.page.size[index], self.across[index]
        line = np.zeros(len(index), dtype=np.int64)
        step = np.abs(across[1:] - across[:-1])
        fresh = (group[1:] != group[:-1]) | (step > SAME_LINE * np.minimum(size[1:], size[:-1]))
        fresh.cumsum(out=line[1:])
        order = np.lexsort((self.start[index], line))
        index, group = index[order], group[order]
        return index, (group // 4 if self._turned else group), line

    def lines(self, index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Glyphs sorted by line and place in the line, over the whole page; and their line numbers. Asked twice for the same glyphs, it sorts once."""
        if self._last is None or not np.array_equal(self._last[0], index):
            ordered, _, line = self.ordered(index, np.zeros(len(index), dtype=np.int64))
            self._last = index, ordered, line
        return self._last[1], self._last[2]

    def strings(self, index: NDArray[np.int64], starts: NDArray[np.int64], line: NDArray[np.int64] | None = None) -> list[str]:
        """The texts of groups of glyphs in order (as `ordered` gives them), lines joined without a break.

        Args: starts: where each group begins. line: the line of each glyph; None: each group stands on one.
        """
        pieces = list(map(self._chars.__getitem__, index.tolist()))
        for k in self._spaces(index, line).nonzero()[0].tolist():
            pieces[k + 1] = " " + pieces[k + 1]
        return ["".join(pieces[a:b]).strip() for a, b in pairwise([*starts.tolist(), len(pieces)])]

    def _spaces(self, index: NDArray[np.int64], line: NDArray[np.int64] | None) -> Bools:
        """Between which neighbours (k, k + 1) a space belongs."""
        size, cjk = self.page.size[index], self._cjk[index].view(np.int8)
        gap = (self.start[index[1:]] - self.end[index[:-1]]) / np.maximum(np.minimum(size[:-1], size[1:]), 0.1)
        apart: Bools = np.asarray(gap > _GAPS[cjk[:-1] + cjk[1:]])
        if line is not None and np.count_nonzero(fresh := line[1:] != line[:-1]):
            letter = self._letter[index]
            apart = np.asarray(np.where(fresh, letter[:-1] & letter[1:], apart))
        return apart
