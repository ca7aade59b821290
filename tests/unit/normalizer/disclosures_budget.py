"""Made-up budgets as central departments and several provinces lay them out. Every document is consistent."""

from __future__ import annotations

from shared.contracts.extracted import Extracted
from tests.unit.normalizer.disclosure_parts import ECONOMIC, FUNCTIONS, code_rows, money, side_by_side, total_row, totals, tree
from tests.unit.normalizer.normalizer_tables import Printed, Span, document, heading, table

# function code → (basic, project)
SPENT = {
    "2010301": (80_012, 0),
    "2010302": (0, 45_500),
    "2050803": (0, 3_015),
    "2080501": (5_020, 0),
    "2080505": (12_144, 0),
    "2080506": (6_072, 0),
    "2101101": (7_031, 0),
    "2210201": (9_033, 0),
    "2210203": (2_210, 0),
}
# economic code → (personnel, public); adds up to the basic expenditure above: 121_522
BASIC = {
    "30101": (40_000, 0),
    "30102": (22_512, 0),
    "30108": (12_144, 0),
    "30109": (6_072, 0),
    "30110": (7_031, 0),
    "30113": (9_033, 0),
    "30201": (0, 9_000),
    "30211": (0, 4_410),
    "30217": (0, 300),
    "30231": (0, 1_500),
    "30239": (0, 4_500),
    "30302": (5_020, 0),
}
BASIC_ALL, PROJECT_ALL = totals(SPENT)
ALL = BASIC_ALL + PROJECT_ALL
CARRIED = 4_037
CLASSES = {code: sum(amounts) for code, amounts in tree(SPENT).items() if len(code) == 3}
NUMERALS = "一二三四五六七八九十"


def _classes(style: str = "{n}、{name}") -> list[list[Printed]]:
    return [[style.format(n=NUMERALS[index], name=FUNCTIONS[code]), money(amount)] for index, (code, amount) in enumerate(CLASSES.items())]


def central_department() -> Extracted:
    """A central department: 上年执行数 beside 本年预算数, 使用非财政拨款结余, 增减额 and 增减%."""
    entity, unit = "国家测绘档案局", "万元"
    own = 2_000
    income: list[list[Printed]] = [
        ["一、一般公共预算拨款收入", money(ALL - own - CARRIED)],
        ["二、政府性基金预算拨款收入", ""],
        ["三、国有资本经营预算拨款收入", ""],
        ["四、事业收入", money(own - 500)],
        ["五、事业单位经营收入", ""],
        ["六、其他收入", money(500)],
        ["", ""],
        ["本年收入合计", money(ALL - CARRIED)],
        ["使用非财政拨款结余", money(1_000)],
        ["上年结转", money(CARRIED - 1_000)],
        ["", ""],
        ["收 入 总 计", money(ALL)],
    ]
    spent: list[list[Printed]] = [
        *_classes(),
        *[["", ""]] * (7 - len(CLASSES)),
        ["本年支出合计", money(ALL)],
        ["结转下年", ""],
        ["", ""],
        ["", ""],
        ["支 出 总 计", money(ALL)],
    ]
    summary = table(
        [[Span("收 入", cols=2), Span("支 出", cols=2)], ["项 目", "预算数", "项 目", "预算数"], *side_by_side(income, spent)],
        2, title="部门收支总表", unit=unit, table_id="t1", entity=entity,
    )  # fmt: skip
    head: list[list[Printed]] = [
        [Span("科目", cols=2), Span("合计", rows=2), Span("上年结转", rows=2), Span("一般公共预算拨款收入", rows=2), Span("政府性基金预算拨款收入", rows=2),
         Span("国有资本经营预算拨款收入", rows=2), Span("事业收入", cols=2), Span("事业单位经营收入", rows=2), Span("上级补助收入", rows=2),
         Span("附属单位上缴收入", rows=2), Span("其他收入", rows=2), Span("使用非财政拨款结余", rows=2)],
        ["科目编码", "科目名称", "金额", "其中：教育收费"],
    ]  # fmt: skip
    sources = {
        code: (sum(v), *((CARRIED - 1_000, sum(v) - own - CARRIED, 0, 0, own - 500, 0, 0, 0, 0, 500, 1_000) if code == "2010301" else (0, sum(v), 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        for code, v in SPENT.items()
    }  # fmt: skip
    income_form = table(
        [*head, *code_rows(sources, FUNCTIONS), [Span("合计", cols=2), *(money(v) for v in totals(sources))]],
        2, title="部门收入总表", unit=unit, table_id="t2", entity=entity,
    )  # fmt: skip
    whole = {code: (sum(v), *v, 0, 0, 0) for code, v in SPENT.items()}
    spent_form = table(
        [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "上缴上级支出", "事业单位经营支出", "对附属单位补助支出"], *code_rows(whole, FUNCTIONS), total_row(["", "合计"], whole)],
        1, title="部门支出总表", unit=unit, table_id="t3", entity=entity,
    )  # fmt: skip
    fiscal = {code: (v[0], v[1]) for code, v in SPENT.items()}
    year = {code: (sum(v) + 700 if code == "2010301" else sum(v), sum(v), *v) for code, v in fiscal.items()}
    rows: list[list[Printed]] = []
    for code, amounts in tree(year).items():
        change = amounts[1] - amounts[0]
        rows.append([code, FUNCTIONS[code], *(money(a) for a in amounts), money(change), f"{change / amounts[0] * 100:.2f}%"])
    all_year = totals(year)
    rows.append(
        [
            Span("合计", cols=2),
            *(money(a) for a in all_year),
            money(all_year[1] - all_year[0]),
            f"{(all_year[1] - all_year[0]) / all_year[0] * 100:.2f}%",
        ]
    )
    general = table(
        [
            [Span("功能分类科目", cols=2), Span("2030年执行数", rows=2), Span("2031年预算数", cols=3), Span("2031年预算数比2030年执行数", cols=2)],
            ["科目编码", "科目名称", "小计", "基本支出", "项目支出", "增减额", "增减%"],
            *rows,
        ],
        2, title="一般公共预算支出表", unit=unit, table_id="t4", entity=entity,
    )  # fmt: skip
    basic = table(
        [
            [Span("人员经费", cols=3), Span("公用经费", cols=3)],
            ["科目编码", "科目名称", "预算数", "科目编码", "科目名称", "预算数"],
            *side_by_side(
                [[code, ECONOMIC[code], money(v[0])] for code, v in tree(BASIC).items() if v[0]],
                [[code, ECONOMIC[code], money(v[1])] for code, v in tree(BASIC).items() if v[1]],
            ),
            [Span("合计", cols=2), money(totals(BASIC)[0]), Span("合计", cols=2), money(totals(BASIC)[1])],
        ],
        2, title="一般公共预算基本支出表", unit=unit, table_id="t5", entity=entity,
    )  # fmt: skip
    public = table(
        [
            [Span("2030年预算数", cols=6), Span("2031年预算数", cols=6)],
            [*([Span("合计", rows=2), Span("因公出国（境）费", rows=2), Span("公务用车购置及运行费", cols=3), Span("公务接待费", rows=2)] * 2)],
            ["小计", "公务用车购置费", "公务用车运行费"] * 2,
            ["28.00", "8.00", "15.00", "", "15.00", "5.00", "26.00", "8.00", "15.00", "", "15.00", "3.00"],
        ],
        3, title="财政拨款“三公”经费支出表", unit=unit, table_id="t6", entity=entity,
    )  # fmt: skip
    return document(summary, income_form, spent_form, general, basic, public, text=[heading(f"{entity}2031年部门预算")])
