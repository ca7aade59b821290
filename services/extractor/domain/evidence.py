"""What speaks against a cell as read: oddities of its glyphs, of its place in the column, of its borders.

Damage leaves traces: glyphs that overlap, gaps inside a figure, ink over a rule, a border that one row alone has. A trace proves nothing;
`domain/confidence.py` says what each was worth where it was measured. All of it is found once per table of a page, in arrays.
"""

from __future__ import annotations

from enum import IntFlag, auto

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import TextMaker
from services.extractor.domain.page import Bools, Floats, PageContents

Indices = NDArray[np.int64]
"""Numbers of glyphs, cells or lines."""


class Doubt(IntFlag):
    """Kinds of evidence against a cell, each named by what is seen."""

    OVERLAP = auto()  # glyphs of one line stand on each other
    LINES_CLOSE = auto()  # lines stand on each other
    GAP = auto()  # a gap between two characters of a figure
    OFF_LINE = auto()  # characters of a figure on different baselines
    SIZES = auto()  # characters of a figure in different sizes
    ADVANCE = auto()  # a digit wider or narrower than that digit is elsewhere on the page
    OVER_SIDE = auto()  # a glyph reaches over the left or right border
    OVER_RULE = auto()  # a glyph reaches over the upper or lower border
    TOUCHING = auto()  # the text and its neighbour's touch the border between them
    CUT = auto()  # the clip hides characters of the text
    BEYOND = auto()  # text beside the table touches the cell
    PULLED_BACK = auto()  # text had overrun the border and was pulled back
    NO_UNICODE = auto()  # a character without meaning
    GRAMMAR = auto()  # digits, points and commas that are no figure
    GLUED = auto()  # a figure right after or before a name
    DECIMALS = auto()  # other decimals than the column's
    ASIDE = auto()  # a figure out of its column's alignment
    BESIDE = auto()  # empty, beside a cell whose text is out of place
    MERGED = auto()  # one row or column lacks a border here that its neighbours have, and the text is not set for both
    MERGED_TEXTS = auto()  # the same, and text stands on both sides of the place
    STRAY = auto()  # a border that a single row or column of the table has
    HALF_RULE = auto()  # a rule covers a side in part
    AGAIN = auto()  # a tall cell's figure stands again below a page break
    PLACE = auto()  # columns told from white space alone: its row or column may be another one
    MENDED = auto()  # put together from two pages by how the text reads


# Glyphs of one line that stand on each other by more than this part of an em: substituted fonts are up to .07 em wider than their advance.
OVERLAP = 0.12
# A gap inside a figure, ems: the widest seen in undamaged ones is .07, and a third of a digit is .17.
FIGURE_GAP = 0.12
# Baselines of a figure's characters, ems: those of one run are equal; .04 is a rounding to pixels.
OFF_LINE = 0.04
# Advance of a digit against the table's usual one for it, in steps of so many ems.
ODD_ADVANCE = 0.02
# Lines closer than this, ems, stand on each other: the tightest leading seen is 1.0.
LINES_CLOSE = 0.85
# Ink over a border, ems: as `overrun.STRADDLE`. The ink of a digit reaches from its baseline .7 em up.
OVER, ABOVE = 0.08, 0.6
# A text touches a border that is nearer than this, ems.
TOUCHING = 0.04


class Marks:
    """Doubts per cell, being gathered."""

    def __init__(self, cells: int) -> None:
        self.found = np.zeros(cells, dtype=np.int64)

    def add(self, doubt: Doubt, cells: Indices) -> None:
        """Adds a doubt to cells."""
        if len(cells):
            self.found[cells] |= int(doubt)


def is_digit(codes: NDArray[np.int32]) -> Bools:
    """ASCII digits."""
    return np.asarray((codes >= 48) & (codes <= 57))


def glyph_doubts(marks: Marks, maker: TextMaker, index: Indices, owner: Indices, line: Indices, boxes: Floats, figure: Bools) -> None:
    """Doubts that a table's glyphs raise.

    Args: index, owner, line: glyphs in reading order, their cells and lines; boxes: the cells; figure: which glyphs are characters of figures.
    """
    page = maker.page
    start, end, size = maker.start[index], maker.end[index], page.size[index]
    _neighbours(marks, page, index, owner, line, (start, end, maker.across[index], size), figure)
    mine = boxes[owner]
    _over_borders(marks, page, index, owner, size, mine)
    if len(page.cut):
        _cut(marks, page, index, owner, boxes)


