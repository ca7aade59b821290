"""Lattices that rule a part of their table only: a few verticals, or columns without rules between rows.

Their cells hold figures of several columns or rows. Such a table is read from its text's alignment, with the drawn rules as borders; where
that cannot be, its crowded cells are doubtful: a figure that nobody printed must not look certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Protocol, TypeVar

import numpy as np

from services.extractor.domain.chunks import text_rows
from services.extractor.domain.glyphs import TextMaker
from services.extractor.domain.page import Bools

Rect = tuple[float, float, float, float]
# A column that takes this share of its table's width may be several that no rule parts.
WIDE_COLUMN = 0.35


class Written(Protocol):
    """A cell with its place and text."""

    row: int
    col: int
    text: str


class Headed(Written, Protocol):
    """The same with its span and box."""

    colspan: int
    box: Rect


SomeCell = TypeVar("SomeCell", bound=Written)

# So many cells of a table, and this share of those with text below the first row, hold several figures or a name and a figure.
LEAST_CELLS, SHARE = 2, 0.3
# Of figures run together fewer say so; a single one, in a column of many, is a damaged figure (a digit printed twice).
STACKED_SHARE = 0.1
# Of the other cells' figures so many must come back as they are when the table is read from its text's alignment.
KEPT = 0.9
_FIGURE = re.compile(r"^[-−－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?%?$|^[-—–]$")
_MONEY = re.compile(r"^[-−－]?(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+\.\d{1,4})$")
# Sums one after the other without a space: a second decimal point, or a group of more than three digits between separators.
_RUN_TOGETHER = re.compile(r"^[-−－\d,，.%—–\s]*(?:\.\d{1,2}%?[-−－\d,，]*\d\.\d{2}|[,，]\d{4,}(?=[,，.%—–]|$))[-−－\d,，.%—–\s]*$")


def crowded_cells(cells: Iterable[SomeCell]) -> list[SomeCell]:
    """Cells that hold what belongs into several, where they are so many that the rules cannot be all; none in a table that is ruled in full."""
    written = [cell for cell in cells if cell.text]
    body = [cell for cell in written if cell.row > 0] or written
    crowded = [cell for cell in body if _is_crowded(cell.text)]
    if not crowded:
        return []
    columns = Counter(cell.col for cell in body)
    worst = max((count / columns[col] for col, count in Counter(cell.col for cell in crowded).items()), default=0.0)
    least = min(LEAST_CELLS, len({cell.row for cell in body}))
    # No cell prints two sums without a space between them.
    stacked = any(_RUN_TOGETHER.match(cell.text) for cell in crowded)
    share = STACKED_SHARE if stacked else SHARE
    return crowded if len(crowded) >= least and worst >= share else []


def keeps(others: Iterable[Written], read: Iterable[Written]) -> bool:
    """Whether another reading has the figures that stood in cells of their own. Args: others: cells of rows without crowded ones;
    read: all cells of the other reading."""
    wanted = Counter("".join(cell.text.split()) for cell in others if _FIGURE.match(cell.text))
    found = Counter("".join(cell.text.split()) for cell in read if cell.text)
    return (wanted & found).total() >= KEPT * wanted.total()


def names_side_by_side(xs: list[float], ys: list[float], cells: Iterable[Headed], maker: TextMaker, inside: Bools) -> bool:
    """Whether a cell of the first row holds two names beside each other: heads of columns that no rule parts. Looked for in wide columns only.

    Args: xs, ys, cells: of the lattice; inside: the page's glyphs in it.
    """
    if max(b - a for a, b in pairwise(xs)) < WIDE_COLUMN * (xs[-1] - xs[0]):
        return False
    first = inside & (maker.page.origin[:, 1] > ys[0]) & (maker.page.origin[:, 1] < ys[1])
    words = [[chunk for chunk in row.chunks if len(chunk.text) > 1] for row in text_rows(maker, np.flatnonzero(first))]
    pairs = [((a.x0, b.x1), a.base) for row in words for a, b in pairwise(row) if not (a.figure or b.figure)]
    boxes = [cell.box for cell in cells if cell.row == 0 and cell.colspan == 1]
    return any(x0 <= a and b <= x1 and top < base < bottom for (a, b), base in pairs for x0, top, x1, bottom in boxes)


def _is_crowded(text: str) -> bool:
    """Several figures; a sum of money beside words; figures run together."""
    if text.count(".") + text.count(",") + text.count("，") >= 2 and _RUN_TOGETHER.match(text):
        return True
    parts = text.split()
    if len(parts) < 2:
        return False
    return sum(bool(_FIGURE.match(part)) for part in parts) > 1 or any(_MONEY.match(part) for part in parts)
