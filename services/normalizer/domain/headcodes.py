"""Codes and income lines that column heads name: wide forms by economic class, income by source.

The same words stand in two charts (工资福利支出 is 301, or 50501 beside 对事业单位经常性补助): one chart is chosen for the whole table, by
the title or by the names that only one of them has; then a name is looked for below its group's class first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.charts import Chart, Hit
from services.normalizer.domain.columns import Head, is_head, strip_head
from services.normalizer.domain.layout import ColumnInfo, Layout, ListColumns
from shared.contracts.vocabulary import Measure

# "按项目管理的商品和服务支出" and "一般商品和服务支出" are 商品和服务支出, split by basic and project.
_PREFIX = re.compile(r"^(?:按项目管理的?|一般(?=商品))")
_CODE_IN_HEAD = re.compile(r"^(\d{3}(?:\d{2})?)(?!\d)")
_GOVERNMENT = re.compile(r"政府(?:预算)?(?:支出)?经济")
_DEPARTMENT = re.compile(r"部门(?:预算)?(?:支出)?经济")
# From this many names on, heads that are also lines of the 三公 form (公务接待费 …) are taken for economic codes.
_WIDE = 4
# Sources of income that are no funds of a budget: two of them as columns make a form of income.
_OWN_INCOME = re.compile(r"^(?:事业收入|(?:事业单位)?经营收入|上级(?:单位)?补助收入|附属单位上缴收入|其他收入)")
_OPENING_LINES = {
    "general_public_budget": "carry_over_opening.general",
    "government_fund": "carry_over_opening.government_fund",
    "state_capital": "carry_over_opening.state_capital",
    "social_insurance": "carry_over_opening.social_insurance",
    "fiscal_account": "carry_over_opening.fiscal_account",
    "unit_funds": "carry_over_opening.unit_funds",
}


def with_codes(layout: Layout, catalogue: Catalogue, title: str) -> Layout:
    """The layout with economic codes, income lines and the measures that follow from them."""
    columns = {info.col: info for info in layout.columns}
    figures = layout.figure_columns()
    named = [info for info in figures if _may_name_class(info)]
    chart = _choose_chart(catalogue, named, title)
    if chart is not None:
        _set_codes(columns, named, chart, catalogue)
    if _is_income(layout, title):
        _set_income(columns, figures, catalogue)
    for info in list(columns.values()):
        columns[info.col] = _finish(info)
    lists = tuple(
        ListColumns(entry.index, tuple(columns[i.col] for i in entry.stub), tuple(columns[i.col] for i in entry.figures))
        for entry in layout.lists
    )
    return Layout(tuple(columns[info.col] for info in layout.columns), lists)


def _may_name_class(info: ColumnInfo) -> bool:
    """Heads that name no measure or fund of their own (those of the 三公 form may: 公务接待费 is also 30217)."""
    head = info.head
    own_line = head.line is not None and head.line.startswith("three_public.") and head.group not in ("three_public", "vehicles")
    if head.total:
        return len(info.path) > 1
    return bool(head.name) and not head.fund and (head.measure is None or own_line or _inherited(info))


def _inherited(info: ColumnInfo) -> bool:
    """The measure comes from a group above (基本支出 / 工资福利支出), not from the innermost element."""
    return len(info.path) > 1 and info.head.measure in (Measure.BASIC, Measure.PROJECT, Measure.PERSONNEL, Measure.PUBLIC)


@lru_cache(maxsize=8192)
def class_name(text: str) -> str:
    """A head's name of a class, without year, unit and the words that split it by basic and project."""
    return _PREFIX.sub("", strip_head(text))


def _group_class(info: ColumnInfo, chart: Chart) -> str:
    """The class that a group above names; empty where none does."""
    for text in reversed(info.path[:-1]):
        hit = chart.by_name(class_name(text), level=1)
        if hit:
            return hit.code
    return ""


def _leaf(info: ColumnInfo) -> str:
    return info.path[-2] if info.head.total else info.path[-1]


def _choose_chart(catalogue: Catalogue, named: Sequence[ColumnInfo], title: str) -> Chart | None:
    """The chart whose names the heads are; None where fewer than two heads are names of codes."""
    scores: dict[str, int] = {}
    for kind in ("economic", "gov_economic"):
        chart = catalogue.chart(kind)
        leaves = sum(bool(chart.candidates(class_name(_leaf(info))) or _printed(info, chart)) for info in named if not info.head.total)
        scores[kind] = leaves + len({group for info in named if (group := _group_class(info, chart))})
    if max(scores.values()) < 2:
        return None
    if _GOVERNMENT.search(title) and scores["gov_economic"] >= 2:
        return catalogue.gov_economic
    if _DEPARTMENT.search(title) and scores["economic"] >= 2:
        return catalogue.economic
    return catalogue.gov_economic if scores["gov_economic"] > scores["economic"] else catalogue.economic


