"""Do the parts of a code add up to it? What a sum says of codes that were found by name, and of a code beside another code's name.

No accusation is made here: checks are the validator's. A sum that holds is evidence that its rows were given the right codes, one that fails
is evidence against those that rest on little else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.normalizer.domain.charts import Chart
from services.normalizer.domain.figures import Figure, parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.lists import FormList
from services.normalizer.domain.meant import CHARTS, MeantRow

# How sure a code found by name is once its sum holds, and one that rests on a cut or misspelt name, another name or its place once the sum fails
# (benchmarks/codes.py measures both).
HELD = 0.98
FAILED = 0.7
# Codes never make a figure doubtful: below .65 the validator asks instead of accusing, and that is for figures that were read badly.


@dataclass(frozen=True, slots=True)
class CodeTree:
    """The rows of a list by code: `row` a code's row, `parts` the rows right below it. Codes printed twice (for two units) are left out."""

    row: Mapping[str, int]
    parts: Mapping[str, tuple[int, ...]]


def code_tree(rows: Sequence[MeantRow], chart: Chart) -> CodeTree:
    """The tree of a list's codes of one chart; rows are numbered as in the list."""
    coded = {index: code for index, row in enumerate(rows) if row.role == "item" and (code := code_in(row, chart.kind))}
    times = Counter(coded.values())
    own = {code: index for index, code in coded.items() if times[code] == 1}
    parts: dict[str, list[int]] = defaultdict(list)
    for index, code in coded.items():
        above = next((code[:width] for width in reversed(chart.widths) if width < len(code) and code[:width] in own), None)
        if above is not None:
            parts[above].append(index)
    return CodeTree(own, {code: tuple(indexes) for code, indexes in parts.items()})


def code_in(row: MeantRow, kind: str) -> str:
    """The row's code of a chart, empty where it has none."""
    codes = {"function": row.function, "economic": row.economic, "gov_economic": row.gov_economic}
    return codes.get(kind) or ""


class ListFigures:
    """The figures of a list, by row (numbered as in the list) and column."""

    def __init__(self, grid: Grid, entry: FormList) -> None:
        self._columns = tuple(info.col for info in entry.columns.figures)
        self._figures: dict[tuple[int, int], Figure] = {}
        for index, row in enumerate(entry.rows):
            for col in self._columns:
                figure = parse_figure(grid.own_text(row.stub.row, col))
                if figure is not None:
                    self._figures[index, col] = figure

    def holds(self, whole: int, parts: Sequence[int]) -> bool | None:
        """Whether parts add up to a whole in every column, within rounding; None where no column prints both with a figure other than zero."""
        told = False
        for col in self._columns:
            total = self._figures.get((whole, col))
            figures = [figure for part in parts if (figure := self._figures.get((part, col)))]
            if total is None or not figures or not (total.amount or any(figure.amount for figure in figures)):
                continue
            decimals = max(figure.decimals for figure in (total, *figures))
            # Each printed figure is within half a last digit of the true one.
            possible = Decimal(len(figures) + 1).scaleb(-decimals) / 2
            if abs(total.amount - sum((figure.amount for figure in figures), Decimal(0))) > possible:
                return False
            told = True
        return told or None


def weighed(grid: Grid, entry: FormList, chart: Chart) -> FormList:
    """The list with codes found by name as sure as their sums make them. Printed codes stay as they are."""
    if entry.kind not in CHARTS or not any(row.code_from in ("name", "alias", "position") and row.code() for row in entry.rows):
        return entry
    figures, tree = ListFigures(grid, entry), code_tree(entry.rows, chart)
    sums: dict[int, list[bool]] = defaultdict(list)
    for code, parts in tree.parts.items():
        held = figures.holds(tree.row[code], parts)
        if held is not None:
            for index in (tree.row[code], *parts):
                sums[index].append(held)
    return replace(entry, rows=tuple(_weigh(row, sums.get(index, [])) for index, row in enumerate(entry.rows)))


def _weigh(row: MeantRow, sums: Sequence[bool]) -> MeantRow:
    if not sums or row.code_from not in ("name", "alias", "position") or row.line or not row.code():
        return row
    if all(sums) and not row.rivals:  # the sum of a class holds with its 款 as with the 项 of the same name
        return replace(row, confidence=max(row.confidence, HELD))
    little = row.read_as is not None or row.code_from != "name"
    return replace(row, confidence=min(row.confidence, FAILED)) if little and not any(sums) else row


def supported(grid: Grid, entry: FormList, chart: Chart, index: int, other: str) -> str:
    """Which of a row's printed code and the code of its printed name the sums support: "code", "name", or empty where they say nothing.

    Args: index: of the row in the list. other: the code whose name is printed.
    """
    figures, tree = ListFigures(grid, entry), code_tree(entry.rows, chart)
    own = code_in(entry.rows[index], chart.kind)

    def whole(code: str, parts_with: bool) -> bool | None:
        above = next((code[:width] for width in reversed(chart.widths) if width < len(code) and code[:width] in tree.row), None)
        if above is None or tree.row[above] == index:
            return None
        parts = [part for part in tree.parts.get(above, ()) if part != index]
        return figures.holds(tree.row[above], [*parts, index] if parts_with else parts)

    if own[:-2] == other[:-2]:
        return ""  # the same code is above both
    if whole(own, True) and whole(other, False) is not False:
        return "code"
    if whole(other, True) and whole(own, False) is not False:
        return "name"
    return ""
