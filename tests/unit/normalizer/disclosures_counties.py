"""Made-up disclosures of counties and cities: split expenditure, years side by side, forms exported from a spreadsheet. All consistent."""

from __future__ import annotations

from shared.contracts.extracted import Extracted
from tests.unit.normalizer.disclosure_parts import ECONOMIC, FUNCTIONS, code_rows, money, side_by_side, total_row, totals, tree
from tests.unit.normalizer.disclosures_budget import BASIC, SPENT
from tests.unit.normalizer.normalizer_tables import Printed, Span, document, heading, table

BASIC_ALL, PROJECT_ALL = totals(SPENT)
ALL = BASIC_ALL + PROJECT_ALL
NUMERALS = "一二三四五六七八九十"
CLASSES = {code: sum(amounts) for code, amounts in tree(SPENT).items() if len(code) == 3}
BY_CLASS = {code: sum(amounts) for code, amounts in tree(BASIC).items() if len(code) == 3}


def expenditure_by_nature() -> Extracted:
    """Expenditure split into 工资福利, 商品服务, 个人家庭 and two kinds of projects; a summary whose expenditure is split by fund."""
    entity = "白石市统计局"
    first = "2010301"
    split = {}
    for code, (basic, project) in SPENT.items():
        wages, goods, people = (basic, 0, 0) if code != "2080501" else (0, 0, basic)
        if code == first:
            wages, goods = basic - 19_710, 19_710
        general = project if code == "2050803" else project - 10_000 if project else 0
        split[code] = (basic + project, basic, wages, goods, people, project, general, project - general)
    head: list[list[Printed]] = [
        [
            Span("科目编码", cols=3),
            Span("单位代码", rows=2),
            Span("单位（科目名称）", rows=2),
            Span("总计", rows=2),
            Span("基本支出", cols=4),
            Span("项目支出", cols=3),
        ],
        ["类", "款", "项", "小计", "工资福利支出", "商品和服务支出", "对个人和家庭的补助", "小计", "一般性项目", "专项资金"],
    ]
    spent = table(
        [*head, ["", "", "", "", "合计", *(money(v) for v in totals(split))], ["", "", "", "118", entity, *(money(v) for v in totals(split))],
         *[[code[:3], code[3:5], code[5:], "118", FUNCTIONS[code], *(money(v) for v in amounts)] for code, amounts in split.items()]],
        2, title="2031年部门支出总体情况表", table_id="t1", entity=entity,
    )  # fmt: skip
    income: list[list[Printed]] = [
        ["一、一般公共预算", money(ALL - 6_000)],
        ["其中：财政拨款", money(ALL - 6_000)],
        ["二、政府性基金预算", ""],
        ["三、国有资本经营预算", ""],
        ["四、财政专户管理的教育收费", ""],
        ["五、其他收入", money(5_000)],
        ["本年收入合计", money(ALL - 1_000)],
        ["上年结转结余", money(1_000)],
        ["收入合计", money(ALL)],
    ]
    nature = (
        ("一、基本支出", BASIC_ALL),
        ("1、工资福利支出", BY_CLASS["301"]),
        ("2、商品和服务支出", BY_CLASS["302"]),
        ("3、对个人和家庭的补助", BY_CLASS["303"]),
        ("二、项目支出", PROJECT_ALL),
        ("1、一般性项目", 38_515),
        ("2、专项资金", 10_000),
    )
    lines: list[list[Printed]] = [[name, money(v), money(v if index != 4 and index != 5 else v - 6_000), "", money(0 if index not in (4, 5) else 5_000), money(0 if index not in (4, 5) else 1_000)] for index, (name, v) in enumerate(nature)]  # fmt: skip
    lines += [
        ["本年支出合计", money(ALL), money(ALL - 6_000), "", money(5_000), money(1_000)],
        ["支出合计", money(ALL), money(ALL - 6_000), "", money(5_000), money(1_000)],
    ]
    summary = table(
        [
            [Span("收入", cols=2), Span("支出", cols=6)],
            ["项目", "金额", "项目", "合计", "一般公共预算", "政府性基金", "其他收入", "上年结转"],
            *side_by_side(income, lines),
        ],
        2, title="2031年部门收支总体情况表", table_id="t2", entity=entity,
    )  # fmt: skip
    public = table(
        [
            ["项目", "2031年“三公”经费预算数"],
            ["共计", "18.00"],
            ["1、因公出国（境）费用", "0.00"],
            ["2、公务接待费", "3.00"],
            ["3、公务用车费", "15.00"],
            ["其中：（1）公务用车运行维护费", "15.00"],
            ["（2）公务用车购置", "0.00"],
        ],
        1, title="一般公共预算“三公”经费支出情况表", table_id="t3", entity=entity,
        notes=("注：按照党中央、国务院有关规定及部门预算管理有关规定，“三公”经费包括因公出国（境）费、公务用车购置及运行费和公务接待费。",),
    )  # fmt: skip
    return document(spent, summary, public, text=[heading(f"2031年度{entity}部门预算公开")])


