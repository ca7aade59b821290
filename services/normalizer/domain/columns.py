"""What a header path says about its column: kind of column, measure, fund, line, year, unit.

The rules are data (`heads.toml`); this module only combines what the elements of one path say: the innermost element counts first, a total
takes its meaning from the group above it, funds and lines are inherited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.normalizer.domain.catalogue import Catalogue, HeadRule
from shared.contracts.vocabulary import Measure

STUB_KINDS = frozenset({"class", "section", "item", "code", "name", "number"})
_UNIT = re.compile(r"\((?:单位:?)?(?:人民币)?(元|千元|万元|亿元)\)|(?<=单位:)(元|千元|万元|亿元)")
_YEAR = re.compile(r"^(?:其中[:,]?)?(20\d\d)(?:年度?)?")
_TAIL = re.compile(r"(?<=.)(?:预算数|决算数|支出数|预算金额|金额|预算安排数?)$")
_OF_WHICH = re.compile(r"^其中[:,]?")
STAGES = (Measure.BUDGET, Measure.ADJUSTED_BUDGET, Measure.FINAL)
_GENERIC = frozenset({Measure.AMOUNT, Measure.INCOME, Measure.EXPENDITURE, *STAGES})
_NATURE = frozenset(
    {
        Measure.BASIC,
        Measure.PROJECT,
        Measure.OPENING_BALANCE,
        Measure.CLOSING_BALANCE,
        Measure.CURRENT_YEAR,
        Measure.CARRIED_FORWARD,
        Measure.PREVIOUS_YEAR,
        Measure.OPERATING,
        Measure.PERSONNEL,
        Measure.PUBLIC,
    }
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a header path says. `kind`: class, section, item, code, name, number, count, percent, text; None: figures, or undecided.

    `measure` None: the path says nothing known. `total`: the column is the total of its group. `group` marks known groups
    (income, expenditure, three_public, vehicles). `name` is the innermost element stripped of year, unit and 其中.
    """

    kind: str | None = None
    measure: str | None = None
    fund: str | None = None
    line: str | None = None
    year: int | None = None
    unit: str | None = None
    total: bool = False
    name: str = ""
    group: str = ""


@lru_cache(maxsize=8192)
def strip_head(text: str) -> str:
    """An element without leading year, 其中, unit in brackets and the words 预算数, 决算数, 金额 at its end."""
    text = _OF_WHICH.sub("", _UNIT.sub("", text))
    text = _YEAR.sub("", text)
    return _TAIL.sub("", text) or text


@lru_cache(maxsize=8192)
def element(catalogue: Catalogue, text: str, leaf: bool) -> HeadRule | None:
    """The first rule that fits an element of a header path, as printed or stripped."""
    short = strip_head(text)
    for rule in catalogue.heads:
        if rule.only_leaf and not leaf:
            continue
        if rule.pattern.search(text) or (short != text and not rule.raw and rule.pattern.search(short)):
            return rule
        if rule.raw and short != text and rule.kind is None and rule.pattern.search(_YEAR.sub("", text)):
            return rule
    return None


def is_head(catalogue: Catalogue, text: str) -> bool:
    """Whether the rules know a text as a head of some kind."""
    return element(catalogue, text, leaf=True) is not None


def head_sort(catalogue: Catalogue, text: str) -> str:
    """Of which sort a head is: "stub", "figures" or "other"; empty where the rules do not know the text."""
    rule = element(catalogue, text, True)
    if rule is None:
        return ""
    if rule.kind is None:
        return "figures"
    return "stub" if rule.kind in STUB_KINDS else "other"


@lru_cache(maxsize=8192)
def read_head(catalogue: Catalogue, path: tuple[str, ...]) -> Head:
    """What a whole header path says."""
    if not path:
        return Head()
    rules = [element(catalogue, text, index == len(path) - 1) for index, text in enumerate(path)]
    last, upper = rules[-1], [rule for rule in reversed(rules[:-1]) if rule is not None]
    year, unit = _year(path), _unit(path)
    name = strip_head(path[-1])
    if last is not None and last.kind:
        return Head(kind=last.kind, name=name, unit=unit, year=year)
    fund = next((rule.fund for rule in (last, *upper) if rule is not None and rule.fund), None)
    group = next((rule.group for rule in (last, *upper) if rule is not None and rule.group), None) or ""
    line = next((rule.line for rule in (last, *upper) if rule is not None and rule.line), None)
    total = last is not None and last.total
    if last is None and (not name or _YEAR.fullmatch(path[-1])):
        return Head(measure=_upper_measure(upper) or Measure.AMOUNT, fund=fund, line=line, year=year, unit=unit, name=name, group=group)
    measure: str | None
    if total:
        measure = _total_measure(upper) if upper or len(path) == 1 else Measure.SUBTOTAL
        return Head(measure=measure, fund=fund, line=line, year=year, unit=unit, total=True, name=name, group=group)
    if last is None:
        outer = _nature(upper)
        return Head(measure=outer, line=line if outer else None, fund=fund, year=year, unit=unit, name=name, group=group)
    measure = last.measure
    if measure in (Measure.FUND_SOURCE, *_GENERIC):
        measure = _nature(upper) or measure
    if measure in (Measure.AMOUNT,):
        measure = next((rule.measure for rule in upper if rule.measure in STAGES), None) or measure
    return Head(measure=measure, fund=fund, line=line, year=year, unit=unit, name=name, group=group)


def _upper_measure(upper: list[HeadRule]) -> str | None:
    return next((rule.measure for rule in upper if rule.measure and rule.measure not in (Measure.INCOME, Measure.EXPENDITURE)), None)


def _nature(upper: list[HeadRule]) -> str | None:
    """The nature of the expenditure that the groups above say; basic and project before their parts, so that forms can be compared."""
    natures = [rule.measure for rule in upper if rule.measure in _NATURE]
    whole = [measure for measure in natures if measure in (Measure.BASIC, Measure.PROJECT)]
    return next(iter(whole or natures), None)


def _total_measure(upper: list[HeadRule]) -> str:
    """The measure of a total: that of the group it sums, where the group has one of its own; else the total of all."""
    for rule in upper:
        if rule.measure in STAGES:
            return str(rule.measure)
        if rule.measure and rule.measure not in _GENERIC:
            return rule.measure
        if rule.line and rule.measure:
            stage = next((other.measure for other in upper if other.measure in STAGES), None)
            return str(stage or rule.measure)
    return Measure.TOTAL


def _year(path: tuple[str, ...]) -> int | None:
    for text in reversed(path):
        found = _YEAR.match(text)
        if found:
            return int(found.group(1))
    return None


def _unit(path: tuple[str, ...]) -> str | None:
    for text in reversed(path):
        found = _UNIT.search(text)
        if found:
            return found.group(1) or found.group(2)
    return None
