"""Columns of a table without vertical rules: the white strips that run down through its body."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.domain.chunks import Chunk, TextRow
from services.extractor.domain.openheadcosts import Column

# A column stands on both pages if what it holds starts, ends, or is centred at one place, within so many points.
SAME_PLACE = 3.0
# A strip is a column's white from this many ems on.
LEAST_STRIP = 0.6


@dataclass(frozen=True, slots=True)
class White:
    """Where the columns of a table without vertical rules are told apart. `strips`: per border the white it may stand in (start, end);
    `extents`: per column where the contents of its body start and end. Points of reading space."""

    strips: list[tuple[float, float]]
    extents: list[tuple[float, float]]


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
    return _without_spread_words(columns, lines)


def _without_spread_words(columns: list[Column], lines: list[TextRow]) -> list[Column]:
    """Columns put together that only a word set apart makes two (合　计): one of them holds nothing but single ideographs beside such in the other."""
    k = 0
    while k + 1 < len(columns):
        left, right = ([chunk for line in lines for chunk in line.chunks if _within(chunk, columns[j])] for j in (k, k + 1))
        apart = [(a, b) for line in lines for a, b in pairwise(line.chunks) if _within(a, columns[k]) and _within(b, columns[k + 1])]
        spread = [(a, b) for a, b in apart if _is_ideograph(a) and _is_ideograph(b)]
        if spread and (len(spread) == len(left) or len(spread) == len(right)):
            columns[k : k + 2] = [Column(columns[k].x0, columns[k + 1].x1)]
        else:
            k += 1
    return columns


def _within(chunk: Chunk, column: Column) -> bool:
    return column.x0 <= chunk.middle <= column.x1


def _is_ideograph(chunk: Chunk) -> bool:
    return len(chunk.text) == 1 and "\u4e00" <= chunk.text <= "\u9fff"


def column_of(chunk: Chunk, columns: list[Column]) -> tuple[int, bool]:
    """The column that a chunk of the body stands in, and whether it reaches into another one."""
    shares = [min(chunk.x1, column.x1) - max(chunk.x0, column.x0) for column in columns]
    most = max(range(len(columns)), key=lambda k: shares[k])
    reached = [k for k, share in enumerate(shares) if share > 0.1 * chunk.size]
    if len(reached) > 1 and not chunk.figure:
        return reached[0], True  # a name that runs on over blank columns starts in its own
    return most, len(reached) != 1


def homes_of(white: White, own: list[tuple[float, float]]) -> list[int] | None:
    """For each column of a second page its number on the first; None where two would be one, or they do not stand where those do."""
    homes: list[int] = []
    middles = [-math.inf, *((low + high) / 2 for low, high in white.strips[1:-1]), math.inf]
    for x0, x1 in own:
        home = sum(middle <= (x0 + x1) / 2 for middle in middles[1:-1])
        if homes and homes[-1] >= home:
            return None
        homes.append(home)
    return homes if _stand_alike(white.extents, own, homes) else None


def _stand_alike(first: list[tuple[float, float]], own: list[tuple[float, float]], homes: list[int]) -> bool:
    """Whether at least half of the columns start, end or are centred where they do on the page before."""
    alike = 0
    for home, (x0, x1) in zip(homes, own, strict=True):
        a0, a1 = first[home]
        alike += min(abs(a0 - x0), abs(a1 - x1), abs(a0 + a1 - x0 - x1) / 2) <= SAME_PLACE
    return alike * 2 >= len(own)