def two_years() -> Extracted:
    """Last year and this year side by side, with the change; income by year; a list of funds as the stub."""
    entity = "黑石区文化馆"
    rows: list[list[Printed]] = []
    years = {code: (sum(v) - 120 if code == "2010301" else sum(v), sum(v)) for code, v in SPENT.items()}
    for code, (old, new) in tree(years).items():
        rows.append([code, FUNCTIONS[code], money(old), money(new), money(new - old, zeros=True), f"{(new - old) / old * 100:.2f}"])
    old, new = totals(years)
    rows.append(["", "合 计", money(old), money(new), money(new - old), f"{(new - old) / old * 100:.2f}"])
    spent = table(
        [["科目编码", "科目名称", "2030年预算数", "2031年预算数", "增减额", "增减%"], *rows],
        1,
        title="一般公共预算支出预算表",
        table_id="t1",
        entity=entity,
    )
    income = table(
        [
            ["收入项目", "2030年预算", "2031年预算", "增减幅度（%）"],
            ["财政拨款收入", money(old), money(new), "0.07"],
            ["其中：一般公共预算", money(old), money(new), "0.07"],
            ["政府性基金预算", "", "", ""],
            ["事业收入", "100.00", "120.00", "20.00"],
            ["合计", money(old + 10_000), money(new + 12_000), "1.17"],
        ],
        1, title="2031年单位收入预算表", table_id="t2", entity=entity,
    )  # fmt: skip
    basic = {code: (sum(v),) for code, v in BASIC.items()}
    narrow: list[list[Printed]] = [[code[:3], code[3:], ECONOMIC[code], money(amounts[0])] for code, amounts in tree(basic).items()]
    detail = table(
        [[Span("经济分类科目", cols=3), Span("预算数", rows=2)], ["类", "款", "科目名称"], [Span("合计", cols=3), money(BASIC_ALL)], *narrow],
        2, title="一般公共预算基本支出预算明细表（按经济分类）", table_id="t3", entity=entity,
    )  # fmt: skip
    fund = table(
        [
            ["科目编码", "科目名称", "本年政府性基金预算支出", "", ""],
            ["", "", "合计", "基本支出", "项目支出"],
            ["", "", "", "", ""],
            ["", "合计", "", "", ""],
        ],
        2, title="政府性基金预算支出预算表", table_id="t4", entity=entity, notes=("注：本单位2031年没有政府性基金预算安排的支出，故本表为空。",),
    )  # fmt: skip
    return document(spent, income, detail, fund, text=[heading(f"{entity}2031年单位预算公开")])


def yuan_in_one_sheet() -> Extracted:
    """A sheet in 元 with thousands separators, the income and the functions and the economic classes as three lists."""
    entity = "云山市青石县档案馆"

    def yuan(amount: int) -> str:
        return f"{amount * 100:,.2f}"

    income: list[list[Printed]] = [
        ["一、一般公共预算拨款", yuan(ALL)],
        ["二、政府性基金预算拨款", ""],
        ["三、国有资本经营预算拨款", ""],
        ["四、单位资金", ""],
        ["", ""],
        ["本 年 收 入 合 计", yuan(ALL)],
        ["上 年 结 转", ""],
        ["收 入 总 计", yuan(ALL)],
    ]
    functions: list[list[Printed]] = [[f"{NUMERALS[i]}、{FUNCTIONS[code]}", yuan(v)] for i, (code, v) in enumerate(CLASSES.items())]
    functions += [["本 年 支 出 合 计", yuan(ALL)], ["结 转 下 年", ""], ["支 出 总 计", yuan(ALL)]]
    goods = BY_CLASS["302"] + PROJECT_ALL
    economic: list[list[Printed]] = [["一、工资福利支出", yuan(BY_CLASS["301"])], ["二、商品和服务支出", yuan(goods)], ["三、对个人和家庭的补助", yuan(BY_CLASS["303"])], ["", ""], ["", ""]]  # fmt: skip
    economic += [["本 年 支 出 合 计", yuan(ALL)], ["结 转 下 年", ""], ["支 出 总 计", yuan(ALL)]]
    head: list[list[Printed]] = [
        [Span("收 入", cols=2), Span("支 出", cols=4)],
        ["项 目", "预算数", "按功能科目分类", "预算数", "按部门经济科目分类", "预算数"],
    ]
    summary = table(
        [*head, *side_by_side(income, functions, economic)], 2, title="部门收支预算总表", unit="元", table_id="t1", entity=entity
    )
    whole = {code: (sum(v) * 100, v[0] * 100, v[1] * 100) for code, v in SPENT.items()}
    spent = table(
        [["功能科目代码", "功能科目名称", "合计", "基本支出", "项目支出"], total_row(["合计", ""], whole), *code_rows(whole, FUNCTIONS)],
        1, title="部门支出预算表", unit="元", table_id="t2", entity=entity,
    )  # fmt: skip
    projects = table(
        [
            ["序号", "项目类别", "项目名称", "项目单位", "合计", "一般公共预算", "政府性基金预算", "单位资金"],
            [Span("合计", cols=4), *[f"{v:,.2f}" for v in (485_150, 485_150)], "", ""],
            ["1", "特定目标类", "馆藏档案数字化", entity, "305,000.00", "305,000.00", "", ""],
            ["2", "特定目标类", "库房维护", entity, "150,000.00", "150,000.00", "", ""],
            ["3", "其他运转类", "业务培训", entity, "30,150.00", "30,150.00", "", ""],
        ],
        1, title="项目支出预算表", unit="元", table_id="t3", entity=entity,
    )  # fmt: skip
    return document(summary, spent, projects, text=[heading(f"{entity}2031年部门预算")])
