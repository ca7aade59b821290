"""The forms of a budget disclosure (部门预算公开), as views of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.samples.forms import Form, Row, figure, head, label
from tools.samples.layout import Layout, Line, LineList, code_form, lists_form
from tools.samples.ledger import BUSINESS, CARRIED, GENERAL, OTHER, ZERO, Ledger
from tools.samples.names import classes, name, ordinal

INCOME = (
    ("一般公共预算拨款收入", GENERAL),
    ("政府性基金预算拨款收入", ""),
    ("国有资本经营预算拨款收入", ""),
    ("财政专户管理资金收入", ""),
    ("事业收入", BUSINESS),
    ("上级补助收入", ""),
    ("附属单位上缴收入", ""),
    ("事业单位经营收入", ""),
    ("其他收入", OTHER),
)
ECONOMIC_CLASSES = ("301", "302", "303", "307", "309", "310", "311", "312", "313", "399")


@dataclass(frozen=True)
class ThreePublic:
    """“三公”经费 in 元: trips abroad, buying cars, running cars, receptions."""

    abroad: Decimal = ZERO
    car_purchase: Decimal = ZERO
    car_running: Decimal = ZERO
    reception: Decimal = ZERO

    def columns(self) -> tuple[Decimal, ...]:
        """合计, 出国, 小计, 购置, 运行, 接待, as forms print them."""
        cars = self.car_purchase + self.car_running
        return (self.abroad + cars + self.reception, self.abroad, cars, self.car_purchase, self.car_running, self.reception)


def summary(layout: Layout, number: int, ledger: Ledger, *, by_economic: bool = True, title: str = "收支总表", **more: Any) -> Form:
    """收支总表: income | expenditure by function | (by department economic class)."""
    m, total, carried = layout.money, ledger.total(), ledger.only(CARRIED).total()
    income = tuple((f"{ordinal(i)}、{text}", 0, [m(ledger.only(s).total())]) for i, (text, s) in enumerate(INCOME, 1))
    function = tuple((f"{ordinal(i)}、{name(c)}", 0, [m(ledger.total(c))]) for i, c in enumerate(classes(), 1))
    economic = tuple((f"{ordinal(i)}、{name(c)}", 0, [m(ledger.total(economic=c))]) for i, c in enumerate(ECONOMIC_CLASSES, 1))
    out = (("本年支出合计", -1, [m(total)]), ("年终结转结余", 0, [m(ZERO)]), ("支出总计", -1, [m(total)]))
    foot = (("本年收入合计", -1, [m(total - carried)]), ("上年结转结余", 0, [m(carried)]), ("收入总计", -1, [m(total)]))
    lists = [
        LineList("收入", ("预算数",), income, foot),
        LineList("支出", ("预算数",), function, out, "项目（按功能分类）" if by_economic else "项目"),
    ]
    if by_economic:
        lists.append(LineList("支出", ("预算数",), economic, out, "项目（按部门预算经济分类）"))
    return lists_form(layout, number, title, lists, top=[("收入", 1), ("支出", len(lists) - 1)], **more)


def income(layout: Layout, number: int, ledger: Ledger, title: str = "收入总表", **more: Any) -> Form:
    """收入总表: function × source of income."""
    m = layout.money

    def values(code: str) -> Sequence[str]:
        general, business, other, carried = (ledger.only(s).total(code) for s in (GENERAL, BUSINESS, OTHER, CARRIED))
        year = general + business + other
        return [m(year + carried), m(carried), m(year), m(general), m(ZERO), m(ZERO), m(ZERO), m(business), m(other)]

    sources = ("小计", "一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "事业收入", "其他收入")
    columns = ("合计", "上年结转结余", ("本年收入", sources))
    return code_form(layout, number, title, "收入", columns, ledger.functions(), values, name_width=176, width=54, **more)


def expenditure(layout: Layout, number: int, ledger: Ledger, title: str = "支出总表", **more: Any) -> Form:
    """支出总表: function × basic and project expenditure."""
    m = layout.money

    def values(code: str) -> Sequence[str]:
        parts = (ledger.total(code), ledger.basic().total(code), ledger.projects().total(code), ZERO, ZERO, ZERO)
        return [m(p) for p in parts]

    columns = ("合计", "基本支出", "项目支出", "上缴上级支出", "事业单位经营支出", "对附属单位补助支出")
    return code_form(layout, number, title, "支出", columns, ledger.functions(), values, **more)


def fiscal_summary(layout: Layout, number: int, ledger: Ledger, title: str = "财政拨款收支总表", **more: Any) -> Form:
    """财政拨款收支总表: sources | function × kind of fund."""
    m, money = layout.money, ledger.fiscal()
    total, carried = money.total(), money.only(CARRIED).total()
    funds = ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")
    year = [total - carried, ZERO, ZERO]
    before = [carried, ZERO, ZERO]
    left: list[Line] = [("一、本年收入", 0, [m(total - carried)])]
    left += [(f"（{ordinal(i)}）{t}", 1, [m(v)]) for i, (t, v) in enumerate(zip(funds, year, strict=True), 1)]
    left += [("二、上年结转", 0, [m(carried)])]
    left += [(f"（{ordinal(i)}）{t}", 1, [m(v)]) for i, (t, v) in enumerate(zip(funds, before, strict=True), 1)]
    right: list[Line] = [("一、本年支出", 0, [m(total), m(total), "", ""])]
    for i, code in enumerate(classes(), 1):
        text = m(money.total(code))
        right.append((f"（{ordinal(i)}）{name(code)}", 1, [text, text, "", ""]))
    right.append(("二、年终结转结余", 0, ["", "", "", ""]))
    lists = [
        LineList("收入", ("预算数",), tuple(left), (("收入总计", -1, [m(total)]),), width=80, name_width=150),
        LineList(
            "支出",
            ("合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
            tuple(right),
            (("支出总计", -1, [m(total), m(total), "", ""]),),
            name_width=178,
        ),
    ]
    return lists_form(layout, number, title, lists, **more)


def general(layout: Layout, number: int, ledger: Ledger, title: str = "一般公共预算支出表", **more: Any) -> Form:
    """一般公共预算支出表: function × basic (personnel, public) and project."""
    m, money = layout.money, ledger.fiscal()
    basic = money.basic()

    def values(code: str) -> Sequence[str]:
        parts = (money, basic, basic.personnel(), basic.public(), money.projects())
        return [m(p.total(code)) for p in parts]

    columns = ("合计", ("基本支出", ("小计", "人员经费", "公用经费")), "项目支出")
    return code_form(layout, number, title, "一般公共预算支出", columns, money.functions(), values, **more)


def basic_by_economic(layout: Layout, number: int, ledger: Ledger, title: str = "一般公共预算基本支出表", **more: Any) -> Form:
    """一般公共预算基本支出表: department economic classes × personnel and public funds."""
    m, money = layout.money, ledger.fiscal().basic()
    header = [
        (head("部门预算支出经济分类科目", colspan=2), head("本年一般公共预算基本支出", colspan=3)),
        (head("科目编码"), head("科目名称"), head("合计"), head("人员经费"), head("公用经费")),
    ]

    def figures(code: str) -> list[str]:
        return [m(part.total(economic=code)) for part in (money, money.personnel(), money.public())]

    body: list[Row] = [(label(c), label(name(c), indent=len(c) // 5), *(figure(t) for t in figures(c))) for c in money.economics()]
    total: Row = (head("合计", colspan=2), *(figure(t) for t in figures("")))
    body = [total, *body] if layout.total == "first" else [*body, total]
    return layout.form(number, title, (70, 190, 80, 80, 80), header, body, **more)


def three_public(
    layout: Layout, number: int, unit_name: str, costs: ThreePublic, title: str = "一般公共预算“三公”经费支出表", **more: Any
) -> Form:
    """“三公”经费: one row."""
    header = [
        (
            head("单位名称", rowspan=2),
            head("“三公”经费合计", rowspan=2),
            head("因公出国（境）费", rowspan=2),
            head("公务用车购置及运行费", colspan=3),
            head("公务接待费", rowspan=2),
        ),
        (head("小计"), head("公务用车购置费"), head("公务用车运行费")),
    ]
    body = [(label(unit_name), *(figure(layout.money(v)) for v in costs.columns()))]
    return layout.form(number, title, (150, 84, 84, 76, 84, 84, 84), header, body, **more)


def empty_fund(layout: Layout, number: int, title: str, group: str, note: str, **more: Any) -> Form:
    """A form that its department has no figures for: blank rows and a note that says so."""
    header = [
        (head("科目编码", rowspan=2), head("科目名称", rowspan=2), head(group, colspan=3)),
        (head("合计"), head("基本支出"), head("项目支出")),
    ]
    body: list[Row] = [(label(""), head("合计"), figure(""), figure(""), figure("")), tuple(label("") for _ in range(5))]
    return layout.form(number, title, (80, 220, 90, 90, 90), header, body, notes=(note,), **more)


def projects(layout: Layout, number: int, ledger: Ledger, unit_name: str, title: str = "项目支出表", **more: Any) -> Form:
    """项目支出表: projects × sources; the unit's name is one merged cell."""
    m, money = layout.money, ledger.projects()
    header = [
        (
            head("序号", rowspan=2),
            head("项目单位", rowspan=2),
            head("项目名称", rowspan=2),
            head("合计", rowspan=2),
            head("财政拨款", colspan=3),
            head("单位资金", rowspan=2),
            head("备注", rowspan=2),
        ),
        (head("一般公共预算"), head("政府性基金预算"), head("国有资本经营预算")),
    ]

    def figures(part: Ledger) -> list[str]:
        return [m(part.total()), m(part.fiscal().total()), "", "", m(part.only(BUSINESS, OTHER).total())]

    names = money.project_names()
    body: list[Row] = [(head(""), head("合计", colspan=2), *(figure(t) for t in figures(money)), label(""))]
    for i, project in enumerate(names, 1):
        unit = (label(unit_name, rowspan=len(names)),) if i == 1 else ()
        body.append((head(str(i)), *unit, label(project), *(figure(t) for t in figures(money.of_project(project))), label("")))
    return layout.form(number, title, (34, 100, 190, 76, 76, 76, 76, 76, 50), header, body, **more)


