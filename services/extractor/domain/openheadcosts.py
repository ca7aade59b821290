"""What it costs, in ems of misfit, that a chunk of a boxhead's line is the head of a column, goes on with a head, spans several, or names a new one."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.extractor.domain.chunks import Chunk
from services.extractor.domain.openrows import CLOSER_THAN_ROWS

Rule = tuple[float, float, float]
"""A ruling line across: its height, where it starts and ends."""

# Lines of one wrapped head follow each other within this many ems (1.0 to 1.5 seen in word processors and spreadsheets).
WRAP_PITCH = 1.55
# Costs. A chunk over a column it overlaps costs nothing; one beside it a little, by distance.
BESIDE, PER_EM_BESIDE = 0.4, 0.15
WRAP, SPAN, NEW, LONELY_NEW = 0.1, 0.6, 2.5, 0.8
HEADLESS, UNSPANNED, UNSPANNED_IN_MIDDLE = 1.0, 0.03, 0.6
OFF_MIDDLE, NOT_FULL, OVER_ALL = 0.8, 0.7, 1.5
FORBIDDEN = 4.0


@dataclass(slots=True)
class Column:
    """A column: where its contents start and end. `blank`: only its head says that it exists; `doubtful`: its head may be another's."""

    x0: float
    x1: float
    blank: bool = False
    doubtful: bool = False


