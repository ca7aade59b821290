"""What a row's stub prints: codes of each chart (whole or in narrow columns), names, unit code, ordinal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.figures import parse_figure
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.layout import ColumnInfo, ListColumns
from services.normalizer.domain.words import Label, name_key, plain, split_label

_GOVERNMENT = re.compile(r"政府(?:预算)?(?:支出)?经济")
_ECONOMIC = re.compile(r"经济")
_FUNCTION = re.compile(r"功能")
_UNIT = re.compile(r"单位|部门(?!.*经济)")
_OTHER_CODE = re.compile(r"采购|目录|项目(?:编码|代码)|品目|资产")
_SUBJECT = re.compile(r"科目")
_PROJECT = re.compile(
    r"项目名称|转移支付项目|补助项目|专项名称|\(项目\)|\(专项\)|项目\(单位|支出项目|单位\(项目|项目内容|预算项目|经费项目|专项\)名称|二级项目|一级项目"
)
_CODE_AND_NAME = re.compile(r"^[\[(]?(\d{7}|\d{5}|\d{3})(?!\d)[\])]?[-_—:：]*(?=[^\d年月])(.+)$")
_DIGITS = re.compile(r"^\d+$")


@dataclass(frozen=True, slots=True)
class StubColumns:
    """The roles of a list's stub columns: `codes` chart → column (whole codes), `narrow` chart → columns (类, 款, 项), `names` role → column, `name_cols` all columns of names.

    Charts: function, economic, gov_economic, income, unit. Roles of names: those, `project`, or `name` for an undetermined one.
    """

    codes: Mapping[str, int]
    narrow: Mapping[str, tuple[int, ...]]
    names: Mapping[str, int]
    words: str
    group: int | None = None
    name_cols: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StubRow:
    """A row's stub: printed codes by chart, unit code, names by role, and the label taken apart; `named_by` is the role that gave the label."""

    row: int
    codes: Mapping[str, str]
    unit_code: str
    names: Mapping[str, str]
    label: Label
    indent: float
    has_figures: bool
    narrow_blank: bool
    group: str = ""
    heads_group: bool = False
    column: int = 0
    named_by: str = ""


def stub_columns(grid: Grid, columns: ListColumns) -> StubColumns:
    """Which stub column prints what, by head and, where the head leaves it open, by the codes below it."""
    codes: dict[str, int] = {}
    narrow: dict[str, list[int]] = {}
    names: dict[str, int] = {}
    group: int | None = None
    before: ColumnInfo | None = None
    for info in columns.stub:
        words = "/".join(info.path)
        if info.kind in ("class", "section", "item"):
            # 款 and 项 print two digits: where the head names no chart, they go with the 类 left of them.
            left = next((chart for chart, cols in narrow.items() if cols[-1] == info.col - 1), "") if info.kind != "class" else ""
            narrow.setdefault(_chart_of(words) or left or _chart_by_digit(grid, info.col) or "function", []).append(info.col)
        elif info.kind == "code" and not _OTHER_CODE.search(words):
            chart = _code_chart(grid, info)
            if chart:
                codes.setdefault(chart, info.col)
        elif info.kind == "name":
            # One head over two columns, or a second column without a head: groups, and the names in them.
            headless = before is not None and not info.path and info.col == before.col + 1
            role = (
                next((role for role, col in names.items() if before and col == before.col), "name") if headless else _name_role(info, words)
            )
            if before is not None and (headless or before.path == info.path) and names.get(role) == before.col:
                group, names[role] = before.col, info.col
            names.setdefault(role, info.col)
            before = info
    name_cols = tuple(info.col for info in columns.stub_of("name"))
    kept = {chart: tuple(cols) for chart, cols in narrow.items()}
    return StubColumns(codes, kept, names, "|".join("/".join(info.path) for info in columns.stub), group, name_cols)


def _chart_of(words: str) -> str:
    if _GOVERNMENT.search(words):
        return "gov_economic"
    if _ECONOMIC.search(words):
        return "economic"
    return "function" if _FUNCTION.search(words) else ""


