"""The features of a table's structure by which its kind is recognised (`needs`, `any`, `never` of forms.toml).

`money`, `no_money`; `pairs` (no boxhead); `indicators`, `unit_performance`; `lists:2+`, `list:KIND`; `m:MEASURE` of a column,
`m:basic_or_personnel`; `cols:fund_sources3`; `class:301` and `gclass:501` (款 of a class, or the class itself with its 款, as columns),
`classes3` and `gclasses3` (three classes as columns), `many_economic`, `many_gov_economic`; `line:LINE` of a column, `three_public` (two of
them); `titlefund:FUND` and `headfund:FUND` (the only fund that the heads name), `titlefund:fiscal_only`, `head:fiscal_parts`; `titlebasic`,
`titleoperating`, `titlemeetings`, `titlespecial`, `headmeetings`; `procurement`, `purchased_services`, `special_funds`, `transfers`, `assets`;
`stub:other_income`, `stub:government_fund_first`, `stub:projects`, `stub:basic_and_project`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import Layout
from services.normalizer.domain.lists import RawList
from services.normalizer.domain.words import name_key, plain
from shared.contracts.vocabulary import Measure

_FUNDS = (
    ("general_public_budget", re.compile(r"一般公共预算|公共财政(?:预算|拨款)")),
    ("government_fund", re.compile(r"政府性基金")),
    ("state_capital", re.compile(r"国有资(?:本|产)经营")),
    ("fiscal_account", re.compile(r"财政专户")),
    ("fiscal_appropriation", re.compile(r"财政拨款")),
)
_TITLE_WORDS = (
    ("titlebasic", re.compile(r"基本支出")),
    ("titleoperating", re.compile(r"机关运行经费")),
    ("titlemeetings", re.compile(r"会议费|培训费")),
    ("titlespecial", re.compile(r"专项资金")),
)
_INDICATORS = re.compile(r"指标值|三级指标|绩效指标|绩效目标")
_OTHER_INCOME = re.compile(r"非财政拨款|实户资金|其他资金|事业收入|经营收入|上级补助|上级单位补助|附属单位|其他收入|单位资金|专户")


def features_of(grid: Grid, layout: Layout, lists: Sequence[RawList], title: str) -> frozenset[str]:
    """All features that a table shows, with its title in plain text."""
    return frozenset(_features(grid, layout, lists, title))


def _features(grid: Grid, layout: Layout, lists: Sequence[RawList], title: str) -> Iterator[str]:
    figures = layout.figure_columns()
    has_money = bool(figures)
    yield "money" if has_money else "no_money"
    if grid.header_rows == 0:
        yield "pairs"
    header = " ".join("/".join(info.path) for info in layout.columns)
    # All texts of the table speak only where it has no boxhead, or one of indicators.
    whole = grid.header_rows == 0 or bool(_INDICATORS.search(header))
    texts = " ".join(plain(cell.text) for cell in grid.table.cells if len(cell.text) < 30) if whole else ""
    if _INDICATORS.search(header) or (grid.header_rows == 0 and (_INDICATORS.search(texts) or "绩效" in title)):
        yield "indicators"
    if len(lists) > 1:
        yield "lists:2+"
    for entry in lists:
        yield f"list:{entry.kind}"
    yield from _column_features(layout)
    yield from _word_features(header, title)
    names = [name_key(row.label.name) for entry in lists for row in entry.rows]
    if any(_OTHER_INCOME.search(name) for entry in lists if entry.kind == "income" for name in (row.label.name for row in entry.rows)):
        yield "stub:other_income"
    if "财政拨款" in header or len({info.head.fund for info in figures if info.head.fund}) >= 2:
        yield "head:fiscal_parts"
    if names and names[0].startswith("政府性基金"):
        yield "stub:government_fund_first"
    if {"基本支出", "项目支出"} <= set(names):
        yield "stub:basic_and_project"
    if any(entry.kind == "project" for entry in lists):
        yield "stub:projects"
    if re.search(r"整体支出|部门\(单位\)名称|年度主要任务|部门整体|单位整体", texts + header) and _INDICATORS.search(texts + header):
        yield "unit_performance"


def _column_features(layout: Layout) -> Iterator[str]:
    figures = layout.figure_columns()
    measures = {str(info.head.measure) for info in figures}
    for measure in sorted(measures):
        yield f"m:{measure}"
    if measures & {Measure.BASIC, Measure.PERSONNEL}:
        yield "m:basic_or_personnel"
    if len({info.head.fund for info in figures if info.head.fund}) >= 3:
        yield "cols:fund_sources3"
    lines = {info.head.line for info in figures if info.head.line}
    for line in sorted(lines):
        yield f"line:{line}"
    if sum(line.startswith("three_public.") for line in lines) >= 2:
        yield "three_public"
    for name, codes in (
        ("class", [i.economic for i in figures if i.economic]),
        ("gclass", [i.gov_economic for i in figures if i.gov_economic]),
    ):
        below = Counter(code[:3] for code in codes if len(code) > 3)
        for code, count in sorted(below.items()):
            if count >= 2 or (name == "gclass" and any(other == code for other in codes)):
                yield f"{name}:{code}"
        for code in sorted(set(codes)):
            if len(code) > 3:
                yield f"{name}:{code}"
        if len({code for code in codes if len(code) == 3}) >= 3 and not any(len(code) > 3 for code in codes):
            yield f"{name}es3"
        if len(codes) >= 4:
            yield "many_economic" if name == "class" else "many_gov_economic"


def _word_features(header: str, title: str) -> Iterator[str]:
    for fund, pattern in _FUNDS:
        if pattern.search(title):
            yield f"titlefund:{fund}"
    if _FUNDS[-1][1].search(title) and not any(pattern.search(title) for _, pattern in _FUNDS[:-1]):
        yield "titlefund:fiscal_only"
    found = [fund for fund, pattern in _FUNDS[:4] if pattern.search(header)]
    if len(found) == 1:
        yield f"headfund:{found[0]}"
    for word, pattern in _TITLE_WORDS:
        if pattern.search(title):
            yield word
    if re.search(r"采购(?:品目|目录|项目|数量|方式|金额|预算)", header):
        yield "procurement"
    if "购买服务" in header and "采购" not in header:
        yield "purchased_services"
    if re.search(r"会议/培训|会议名称|培训名称|会议费.*培训费", header):
        yield "headmeetings"
    if re.search(r"对下|转移支付", title) and not re.search(r"收支|收入|基本支出", title):
        yield "transfers"
    if re.search(r"资产(?:名称|类别|分类)", header):
        yield "assets"
    if "专项名称" in header:
        yield "special_funds"