@dataclass(slots=True)
class Head:
    """A heading over some columns: its chunks from top to bottom, and what it is divided into."""

    columns: list[Column]
    chunks: list[Chunk] = field(default_factory=list)
    parts: list[Head] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Where it or its columns start."""
        return min([column.x0 for column in self.columns] + [chunk.x0 for chunk in self.chunks])

    @property
    def x1(self) -> float:
        """Where it or its columns end."""
        return max([column.x1 for column in self.columns] + [chunk.x1 for chunk in self.chunks])

    @property
    def depth(self) -> int:
        """Levels from here down."""
        return 1 + max((part.depth for part in self.parts), default=0)


@dataclass(slots=True)
class HeadLine:
    """A line of the boxhead to be placed over what stands below it. `named`: columns that some chunk stands right above; `halfway`: heads are set
    to the middle, so that those of one line stand between the lines of wrapped ones."""

    chunks: list[Chunk]
    tops: list[Head]
    em: float
    rules: list[Rule]
    named: set[int]
    halfway: bool
    lowest: float
    uppermost: bool


def covers(chunk: Chunk, column: Column) -> bool:
    """Whether a chunk stands right above a column, or a column right below it."""
    return min(chunk.x1, column.x1) - max(chunk.x0, column.x0) >= 0.5 * min(chunk.x1 - chunk.x0, column.x1 - column.x0)


def overlap(chunk: Chunk, top: Head) -> float:
    """How far a chunk and a head or its columns lie over each other, points; below 0: how far apart they are."""
    return min(chunk.x1, top.x1) - max(chunk.x0, top.x0)


def wraps(line: HeadLine, chunk: Chunk, top: Head) -> bool:
    """Whether a chunk stands so close above a head, and without a rule between, that it may be its upper line."""
    first = top.chunks[0]
    ruled = any(
        chunk.base - 0.3 * line.em < y < first.base and min(x1, chunk.x1) - max(x0, chunk.x0) > 0.5 * (chunk.x1 - chunk.x0)
        for y, x0, x1 in line.rules
    )
    return not ruled and first.base - chunk.base <= WRAP_PITCH * line.em


def passed(line: HeadLine, j: int) -> float:
    """What it costs that no chunk of the line stands over a head."""
    top = line.tops[j]
    if not top.chunks:
        return (HEADLESS * (0.5 if j == 0 else 1.0)) if line.uppermost else 0.0
    alone = line.halfway and line.uppermost and len(top.chunks) == 1 and not top.parts and top.chunks[0].base > line.lowest - 0.3 * line.em
    return UNSPANNED_IN_MIDDLE if alone else UNSPANNED


def as_new(line: HeadLine, chunk: Chunk, j: int) -> float:
    """What it costs that a chunk, before the head `j`, names a column that is blank all the way down."""
    before = line.tops[j - 1].x1 if j else float("-inf")
    after = line.tops[j].x0 if j < len(line.tops) else float("inf")
    around = [line.tops[k].columns for k in (j - 1, j) if 0 <= k < len(line.tops)]
    lonely = all(column.blank or id(column) in line.named for columns in around for column in columns)
    between = 0 < j < len(line.tops) and all(
        line.tops[k].chunks and line.tops[k].chunks[0].base - chunk.base > CLOSER_THAN_ROWS * line.em for k in (j - 1, j)
    )
    return (LONELY_NEW if lonely and not between else NEW) + (0.0 if before < chunk.x0 and chunk.x1 < after else FORBIDDEN)


def as_single(line: HeadLine, chunk: Chunk, j: int) -> float:
    """What it costs that a chunk is the head of one column, or the upper line of its wrapped head."""
    top, em = line.tops[j], line.em
    if top.chunks:
        return _as_wrapped(line, chunk, top)
    shared = overlap(chunk, top)
    others = sum(overlap(chunk, line.tops[k]) > 0.3 * em for k in (j - 1, j + 1) if 0 <= k < len(line.tops))
    if shared >= 0.3 * min(chunk.x1 - chunk.x0, top.x1 - top.x0):
        return 1.0 * others
    covered = sum(covers(chunk, column) for other in line.tops for column in other.columns)
    covered += any(id(column) in line.named for column in top.columns)
    return BESIDE + PER_EM_BESIDE * max(0.0, -shared) / em + 1.0 * others + 2.0 * covered


def _as_wrapped(line: HeadLine, chunk: Chunk, top: Head) -> float:
    em = line.em
    if not wraps(line, chunk, top):
        return FORBIDDEN / 2
    first = top.chunks[0]
    x0, x1 = min(one.x0 for one in top.chunks), max(one.x1 for one in top.chunks)
    off = min(abs(chunk.x0 - x0), abs(chunk.x1 - x1), abs(chunk.middle - (x0 + x1) / 2)) / em
    cost = 0.0 if _is_full(chunk, top, em) else NOT_FULL
    if line.halfway and line.uppermost and any(_complete_below(line, chunk, top, k) for k in _beside(line, top)):
        cost += OFF_MIDDLE
    return cost + WRAP + off + 2.0 * max(0.0, (first.base - chunk.base) / em - 1.35)


def _is_full(chunk: Chunk, top: Head, em: float) -> bool:
    """Whether a line can be the first of a wrapped text: lines but the last are as wide as the column allows."""
    wide, *rest = [one.x1 - one.x0 for one in (chunk, *top.chunks)]
    return wide > rest[-1] - 0.1 * em and all(abs(wide - other) < 0.9 * em for other in rest[:-1])


def _beside(line: HeadLine, top: Head) -> list[int]:
    at = next(k for k, one in enumerate(line.tops) if one is top)
    return [k for k in (at - 1, at + 1) if 0 <= k < len(line.tops)]


def _complete_below(line: HeadLine, chunk: Chunk, top: Head, k: int) -> bool:
    """Whether a neighbour that nothing stands above has the middle of the head without the line, not of the head with it: heads of one row
    that are set to the middle have one middle."""
    chunks = line.tops[k].chunks
    if not chunks or any(covers(one, Column(line.tops[k].x0, line.tops[k].x1)) for one in line.chunks if one is not chunk):
        return False
    middle = (chunks[0].base + chunks[-1].base) / 2
    below, whole = (top.chunks[0].base + top.chunks[-1].base) / 2, (chunk.base + top.chunks[-1].base) / 2
    return abs(middle - below) < 0.2 * line.em <= abs(middle - whole)


def as_span(line: HeadLine, chunk: Chunk, start: int, end: int) -> float:
    """What it costs that a chunk spans several heads."""
    tops, em = line.tops[start:end], line.em
    cost = SPAN + 1.5 * sum(not top.chunks for top in tops)
    x0, x1 = tops[0].x0, tops[-1].x1
    if end - start == len(line.tops):
        cost += OVER_ALL
    if chunk.x0 < x0 - 0.5 * em or chunk.x1 > x1 + 0.5 * em:
        cost += FORBIDDEN
    named = [top.chunks for top in tops if top.chunks]
    bases = [chunks[0].base for chunks in named]
    # Heads of one row are set to its middle, or to its top or foot.
    level = [_spread([(chunks[0].base + chunks[-1].base) / 2 for chunks in named])]
    if not line.halfway:
        level += [_spread(bases), _spread([chunks[-1].base for chunks in named])]
    cost += min(level) / em
    if min(bases, default=chunk.base + 3 * em) - chunk.base < CLOSER_THAN_ROWS * em:
        cost += FORBIDDEN  # no room for a row above the next
    below = _rule_below(line, chunk, min(bases, default=chunk.base + 3 * em))
    if below is not None:
        middles = [(top.x0 + top.x1) / 2 for top in line.tops]
        under = [k for k, middle in enumerate(middles) if below[1] < middle < below[2]]
        return 0.0 if under == list(range(start, end)) else cost + FORBIDDEN
    return cost + 0.5 * abs(chunk.middle - (x0 + x1) / 2) / em


def _spread(values: list[float]) -> float:
    return max(values, default=0.0) - min(values, default=0.0)


def _rule_below(line: HeadLine, chunk: Chunk, lowest: float) -> Rule | None:
    """The short rule that a spanning head stands on."""
    width = line.tops[-1].x1 - line.tops[0].x0
    for rule in line.rules:
        y, x0, x1 = rule
        if chunk.base - 0.3 * line.em < y < lowest and x0 - 2 <= chunk.x0 and chunk.x1 <= x1 + 2 and x1 - x0 < 0.97 * width:
            return rule
    return None