def _printed(info: ColumnInfo, chart: Chart) -> Hit | None:
    """A code printed in the head itself (30101基本工资)."""
    found = _CODE_IN_HEAD.match(info.path[-1])
    return chart.printed(found.group(1), info.path[-1][found.end() :]) if found else None


def _set_codes(columns: dict[int, ColumnInfo], named: Sequence[ColumnInfo], chart: Chart, catalogue: Catalogue) -> None:
    level = _common_level(named, chart)
    wide = sum(bool(chart.candidates(class_name(_leaf(info)))) for info in named if not info.head.total) >= _WIDE
    found = {
        info.col: hit
        for info in named
        if (wide or not info.head.line) and (hit := _printed(info, chart) or _column_code(info, chart, level))
    }
    parents = {chart.codes[hit.code].parent for hit in found.values() if hit.code in chart.codes and chart.level(hit.code) > 1} - {None}
    for info in named:
        hit = found.get(info.col) or (None if is_head(catalogue, info.path[-1]) else _misspelt(info, chart, parents, level))
        if hit is None or (info.head.line and not wide):
            continue
        head = replace(info.head, line=None, measure=info.head.measure if _inherited(info) or _nature(info) else Measure.CLASS)
        economic, gov = (hit.code, info.gov_economic) if chart.kind == "economic" else (info.economic, hit.code)
        columns[info.col] = replace(info, economic=economic, gov_economic=gov, head=head, sure=hit.confidence)


def _misspelt(info: ColumnInfo, chart: Chart, parents: set[str | None], level: int) -> Hit | None:
    """The code of a head with a slip in it: beside the other heads' codes."""
    beside = tuple(sorted(parent for parent in parents if parent)) or (("",) if level == 1 else ())
    return chart.by_spelling(class_name(_leaf(info)), beside) if beside and not info.head.total and not info.head.line else None


def _nature(info: ColumnInfo) -> bool:
    return info.head.measure in (Measure.BASIC, Measure.PROJECT)


def _common_level(named: Sequence[ColumnInfo], chart: Chart) -> int:
    """The level at which most of the heads are codes: classes in summaries, 款 in breakdowns."""
    levels: Counter[int] = Counter()
    for info in named:
        levels.update({chart.level(found.code) for found in chart.candidates(class_name(_leaf(info)))})
    return max(sorted(levels), key=lambda level: levels[level]) if levels else 0


def _column_code(info: ColumnInfo, chart: Chart, level: int) -> Hit | None:
    name = class_name(_leaf(info))
    if info.head.total:
        return chart.by_name(name, level=1)
    group = _group_class(info, chart)
    return (chart.by_name(name, within=group) if group else None) or chart.by_name(name, level=level) or chart.by_name(name)


def _is_income(layout: Layout, title: str) -> bool:
    """Whether the columns are sources of income: a group says so, or the title does and no head names a kind of expenditure."""
    figures = layout.figure_columns()
    if any(info.head.measure in (Measure.BASIC, Measure.PROJECT, Measure.PERSONNEL) for info in figures):
        return False
    if any(info.head.group == "income" for info in figures) and len(layout.lists) == 1:
        return True
    if "收入" in title and "支出" not in title and "收支" not in title:
        return True
    return len(layout.lists) == 1 and sum(bool(_OWN_INCOME.search(info.head.name)) for info in figures) >= 2


def _set_income(columns: dict[int, ColumnInfo], figures: Sequence[ColumnInfo], catalogue: Catalogue) -> None:
    for original in figures:
        info = columns[original.col]
        head = info.head
        if head.total or not head.name or info.economic or info.gov_economic or head.measure == Measure.OPENING_BALANCE:
            continue
        rule = catalogue.line(class_name(info.path[-1]), "income")
        if rule and rule.role in ("item", "of_which"):
            line = rule.id
            if rule.id == "income.social_insurance" and any("上级财政补助" in text for text in info.path[:-1]):
                line = "income.superior_fiscal_subsidy.social_insurance"
            columns[info.col] = replace(info, head=replace(head, measure=Measure.INCOME_SOURCE, line=line, fund=head.fund or rule.fund))


def _finish(info: ColumnInfo) -> ColumnInfo:
    """What no rule names gets the measure `other`; a carry-over column of one fund gets that fund's line."""
    if info.kind != "figure":
        return info
    head: Head = info.head
    if head.measure == Measure.OPENING_BALANCE and head.fund in _OPENING_LINES and head.line == "carry_over_opening":
        head = replace(head, line=_OPENING_LINES[head.fund])
    if head.measure is None and head.fund:
        head = replace(head, measure=Measure.FUND_SOURCE)
    unnamed = Measure.OTHER if info.path else Measure.AMOUNT
    return replace(info, head=replace(head, measure=str(head.measure or unnamed)))
