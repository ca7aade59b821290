"""The layout of a table: which columns are stubs, which hold figures, and which lists (stub + figures) stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.columns import STUB_KINDS, Head, read_head
from services.normalizer.domain.figures import is_integer, is_nothing, looks_like_money, parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.words import plain
from shared.contracts.vocabulary import Measure

# A column whose head says nothing holds figures if most of its texts are figures: real figure columns read above .9, columns of words
# with a stray number below .3.
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column: its header path, what the path says, and its kind after looking at the content (`figure`, a stub's kind, or no money).

    `sure`: how sure its code is, by the evidence of the heading.
    """

    col: int
    path: tuple[str, ...]
    head: Head
    kind: str
    economic: str | None = None
    gov_economic: str | None = None
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class ListColumns:
    """A list inside a form: its stub columns and its figure columns, from left to right."""

    index: int
    stub: tuple[ColumnInfo, ...]
    figures: tuple[ColumnInfo, ...]

    def stub_of(self, *kinds: str) -> tuple[ColumnInfo, ...]:
        """The stub's columns of some kinds."""
        return tuple(info for info in self.stub if info.kind in kinds)


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of a table, and its lists."""

    columns: tuple[ColumnInfo, ...]
    lists: tuple[ListColumns, ...]

    def figure_columns(self) -> tuple[ColumnInfo, ...]:
        """The columns of money, from left to right."""
        return tuple(info for info in self.columns if info.kind == "figure")


def read_layout(grid: Grid, catalogue: Catalogue) -> Layout:
    """Kinds of all columns from header paths and content, then the lists."""
    infos = [_column(grid, catalogue, col) for col in range(grid.table.n_cols)]
    infos = _before_figures(grid, _narrow_codes(grid, infos))
    infos = _whole_groups(_stages(infos))
    return Layout(tuple(infos), tuple(_lists(infos)))


def _texts(grid: Grid, col: int) -> list[str]:
    """The texts that start in a column below the boxhead, in cells of one column."""
    found = []
    for row in grid.body:
        cell = grid.anchored.get((row, col))
        if cell is not None and not is_nothing(cell.text) and row not in grid.number_rows:
            found.append(cell.text)
    return found


def _column(grid: Grid, catalogue: Catalogue, col: int) -> ColumnInfo:
    path = grid.paths[col]
    head = read_head(catalogue, path)
    return ColumnInfo(col, path, head, _kind(head, _texts(grid, col), has_boxhead=grid.header_rows > 0))


def _kind(head: Head, texts: Sequence[str], *, has_boxhead: bool) -> str:
    figures = sum(parse_figure(text) is not None for text in texts)
    money = sum(looks_like_money(text) for text in texts)
    share = figures / len(texts) if texts else 0.0
    if head.kind == "name" and money and share >= _MOSTLY:
        return "figure"
    if head.kind in ("number", "code", "class", "section", "item") and money and share >= _MOSTLY:
        return "figure"
    if head.kind:
        return head.kind
    if head.measure or head.fund or head.line:
        return "figure"
    if not texts:
        return "figure" if has_boxhead and head.name else "blank"
    if share < _MOSTLY:
        return "name"
    if money:
        return "figure"
    return "number" if _running(texts) else "figure" if has_boxhead else "integers"


def _before_figures(grid: Grid, infos: list[ColumnInfo]) -> list[ColumnInfo]:
    """A blank column of an unknown head left of all certain figures belongs to the stub (a template's 采购项目, 购买内容)."""
    certain = [
        info.col
        for info in infos
        if info.kind == "figure" and (info.head.measure or info.head.fund or info.head.line or _texts(grid, info.col))
    ]
    first = min(certain, default=0)
    return [replace(info, kind="text") if info.kind == "figure" and info.col < first else info for info in infos]


def _running(texts: Sequence[str]) -> bool:
    """Running numbers: each one more than the one before."""
    numbers = [int(plain(text)) for text in texts if is_integer(text)]
    return len(numbers) >= 3 and len(numbers) == len(texts) and all(b - a == 1 for a, b in pairwise(numbers))


def _narrow_codes(grid: Grid, infos: list[ColumnInfo]) -> list[ColumnInfo]:
    """Code columns below one undivided head that print 类, 款, 项 apart: three digits, then two, then two."""
    result = list(infos)
    for start, info in enumerate(infos):
        group = [other for other in infos[start : start + 3] if other.kind == "code" and other.path == info.path]
        if info.kind != "code" or len(group) < 2 or (start and infos[start - 1].path == info.path):
            continue
        widths = [{len(plain(text)) for text in _texts(grid, other.col) if is_integer(text)} for other in group]
        if widths[0] == {3} and all(width <= {2} for width in widths[1:]):
            for other, kind in zip(group, ("class", "section", "item"), strict=False):
                result[other.col] = replace(other, kind=kind)
    return result


def _stages(infos: list[ColumnInfo]) -> list[ColumnInfo]:
    """预算数 means a stage only beside 决算数; alone it is the form's only amount (or total). An earlier year beside a later one is 上年数."""
    measures = {info.head.measure for info in infos if info.kind == "figure"}
    years = {info.head.year for info in infos if info.kind == "figure" and info.head.year}
    both = len(measures & {Measure.BUDGET, Measure.ADJUSTED_BUDGET, Measure.FINAL}) > 1
    balances = bool(measures & {Measure.OPENING_BALANCE, Measure.CLOSING_BALANCE})
    result = []
    for info in infos:
        head = info.head
        if info.kind == "figure" and not both and head.measure in (Measure.BUDGET, Measure.ADJUSTED_BUDGET, Measure.FINAL):
            head = replace(head, measure=Measure.TOTAL if head.total else Measure.AMOUNT)
        if info.kind == "figure" and head.year and len(years) > 1 and head.year < max(years) and head.measure in _PLAIN:
            head = replace(head, measure=Measure.PREVIOUS_YEAR)
        if info.kind == "figure" and balances and head.total and head.group in _SIDES and head.measure == Measure.TOTAL:
            head = replace(head, measure=_SIDES[head.group])
        result.append(replace(info, head=head))
    return result


def _whole_groups(infos: list[ColumnInfo]) -> list[ColumnInfo]:
    """A head that says only 其中, over parts that are the whole by definition (基本 and 项目支出; three kinds of funds), is no group."""
    result = list(infos)
    for info in infos:
        level = next((index for index, text in enumerate(info.path[:-1]) if _BARE_OF_WHICH.match(text)), None)
        if level is None or info.kind != "figure":
            continue
        group = [other for other in infos if other.kind == "figure" and other.path[: level + 1] == info.path[: level + 1]]
        if {Measure.BASIC, Measure.PROJECT} <= {other.head.measure for other in group} or len(
            {other.head.fund for other in group} - {None}
        ) >= 3:
            result[info.col] = replace(info, path=info.path[:level] + info.path[level + 1 :])
    return result


_BARE_OF_WHICH = re.compile(r"^其中[:,]?$")
_SIDES: dict[str, str] = {"income": Measure.INCOME, "expenditure": Measure.EXPENDITURE}
_PLAIN = frozenset({Measure.AMOUNT, Measure.TOTAL, Measure.BUDGET, Measure.FINAL})


def _lists(infos: Sequence[ColumnInfo]) -> list[ListColumns]:
    """A new list starts where a stub's name or code stands right of figures. Columns of words right of figures belong to no stub."""
    lists: list[ListColumns] = []
    stub: list[ColumnInfo] = []
    figures: list[ColumnInfo] = []

    def close() -> None:
        if figures:
            lists.append(ListColumns(len(lists), tuple(stub), tuple(figures)))

    for position, info in enumerate(infos):
        if info.kind == "figure":
            figures.append(info)
        elif info.kind in STUB_KINDS:
            if figures and _figures_follow(infos, position):
                close()
                stub, figures = [], []
            if not figures:
                stub.append(info)
        elif info.kind in ("text", "count", "percent") and not figures:
            stub.append(info)
    close()
    if not lists and stub:
        lists.append(ListColumns(0, tuple(stub), ()))
    return lists


def _figures_follow(infos: Sequence[ColumnInfo], position: int) -> bool:
    """Whether figures stand right of a stub's column before any column of words that no stub has."""
    return any(info.kind == "figure" for info in infos[position + 1 :])
