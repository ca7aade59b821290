"""Text that overruns its cell into an empty neighbour is pulled back into the cell it belongs to."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.glyphs import is_cjk
from services.extractor.domain.page import Floats, PageContents

# Neighbours of one run stand this close (ems): text of two cells keeps at least its cells' margins apart, or a border between two glyphs.
TOUCH = 0.12
# A glyph that reaches over the border by this much (ems) is not written with regard to it. Measured: honest neighbours reach over by
# up to .05 em (a figure that almost touches the next column's name).
STRADDLE = 0.08
# Ideographs of one text follow each other this exactly (ems); texts of two cells would have to have no margins at all.
SEAM = 0.02
# A text that starts (or ends) within this many ems of its cell's border is aligned to it.
INSET = 0.8
_FIGURE = re.compile(r"^[-−－]?[\d,，.]+%?$")


def pull_back(page: PageContents, index: NDArray[np.int64], owner: NDArray[np.int64], boxes: Floats) -> tuple[NDArray[np.int64], set[int]]:
    """Gives runs of glyphs that cross a border to one cell, where the other one holds nothing else.

    Args: index: glyphs of the table; owner: the cell of each by its middle; boxes: the cells.
    Returns: owners, and the cells that got text back. A run whose neighbour has text of its own stays parted at the border.
    """
    order = np.lexsort((page.box[index, 0], np.round(page.origin[index, 1], 0)))
    a, b = order[:-1], order[1:]
    ga, gb = index[a], index[b]
    size = np.minimum(page.size[ga], page.size[gb])
    crossing = (
        (owner[a] != owner[b])
        & (np.abs(page.origin[ga, 1] - page.origin[gb, 1]) < 0.05 * size)
        & (np.abs(page.box[gb, 0] - page.box[ga, 2]) < TOUCH * size)
        & (page.angle[ga] == 0)
        & (page.angle[gb] == 0)
    )
    moved: set[int] = set()
    if not crossing.any():
        return owner, moved
    owner = owner.copy()
    count = np.bincount(owner, minlength=len(boxes))
    for k in np.flatnonzero(crossing).tolist():
        left, right = int(owner[order[k]]), int(owner[order[k + 1]])
        first, second = int(ga[k]), int(gb[k])
        if left == right or not (_straddles(page, first, second, boxes[left, 2]) or _seamless(page, first, second)):
            continue
        run = _run(page, index, order, k)
        members = owner[run]
        cells = sorted(set(members.tolist()), key=lambda cell: float(boxes[cell, 0]))
        whole = [cell for cell in cells if count[cell] == int((members == cell).sum())]
        if _figure_apart(page, index[run], members):
            continue
        target = _target(page, index[run], cells, whole, boxes)
        if target is not None:
            owner[run] = target
            count = np.bincount(owner, minlength=len(boxes))
            moved.add(target)
    return owner, moved


def _straddles(page: PageContents, first: int, second: int, border: float) -> bool:
    over = max(page.box[first, 2] - border, border - page.box[second, 0])
    return bool(over > STRADDLE * page.size[first])


def _seamless(page: PageContents, first: int, second: int) -> bool:
    """Whether two ideographs follow each other as inside a word: the border happens to fall between two glyphs of one text."""
    size = page.size[first]
    gap = abs(page.box[second, 0] - page.box[first, 2])
    return bool(gap < SEAM * size and abs(page.size[second] - size) < 0.01 * size and is_cjk(page.codes[[first, second]]).all())


def _figure_apart(page: PageContents, run: NDArray[np.int64], members: NDArray[np.int64]) -> bool:
    """Whether one cell's part of a run is all figure and another's is none of it: full text that touches the next column's figure."""
    parts = ["".join(map(chr, page.codes[run[members == cell]].tolist())) for cell in sorted(set(members.tolist()))]
    kinds = {bool(_FIGURE.match(part)) for part in parts}
    return len(kinds) == 2


def _run(page: PageContents, index: NDArray[np.int64], order: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Positions (in `index`) of the unbroken run of glyphs around the pair k, k + 1."""

    def joined(i: int, j: int) -> bool:
        p, q = int(index[order[i]]), int(index[order[j]])
        return bool(
            abs(page.origin[p, 1] - page.origin[q, 1]) < 0.05 * page.size[p] and abs(page.box[q, 0] - page.box[p, 2]) < TOUCH * page.size[p]
        )

    low, high = k, k + 1
    while low > 0 and joined(low - 1, low):
        low -= 1
    while high + 1 < len(order) and joined(high, high + 1):
        high += 1
    return order[low : high + 1]


def _target(page: PageContents, run: NDArray[np.int64], cells: list[int], whole: list[int], boxes: Floats) -> int | None:
    """The cell that a run belongs to: the only one with other text; else the one to whose border it is aligned; else the fullest."""
    others = [cell for cell in cells if cell not in whole]
    if len(others) == 1:
        return others[0]
    if others:
        return None
    size = float(page.size[run[0]])
    start, end = float(page.box[run, 0].min()), float(page.box[run, 2].max())
    at_left = start - float(boxes[cells[0], 0])
    at_right = float(boxes[cells[-1], 2]) - end
    if at_left < INSET * size and at_left <= at_right:
        return cells[0]
    if at_right < INSET * size:
        return cells[-1]
    shares = [min(end, float(boxes[cell, 2])) - max(start, float(boxes[cell, 0])) for cell in cells]
    return cells[int(np.argmax(shares))]
