"""The boxhead of a table without vertical rules: which words stand over which columns, and which over several.

Lines are taken from the lowest up. Each chunk of a line is the head of a column, goes on with the head below it (a wrapped head),
spans several heads below it, or names a column that is blank all the way down. The cheapest order-keeping choice for the whole line is
taken (`openheadcosts.py`).
"""

from __future__ import annotations

from itertools import pairwise

from services.extractor.domain.chunks import Chunk, TextRow
from services.extractor.domain.openheadcosts import (
    Column,
    Head,
    HeadLine,
    Rule,
    as_new,
    as_single,
    as_span,
    covers,
    overlap,
    passed,
    wraps,
)
from services.extractor.domain.openrows import CLOSER_THAN_ROWS

# A head beside its column stands so many times nearer to it than to the others: 1.5 is near halfway, and a head that is right above another
# column is at no distance from that.
NEARER = 2.0
# Two ways of placing a chunk whose costs differ by less are not told apart.
ALIKE = 0.25


def read_head(lines: list[TextRow], columns: list[Column], em: float, rules: list[Rule]) -> list[Head]:
    """The headings over a table's columns, from left to right; columns that only a head names are among them.

    Args: lines: of the boxhead, from top to bottom. columns: as the body shows them. rules: short and long ones inside the boxhead.
    """
    tops = [Head([column]) for column in columns]
    halfway = any(b.base - a.base < CLOSER_THAN_ROWS * em for a, b in pairwise(lines))
    named = {id(column) for column in columns if any(covers(chunk, column) for line in lines for chunk in line.chunks)}
    for number in range(len(lines) - 1, -1, -1):
        tops = _with_line(HeadLine(lines[number].chunks, tops, em, rules, named, halfway, lines[-1].base, number == 0))
    return tops


def _with_line(line: HeadLine) -> list[Head]:
    """The heads after a line is placed: the cheapest way found over all (chunks placed, heads passed)."""
    m, n = len(line.chunks), len(line.tops)
    best: list[list[tuple[float, int, int, str]]] = [[(float("inf"), 0, 0, "")] * (n + 1) for _ in range(m + 1)]
    best[0][0] = (0.0, 0, 0, "")
    for i in range(m + 1):
        for j in range(n + 1):
            so_far = best[i][j][0]
            if so_far == float("inf"):
                continue
            for cost, to_i, to_j, what in _steps(line, i, j):
                if so_far + cost < best[to_i][to_j][0]:
                    best[to_i][to_j] = (so_far + cost, i, j, what)
    return _followed(line, best)


def _steps(line: HeadLine, i: int, j: int) -> list[tuple[float, int, int, str]]:
    steps: list[tuple[float, int, int, str]] = []
    if j < len(line.tops):
        steps.append((passed(line, j), i, j + 1, "pass"))
    if i < len(line.chunks):
        chunk = line.chunks[i]
        steps.append((as_new(line, chunk, j), i + 1, j, "new"))
        if j < len(line.tops):
            steps.append((as_single(line, chunk, j), i + 1, j + 1, "single"))
        for end in range(j + 2, len(line.tops) + 1):
            steps.append((as_span(line, chunk, j, end), i + 1, end, "span"))
    return steps


def _followed(line: HeadLine, best: list[list[tuple[float, int, int, str]]]) -> list[Head]:
    i, j = len(line.chunks), len(line.tops)
    made: list[Head] = []
    while i or j:
        _, from_i, from_j, what = best[i][j]
        if what == "pass":
            made.append(line.tops[from_j])
        elif what == "new":
            chunk = line.chunks[from_i]
            made.append(Head([Column(chunk.x0, chunk.x1, blank=True)], [chunk]))
        elif what == "single":
            if _could_span(line, line.chunks[from_i], from_j):
                for top in line.tops[from_j - 1 : from_j + 2]:
                    for column in top.columns:
                        column.doubtful = True
            chunk, top = line.chunks[from_i], line.tops[from_j]
            if not top.chunks and len(top.columns) == 1 and overlap(chunk, top) <= 0 and not _unmistakable(line, chunk, from_j):
                top.columns[0].doubtful = True
            made.append(_on_top(line, chunk, top))
        else:
            parts = line.tops[from_j:j]
            if _could_reach_otherwise(line, line.chunks[from_i], from_j, j):
                for top in line.tops[max(0, from_j - 1) : j + 1]:
                    for column in top.columns:
                        column.doubtful = True
            made.append(Head([column for part in parts for column in part.columns], [line.chunks[from_i]], parts))
        i, j = from_i, from_j
    return made[::-1]


def _unmistakable(line: HeadLine, chunk: Chunk, j: int) -> bool:
    """Whether a head beside its column can be no other one's: the line has a head for each column, and the neighbours of this one are
    further away by NEARER: heads set to the middle of wide columns whose figures are set to the right."""
    if len(line.chunks) != len(line.tops):
        return False
    own, *around = [
        max(line.tops[k].columns[0].x0 - chunk.x1, chunk.x0 - line.tops[k].columns[-1].x1)
        for k in (j, j - 1, j + 1)
        if 0 <= k < len(line.tops)
    ]
    return own * NEARER <= min(around)


def _could_span(line: HeadLine, chunk: Chunk, j: int) -> bool:
    """Whether a chunk taken for the upper line of a wrapped head could as well span it and a neighbour on either side."""
    if not line.tops[j].chunks or j == 0 or j + 1 >= len(line.tops):
        return False
    if any(covers(one, Column(line.tops[k].x0, line.tops[k].x1)) for k in (j - 1, j + 1) for one in line.chunks):
        return False
    return as_span(line, chunk, j - 1, j + 2) - as_single(line, chunk, j) <= 2 * ALIKE


def _could_reach_otherwise(line: HeadLine, chunk: Chunk, start: int, end: int) -> bool:
    """Whether a head over some columns could as well be over one more, or one fewer, at both ends: it is centred over all of them."""
    chosen = as_span(line, chunk, start, end)
    others = [(start - 1, end + 1), (start + 1, end - 1)]
    return any(
        first >= 0 and last <= len(line.tops) and last - first > 1 and as_span(line, chunk, first, last) - chosen <= ALIKE
        for first, last in others
    )


def _on_top(line: HeadLine, chunk: Chunk, top: Head) -> Head:
    """A chunk as the head of a column, as the upper line of a wrapped head, or as a head over one other."""
    if top.chunks and not wraps(line, chunk, top):
        return Head(list(top.columns), [chunk], [top])
    top.chunks.insert(0, chunk)
    return top
