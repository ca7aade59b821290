"""Money in tables without a boxhead: forms of label-value pairs (绩效目标表), remains of a form whose header is lost.

A figure's label is the nearest words left of it in its row, or above it in its column. Only money labels make money: indicator values
(≤, =, %, 人, 次) are none, even where they repeat an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.normalizer.domain.catalogue import Catalogue, LineRule
from services.normalizer.domain.figures import looks_like_money, parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.words import name_key, plain
from shared.contracts.extracted import Cell
from shared.contracts.vocabulary import Measure

_INDICATOR_HEAD = re.compile(r"^(?:指标值|一级指标|二级指标|三级指标|指标内容|目标值)$")
_PROJECT = re.compile(r"^(?:\(?项目\)?名称|专项名称|专项\(项目\)名称|项目\(专项\)名称|专项资金名称|项目名)$")
_MONEY = re.compile(r"资金|金额|经费|支出|预算|拨款|总额|收入|结转|自筹|补助|合计|投资|财政")
_UNIT = re.compile(r"(元|千元|万元|亿元)\)?$")
_UNIT_TAIL = re.compile(r"\((?:单位:?)?(?:元|千元|万元|亿元)\)$")
# Columns of a self-evaluation beside its money: 分值 10, 执行率 95%, 得分 9.50.
_SCORE = re.compile(r"分值|得分|权重|执行率|完成率|评分|偏差")
_STAGES = (
    (re.compile(r"执行数|决算数|实际支出|支出数"), Measure.FINAL),
    (re.compile(r"全年预算|调整(?:后)?预算"), Measure.ADJUSTED_BUDGET),
    (re.compile(r"^年初预算"), Measure.BUDGET),
)
_ANNUAL = re.compile(r"^(?:年度|当年|本年)")
_YEARLY_COLUMN = re.compile(r"年度(?:资金)?(?:总额)?|当年|本年")


@dataclass(frozen=True, slots=True)
class Pair:
    """A money figure with its label.

    `line`: what its label means; `row_line`: the total that its row is in a table of tasks; `project`: the project or task it is of;
    `tabular`: the meaning comes from the head above it (a table of tasks inside the form), else from the label left of it.
    """

    cell: Cell
    label: str
    line: LineRule | None
    row_line: LineRule | None
    measure: str
    project: str | None
    unit: str | None
    tabular: bool


def money_pairs(grid: Grid, catalogue: Catalogue) -> tuple[list[Pair], list[tuple[Cell, str]]]:
    """The money figures of a table without boxhead, and the figures that are none, each with the reason."""
    found: list[Pair] = []
    other: list[tuple[Cell, str]] = []
    project: str | None = None
    indicators = False
    for row in range(grid.table.n_rows):
        cells = grid.by_row.get(row, ())
        named = _project(cells)
        if named is not None:
            project, indicators = named or None, False
        indicators = indicators or any(_INDICATOR_HEAD.match(plain(cell.text)) for cell in cells)
        for cell in cells:
            if parse_figure(cell.text) is None:
                continue
            pair = None if indicators else _pair(grid, catalogue, cell, project)
            if pair:
                found.append(pair)
            else:
                other.append((cell, "indicator" if indicators else "no money label"))
    return found, other


def _project(cells: tuple[Cell, ...]) -> str | None:
    """The project that a row names; empty where the label stands without a name, None where the row names none."""
    for index, cell in enumerate(cells):
        if _PROJECT.match(plain(cell.text).rstrip(":")):
            return next((other.text.strip() for other in cells[index + 1 :] if other.text.strip()), "")
    return None


def _pair(grid: Grid, catalogue: Catalogue, cell: Cell, project: str | None) -> Pair | None:
    left = list(_left_words(grid, cell))
    above = list(_above_words(grid, cell))
    if not any(_MONEY.search(plain(word)) for word in (*left, *above[:2])) or (above and _SCORE.search(plain(above[0]))):
        return None
    stage = next((measure for pattern, measure in _STAGES if above and pattern.search(plain(above[0]))), None)
    row_line = _line(catalogue, left[0]) if left else None
    if stage is not None and row_line is not None:
        return Pair(cell, left[0], row_line, None, str(stage), project, _words_unit([*above[:1], *left]), False)
    head = _line(catalogue, above[0]) if above else None
    if head is not None and left:
        label = left[0]
        task = None if row_line else label
        return Pair(cell, label, head, row_line, _measure(grid, cell, above[0]), project or task, _words_unit([*above, *left]), True)
    named = next(((word, rule) for word in left if (rule := _line(catalogue, word)) is not None), None)
    if named is None and not looks_like_money(cell.text):
        return None
    label, line = named if named else (left[0] if left else "", None)
    return Pair(cell, label, line, None, _measure(grid, cell, label), project, _words_unit([*left, *above[:1]]), False)


def _line(catalogue: Catalogue, word: str) -> LineRule | None:
    """The money line that a label means, without the unit it may print."""
    return catalogue.line(_UNIT_TAIL.sub("", name_key(word)), "performance")


def _measure(grid: Grid, cell: Cell, label: str) -> str:
    annual = bool(_ANNUAL.match(name_key(label))) or _annual_column(grid, cell)
    return str(Measure.ANNUAL_FUNDS if annual else Measure.PERFORMANCE_FUNDS)


def _left_words(grid: Grid, cell: Cell) -> Iterator[str]:
    """The words left of a cell in its row, the nearest first."""
    seen = {id(cell)}
    for col in range(cell.col - 1, -1, -1):
        other = grid.covering.get((cell.row, col))
        if other is None or id(other) in seen:
            continue
        seen.add(id(other))
        if other.text.strip() and parse_figure(other.text) is None:
            yield other.text.strip()


def _above_words(grid: Grid, cell: Cell) -> Iterator[str]:
    """The words above a cell in its column, the nearest first; blank cells and figures between are passed over."""
    seen: set[int] = set()
    for row in range(cell.row - 1, -1, -1):
        other = grid.covering.get((row, cell.col))
        if other is None or id(other) in seen:
            continue
        seen.add(id(other))
        text = other.text.strip()
        if text and parse_figure(text) is None:
            yield text


def _annual_column(grid: Grid, cell: Cell) -> bool:
    """The right half of a two-half form: the first label of its block says 年度."""
    for row in range(cell.row, max(-1, cell.row - 8), -1):
        for col in range(cell.col - 1, -1, -1):
            other = grid.covering.get((row, col))
            if other is None or other.row != row:
                continue
            if parse_figure(other.text) is not None:
                break
            text = plain(other.text)
            if _YEARLY_COLUMN.match(text) and "总额" in text:
                return True
            if "实施期" in text:
                return False
            if text:
                break
    return False


def _words_unit(words: list[str]) -> str | None:
    for word in words:
        found = _UNIT.search(plain(word))
        if found and ("(" in plain(word) or "单位" in word):
            return found.group(1)
    return None
