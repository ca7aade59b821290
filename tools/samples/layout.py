"""Parts that many forms share: stubs of codes and names, boxheads with groups of columns, lists side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from tools.samples.forms import Cell, Form, Row, figure, head, label
from tools.samples.ledger import Money
from tools.samples.names import name

Columns = Sequence[str | tuple[str, Sequence[str]]]  # a column, or a group with its columns


@dataclass(frozen=True)
class Layout:
    """How one province prints its forms.

    codes: "split" (three columns 类 款 项), "whole" (one column) or "none" (names alone). total: "first" or "last" row.
    number: with {} for the form's number, "" where forms have none. titles: with {} for the plain title. serial: a column 序号.
    indent: characters per level of the code tree in the column of names. options: further fields of every Form.
    """

    money: Money
    codes: str
    entity: str
    unit: str
    number: str = ""
    titles: str = "{}"
    total: str = "first"
    serial: bool = False
    indent: int = 1
    options: dict[str, Any] = field(default_factory=dict)

    def form(self, number: int, title: str, widths: Sequence[float], header: Sequence[Row], body: Sequence[Row], **more: Any) -> Form:
        """A form in this layout."""
        printed = self.number.format(number) if self.number else ""
        options: dict[str, Any] = {"number": printed, "entity": self.entity, "unit": self.unit, **self.options, **more}
        return Form(self.titles.format(title), tuple(widths), tuple(header), tuple(body), **options)


def stub(layout: Layout, code: str) -> Row:
    """The cells that name a row: its code, in three columns or whole, and its name."""
    level = 0 if len(code) == 3 else (len(code) - 3) // 2
    named = label(name(code), indent=level * layout.indent)
    if layout.codes == "split":
        return (*(head(part) for part in (code[:3], code[3:5], code[5:7])), named)
    return (label(code), named)


def code_form(
    layout: Layout,
    number: int,
    title: str,
    group: str,
    columns: Columns,
    codes: Sequence[str],
    values: Callable[[str], Sequence[str]],
    name_width: float = 190,
    width: float = 72,
    **more: Any,
) -> Form:
    """A form whose rows are codes: function (or economic) classes by columns of money.

    values: texts of a row's figures by its code; "" stands for 合计.
    """
    split = layout.codes == "split"
    n_stub = 4 if split else 2
    flat = [(c, ()) if isinstance(c, str) else c for c in columns]
    n = sum(len(subs) or 1 for _, subs in flat)
    deep = split or any(subs for _, subs in flat)
    below = 2 if deep else 1
    top = (head("项目", colspan=n_stub), head(group, colspan=n))
    groups = tuple(head(text, colspan=len(subs)) if subs else head(text, rowspan=below) for text, subs in flat)
    middle = (
        *((head("科目编码", colspan=3),) if split else (head("科目编码", rowspan=below),)),
        head("科目名称", rowspan=below),
        *groups,
    )
    low = (*((head("类"), head("款"), head("项")) if split else ()), *(head(s) for _, subs in flat for s in subs))
    header: list[Row] = [top, middle, low] if deep else [top, middle]
    rows: list[Row] = [(*stub(layout, code), *(figure(t) for t in values(code))) for code in codes]
    total: Row = (head("合计", colspan=n_stub), *(figure(t) for t in values("")))
    rows = [total, *rows] if layout.total == "first" else [*rows, total]
    widths = [*([30.0] * 3 if split else [56.0]), name_width, *([width] * n)]
    if layout.serial:
        header = [(head("序号", rowspan=len(header)), *header[0]), *header[1:]]
        rows = [(head(str(i)), *row) for i, row in enumerate(rows, 1)]
        widths = [30.0, *widths]
    return layout.form(number, title, widths, header, rows, **more)


Line = tuple[str, int, Sequence[str]]  # label, indent, figures


@dataclass(frozen=True)
class LineList:
    """One of several lists side by side: its heading, the heads of its columns, lines, and lines that stand at the foot."""

    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    foot: tuple[Line, ...]
    label_head: str = "项目"
    name_width: float = 150
    width: float = 74


def lists_form(
    layout: Layout, number: int, title: str, lists: Sequence[LineList], top: Sequence[tuple[str, int]] = (), **more: Any
) -> Form:
    """Lists side by side, padded with blank cells so that their feet stand in the same rows.

    top: a row of headings over the lists with the number of lists that each covers; without it every list has its own.
    """
    spans = top or [(item.heading, 1) for item in lists]
    covered, over = 0, []
    for text, n in spans:
        over.append(head(text, colspan=sum(1 + len(item.columns) for item in lists[covered : covered + n])))
        covered += n
    columns = tuple(c for item in lists for c in (head(item.label_head), *(head(t) for t in item.columns)))
    body: list[Row] = [_line(lists, lines) for lines in zip_longest(*(item.lines for item in lists))]
    body += [_line(lists, lines) for lines in zip(*(item.foot for item in lists), strict=True)]
    widths = [w for item in lists for w in (item.name_width, *([item.width] * len(item.columns)))]
    return layout.form(number, title, widths, [tuple(over), columns], body, **more)


def _line(lists: Sequence[LineList], lines: Sequence[Line | None]) -> Row:
    cells: list[Cell] = []
    for item, line in zip(lists, lines, strict=True):
        text, indent, figures = line or ("", 0, [""] * len(item.columns))
        centred = indent < 0
        cells += [head(text) if centred else label(text, indent), *(figure(t) for t in figures)]
    return tuple(cells)