def _code_chart(grid: Grid, info: ColumnInfo) -> str:
    """The chart of a column of whole codes; `unit` for codes of departments and units."""
    words = "/".join(info.path)
    last = info.path[-1] if info.path else ""
    if _UNIT.search(last) and not _SUBJECT.search(last) and not _ECONOMIC.search(last):
        return "unit"
    if "收入" in last and "支出" not in last:
        return "income"
    return _chart_of(words) or _chart_by_digit(grid, info.col) or ("function" if _SUBJECT.search(words) else "unit")


def _chart_by_digit(grid: Grid, col: int) -> str:
    """The chart that most codes of a column begin like: 2 function, 3 economic, 5 government economic, 1 income."""
    first: Counter[str] = Counter()
    for row in grid.body:
        text = plain(grid.own_text(row, col))
        if _DIGITS.match(text) and len(text) in (3, 5, 7):
            first[text[0]] += 1
    if not first:
        return ""
    digit, count = first.most_common(1)[0]
    charts = {"1": "income", "2": "function", "3": "economic", "5": "gov_economic"}
    return charts.get(digit, "") if count * 2 > first.total() else ""


def _name_role(info: ColumnInfo, words: str) -> str:
    last = info.path[-1] if info.path else ""
    if _PROJECT.search(last):
        return "project"
    if _UNIT.search(last) and not _SUBJECT.search(last) and not _ECONOMIC.search(last):
        return "unit"
    if _GOVERNMENT.search(last):
        return "gov_economic"
    if _ECONOMIC.search(words):
        return "economic" if not _GOVERNMENT.search(words) else "gov_economic"
    return "function" if _FUNCTION.search(last) else "name"


def stub_rows(grid: Grid, columns: ListColumns, stub: StubColumns, catalogue: Catalogue) -> list[StubRow]:
    """The stub of every row of the list that prints anything, from the top."""
    rows: list[StubRow] = []
    carried: dict[str, str] = {}
    for row in grid.body:
        if row in grid.number_rows:
            continue
        figures = any(parse_figure(grid.own_text(row, info.col)) is not None for info in columns.figures)
        starts = any(grid.own_text(row, info.col).strip() for info in columns.stub if info.kind != "number")
        if not figures and not starts:
            continue
        rows.append(_stub_row(grid, columns, stub, catalogue, row, figures, carried))
    return _mended(rows, catalogue)


def _mended(rows: list[StubRow], catalogue: Catalogue) -> list[StubRow]:
    """Rows that are the rest of the label above them (or the beginning of the one below), where only both together are a known name.

    A reader without ruling lines takes a label broken over two lines for two rows, the one without figures.
    """
    result: list[StubRow] = []
    for row in rows:
        before = result[-1] if result else None
        if before is None or row.has_figures == before.has_figures or not before.label.name or not row.label.name or row.label.ordinal:
            result.append(row)
            continue
        bare, full = (before, row) if row.has_figures else (row, before)
        whole = before.label.name + row.label.name
        known = _is_name(catalogue, whole) and not any(_is_name(catalogue, each.label.name) for each in (before, row))
        if bare.codes or not known:
            result.append(row)
            continue
        result[-1] = replace(full, label=before.label._replace(name=whole), indent=before.indent)
    return result


def _is_name(catalogue: Catalogue, name: str) -> bool:
    return name_key(name) in catalogue.line_names or any(
        catalogue.chart(kind).candidates(name) for kind in ("function", "economic", "gov_economic")
    )


