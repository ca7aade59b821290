"""What speaks against a cell as read: its text's grammar, and the other figures of its column."""

from __future__ import annotations

import re

import numpy as np

from services.extractor.domain.evidence import Doubt, Doubted, Filled, Indices
from services.extractor.domain.lattice import Lattice
from services.extractor.domain.page import Floats

# A column says how its figures are set, and with how many decimals, where it has this many, and this share of them agrees.
LEAST_FIGURES, AGREED = 4, 0.8
# Margins that differ by less than this many ems are the same.
SAME_MARGIN = 0.2
# Codes (digits alone) that begin with a blank for their level stand up to this far beside the others (seen: .32 where they are set in the middle).
SAME_MARGIN_OF_CODES = 0.35
# Figures shorter than this, ems, are numbers of columns and rows, which are set in the middle.
SHORT = 1.6
# Digits with points, commas and hyphens are a figure, an ordinal ("3."), or signs alone; else 1,23.4, two points, two figures in one.
_FIGURE = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: ?%)?|\d\d?\.|[^\d]*")
_GLUED = re.compile(r"[\u4e00-\u9fff] ?[-−－]?[\d,，]*\d\.\d{0,2}$|^[-−－]?[\d,，]*\d\.\d\d(?![千百万亿]*元)[\u4e00-\u9fff]")
# From here on: the private use area and, behind compatibility forms, the replacement character: where a font has no Unicode values.
_PRIVATE, _PRIVATE_END, _NO_CHARACTER = 0xE000, 0xF8FF, 0xFFFD


def text_doubts(doubted: Doubted, text: Filled, texts: list[str]) -> None:
    """Digits that are no figure, figures grown together with names, characters without meaning. Args: texts: of all cells."""
    figures = text.cells[text.whole].tolist()
    bad = [k for k in figures if not _FIGURE.fullmatch(texts[k])]
    doubted.add(Doubt.GRAMMAR, np.array(bad, dtype=np.int64))
    point = (text.codes == 46).nonzero()[0]
    if len(point):
        mixed = set(text.owner[point].tolist()).difference(figures)
        doubted.add(Doubt.GLUED, np.array([k for k in sorted(mixed) if _GLUED.search(texts[k])], dtype=np.int64))
    high = (text.codes >= _PRIVATE).nonzero()[0]
    if len(high) or text.codes.min() < 0x20:
        codes = text.codes
        nameless = (codes < 0x20) | ((codes >= _PRIVATE) & (codes <= _PRIVATE_END)) | ((codes >= _NO_CHARACTER) & (codes <= 0xFFFF))
        doubted.add(Doubt.NO_UNICODE, text.owner[nameless])


def column_doubts(doubted: Doubted, text: Filled, lattice: Lattice) -> None:
    """Figures that are not set as the others of their column, to the right, to the left or in the middle, or have other decimals."""
    cells = text.cells[text.whole]
    if len(cells) < LEAST_FIGURES:
        return
    _aside(doubted, text, cells, lattice)
    _decimals(doubted, text, cells, lattice)


def _groups(text: Filled, cells: Indices, lattice: Lattice) -> Indices:
    """A number per cell: from which border to which it reaches."""
    boxes = text.boxes[cells]
    return np.asarray(lattice.xs.searchsorted(boxes[:, 0]) * (lattice.columns + 1) + lattice.xs.searchsorted(boxes[:, 2]))


def _aside(doubted: Doubted, text: Filled, cells: Indices, lattice: Lattice) -> None:
    """Shares are not compared: among sums they are often set otherwise."""
    shares = text.codes[text.ends[text.whole] - 1] == ord("%")
    cells, starts, ends = cells[~shares], text.starts[text.whole][~shares], text.ends[text.whole][~shares]
    if len(cells) < LEAST_FIGURES:
        return
    boxes = text.boxes[cells]
    first, last = text.box[starts, 0], text.box[ends - 1, 2]
    left, right = first - boxes[:, 0], boxes[:, 2] - last
    if float(right.max() - right.min()) < SAME_MARGIN * text.em:
        return
    marked = np.concatenate([[0], np.cumsum((text.codes < 48) | (text.codes > 57))])  # signs other than digits up to each glyph
    near = np.where(marked[ends] == marked[starts], SAME_MARGIN_OF_CODES, SAME_MARGIN) * text.em
    group = _groups(text, cells, lattice)
    aligned = np.abs(right - _medians(group, right)[group]) < near
    if aligned.all():
        return
    count = np.bincount(group)
    agreed = np.bincount(group, aligned) >= AGREED * count
    for margin in (left, (left - right) / 2):
        same = np.abs(margin - _medians(group, margin)[group]) < near
        agreed |= np.bincount(group, same) >= AGREED * count
        aligned |= same
    long = last - first > SHORT * text.em
    doubted.add(Doubt.ASIDE, cells[~aligned & long & agreed[group] & (count[group] >= LEAST_FIGURES)])


def _medians(group: Indices, values: Floats) -> Floats:
    """The lower median of the values of each group."""
    order = np.lexsort((values, group))
    count = np.bincount(group)
    last = count.cumsum()
    middle = last - count + (count - 1) // 2
    return np.asarray(values[order].take(middle, mode="clip"))


def _decimals(doubted: Doubted, text: Filled, cells: Indices, lattice: Lattice) -> None:
    """Figures with more or fewer decimals than nearly all of their column."""
    point = (text.codes == 46).nonzero()[0]
    if len(point) < LEAST_FIGURES:
        return
    place = text.starts.searchsorted(point, side="right") - 1
    plain = text.whole[place]
    point, place = point[plain], place[plain]
    if len(point) < LEAST_FIGURES:
        return
    decimals = np.minimum(text.ends[place] - 1 - point, 9)
    if int(decimals.min()) == int(decimals.max()):
        return
    of = _groups(text, cells, lattice)[cells.searchsorted(text.cells[place])]
    table = np.bincount(of * 10 + decimals, minlength=(int(of.max()) + 1) * 10).reshape(-1, 10)
    count = table.sum(1)
    sure = (table.max(1) >= AGREED * count) & (count >= LEAST_FIGURES)
    doubted.add(Doubt.DECIMALS, text.cells[place][sure[of] & (decimals != table.argmax(1)[of])])
