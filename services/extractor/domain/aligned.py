"""Regions where figures stand in columns that could not be read as a table: what a person is warned of.

Strict on purpose: a contents page (names and page numbers) and prose that happens to align are no tables. A region has at least three
lines of text with a money figure each, and most of these figures end at the same place as another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

Rect = tuple[float, float, float, float]

LEAST_ROWS = 3
# Figures of a column end within this of each other, in points (set right-aligned; proportional digits differ by less).
SAME_EDGE = 2.0
# Lines of a table follow each other within this many ems (1.2 to 2.4 seen; wrapped names make it more).
ROW_STEP = 3.2
_MONEY = re.compile(r"^[-−－(（]?\d{1,3}(?:[,，]\d{3})*\.\d{1,4}[)）]?$|^[-−－(（]?\d{1,3}(?:[,，]\d{3})+[)）]?$")


class Piece(Protocol):
    """A piece of a line of text: parted from its neighbours by a wide gap."""

    text: str
    box: Rect
    size: float


def aligned_regions(pieces: Sequence[Piece]) -> list[Rect]:
    """Boxes (reading space, points) of the regions, from top to bottom. Args: pieces: of one page, outside its tables."""
    rows = _rows(pieces)
    regions = []
    for block in _blocks(rows):
        if _is_aligned(block):
            regions.append(_box([piece for row in block for piece in row]))
    return regions


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one line, lines from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (each.box[3], each.box[0])):
        if rows and abs(rows[-1][0].box[3] - piece.box[3]) <= 0.4 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _blocks(rows: list[list[Piece]]) -> list[list[list[Piece]]]:
    """Runs of lines with several pieces, close to each other; a boxhead above the first figures belongs to the run."""
    blocks: list[list[list[Piece]]] = []
    last: list[Piece] | None = None
    for row in rows:
        if len(row) >= 2:
            near = last is not None and row[0].box[3] - last[0].box[3] <= ROW_STEP * row[0].size
            if near:
                blocks[-1].append(row)
            else:
                blocks.append([row])
            last = row
    return blocks


def _is_aligned(block: list[list[Piece]]) -> bool:
    money = [[piece for piece in row if _MONEY.match(piece.text.replace(" ", ""))] for row in block]
    if sum(bool(row) for row in money) < LEAST_ROWS:
        return False
    edges = [piece.box[2] for row in money for piece in row]
    shared = sum(sum(abs(edge - other) <= SAME_EDGE for other in edges) > 1 for edge in edges)
    return shared * 2 > len(edges)


def _box(pieces: list[Piece]) -> Rect:
    boxes = [piece.box for piece in pieces]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