def _stub_row(
    grid: Grid, columns: ListColumns, stub: StubColumns, catalogue: Catalogue, row: int, has_figures: bool, carried: dict[str, str]
) -> StubRow:
    codes: dict[str, str] = {}
    narrow_blank = bool(stub.narrow)
    for chart, cols in stub.narrow.items():
        code = _narrow_code([plain(grid.text(row, col)) for col in cols], carried, chart)
        narrow_blank = narrow_blank and not code
        if code:
            codes[chart] = code
    unit_code = plain(grid.text(row, stub.codes["unit"])) if "unit" in stub.codes else ""
    for chart, col in stub.codes.items():
        text = plain(grid.text(row, col))
        if chart != "unit" and _DIGITS.match(text):
            if chart in stub.narrow:
                unit_code = unit_code or (text if narrow_blank else "")
            else:
                codes.setdefault(chart, text)
    names = {role: grid.text(row, col).strip() for role, col in stub.names.items()}
    for chart in ("function", "economic", "gov_economic"):
        beside = _CODE_AND_NAME.match(plain(names.get(chart, "")))
        if beside and chart not in codes and catalogue.chart(chart).shaped(beside.group(1)):
            codes[chart], names[chart] = beside.group(1), beside.group(2)
    main, column, named_by = _main_name(grid, columns, stub, row, names)
    group, heads = _group(grid, stub, row, main)
    main = group if heads else main
    found = _CODE_AND_NAME.match(plain(main))
    if found and not codes:
        chart = {"2": "function", "3": "economic", "5": "gov_economic"}.get(found.group(1)[0], "")
        if chart and found.group(1)[:3] in catalogue.chart(chart).codes:
            codes[chart], main = found.group(1), found.group(2)
    indent = _indent(grid, stub, row)
    return StubRow(row, codes, unit_code, names, split_label(main), indent, has_figures, narrow_blank, group, heads, column, named_by)


def _group(grid: Grid, stub: StubColumns, row: int, main: str) -> tuple[str, bool]:
    """The group that a row stands in, where the stub has a column of groups left of its names; and whether the row is the group's 小计."""
    if stub.group is None:
        return "", False
    group = grid.text(row, stub.group).strip()
    name_col = max(stub.names.values(), default=stub.group)
    if not group or grid.covering.get((row, stub.group)) is grid.covering.get((row, name_col)):
        return "", False
    return group, not main or plain(main) in ("小计", "合计") or main == group


def _narrow_code(parts: list[str], carried: dict[str, str], chart: str) -> str:
    """A code from its three narrow cells: 208 | 01 | 09, or whole in each (208 | 20801 | 2080109).

    A blank 类 beside a 款 takes the 类 of the row above (printed once for its group). Words (类, 合计) are no code.
    """
    digits = [part if _DIGITS.match(part) else "" for part in parts]
    if not any(digits):
        return ""
    whole = [part for part in digits if len(part) in (5, 7)]
    if whole:
        return max(whole, key=len)
    top = digits[0] if len(digits[0]) == 3 else ""
    if digits[0] and not top:
        return ""
    if not top and any(digits[1:]):
        top = carried.get(chart, "")
    if not top:
        return ""
    carried[chart] = top
    code = top
    for part in digits[1:]:
        if not part:
            break
        code += part.zfill(2)[-2:]
    return code


def _main_name(grid: Grid, columns: ListColumns, stub: StubColumns, row: int, names: Mapping[str, str]) -> tuple[str, int, str]:
    """The name that tells the row, its column and the role that gave it: the most specific role that is filled, else the first words of the stub."""
    for role in ("project", "name", "function", "economic", "unit", "gov_economic"):
        if names.get(role) and not _DIGITS.match(plain(names[role])):
            # The economic class beside a purchase is no level of its own: a row without a name starts as one with a name does.
            column = min(stub.names[role], stub.names.get("project", stub.names[role])) if role == "economic" else stub.names[role]
            return names[role], column, role
    for info in columns.stub:
        text = grid.text(row, info.col).strip() if info.kind not in ("number", "count", "percent") else ""
        if text and not _DIGITS.match(plain(text)):
            return text, info.col, ""
    return "", 0, ""


def _indent(grid: Grid, stub: StubColumns, row: int) -> float:
    """The left margin of the stub's name in ems, rounded to half an em; spaces printed before it count too."""
    for col in stub.name_cols:
        cell = grid.anchored.get((row, col))
        if cell is not None and cell.text.strip():
            margin = cell.indent if isinstance(cell.indent, float) else 0.0
            lead = cell.text[: len(cell.text) - len(cell.text.lstrip())]
            return round((margin + lead.count("\u3000") + 0.5 * lead.count(" ")) * 2) / 2
    return 0.0