def _neighbours(
    marks: Marks,
    page: PageContents,
    index: Indices,
    owner: Indices,
    line: Indices,
    place: tuple[Floats, Floats, Floats, Floats],
    figure: Bools,
) -> None:
    """Doubts from two characters that follow each other."""
    start, end, across, size = place
    first = owner[:-1]
    em = np.minimum(size[1:], size[:-1])
    gap = (start[1:] - end[:-1]) / em
    step = np.abs(across[1:] - across[:-1]) / em
    same = line[1:] == line[:-1]
    marks.add(Doubt.OVERLAP, first[same & (gap < -OVERLAP)])
    close = ~same & (step < LINES_CLOSE)
    if close.any():
        marks.add(Doubt.LINES_CLOSE, first[close & (owner[1:] == first)])
    pair = np.flatnonzero(same & figure[1:] & figure[:-1])
    cells = first[pair]
    marks.add(Doubt.GAP, cells[gap[pair] > FIGURE_GAP])
    marks.add(Doubt.OFF_LINE, cells[step[pair] > OFF_LINE])
    marks.add(Doubt.SIZES, cells[np.abs(size[pair + 1] / size[pair] - 1) > 0.05])
    codes = page.codes[index]
    digit = np.flatnonzero(is_digit(codes))
    marks.add(Doubt.ADVANCE, owner[digit[_odd_advance(codes[digit] - 48, ((end - start) / size)[digit])]])


def _odd_advance(digits: NDArray[np.int32], width: Floats) -> Bools:
    """Which digits have another width than most of their kind: fonts without tabular figures have a width for each digit.

    Where two fonts of different widths stand in a table, none is odd that has many of its kind.
    """
    odd = np.zeros(len(digits), dtype=np.bool_)
    if not len(digits):
        return odd
    bins = np.round(width / ODD_ADVANCE).astype(np.int64)
    lowest = int(bins.min())
    span = int(bins.max()) - lowest + 3
    if span == 3:
        return odd
    key = digits * span + (bins - lowest) + 1
    count = np.bincount(key, minlength=10 * span)
    alike = count[key] + count[key - 1] + count[key + 1]
    return np.asarray(alike * 20 < np.bincount(digits, minlength=10)[digits])


def _over_borders(marks: Marks, page: PageContents, index: Indices, owner: Indices, size: Floats, mine: Floats) -> None:
    """Doubts from ink over the borders of its cell."""
    box = page.box[index]
    over = np.maximum(mine[:, 0] - box[:, 0], box[:, 2] - mine[:, 2])
    near = np.flatnonzero(over > -TOUCHING * size)
    baseline = page.origin[index, 1]
    across = np.flatnonzero((baseline - ABOVE * size < mine[:, 1]) | (baseline > mine[:, 3]))
    if len(across):
        marks.add(Doubt.OVER_RULE, owner[across[page.angle[index[across]] == 0]])
    if not len(near):
        return
    marks.add(Doubt.OVER_SIDE, owner[near[over[near] > OVER * size[near]]])
    # Two texts that touch one border from both sides may be one text.
    right = near[(box[near, 2] - mine[near, 2]) > -TOUCHING * size[near]]
    left = near[(mine[near, 0] - box[near, 0]) > -TOUCHING * size[near]]
    if len(right) and len(left):
        ends, starts, height = mine[right, 2][:, None], mine[left, 0][None, :], 0.5 * size[right][:, None]
        meet = (np.abs(ends - starts) < 0.01) & (np.abs(baseline[right][:, None] - baseline[left][None, :]) < height)
        one, other = np.nonzero(meet)
        marks.add(Doubt.TOUCHING, owner[right[one]])
        marks.add(Doubt.TOUCHING, owner[left[other]])


def _cut(marks: Marks, page: PageContents, index: Indices, owner: Indices, boxes: Floats) -> None:
    """Doubts from characters that the clip hides: beside visible ones of the same line, or in a cell that is empty without them."""
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    middle = (page.cut[:, :2] + page.cut[:, 2:]) / 2
    cut = page.cut[((middle > low) & (middle < high)).all(1)]
    if not len(cut):
        return
    box, reach = page.box[index], 0.2 * page.size[index]
    level = np.abs(cut[:, None, 3] - box[None, :, 3]) < reach
    beside = (np.abs(cut[:, None, 0] - box[None, :, 2]) < reach) | (np.abs(cut[:, None, 2] - box[None, :, 0]) < reach)
    marks.add(Doubt.CUT, owner[(level & beside).any(0)])
    x, y = ((cut[:, :2] + cut[:, 2:]) / 2).T[:, :, None]
    inside = ((x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])).any(0)
    inside[owner] = False
    marks.add(Doubt.CUT, np.flatnonzero(inside))
