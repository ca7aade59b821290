"""Which code, line or project a row means, by what its stub prints: codes first, then names in their place."""

from __future__ import annotations

from collections.abc import Callable

from services.normalizer.domain.catalogue import Catalogue, LineRule
from services.normalizer.domain.charts import Chart, Hit
from services.normalizer.domain.columns import element
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.meant import CHARTS, MeantRow, State, Surroundings, outline_of, role_of
from services.normalizer.domain.stub import StubRow
from services.normalizer.domain.words import name_key, plain
from shared.contracts.vocabulary import Line


def coded(row: StubRow, catalogue: Catalogue) -> MeantRow | None:
    """A row whose stub prints codes; a second chart's code or name beside it is kept too."""
    found: dict[str, Hit] = {}
    for chart in CHARTS:
        code = row.codes.get(chart)
        if code:
            hit = catalogue.chart(chart).printed(code, printed_name(row, chart))
            if hit:
                found[chart] = hit
    if not found:
        return None
    for chart in ("economic", "gov_economic"):  # a second classification by name only: the economic class of a purchase, 50501 beside 30101
        if chart not in found and row.names.get(chart) and (hit := catalogue.chart(chart).by_name(row.names[chart])):
            found[chart] = hit
    return MeantRow(
        row,
        "item",
        function=found["function"].code if "function" in found else None,
        economic=found["economic"].code if "economic" in found else None,
        gov_economic=found["gov_economic"].code if "gov_economic" in found else None,
        code_from="printed",
        confidence=min(hit.confidence for hit in found.values()),
    )


def printed_name(row: StubRow, chart: str) -> str:
    """The name printed beside a code: that of the chart's own column, else the row's. Digits (of a narrow column without a head) are no name."""
    own = row.names.get(chart, "")
    return own if own and not plain(own).isdigit() else row.label.name


def named(row: StubRow, around: Surroundings, catalogue: Catalogue, state: State) -> MeantRow:
    """A row known by its name only: a line of its side, or a code of the list's chart."""
    name = row.label.name
    if not name:
        return MeantRow(row, "item")
    if around.three_public:
        rule = catalogue.line(name, "both") or _headed_line(name, catalogue)
        return _as_line(row, rule) if rule else MeantRow(row, "item")
    if around.kind == "income":
        rule = (
            (catalogue.line(name, "opening") if state.opening else None)
            or _child_line(row, catalogue, state)
            or catalogue.line(name, "income")
        )
        return _as_line(row, rule) if rule else MeantRow(row, "item")
    if around.kind in ("project", "procurement", "unit", "performance"):
        return MeantRow(row, "item")
    part = around.kind in CHARTS and _part_of_class(
        name, catalogue.chart(around.kind), state
    )  # 会议费 below 302 is 30215, no line of the 三公 form
    if around.kind in ("economic", "gov_economic", "mixed") and not part and (rule := catalogue.line(name, "expenditure")):
        return _as_line(row, rule)
    hits = _chart_hits(row, around, catalogue, state, _by_name)
    if hits:
        if around.kind in CHARTS and around.kind not in hits:
            hits = _chart_hits(row, around, catalogue, state, _by_spelling) | hits
        return _as_codes(row, hits)
    rule = catalogue.line(name, around.side) or catalogue.line(name, "expenditure")
    if rule:
        return _as_line(row, rule)
    if around.kind not in CHARTS:
        return MeantRow(row, "item")
    own = _by_own_names(row, around, catalogue.chart(around.kind), state)
    hits = {around.kind: own} if own else _chart_hits(row, around, catalogue, state, _by_spelling)
    return _as_codes(row, hits) if hits else MeantRow(row, "item")


# A name that another form of the document prints beside a code.
_OWN = 0.9


def _by_own_names(row: StubRow, around: Surroundings, chart: Chart, state: State) -> Hit | None:
    """The one code beside which the document prints a name elsewhere, below what the row stands under."""
    codes = around.own.get((chart.kind, name_key(class_name(row.label.name))), frozenset())
    within = state.section.get(chart.kind) or state.within.get(chart.kind) or ""
    fit = sorted(code for code in codes if code.startswith(within) and code != within)
    return Hit(fit[0], row.label.name, "name", _OWN) if len(fit) == 1 else None


def _part_of_class(name: str, chart: Chart, state: State) -> bool:
    """Whether a name is that of a code right below the class that the row stands under."""
    within = state.within.get(chart.kind, "")
    return bool(within) and any(chart.codes[named.code].parent == within for named in chart.candidates(class_name(name), within=within))


