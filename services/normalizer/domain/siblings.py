"""What the rows above and below say of a row whose name leaves its code open: lists of classes are printed in the order of their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from services.normalizer.domain.charts import Chart
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.meant import MeantRow, outline_of
from services.normalizer.domain.words import name_key

# A code that only the neighbours' codes tell: the name fits several, or is cut so that it is another's.
_BY_PLACE = 0.8


def placed_by_siblings(rows: Sequence[MeantRow], chart: Chart) -> list[MeantRow]:
    """The rows of a list of one chart, those by their place that the name leaves open: a cut name printed twice, or one that begins several names.

    Only between neighbours of the same outline, where the codes of that outline stand in order; and only where one code fits.
    """
    result = list(rows)
    for index, row in enumerate(rows):
        if row.role != "item" or row.code_from not in ("name", "alias", "none") or row.line or row.project or not row.stub.label.name:
            continue
        before, after = _neighbour(result, index, -1, chart), _neighbour(result, index, 1, chart)
        own = _code(row, chart)
        again = bool(own) and own == before and _same_name(row, result[index - 1])
        if before and (again or (not own and after)) and _in_order(rows, row, chart):
            fit = _between(chart, name_key(class_name(row.stub.label.name)), before, after)
            if fit:
                result[index] = _with(row, chart, fit)
    return result


def _code(row: MeantRow, chart: Chart) -> str:
    codes = {"function": row.function, "economic": row.economic, "gov_economic": row.gov_economic}
    return codes.get(chart.kind) or ""


def _neighbour(rows: Sequence[MeantRow], index: int, step: int, chart: Chart) -> str:
    """The code of the row right above or below, if it is of the same outline; empty where there is none."""
    other = index + step
    if not 0 <= other < len(rows) or outline_of(rows[other].stub) != outline_of(rows[index].stub):
        return ""
    return _code(rows[other], chart)


def _same_name(row: MeantRow, other: MeantRow) -> bool:
    return name_key(row.stub.label.name) == name_key(other.stub.label.name)


def _in_order(rows: Sequence[MeantRow], row: MeantRow, chart: Chart) -> bool:
    """Whether the codes of rows of this outline ascend from the top, the open row and the one that it repeats left out."""
    outline = outline_of(row.stub)
    codes = [code for other in rows if other is not row and outline_of(other.stub) == outline and (code := _code(other, chart))]
    return len(codes) > 1 and all(one < two for one, two in pairwise(codes))


def _between(chart: Chart, key: str, before: str, after: str) -> str:
    """The one current code of the neighbours' level between them whose name begins with a text; empty where none or several do."""
    fit = {
        code
        for code in chart.begun(key)
        if len(code) == len(before) and before < code and (not after or code < after) and chart.codes[code].current
    }
    return fit.pop() if len(fit) == 1 else ""


def _with(row: MeantRow, chart: Chart, code: str) -> MeantRow:
    name = chart.codes[code].name
    return replace(
        row,
        function=code if chart.kind == "function" else row.function,
        economic=code if chart.kind == "economic" else row.economic,
        gov_economic=code if chart.kind == "gov_economic" else row.gov_economic,
        code_from="position",
        confidence=_BY_PLACE,
        read_as=name if name_key(row.stub.label.name) != name_key(name) else None,
        rivals=(),
    )
