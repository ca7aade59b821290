"""Another engine's opinion on a table whose columns come from white space: where it differs, a cell's confidence falls.

The other engine finds a grid of its own in the same region. A cell is confirmed where the other one has the same text at the same
place, in the column in which it has most of our column's other cells, and none of another column's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from services.extractor.domain.agreement import same_text
from services.extractor.domain.confidence import elsewhere, of_table
from shared.contracts.common import Box
from shared.contracts.extracted import Cell, Table


class OtherCell(Protocol):
    """A cell that the other engine found; rows and columns are those of its own grid."""

    @property
    def col(self) -> int:
        """Its column."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def bbox(self) -> Box:
        """Where it stands, page as shown."""


def confirmed(table: Table, others: Mapping[int, Sequence[OtherCell]]) -> Table:
    """The table with the cells marked down that the other engine does not confirm.

    Args: others: per page the cells of its grid; pages that are missing were not read by it and say nothing.
    """
    matches = [_match(cell, others.get(cell.page, ())) for cell in table.cells]
    columns: dict[tuple[int, int], Counter[int]] = {}
    for cell, match in zip(table.cells, matches, strict=True):
        if match is not None and cell.text and cell.row >= table.header_rows and cell.colspan == 1:
            columns.setdefault((cell.page, cell.col), Counter())[match.col] += 1
    usual = {place: counts.most_common(1)[0][0] for place, counts in columns.items()}
    taken = Counter((page, col) for (page, _), col in usual.items())
    cells = []
    for cell, match in zip(table.cells, matches, strict=True):
        told = cell.page in others and bool(cell.text) and cell.row >= table.header_rows
        same = match is not None and usual.get((cell.page, cell.col), match.col) == match.col and taken[cell.page, match.col] <= 1
        cells.append(msgspec.structs.replace(cell, confidence=elsewhere(cell.confidence)) if told and not same else cell)
    spoken = [cell.confidence for cell in cells if cell.text]
    return msgspec.structs.replace(table, cells=tuple(cells), confidence=of_table(spoken))


def _match(cell: Cell, others: Sequence[OtherCell]) -> OtherCell | None:
    """The other engine's cell with this text at this place."""
    if not cell.text:
        return None
    x0, top, x1, bottom = cell.bbox
    for other in others:
        x, y = (other.bbox[0] + other.bbox[2]) / 2, (other.bbox[1] + other.bbox[3]) / 2
        overlaps = other.bbox[0] < x1 and other.bbox[2] > x0 and other.bbox[1] < bottom and other.bbox[3] > top
        if overlaps and (x0 < x < x1 or top < y < bottom) and same_text(cell.text, other.text):
            return other
    return None
