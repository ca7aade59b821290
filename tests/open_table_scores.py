"""How well tables were read: neighbouring cells (as at the ICDAR 2013 table competition), exact grids, figures under their heads."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Cell = tuple[int, int, int, int, str]
"""(row, col, rowspan, colspan, text)."""
Grid = list[list[tuple[int, str]]]
"""Per row and column the cell's number and text; -1 where there is none."""
_FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?%?")


def bare(text: str) -> str:
    """A text without white space and full-width forms."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def grid(cells: Iterable[Cell]) -> Grid:
    """Cells with their spans expanded."""
    cells = list(cells)
    rows, columns = max(c[0] + c[2] for c in cells), max(c[1] + c[3] for c in cells)
    made: Grid = [[(-1, "")] * columns for _ in range(rows)]
    for number, (row, col, high, wide, text) in enumerate(cells):
        for r in range(row, row + high):
            for c in range(col, col + wide):
                made[r][c] = (number, bare(text))
    return made


def texts(made: Grid) -> tuple[tuple[str, ...], ...]:
    """What stands in each place."""
    return tuple(tuple(text for _, text in row) for row in made)


def neighbours(made: Grid) -> Counter[tuple[str, str, str]]:
    """(text, the next one that is not blank, to the right or down), each as often as it occurs."""
    found: Counter[tuple[str, str, str]] = Counter()
    rows, columns = len(made), len(made[0])
    for r in range(rows):
        for c in range(columns):
            number, text = made[r][c]
            if not text:
                continue
            if c + 1 >= columns or made[r][c + 1][0] != number:
                right = next((made[r][q] for q in range(c + 1, columns) if made[r][q][1] and made[r][q][0] != number), None)
                if right:
                    found[text, right[1], "right"] += 1
            if r + 1 >= rows or made[r + 1][c][0] != number:
                below = next((made[q][c] for q in range(r + 1, rows) if made[q][c][1] and made[q][c][0] != number), None)
                if below:
                    found[text, below[1], "down"] += 1
    return found


def figures(made: Grid, head_rows: int) -> dict[tuple[int, int], tuple[str, str, str]]:
    """Per place of a figure: itself, the other words of its row, the heads above it."""
    found = {}
    for r in range(head_rows, len(made)):
        label = "|".join(text for _, text in made[r] if text and not _FIGURE.fullmatch(text))
        for c, (_, text) in enumerate(made[r]):
            if _FIGURE.fullmatch(text):
                found[r, c] = (text, label, "/".join(dict.fromkeys(made[h][c][1] for h in range(head_rows) if made[h][c][1])))
    return found


def f1(truth: Counter[tuple[str, str, str]], found: Counter[tuple[str, str, str]]) -> float:
    """Harmonic mean of precision and recall; 1 where both are empty."""
    both = sum((truth & found).values())
    return 2 * both / max(1, sum(truth.values()) + sum(found.values())) if truth or found else 1.0


@dataclass
class Score:
    """How documents were read, added up: neighbouring cells in the truth, found, and in both; tables in the truth, and those read exactly."""

    wanted: int = 0
    found: int = 0
    both: int = 0
    tables: int = 0
    exact: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.wanted + other.wanted,
            self.found + other.found,
            self.both + other.both,
            self.tables + other.tables,
            self.exact + other.exact,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of neighbouring cells."""
        return 2 * self.both / max(1, self.wanted + self.found)


def judged(truth: list[Grid], found: list[Grid]) -> Score:
    """The score of one document; a table found serves one of the truth's."""
    wanted: Counter[tuple[str, str, str]] = sum((neighbours(one) for one in truth), Counter())
    got: Counter[tuple[str, str, str]] = sum((neighbours(one) for one in found), Counter())
    left = [texts(one) for one in found]
    exact = 0
    for one in truth:
        if texts(one) in left:
            left.remove(texts(one))
            exact += 1
    return Score(wanted.total(), got.total(), (wanted & got).total(), len(truth), exact)
