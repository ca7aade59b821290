"""Which kind of form a table is: by its boxhead and stub, its title as further evidence.

The kinds are data (`forms.toml`); this module tells the features of a table's structure and weighs them. Features:
`money`, `no_money`, `pairs` (no boxhead), `indicators`, `lists:2+`, `list:KIND`, `m:MEASURE` (of a column), `m:basic_or_personnel`,
`cols:fund_sources3`, `class:301`/`gclass:501` (款 of a class as columns), `classes3`/`gclasses3` (three classes as columns), `many_economic`,
`many_gov_economic`, `line:LINE`, `three_public`, `headfund:FUND`, `titlefund:FUND`, `title…` and `head…` words, `stub:…`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.normalizer.domain.catalogue import Catalogue, FormRule
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import Layout
from services.normalizer.domain.lists import RawList
from services.normalizer.domain.words import name_key, plain
from shared.contracts.vocabulary import Measure, Scope

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
# Least evidence for a kind: a title that fits, or the structure that the kind needs.
_ENOUGH = 2.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """A kind of form with its scope and how sure; kind None where nothing fits."""

    kind: str | None
    scope: str | None
    confidence: float


def recognise(grid: Grid, layout: Layout, lists: Sequence[RawList], catalogue: Catalogue, title: str) -> Recognised:
    """The kind of form that the evidence supports best. Structure with a fitting title 1.0, structure alone .8, title alone .6."""
    features = frozenset(_features(grid, layout, lists, title))
    header = " ".join("/".join(info.path) for info in layout.columns)
    stub = " ".join(row.label.name for entry in lists for row in entry.rows)
    best, best_score, best_confidence = None, 0.0, 0.0
    for rule in catalogue.forms:
        score, confidence = _score(rule, features, header, stub, title)
        if score > best_score:
            best, best_score, best_confidence = rule, score, confidence
    if best is None or best_score < _ENOUGH:
        return Recognised(None, _scope(None, features, titled=False), 0.0)
    return Recognised(best.kind, _scope(best, features, titled=_titled(best, title)), best_confidence)


def _titled(rule: FormRule, title: str) -> bool:
    """Whether a title is one of the kind's."""
    return bool(title and rule.title and rule.title.search(title) and not (rule.title_not and rule.title_not.search(title)))


def _score(rule: FormRule, features: frozenset[str], header: str, stub: str, title: str) -> tuple[float, float]:
    if rule.never & features:
        return 0.0, 0.0
    structural = bool(rule.needs or rule.any_of)
    structure = structural and rule.needs <= features and (not rule.any_of or bool(rule.any_of & features))
    titled = _titled(rule, title)
    if title and rule.title_not and rule.title_not.search(title):
        return 0.0, 0.0
    if structural and not structure and not (titled and "no_money" in features):
        return (1.0, 0.0) if titled else (0.0, 0.0)
    words = sum(bool(pattern and pattern.search(text)) for pattern, text in ((rule.header, header), (rule.stub, stub)))
    score = 2.0 * structure + 3.0 * titled + 1.0 * words + rule.weight + 0.1 * len(rule.needs)
    if not structure and not titled and not words:
        return 0.0, 0.0
    confidence = 1.0 if titled and (structure or words) else 0.8 if structure and (words or not title) else 0.6
    return score, confidence


def _features(grid: Grid, layout: Layout, lists: Sequence[RawList], title: str) -> Iterator[str]:
    figures = layout.figure_columns()
    has_money = bool(figures)
    yield "money" if has_money else "no_money"
    if grid.header_rows == 0:
        yield "pairs"
    texts = " ".join(plain(cell.text) for cell in grid.table.cells if len(cell.text) < 30)
    header = " ".join("/".join(info.path) for info in layout.columns)
    if _INDICATORS.search(header) or (grid.header_rows == 0 and _INDICATORS.search(texts)):
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
    if "专项名称" in header:
        yield "special_funds"


def _scope(rule: FormRule | None, features: frozenset[str], *, titled: bool) -> str | None:
    """The kind's own scope; else what the title says. An expenditure form of unknown funds has none."""
    if rule is not None and rule.scope:
        return rule.scope if titled or not rule.scope_needs or rule.scope_needs & features else None
    if "titlefund:general_public_budget" in features:
        return Scope.GENERAL_BASIC if "titlebasic" in features else Scope.GENERAL
    for fund, scope in (
        ("government_fund", Scope.GOVERNMENT_FUND),
        ("state_capital", Scope.STATE_CAPITAL),
        ("fiscal_account", Scope.FISCAL_ACCOUNT),
        ("fiscal_appropriation", Scope.FISCAL),
    ):
        if f"titlefund:{fund}" in features:
            return scope
    return None
