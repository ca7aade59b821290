"""Lines of text parted into chunks: what stands between two gaps that may be a column's white.

A chunk is smaller than a cell at most ("合　计" is two), never larger: columns stand one em apart or more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import TextMaker

Indices = NDArray[np.int64]
# A gap of more ems than this parts chunks: a space is .25–.5 em, the narrowest white between columns 1 em.
CHUNK_GAP = 0.7
_FIGURE = re.compile(r"^[-−－+＋(（¥￥]*(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[)）]?%?$|^[-—–－−]{1,2}$")
_MONEY = re.compile(r"^[-−－(（¥￥]*(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+\.\d{1,4})[)）]?%?$")


@dataclass(slots=True)
class Chunk:
    """A run of glyphs on one line. Measures in points of reading space; `base`: its baseline; `size`: its em; `point`: where its digits
    before a decimal point end."""

    x0: float
    x1: float
    base: float
    size: float
    text: str
    glyphs: Indices = field(repr=False)
    figure: bool = False
    money: bool = False
    point: float = 0.0

    @property
    def middle(self) -> float:
        """Its middle across."""
        return (self.x0 + self.x1) / 2

    @property
    def top(self) -> float:
        """Where its glyphs begin, about."""
        return self.base - 0.88 * self.size

    @property
    def bottom(self) -> float:
        """Where they end, about."""
        return self.base + 0.12 * self.size


@dataclass(slots=True)
class TextRow:
    """Chunks on one baseline, from left to right."""

    base: float
    chunks: list[Chunk]

    @property
    def figures(self) -> int:
        """How many of its chunks are figures."""
        return sum(chunk.figure for chunk in self.chunks)


def text_rows(maker: TextMaker, index: Indices) -> list[TextRow]:
    """Upright glyphs as rows of chunks, from top to bottom. Args: index: the glyphs that take part."""
    page = maker.page
    index = index[page.angle[index] == 0]
    if not len(index):
        return []
    index, _, line = maker.ordered(index, np.zeros(len(index), dtype=np.int64))
    a, b = index[:-1], index[1:]
    gap = (page.box[b, 0] - page.box[a, 2]) > CHUNK_GAP * np.minimum(page.size[a], page.size[b])
    piece = np.concatenate([[0], np.cumsum((np.diff(line) != 0) | gap)])
    texts = maker.strings(index, piece, piece)
    starts = np.flatnonzero(np.concatenate([[True], piece[1:] != piece[:-1]])).tolist()
    rows: list[TextRow] = []
    last = -1
    for k, (start, stop) in enumerate(pairwise([*starts, len(index)])):
        chunk = _chunk(maker, index[start:stop], texts[k])
        if int(line[start]) != last:
            rows.append(TextRow(chunk.base, []))
            last = int(line[start])
        rows[-1].chunks.append(chunk)
    return rows


def _chunk(maker: TextMaker, glyphs: Indices, text: str) -> Chunk:
    page = maker.page
    compact = text.replace(" ", "")
    return Chunk(
        float(page.box[glyphs, 0].min()),
        float(page.box[glyphs, 2].max()),
        float(np.median(page.origin[glyphs, 1])),
        float(np.median(page.size[glyphs])),
        text,
        glyphs,
        bool(_FIGURE.match(compact)),
        bool(_MONEY.match(compact)),
        _point(maker, glyphs),
    )


def _point(maker: TextMaker, glyphs: Indices) -> float:
    """Where the digits before a decimal point end; the end of the last digit where there is no point."""
    codes, box = maker.page.codes[glyphs], maker.page.box[glyphs]
    points = np.flatnonzero(codes == ord("."))
    if len(points):
        return float(box[points[0], 0])
    digits = np.flatnonzero((codes >= ord("0")) & (codes <= ord("9")))
    return float(box[digits[-1], 2]) if len(digits) else float(box[-1, 2])