def _headed_line(name: str, catalogue: Catalogue) -> LineRule | None:
    """The 三公 line that a label means in words which column heads use (公务用车购置及运行维护支出)."""
    head = element(catalogue, name, True)
    return next((rule for rule in catalogue.lines if rule.id == head.line), None) if head is not None and head.line else None


def _child_line(row: StubRow, catalogue: Catalogue, state: State) -> LineRule | None:
    """A part of 事业收入 (其中：教育收费) is not the income line of the same name."""
    if row.label.of_which and state.line_above == Line.INCOME_SERVICE:
        return catalogue.line(row.label.name, "income_child")
    return None


def _as_line(row: StubRow, rule: LineRule) -> MeantRow:
    return MeantRow(row, role_of(rule.role), line=rule.id, fund=rule.fund, code_from="name", confidence=0.95, under=rule.under)


def _as_codes(row: StubRow, hits: dict[str, Hit]) -> MeantRow:
    """A row that bears codes of one or more charts, as surely as the least sure of them."""
    first = next(iter(hits.values()))
    return MeantRow(
        row,
        "item",
        function=hits["function"].code if "function" in hits else None,
        economic=hits["economic"].code if "economic" in hits else None,
        gov_economic=hits["gov_economic"].code if "gov_economic" in hits else None,
        code_from=first.code_from,
        confidence=min(hit.confidence for hit in hits.values()),
        read_as=first.read_as,
        rivals=first.rivals,
    )


def _chart_hits(row: StubRow, around: Surroundings, catalogue: Catalogue, state: State, find: Find) -> dict[str, Hit]:
    """Codes by name: in the list's own chart, and in the government's chart where a second name stands beside it."""
    hits: dict[str, Hit] = {}
    main = around.kind if around.kind in CHARTS else ""
    charts: tuple[str, ...] = (main,) if main else ("function", "economic", "gov_economic")
    for kind in charts:
        above = state.section.get(kind, ""), state.within.get(kind, "")
        # Of two rows of the same name the first is the 款 and the second its 项, whatever level their outline means elsewhere.
        level = state.levels.get(outline_of(row), 0) if row.label.name != state.next_name else 0
        hit = find(catalogue.chart(kind), class_name(row.label.name), around.summary, above, level)
        if hit:
            hits[kind] = hit
            break
    beside = row.names.get("gov_economic")
    if beside and main == "economic":
        hit = catalogue.gov_economic.by_name(beside)
        if hit:
            hits["gov_economic"] = hit
    return hits


Find = Callable[[Chart, str, bool, tuple[str, ...], int], Hit | None]
"""How a name is looked for: chart, name, whether the list is a summary, the codes that the row stands under (nearest first), its level (0: unknown)."""


def _by_name(chart: Chart, name: str, summary: bool, above: tuple[str, ...], level: int) -> Hit | None:
    """Summary lists print classes; elsewhere a name is first one below the current section or class, then a class, then the only one of its name.

    Lists side by side look like a summary: what is no class there, or is the class that the row stands under, is looked for below it.
    """
    top = chart.by_name(name, level=1)
    if summary and top and top.code not in above:
        return top
    told = [chart.by_name(name, within=within, level=level) for within in above if level and within]
    below = [hit for hit in (*told, *(chart.by_name(name, within=within) for within in above if within)) if hit is not None]
    exact = next((hit for hit in (*below, top) if hit is not None and hit.read_as is None), None)
    if exact and above[:1] != ("",) and exact.code.startswith(above[-1] or "-") and chart.codes[exact.code].parent not in above:
        return exact._replace(confidence=min(exact.confidence, _SKIPPED))
    if exact or below:
        # A cut name (其他国防…) may go on as a code below the section, or as one below the class.
        return exact or (below[0] if len({hit.code for hit in below}) == 1 else None)
    if top and not any(chart.candidates(name, within=within) for within in above if within):
        return top
    elsewhere = chart.by_name(name)
    return elsewhere._replace(confidence=min(elsewhere.confidence, _ELSEWHERE)) if elsewhere and any(above) else elsewhere


# A code below the class that its row stands under, but not below the section there: its own section is not printed, or the name is another one's, cut.
_SKIPPED = 0.85
# A code of another class than the one that its row stands under: its own class is not printed, or the name is another one's, cut.
_ELSEWHERE = 0.7


def _by_spelling(chart: Chart, name: str, _summary: bool, above: tuple[str, ...], _level: int) -> Hit | None:
    """A name with a slip in it: right below the current section or class, or a class."""
    return chart.by_spelling(name, (*(within for within in above if within), ""))