def wide(layout: Layout, number: int, ledger: Ledger, economic: str, title: str, units: Sequence[tuple[str, str]], **more: Any) -> Form:
    """A breakdown of one economic class: function items × its economic items; department and unit repeat the total.

    units: (code, name) of the department and its unit.
    """
    m, money = layout.money, ledger.fiscal().basic()
    codes = [c for c in money.economics() if c.startswith(economic) and len(c) == 5]
    header = [
        (
            head("功能科目", colspan=3),
            head("单位代码", rowspan=2),
            head("单位名称（功能分类科目）", rowspan=2),
            head("合计", rowspan=2),
            head(name(economic), colspan=len(codes)),
        ),
        (head("类"), head("款"), head("项"), *(head(name(c)) for c in codes)),
    ]

    def figures(code: str) -> Row:
        return tuple(figure(m(money.total(code, c))) for c in (economic, *codes))

    blank = (head(""), head(""), head(""))
    body: list[Row] = [(*blank, label(""), label("合计"), *figures(""))]
    body += [(*blank, label(code), label(text, indent=i), *figures("")) for i, (code, text) in enumerate(units)]
    for code in money.items():
        if money.total(code, economic):
            body.append((head(code[:3]), head(code[3:5]), head(code[5:]), label(units[-1][0]), label(name(code), indent=2), *figures(code)))
    width = min(56.0, 480 / (len(codes) + 1))
    return layout.form(number, title, (24, 24, 24, 40, 150, width, *([width] * len(codes))), header, body, size=7.5, **more)
