"""The forms of a final-accounts disclosure (部门决算公开): 公开01表 to 公开09表, with 行次 and 栏次."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from tools.samples.budget import ThreePublic
from tools.samples.forms import Form, Row, figure, head, label
from tools.samples.layout import Layout, stub
from tools.samples.ledger import BUSINESS, GENERAL, OTHER, ZERO, Ledger
from tools.samples.names import ECONOMIC, classes, name, ordinal

SOURCES = (
    ("一、一般公共预算财政拨款收入", GENERAL),
    ("二、政府性基金预算财政拨款收入", ""),
    ("三、国有资本经营预算财政拨款收入", ""),
    ("四、上级补助收入", ""),
    ("五、事业收入", BUSINESS),
    ("六、经营收入", ""),
    ("七、附属单位上缴收入", ""),
    ("八、其他收入", OTHER),
)


@dataclass(frozen=True)
class Accounts:
    """A year's final accounts in 元: spending, income, what was brought and is carried over, 三公 planned and spent.

    `brought_*` and `used`, `allocated` are given; what is carried over follows from them.
    """

    spent: Ledger
    income: Ledger
    brought_fiscal: Decimal
    brought_other: Decimal
    used: Decimal
    allocated: Decimal
    planned: ThreePublic
    actual: ThreePublic

    def carried_fiscal(self) -> Decimal:
        """年末财政拨款结转和结余."""
        return self.brought_fiscal + self.income.only(GENERAL).total() - self.spent.only(GENERAL).total()

    def carried(self) -> Decimal:
        """年末结转和结余 of all funds."""
        rest = self.income.only(BUSINESS, OTHER).total() + self.used - self.spent.only(BUSINESS, OTHER).total() - self.allocated
        return self.carried_fiscal() + self.brought_other + rest

    def grand_total(self) -> Decimal:
        """总计 of income and of expenditure."""
        return self.income.total() + self.used + self.brought_fiscal + self.brought_other


Line = tuple[str, int, Sequence[str]]


def _numbered(
    layout: Layout, number: int, title: str, left: list[Line], right: list[Line], feet: list[tuple[Line, Line]], **more: Any
) -> Form:
    """Two lists with 行次 beside every item and 栏次 below the boxhead; the left list is numbered first, then the right one."""
    n_right = len(feet[0][1][2])
    body_lines = list(zip_longest(left, right)) + [(a, b) for a, b in feet]
    heads = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"] if n_right > 1 else ["决算数"]
    header: list[Row] = [
        (head("收入", colspan=3), head("支出", colspan=2 + n_right)),
        (head("项目"), head("行次"), head("决算数"), head("项目"), head("行次"), *(head(t) for t in heads)),
        (head("栏次"), head(""), head("1"), head("栏次"), head(""), *(head(str(i + 2)) for i in range(n_right))),
    ]
    rows: list[Row] = []
    for i, (one, two) in enumerate(body_lines, 1):
        a, b = one or ("", 0, [""]), two or ("", 0, [""] * n_right)
        cells = []
        for (text, indent, values), line_no in ((a, i), (b, i + len(body_lines))):
            cells += [head(text) if indent < 0 else label(text, indent), head(str(line_no)), *(figure(t) for t in values)]
        rows.append(tuple(cells))
    width = 66.0 if n_right > 1 else 78.0
    return layout.form(number, title, (156, 30, 78, 160, 30, *([width] * n_right)), header, rows, **more)


def totals(layout: Layout, accounts: Accounts) -> Form:
    """公开01表 收入支出决算总表."""
    m, a = layout.money, accounts
    left: list[Line] = [(text, 0, [m(a.income.only(s).total())]) for text, s in SOURCES]
    right: list[Line] = [(f"{ordinal(i)}、{name(c)}", 0, [m(a.spent.total(c))]) for i, c in enumerate(_lines(), 1)]
    grand = m(a.grand_total())
    feet: list[tuple[Line, Line]] = [
        (("本年收入合计", -1, [m(a.income.total())]), ("本年支出合计", -1, [m(a.spent.total())])),
        (("使用非财政拨款结余（含专用结余）", 1, [m(a.used)]), ("结余分配", 1, [m(a.allocated)])),
        (("年初结转和结余", 1, [m(a.brought_fiscal + a.brought_other)]), ("年末结转和结余", 1, [m(a.carried())])),
        (("总计", -1, [grand]), ("总计", -1, [grand])),
    ]
    return _numbered(layout, 1, "收入支出决算总表", left, right, feet)


def _lines() -> list[str]:
    return [c for c in classes() if c not in ("209", "227", "230", "233")]


def fiscal_totals(layout: Layout, accounts: Accounts, **more: Any) -> Form:
    """公开04表 财政拨款收入支出决算总表."""
    m, a = layout.money, accounts
    spent, income = a.spent.only(GENERAL), a.income.only(GENERAL).total()
    left: list[Line] = [
        ("一、一般公共预算财政拨款", 0, [m(income)]),
        ("二、政府性基金预算财政拨款", 0, [""]),
        ("三、国有资本经营预算财政拨款", 0, [""]),
    ]
    right: list[Line] = []
    for i, code in enumerate(_lines(), 1):
        text = m(spent.total(code))
        right.append((f"{ordinal(i)}、{name(code)}", 0, [text, text, "", ""]))
    both = [m(spent.total())] * 2 + ["", ""]
    over = [m(a.carried_fiscal())] * 2 + ["", ""]
    grand = m(income + a.brought_fiscal)
    feet: list[tuple[Line, Line]] = [
        (("本年收入合计", -1, [m(income)]), ("本年支出合计", -1, both)),
        (("年初财政拨款结转和结余", 0, [m(a.brought_fiscal)]), ("年末财政拨款结转和结余", 0, over)),
        (("一、一般公共预算财政拨款", 1, [m(a.brought_fiscal)]), ("", 0, [""] * 4)),
        (("二、政府性基金预算财政拨款", 1, [""]), ("", 0, [""] * 4)),
        (("三、国有资本经营预算财政拨款", 1, [""]), ("", 0, [""] * 4)),
        (("总计", -1, [grand]), ("总计", -1, [grand, grand, "", ""])),
    ]
    return _numbered(layout, 4, "财政拨款收入支出决算总表", left, right, feet, **more)


def _coded(
    layout: Layout,
    number: int,
    title: str,
    columns: Sequence[str],
    codes: Sequence[str],
    values: Callable[[str], Sequence[str]],
    **more: Any,
) -> Form:
    header: list[Row] = [
        (head("项目", colspan=2), *(head(c, rowspan=2) for c in columns)),
        (head("科目代码"), head("科目名称")),
        (head("栏次", colspan=2), *(head(str(i)) for i in range(1, len(columns) + 1))),
    ]
    body: list[Row] = [(head("合计", colspan=2), *(figure(t) for t in values("")))]
    body += [(*stub(layout, code), *(figure(t) for t in values(code))) for code in codes]
    return layout.form(number, title, (60, 200, *([70.0] * len(columns))), header, body, **more)


def incomes(layout: Layout, accounts: Accounts) -> Form:
    """公开02表 收入决算表."""
    m, income = layout.money, accounts.income

    def values(code: str) -> Sequence[str]:
        general, business, other = (m(income.only(s).total(code)) for s in (GENERAL, BUSINESS, OTHER))
        return [m(income.total(code)), general, "", business, "", "", other]

    columns = ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
    return _coded(layout, 2, "收入决算表", columns, income.functions(), values)


def expenditures(layout: Layout, accounts: Accounts) -> Form:
    """公开03表 支出决算表."""
    m, spent = layout.money, accounts.spent

    def values(code: str) -> Sequence[str]:
        return [m(spent.total(code)), m(spent.basic().total(code)), m(spent.projects().total(code)), "", "", ""]

    columns = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
    return _coded(layout, 3, "支出决算表", columns, spent.functions(), values)


def general(layout: Layout, accounts: Accounts) -> Form:
    """公开05表 一般公共预算财政拨款支出决算表."""
    m, spent = layout.money, accounts.spent.only(GENERAL)

    def values(code: str) -> Sequence[str]:
        return [m(spent.total(code)), m(spent.basic().total(code)), m(spent.projects().total(code))]

    columns = ("小计", "基本支出", "项目支出")
    header: list[Row] = [
        (head("项目", colspan=2), head("本年支出", colspan=3)),
        (head("科目代码"), head("科目名称"), *(head(c) for c in columns)),
        (head("栏次", colspan=2), *(head(str(i)) for i in range(1, 4))),
    ]
    form = _coded(layout, 5, "一般公共预算财政拨款支出决算表", columns, spent.functions(), values, landscape=False)
    return replace(form, header=tuple(header))


def basic(layout: Layout, accounts: Accounts) -> Form:
    """公开06表 一般公共预算财政拨款基本支出决算明细表: 人员经费 and 公用经费 in three lists side by side."""
    m, money = layout.money, accounts.spent.only(GENERAL).basic()
    lists = [[c for c in ECONOMIC if c[:3] in group] for group in (("301", "303"), ("302",), ("307", "310", "399"))]
    lists[2] = [c for c in lists[2] if c not in ("30703", "30704")]
    three = [head("科目代码"), head("科目名称"), head("决算数")]
    header: list[Row] = [(head("人员经费", colspan=3), head("公用经费", colspan=6)), tuple(three * 3)]
    body: list[Row] = []
    for codes in zip_longest(*lists):
        cells = []
        for code in codes:
            cells += (
                [label(code), label(name(code), indent=len(code) // 5), figure(m(money.total(economic=code)))] if code else [label("")] * 3
            )
        body.append(tuple(cells))
    foot = (
        head("人员经费合计", colspan=2),
        figure(m(money.personnel().total())),
        head("公用经费合计", colspan=5),
        figure(m(money.public().total())),
    )
    return layout.form(6, "一般公共预算财政拨款基本支出决算明细表", (46, 150, 64) * 3, header, [*body, foot], size=8, row_height=14.5)


def fund_balance(layout: Layout, note: str) -> Form:
    """公开07表 政府性基金预算财政拨款收入支出决算表, without figures."""
    header: list[Row] = [
        (
            head("项目", colspan=2),
            *(head(t, rowspan=2) for t in ("年初结转和结余", "本年收入")),
            head("本年支出", colspan=3),
            head("年末结转和结余", rowspan=2),
        ),
        (head("科目代码"), head("科目名称"), head("小计"), head("基本支出"), head("项目支出")),
        (head("栏次", colspan=2), *(head(str(i)) for i in range(1, 7))),
    ]
    body: list[Row] = [(head("合计", colspan=2), *(figure("0.00") for _ in range(6))), tuple(label("") for _ in range(8))]
    return layout.form(7, "政府性基金预算财政拨款收入支出决算表", (60, 190, *([70.0] * 6)), header, body, notes=(note,))


def capital(layout: Layout, note: str) -> Form:
    """公开08表 国有资本经营预算财政拨款支出决算表, without figures, below the form before it."""
    header: list[Row] = [
        (head("项目", colspan=2), head("本年支出", colspan=3)),
        (head("科目代码"), head("科目名称"), head("合计"), head("基本支出"), head("项目支出")),
        (head("栏次", colspan=2), *(head(str(i)) for i in range(1, 4))),
    ]
    body: list[Row] = [(head("合计", colspan=2), *(figure("0.00") for _ in range(3))), tuple(label("") for _ in range(5))]
    return layout.form(8, "国有资本经营预算财政拨款支出决算表", (60, 190, 140, 140, 140), header, body, notes=(note,), together=True)


def three_public(layout: Layout, accounts: Accounts) -> Form:
    """公开09表 财政拨款“三公”经费支出决算表: 预算数 and 决算数 in twelve columns."""
    group = (
        head("合计", rowspan=2),
        head("因公出国（境）费", rowspan=2),
        head("公务用车购置及运行维护费", colspan=3),
        head("公务接待费", rowspan=2),
    )
    subs = (head("小计"), head("公务用车购置费"), head("公务用车运行维护费"))
    header: list[Row] = [
        (head("预算数", colspan=6), head("决算数", colspan=6)),
        (*group, *group),
        (*subs, *subs),
        tuple(head(str(i)) for i in range(1, 13)),
    ]
    values = (*accounts.planned.columns(), *accounts.actual.columns())
    return layout.form(9, "财政拨款“三公”经费支出决算表", (62.0,) * 12, header, [tuple(figure(layout.money(v) or "0.00") for v in values)])


def income_of(spent: Ledger, adjustments: Sequence[tuple[str, str, Decimal]]) -> Ledger:
    """Income by function and source: what was spent, corrected where income and spending of the year differ.

    adjustments: (function, source, 元 more or less than was spent).
    """
    entries = list(spent.entries)
    for function, source, yuan in adjustments:
        index = next(i for i, e in enumerate(entries) if e.function == function and e.source == source)
        entries[index] = replace(entries[index], yuan=entries[index].yuan + yuan)
    return Ledger(tuple(replace(e, project=None) for e in entries))


__all__ = [
    "ZERO",
    "Accounts",
    "basic",
    "capital",
    "expenditures",
    "fiscal_totals",
    "fund_balance",
    "general",
    "income_of",
    "incomes",
    "three_public",
    "totals",
]
