"""Tables without vertical rules: a region's lines of text become a grid of cells, or nothing where the columns cannot be told."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.chunks import Chunk, TextRow, parted_at, text_rows
from services.extractor.domain.glyphs import TextMaker
from services.extractor.domain.lattice import Lattice
from services.extractor.domain.opencolumns import White, body_columns, column_of, homes_of
from services.extractor.domain.openhead import read_head
from services.extractor.domain.openheadcosts import Column, Head, Rule
from services.extractor.domain.openregion import Region, find_regions
from services.extractor.domain.openrows import body_rows
from services.extractor.domain.page import Bools
from services.extractor.domain.rulings import Rulings

Span = tuple[int, int, int, int]
"""(row, col, rowspan, colspan)."""

# Least rows of figures: in general; below a boxhead, with a rule that reaches over the table or so many columns of figures.
LEAST_ROWS, LEAST_ROWS_RULED, ENOUGH_COLUMNS = 3, 2, 3
# So many rules over the whole width make a table even where its figures are set raggedly.
LEAST_RULES = 2
# A column is one of figures if this share of what stands in it are figures.
MOSTLY = 0.6
# Edges of a column's figures are the same within this many ems; this share of the figures has it.
SAME_EDGE, ALIGNED = 0.35, 0.75


@dataclass(slots=True)
class OpenTable:
    """A table whose columns come from white space. `glyphs` and `owner`: which glyph belongs to which cell of the lattice.
    `doubtful`: cells whose column or row is not certain."""

    lattice: Lattice
    glyphs: NDArray[np.int64]
    owner: NDArray[np.int64]
    white: White
    doubtful: set[int] = field(default_factory=set)


def find_open_tables(rulings: Rulings, maker: TextMaker, free: Bools, before: White | None = None) -> list[OpenTable]:
    """Tables of a page from its text's alignment.

    Args: free: the page's glyphs that are in no other table. before: columns that the page before ends with, which the first table may go on with.
    """
    lines = text_rows(maker, free.nonzero()[0], with_figures=True)
    if not lines:
        return []
    rules: list[Rule] = [(y, x0, x1) for y, x0, x1 in rulings.horizontal.tolist()]
    found = []
    for number, region in enumerate(find_regions(lines, rules)):
        drawn = _walls(rulings, region)
        if drawn:
            region.lines = [
                parted_at(maker, line, [x for x, top, bottom in drawn if top < line.base < bottom + line.chunks[0].size])
                for line in region.lines
            ]
        found.append(read_region(region, [x for x, _, _ in drawn], [], None if number else before))
    return [table for table in found if table is not None]


def _walls(rulings: Rulings, region: Region) -> list[tuple[float, float, float]]:
    """Drawn verticals (place, upper and lower end) that run along most of a region's body and have text on both sides."""
    top, bottom = region.body[0].base, region.body[-1].base
    x0, x1 = min(line.chunks[0].x0 for line in region.body), max(line.chunks[-1].x1 for line in region.body)
    walls = []
    for x, start, end in rulings.vertical.tolist():
        if x0 < x < x1 and min(end, bottom) - max(start, top) > 0.6 * (bottom - top):
            walls.append((x, start, end))
    return walls


def read_region(region: Region, walls: list[float], fills: list[float], before: White | None = None) -> OpenTable | None:
    """The table in a region, or None. Args: walls: places of drawn verticals; fills: heights at which fills end;
    before: columns that it may go on with, which makes fewer rows enough."""
    em = region.em
    columns = body_columns(region.body, em, walls)
    if len(columns) < 2:
        return None
    heads = read_head(region.lines[: region.head], columns, em, region.rules)
    columns = [column for head in heads for column in head.columns]
    rows, rows_doubtful = body_rows(region.body, em, sorted([y for y, _, _ in region.wide] + fills))
    table = _Grid(region, heads, columns, rows, walls)
    if not table.convinces(before):
        return None
    return table.open_table(rows_doubtful)


