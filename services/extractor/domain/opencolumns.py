"""Columns of a table without vertical rules: the white strips that run down through its body."""

from __future__ import annotations

from services.extractor.domain.chunks import Chunk, TextRow
from services.extractor.domain.openhead import Column

# A strip is a column's white from this many ems on.
LEAST_STRIP = 0.6


def body_columns(lines: list[TextRow], em: float, walls: list[float]) -> list[Column]:
    """Columns of the body, from left to right.

    Args: lines: of the body; those with a single chunk (headings of groups, wrapped names) do not decide. walls: places of drawn verticals.
    """
    spans = sorted((chunk.x0, chunk.x1) for line in lines if len(line.chunks) > 1 for chunk in line.chunks)
    columns: list[Column] = []
    for x0, x1 in spans:
        walled = columns and any(columns[-1].x1 - 0.3 * em < wall < x0 + 0.3 * em for wall in walls)
        if columns and x0 - columns[-1].x1 < LEAST_STRIP * em and not walled:
            columns[-1].x1 = max(columns[-1].x1, x1)
        else:
            columns.append(Column(x0, x1))
    return columns


def column_of(chunk: Chunk, columns: list[Column]) -> tuple[int, bool]:
    """The column that a chunk of the body stands in, and whether it reaches into another one."""
    shares = [min(chunk.x1, column.x1) - max(chunk.x0, column.x0) for column in columns]
    most = max(range(len(columns)), key=lambda k: shares[k])
    reached = [k for k, share in enumerate(shares) if share > 0.1 * chunk.size]
    if len(reached) > 1 and not chunk.figure:
        return reached[0], True  # a name that runs on over blank columns starts in its own
    return most, len(reached) != 1
