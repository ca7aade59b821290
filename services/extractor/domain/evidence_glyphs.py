"""What speaks against a cell as read: oddities of its glyphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.evidence import Doubt, Doubted, Filled
from services.extractor.domain.page import Bools, Floats, Ints

# Glyphs of one line that stand on each other by more than this part of an em: substituted fonts are up to .07 em wider than their advance.
OVERLAP = 0.12
# Squeezed punctuation gives up half an em, its blank half.
SQUEEZED = 0.6
BLANK_BEHIND, BLANK_BEFORE = ([ord(sign) for sign in signs] for signs in ("、，。；：！？）》〉】〕」』”’", "（《〈【〔「『“‘"))
# A gap inside a figure, ems: the widest seen in undamaged ones is .07, and a third of a digit is .17.
FIGURE_GAP = 0.12
# Before a sign of percent a blank is often set.
PERCENT = ord("%")
# Baselines of a figure's characters, ems: those of one run are equal; .04 is a rounding to pixels.
OFF_LINE = 0.04
# Sizes of a figure's characters that differ by more than this part.
OTHER_SIZE = 0.05
# Advance of a digit against the table's usual one for it, in steps of so many ems.
ODD_ADVANCE = 0.02
# Lines closer than this, ems, stand on each other: the tightest leading seen is 1.0.
LINES_CLOSE = 0.85
# Ink over a border, ems: as `overrun.STRADDLE`. The ink of a digit reaches from its baseline .7 em up.
OVER, ABOVE = 0.08, 0.6
# A text touches a border that is nearer than this, ems.
TOUCHING = 0.04


def glyph_doubts(doubted: Doubted, text: Filled) -> None:
    """Doubts that a table's glyphs raise: by how they follow each other, by their width, by where they stand in their cells."""
    _neighbours(doubted, text)
    digit = (text.figure & (text.codes >= 48) & (text.codes <= 57)).nonzero()[0]
    if len(digit) and text.page.source == "text":  # widths in an image are guesses
        width = (text.end[digit] - text.start[digit]) / text.size[digit]
        doubted.add(Doubt.ADVANCE, text.owner[digit[_odd_advance(text.codes[digit] - 48, width)]])
    _over_borders(doubted, text)
    if len(text.page.cut):
        _cut(doubted, text)


def _neighbours(doubted: Doubted, text: Filled) -> None:
    """Doubts from two characters that follow each other. Few pairs are odd in any way; what is odd about them is asked of these alone."""
    em = text.size[:-1]
    gap = text.start[1:] - text.end[:-1]
    step = np.abs(text.across[1:] - text.across[:-1])
    same = text.line[1:] == text.line[:-1]
    odd = same & ((np.abs(gap) > min(OVERLAP, FIGURE_GAP) * em) | (step > OFF_LINE * em) | (text.size[1:] != em))
    pair = odd.nonzero()[0]
    if len(pair):
        cells, em_of = text.owner[pair], np.minimum(em[pair], text.size[pair + 1])
        doubted.add(
            Doubt.OVERLAP, cells[gap[pair] < -np.where(_half_blank(text.codes[pair], text.codes[pair + 1]), SQUEEZED, OVERLAP) * em_of]
        )
        figure = text.figure[pair] & text.figure[pair + 1]
        if figure.any():
            pair, cells, em_of = pair[figure], cells[figure], em_of[figure]
            doubted.add(Doubt.GAP, cells[(gap[pair] > FIGURE_GAP * em_of) & (text.codes[pair + 1] != PERCENT)])
            doubted.add(Doubt.OFF_LINE, cells[step[pair] > OFF_LINE * em_of])
            doubted.add(Doubt.SIZES, cells[np.abs(text.size[pair + 1] / text.size[pair] - 1) > OTHER_SIZE])
    close = (~same & (text.owner[1:] == text.owner[:-1]) & (step < LINES_CLOSE * em)).nonzero()[0]
    doubted.add(Doubt.LINES_CLOSE, text.owner[close])


def _half_blank(codes: Ints, following: Ints) -> Bools:
    """Whether the blank half of full-width punctuation lies between two characters: commas, stops and closing brackets have it behind them,
    opening ones before them. Typesetting squeezes it."""
    return np.asarray(np.isin(codes, BLANK_BEHIND) | np.isin(following, BLANK_BEFORE))


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


def _over_borders(doubted: Doubted, text: Filled) -> None:
    """Doubts from ink over the borders of its cell."""
    box, size, owner = text.box, text.size, text.owner
    mine = text.boxes[owner]
    before, after = mine[:, 0] - box[:, 0], box[:, 2] - mine[:, 2]
    near = (np.maximum(before, after) > -TOUCHING * size).nonzero()[0]
    baseline = text.page.origin[text.index, 1]
    across = ((baseline - ABOVE * size < mine[:, 1]) | (baseline > mine[:, 3])).nonzero()[0]
    if len(across):
        doubted.add(Doubt.OVER_RULE, owner[across[text.page.angle[text.index[across]] == 0]])
    if not len(near):
        return
    before, after, limit = before[near], after[near], size[near]
    doubted.add(Doubt.OVER_SIDE, owner[near[np.maximum(before, after) > OVER * limit]])
    # Two texts that touch one border from both sides may be one text.
    right, left = near[after > -TOUCHING * limit], near[before > -TOUCHING * limit]
    if len(right) and len(left):
        level = np.abs(baseline[right][:, None] - baseline[left][None, :]) < 0.5 * size[right][:, None]
        one, other = ((np.abs(mine[right, 2][:, None] - mine[left, 0][None, :]) < 0.01) & level).nonzero()
        doubted.add(Doubt.TOUCHING, owner[right[one]])
        doubted.add(Doubt.TOUCHING, owner[left[other]])


def _cut(doubted: Doubted, text: Filled) -> None:
    """Doubts from characters that are hidden: beside visible ones of the same line, or in a cell that is empty without them."""
    boxes, owner, cut = text.boxes, text.owner, text.page.cut
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    middle = (cut[:, :2] + cut[:, 2:]) / 2
    cut = cut[((middle > low - text.em) & (middle < high + text.em)).all(1)]  # the edge of the page is a table's border, where it cuts one
    if not len(cut):
        return
    box, reach = text.box, 0.2 * text.size
    level = np.abs(cut[:, None, 3] - box[None, :, 3]) < reach
    beside = (np.abs(cut[:, None, 0] - box[None, :, 2]) < reach) | (np.abs(cut[:, None, 2] - box[None, :, 0]) < reach)
    doubted.add(Doubt.CUT, owner[(level & beside).any(0)])
    x, y = ((cut[:, :2] + cut[:, 2:]) / 2).T[:, :, None]
    inside = ((x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])).any(0)
    inside[owner] = False
    doubted.add(Doubt.CUT, inside.nonzero()[0])
