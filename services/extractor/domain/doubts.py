"""The doubts about each cell of a table, gathered from its glyphs, its columns and its borders."""

from __future__ import annotations

import numpy as np

from services.extractor.domain.evidence import Doubt, Doubted, Filled, Indices
from services.extractor.domain.evidence_borders import border_doubts
from services.extractor.domain.evidence_columns import column_doubts, text_doubts
from services.extractor.domain.evidence_glyphs import glyph_doubts
from services.extractor.domain.lattice import Lattice

# Text beside a table that is nearer to it than this, ems, may be a part of it.
BEYOND = 0.3
# A cell with one of these may hold its empty neighbour's text, or have lost its own to it.
_OUT_OF_PLACE = int(Doubt.OVER_SIDE | Doubt.TOUCHING | Doubt.PULLED_BACK | Doubt.ASIDE | Doubt.GLUED | Doubt.OVERLAP | Doubt.GRAMMAR)


def doubts(lattice: Lattice, text: Filled, texts: list[str], moved: set[int], outside: Indices) -> list[int]:
    """The doubts about each cell of a table (`Doubt`, put together).

    Args: texts: of the cells. moved: cells that text was pulled back into. outside: glyphs of the page beside the table.
    """
    doubted = Doubted(len(texts))
    glyph_doubts(doubted, text)
    text_doubts(doubted, text, texts)
    column_doubts(doubted, text, lattice)
    border_doubts(doubted, text, lattice)
    if moved:
        doubted.add(Doubt.PULLED_BACK, np.array(sorted(moved), dtype=np.int64))
    if len(outside):
        _beyond(doubted, text, lattice, outside)
    return _beside(doubted, lattice, texts)


def _beyond(doubted: Doubted, text: Filled, lattice: Lattice, outside: Indices) -> None:
    """Text right beside the table: cells at its edge on that line."""
    page = text.page
    x0, _, x1, _ = lattice.box
    box, middle = page.box[outside], page.origin[outside, 1] - 0.35 * page.size[outside]
    rows = np.clip(np.searchsorted(lattice.ys, middle) - 1, 0, lattice.rows - 1)
    for near, col in ((np.abs(box[:, 2] - x0) < BEYOND * text.em, 0), (np.abs(box[:, 0] - x1) < BEYOND * text.em, -1)):
        doubted.add(Doubt.BEYOND, lattice.owner[rows[near], col].astype(np.int64))


def _beside(doubted: Doubted, lattice: Lattice, texts: list[str]) -> list[int]:
    """Empty cells left or right of one whose text is out of place: it may be theirs."""
    found = doubted.found
    for k in (found & _OUT_OF_PLACE).nonzero()[0].tolist():
        row, col, _, wide = lattice.cells[k]
        for beside in (col - 1, col + wide):
            if 0 <= beside < lattice.columns and not texts[other := int(lattice.owner[row, beside])]:
                found[other] |= int(Doubt.BESIDE)
    return list(found.tolist())
