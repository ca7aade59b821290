"""The catalogue as the stage uses it: charts of codes, lines of forms, meanings of column heads, kinds of forms, the crosswalk to COFOG."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.normalizer.domain.charts import Chart
from services.normalizer.domain.crosswalk import Crosswalk
from services.normalizer.domain.words import name_key

# A name of a line cut at its cell's edge is trusted from this many characters on: 其他 and 一般公共 open many names.
_MIN_CUT = 6


class LineRule(NamedTuple):
    """A line of forms that is no code: its id, Chinese name, role in a list, side (income, expenditure or both), names, the line it is under."""

    id: str
    zh: str
    role: str
    side: str
    names: frozenset[str]
    under: str | None
    fund: str | None


class HeadRule(NamedTuple):
    """What an element of a header path means: a regular expression over the plain text, and what it says."""

    pattern: re.Pattern[str]
    kind: str | None
    measure: str | None
    fund: str | None
    line: str | None
    total: bool
    group: str | None
    only_leaf: bool
    raw: bool


class FormRule(NamedTuple):
    """How a kind of form is recognised: title, boxhead and stub expressions, and features of its structure (all needed, any, none)."""

    kind: str
    scope: str | None
    scope_needs: frozenset[str]
    title: re.Pattern[str] | None
    title_not: re.Pattern[str] | None
    header: re.Pattern[str] | None
    stub: re.Pattern[str] | None
    needs: frozenset[str]
    any_of: frozenset[str]
    never: frozenset[str]
    weight: float


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All data of the normaliser. `edition` names it in results, `sources` the sources of its rows in Chinese and English; `digest_data` are its bytes."""

    edition: str
    sources: Mapping[str, tuple[str, str]]
    function: Chart
    economic: Chart
    gov_economic: Chart
    income: Chart
    cofog: Crosswalk
    lines: tuple[LineRule, ...]
    heads: tuple[HeadRule, ...]
    forms: tuple[FormRule, ...]
    digest_data: tuple[bytes, ...] = ()
    line_names: Mapping[str, tuple[LineRule, ...]] = field(init=False)
    sorted_lines: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names: dict[str, list[LineRule]] = {}
        for rule in self.lines:
            for name in rule.names:
                names.setdefault(name, []).append(rule)
        object.__setattr__(self, "line_names", {name: tuple(rules) for name, rules in names.items()})
        object.__setattr__(self, "sorted_lines", tuple(sorted(names)))

    def chart(self, kind: str) -> Chart:
        """The chart named `function`, `economic`, `gov_economic` or `income`."""
        charts = {"function": self.function, "economic": self.economic, "gov_economic": self.gov_economic, "income": self.income}
        return charts[kind]

    def charts(self) -> tuple[Chart, ...]:
        """All charts: function, economic, gov_economic, income."""
        return self.function, self.economic, self.gov_economic, self.income

    def line(self, name: str, side: str = "") -> LineRule | None:
        """The line that a name means on a side (income, expenditure; empty: any side); None where it means none."""
        key = name_key(name)
        rules = self.line_names.get(key, ())
        exact = next((rule for rule in rules if not side or rule.side == side), None)
        return exact or next((rule for rule in rules if rule.side == "both"), None) or self._cut_line(key, side)

    def _cut_line(self, key: str, side: str) -> LineRule | None:
        """The one line whose name begins like a name cut at its cell's edge."""
        if len(key) < _MIN_CUT:
            return None
        begun: dict[str, LineRule] = {}
        for position in range(bisect_left(self.sorted_lines, key), len(self.sorted_lines)):
            name = self.sorted_lines[position]
            if not name.startswith(key):
                break
            for rule in self.line_names[name]:
                if (not side or rule.side in ("both", side)) and rule.role in ("item", "of_which"):
                    begun[rule.id] = rule
        return next(iter(begun.values())) if len(begun) == 1 else None
