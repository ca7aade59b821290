"""Lines of text parted into chunks: what stands between two gaps that may be a column's white.

A chunk is smaller than a cell at most ("合　计" is two), never larger: columns stand one em apart or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import TextMaker
from services.extractor.domain.page import Bools, Floats, PageContents

Indices = NDArray[np.int64]
_FIRST = np.zeros(1, dtype=np.int64)
# A gap of more ems than this parts chunks: a space is .25–.5 em, the narrowest white between columns 1 em.
CHUNK_GAP = 0.7
# Glyphs of one text stand on one baseline, within this many ems; figures and names of one row stand up to .3 em apart.
ONE_BASELINE, ALMOST_LEVEL = 0.2, 0.3
_FIGURE = re.compile(r"^[-−－+＋(（¥￥]*(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[)）]?%?$|^[-—–－−]{1,2}$")
_MONEY = re.compile(r"^[-−－(（¥￥]*(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+\.\d{1,4})[)）]?%?$")
_FIGURE_SIGNS = frozenset("-−－+＋(（¥￥,，.)）%—–")
OPERATORS = frozenset("＋+＝=×÷*")
_POINT, _ZERO, _NINE = map(ord, ".09")


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


def text_rows(maker: TextMaker, index: Indices, with_figures: bool = False) -> list[TextRow]:
    """Upright glyphs as rows of chunks, from top to bottom.

    Args: index: the glyphs that take part. with_figures: none are made where no chunk that may be a figure stands beside another chunk, which is
    sooner told than chunks are made.
    """
    page = maker.page
    if np.count_nonzero(page.angle):
        index = index[page.angle[index] == 0]
    if not len(index):
        return []
    index, line = _on_baselines(maker, index)
    a, b = index[:-1], index[1:]
    gap = (page.box[b, 0] - page.box[a, 2]) > CHUNK_GAP * np.minimum(page.size[a], page.size[b])
    fresh = (line[1:] != line[:-1]) | gap
    starts = np.concatenate([_FIRST, fresh.nonzero()[0] + 1])
    if with_figures and not _figures_beside(page, index, starts):
        return []
    texts = maker.strings(index, starts)
    rows: list[TextRow] = []
    last = -1
    for chunk, at in zip(_chunks(maker, index, starts, texts), line[starts].tolist(), strict=True):
        if at != last:
            rows.append(TextRow(chunk.base, []))
            last = at
        rows[-1].chunks.append(chunk)
    return _level(rows)


def _figures_beside(page: PageContents, index: Indices, starts: Indices) -> bool:
    """Whether a run of characters of figures stands within an em of another run's height. Rows that are almost level are made one later."""
    figures = np.logical_and.reduceat(_in_figures().take(page.codes[index], mode="clip"), starts)
    height = page.origin[index[starts], 1]
    near = np.abs(height[figures][:, None] - height[None, :]) <= page.size[index].max()
    return bool((near.sum(axis=1) > 1).any())


@cache
def _in_figures() -> Bools:
    """For each code point up to U+FFFF whether it may stand in a figure."""
    return np.array([chr(code).isdecimal() or chr(code) in _FIGURE_SIGNS for code in range(0x10000)])


def _on_baselines(maker: TextMaker, index: Indices) -> tuple[Indices, Indices]:
    """Glyphs sorted by line and place in the line, and the numbers of their lines; a line is as high as the first baseline found in it allows, so that
    texts of neighbouring cells that stand a quarter of a line apart do not chain together."""
    base = maker.page.origin[index, 1]
    down = base.argsort()
    base = base[down]
    starts = np.concatenate([_FIRST, (base[1:] != base[:-1]).nonzero()[0] + 1])
    size = np.maximum.reduceat(maker.page.size[index[down]], starts)
    fresh = np.zeros(len(index), dtype=np.int64)
    first = float(base[0])
    for k, value, em in zip(starts.tolist(), base[starts].tolist(), size.tolist(), strict=True):
        if value - first > ONE_BASELINE * em:
            fresh[k], first = 1, value
    line = np.empty(len(index), dtype=np.int64)
    line[down] = fresh.cumsum()
    order = np.lexsort((maker.page.box[index, 0], line))
    return index[order], line[order]


def _level(rows: list[TextRow]) -> list[TextRow]:
    """Rows, those put together that stand almost level and beside each other."""
    made: list[TextRow] = []
    for row in rows:
        if made and row.base - made[-1].base <= ALMOST_LEVEL * row.chunks[0].size and not _overlap(made[-1], row):
            made[-1].chunks = sorted([*made[-1].chunks, *row.chunks], key=lambda chunk: chunk.x0)
        else:
            made.append(row)
    return made


def _overlap(first: TextRow, second: TextRow) -> bool:
    return any(min(a.x1, b.x1) > max(a.x0, b.x0) for a in first.chunks for b in second.chunks)


def _chunks(maker: TextMaker, index: Indices, starts: Indices, texts: list[str]) -> Iterator[Chunk]:
    """Chunks of glyphs in order; `starts`: where each begins."""
    page = maker.page
    codes, x0, x1 = page.codes[index].tolist(), page.box[index, 0], page.box[index, 2]
    lefts, rights = x0.tolist(), x1.tolist()
    extents = zip(
        np.minimum.reduceat(x0, starts).tolist(),
        np.maximum.reduceat(x1, starts).tolist(),
        _medians(page.origin[index, 1], starts),
        _medians(page.size[index], starts),
        pairwise([*starts.tolist(), len(index)]),
        strict=True,
    )
    for k, (left, right, base, size, (start, stop)) in enumerate(extents):
        compact = texts[k].replace(" ", "")
        figure, money = bool(_FIGURE.match(compact)), bool(_MONEY.match(compact))
        point = _point(codes[start:stop], lefts[start:stop], rights[start:stop])
        yield Chunk(left, right, base, size, texts[k], index[start:stop], figure, money, point)


def _medians(values: Floats, starts: Indices) -> list[float]:
    """The median of each run of values: mostly they are all the same."""
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    found: list[float] = low.tolist()
    ends = [*starts[1:].tolist(), len(values)]
    for k in np.flatnonzero(low < high).tolist():
        found[k] = float(np.median(values[starts[k] : ends[k]]))
    return found


def _point(codes: list[int], lefts: list[float], rights: list[float]) -> float:
    """Where the digits before a decimal point end; the end of the last digit where there is no point."""
    if _POINT in codes:
        return lefts[codes.index(_POINT)]
    return next((right for code, right in zip(reversed(codes), reversed(rights), strict=True) if _ZERO <= code <= _NINE), rights[-1])


def parted_at(maker: TextMaker, row: TextRow, walls: list[float]) -> TextRow:
    """A row with its chunks parted where a drawn vertical runs between two of their glyphs."""
    chunks: list[Chunk] = []
    for chunk in row.chunks:
        crossed = [wall for wall in walls if chunk.x0 < wall < chunk.x1]
        middle = (maker.page.box[chunk.glyphs, 0] + maker.page.box[chunk.glyphs, 2]) / 2
        side = np.searchsorted(np.array(sorted(crossed)), middle)
        for number in range(len(crossed) + 1):
            glyphs = chunk.glyphs[side == number]
            if not crossed:
                chunks.append(chunk)
            elif len(glyphs):
                chunks.extend(_chunks(maker, glyphs, _FIRST, maker.strings(glyphs, _FIRST)))
    return TextRow(row.base, chunks)
