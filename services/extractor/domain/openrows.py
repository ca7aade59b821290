"""Rows of a table without rules between them: which lines of text are one row.

A row has figures on one baseline at most; names that are wrapped stand above, below or around it. Lines closer to each other than rows
ever are belong together; where drawn rules or fills part the rows, these decide.
"""

from __future__ import annotations

from itertools import pairwise

from services.extractor.domain.chunks import TextRow

# Lines of two rows stand at least this far apart (ems); those of a cell set to the middle beside two lines stand .5 to .65 em apart.
CLOSER_THAN_ROWS = 0.85
# Lines of a wrapped name stand this much closer than rows do, as a part of the distance between rows.
CLOSER_THAN_PITCH = 0.94
# Where no two rows follow each other without a wrapped name: the most that lines of one name stand apart (ems).
USUAL_PITCH = 1.35


def body_rows(lines: list[TextRow], em: float, borders: list[float]) -> tuple[list[list[TextRow]], bool]:
    """Lines of the body as rows, from top to bottom, and whether their parting is doubtful.

    Args: borders: heights at which drawn rules or fills end.
    """
    if not lines:
        return [], False
    bands = _banded(lines, borders)
    if bands is not None:
        return bands, False
    anchored = [line.figures > 0 for line in lines]
    pitch = _pitch(lines, anchored, em)
    rows = [[lines[0]]]
    for k in range(1, len(lines)):
        step = lines[k].base - lines[k - 1].base
        ruled = any(lines[k - 1].base < y < lines[k].base - 0.3 * em for y in borders)
        near = step < CLOSER_THAN_ROWS * em or step < CLOSER_THAN_PITCH * pitch
        if near and not ruled and not (anchored[k] and anchored[k - 1] and _same_column(lines[k - 1], lines[k])):
            rows[-1].append(lines[k])
        else:
            rows.append([lines[k]])
    parted = [part for row in rows for part in _one_anchor_each(row)]
    return parted, len(parted) != len(rows)


def _banded(lines: list[TextRow], borders: list[float]) -> list[list[TextRow]] | None:
    """Rows as drawn rules or fills part them; None where these do not part every two lines of figures."""
    bands: dict[int, list[TextRow]] = {}
    for line in lines:
        bands.setdefault(sum(y < line.base - 0.3 * line.chunks[0].size for y in borders), []).append(line)
    crowded = sum(_anchors(band) > 1 for band in bands.values())
    return [bands[k] for k in sorted(bands)] if len(bands) > 1 and crowded == 0 else None


def _anchors(band: list[TextRow]) -> int:
    return sum(line.figures > 0 for line in band)


def _pitch(lines: list[TextRow], anchored: list[bool], em: float) -> float:
    """The least distance between two rows that follow each other without a wrapped name."""
    steps = [b.base - a.base for (a, b), (x, y) in zip(pairwise(lines), pairwise(anchored), strict=True) if x and y]
    steps = [step for step in steps if step >= CLOSER_THAN_ROWS * em]
    return min(steps) if steps else USUAL_PITCH * em / CLOSER_THAN_PITCH


def _same_column(upper: TextRow, lower: TextRow) -> bool:
    return any(min(a.x1, b.x1) > max(a.x0, b.x0) for a in upper.chunks for b in lower.chunks)


def _one_anchor_each(row: list[TextRow]) -> list[list[TextRow]]:
    """Parts a row that has figures on several lines, each time at the widest gap between two of them."""
    anchors = [k for k, line in enumerate(row) if line.figures]
    stacked = [(a, b) for a, b in pairwise(anchors) if _same_column(row[a], row[b])]
    if not stacked:
        return [row]
    a, b = stacked[0]
    cut = max(range(a + 1, b + 1), key=lambda k: row[k].base - row[k - 1].base)
    return [*_one_anchor_each(row[:cut]), *_one_anchor_each(row[cut:])]