class _Grid:
    """Rows and columns being made into cells."""

    def __init__(self, region: Region, heads: list[Head], columns: list[Column], rows: list[list[TextRow]], walls: list[float]) -> None:
        self.region, self.heads, self.columns, self.rows, self.walls = region, heads, columns, rows, walls
        self.em = region.em
        self.levels = max(head.depth for head in heads) if region.head else 0
        self.placed: list[dict[int, list[Chunk]]] = []
        self.over: set[tuple[int, int]] = set()
        solid = [k for k, column in enumerate(columns) if not column.blank]
        for r, row in enumerate(rows):
            cells: dict[int, list[Chunk]] = {}
            for line in row:
                for chunk in line.chunks:
                    at, crossing = column_of(chunk, [columns[k] for k in solid])
                    home = self._between_walls(chunk, solid[at])
                    cells.setdefault(home, []).append(chunk)
                    if crossing:
                        self.over.add((r, home))
            self.placed.append(cells)

    def _between_walls(self, chunk: Chunk, k: int) -> int:
        """The only column between the drawn verticals that a chunk stands between, where the one it is nearest to lies beyond them: a column of
        which no line of figures says a word."""
        place = bisect(self.walls, chunk.middle)
        homes = [bisect(self.walls, (column.x0 + column.x1) / 2) for column in self.columns]
        return homes.index(place) if homes[k] != place and homes.count(place) == 1 else k

    # --- whether it is a table at all

    def convinces(self, before: White | None) -> bool:
        """Whether figures stand in columns that hold together, in enough rows."""
        figures = [k for k in range(len(self.columns)) if self._is_figures(k)]
        framed = self.region.wide or len(figures) >= ENOUGH_COLUMNS
        least = LEAST_ROWS_RULED if framed and self.region.head else LEAST_ROWS
        if before is not None and homes_of(before, self._white().extents) is not None:
            least = 1
        with_figures = sum(any(k in row for k in figures) for row in self.placed)
        if not figures or with_figures < least or figures == [0]:
            return False
        ragged = [k for k in figures if not self._aligned(k)]
        for k in ragged:
            self.columns[k].doubtful = True
        held = sum(self._aligned(k) for k in range(len(self.columns)))
        if (
            len(ragged) * 2 > len(figures)
            and len(self.region.wide) < LEAST_RULES
            and not (self.region.head and held * 3 >= len(self.columns) * 2)
        ):
            return False
        return not self._contents(figures)

    def _texts(self, k: int) -> list[Chunk]:
        return [chunk for row in self.placed for chunk in row.get(k, [])]

    def _is_figures(self, k: int) -> bool:
        chunks = self._texts(k)
        return bool(chunks) and sum(chunk.figure for chunk in chunks) >= MOSTLY * len(chunks)

    def _aligned(self, k: int) -> bool:
        """Whether a column's figures (its words, where it has none) end, start, or stand centred at one place, or their points do."""
        chunks = [chunk for chunk in self._texts(k) if any(map(str.isdigit, chunk.text)) or not self._is_figures(k)]
        if len(chunks) < LEAST_ROWS:
            return True
        edges = ([c.x1 for c in chunks], [c.x0 for c in chunks], [c.middle for c in chunks], [c.point for c in chunks])
        return any(self._common(edge) >= ALIGNED * len(chunks) for edge in edges)

    def _common(self, edges: list[float]) -> int:
        middle = sorted(edges)[len(edges) // 2]
        return sum(abs(edge - middle) <= SAME_EDGE * self.em for edge in edges)

    def _contents(self, figures: list[int]) -> bool:
        """A contents page: one column of whole numbers that never fall, beside names."""
        if len(figures) > 1 or figures[0] != len(self.columns) - 1:
            return False
        texts = [chunk.text.replace(" ", "") for chunk in self._texts(figures[0])]
        if not all(text.isdigit() for text in texts):
            return False
        return all(int(a) <= int(b) for a, b in pairwise(texts))

    # --- its cells

    def open_table(self, rows_doubtful: bool) -> OpenTable:
        """The grid with its glyphs."""
        cells, owners, doubtful = self._head_cells()
        first = self.levels
        for r, row in enumerate(self.placed):
            for k in range(len(self.columns)):
                owners.append(row.get(k, []))
                if ((r, k) in self.over and len(row) > 1) or self.columns[k].doubtful or rows_doubtful:
                    doubtful.add(len(cells))
                cells.append((first + r, k, 1, 1))
        xs, ys = self._xs(), self._ys()
        owner = np.full((len(ys) - 1, len(xs) - 1), -1, dtype=np.int32)
        for number, (row_at, col, high, wide) in enumerate(cells):
            owner[row_at : row_at + high, col : col + wide] = number
        glyphs = [chunk.glyphs for chunks in owners for chunk in chunks]
        numbers = [np.full(len(chunk.glyphs), number, dtype=np.int64) for number, chunks in enumerate(owners) for chunk in chunks]
        flags = [False] * len(self.columns)
        return OpenTable(
            Lattice(np.array(xs), np.array(ys), cells, owner, flags, list(flags)),
            np.concatenate(glyphs),
            np.concatenate(numbers),
            self._white(),
            doubtful,
        )

    def _white(self) -> White:
        """Where its borders between columns may stand."""
        extents = [self._extent(k) for k in range(len(self.columns))]
        starts, ends = [x0 for x0, _ in extents], [x1 for _, x1 in extents]
        inner = [(min(end, start), max(end, start)) for end, start in zip(ends[:-1], starts[1:], strict=True)]
        return White([(-math.inf, starts[0]), *inner, (ends[-1], math.inf)], [(column.x0, column.x1) for column in self.columns])

    def _head_cells(self) -> tuple[list[Span], list[list[Chunk]], set[int]]:
        cells: list[Span] = []
        owners: list[list[Chunk]] = []
        doubtful: set[int] = set()
        place = {id(column): k for k, column in enumerate(self.columns)}

        def add(head: Head, level: int) -> None:
            high = 1 if head.parts else self.levels - level
            if any(column.doubtful for column in head.columns):
                doubtful.add(len(cells))
            cells.append((level, place[id(head.columns[0])], high, len(head.columns)))
            owners.append(head.chunks)
            for part in head.parts:
                add(part, level + 1)

        if self.levels:
            for head in self.heads:
                add(head, 0)
        order = sorted(range(len(cells)), key=lambda k: cells[k])
        return [cells[k] for k in order], [owners[k] for k in order], {order.index(k) for k in doubtful}

    def _xs(self) -> list[float]:
        """Borders in the middle of the white between columns; the heads count where that leaves white."""
        extents = [self._extent(k) for k in range(len(self.columns))]
        left = min([extents[0][0], *(rule[1] for rule in self.region.wide)])
        right = max([extents[-1][1], *(rule[2] for rule in self.region.wide)])
        inner = []
        for k, (a, b) in enumerate(pairwise(extents)):
            drawn = [wall for wall in self.walls if self.columns[k].x1 - self.em < wall < self.columns[k + 1].x0 + self.em]
            if drawn:
                inner.append(drawn[0])
            elif a[1] < b[0]:
                inner.append((a[1] + b[0]) / 2)
            else:
                inner.append((self.columns[k].x1 + self.columns[k + 1].x0) / 2)
        return [left - 1.0, *inner, right + 1.0]

    def _extent(self, k: int) -> tuple[float, float]:
        column = self.columns[k]
        leaves = [chunk for head in self.heads for leaf in _leaves(head) if leaf.columns[0] is column for chunk in leaf.chunks]
        chunks = leaves + [chunk for chunk in self._texts(k) if column.x0 - 0.1 <= chunk.x0 and chunk.x1 <= column.x1 + 0.1]
        return min([column.x0, *(c.x0 for c in chunks)]), max([column.x1, *(c.x1 for c in chunks)])

    def _ys(self) -> list[float]:
        """Borders halfway between the lines above and below, or where a rule is drawn."""
        tops: list[float] = []
        bottoms: list[float] = []
        for level in range(self.levels):
            here = [head for top in self.heads for head in _at_level(top, level) if head.chunks]
            ending = [head for head in here if head.parts or level == self.levels - 1]
            tops.append(min((head.chunks[0].top for head in here), default=bottoms[-1] if bottoms else 0.0))
            bottoms.append(max((head.chunks[-1].bottom for head in ending), default=tops[-1]))
        if self.levels:
            bottoms[-1] = max(line.base for line in self.region.lines[: self.region.head]) + 0.12 * self.em
        for row in self.rows:
            tops.append(min(chunk.top for line in row for chunk in line.chunks))
            bottoms.append(max(chunk.bottom for line in row for chunk in line.chunks))
        rules = [y for y, _, _ in self.region.wide]
        inner = [self._border(bottoms[k], tops[k + 1], rules) for k in range(len(tops) - 1)]
        return [
            min([tops[0] - 1.0, *(y for y in rules if y < tops[0])]),
            *inner,
            max([bottoms[-1] + 1.0, *(y for y in rules if y > bottoms[-1])]),
        ]

    def _border(self, bottom: float, top: float, rules: list[float]) -> float:
        drawn = [y for y in rules if bottom - 0.3 * self.em < y < top + 0.3 * self.em]
        return drawn[0] if drawn else (bottom + top) / 2


def _leaves(head: Head) -> list[Head]:
    return [leaf for part in head.parts for leaf in _leaves(part)] if head.parts else [head]


def _at_level(head: Head, level: int) -> list[Head]:
    return [head] if level == 0 else [one for part in head.parts for one in _at_level(part, level - 1)]
