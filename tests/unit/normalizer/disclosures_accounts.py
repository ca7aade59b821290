"""Made-up final accounts on the national forms (Z01 …): running numbers, column numbers, three narrow code columns, lists side by side."""

from __future__ import annotations

from shared.contracts.extracted import Extracted, Table
from tests.unit.normalizer.disclosure_parts import ECONOMIC, FUNCTIONS, code_rows, money, side_by_side, totals, tree
from tests.unit.normalizer.normalizer_tables import Printed, Span, document, heading, table

ENTITY = "云山市青石县水利局"
# function code → (basic, project)
GENERAL = {
    "2050803": (0, 1_203),
    "2080501": (3_011, 0),
    "2080505": (8_404, 0),
    "2101101": (4_017, 0),
    "2130301": (52_208, 0),
    "2130305": (0, 120_000),
    "2130306": (0, 31_050),
    "2210201": (6_303, 0),
}
FUND = {"2120804": (0, 45_000)}
OWN = {"2130306": (0, 2_500)}
BASIC = {
    "30101": 30_000,
    "30102": 10_408,
    "30108": 8_404,
    "30110": 4_017,
    "30113": 6_303,
    "30302": 3_011,
    "30201": 5_000,
    "30211": 3_000,
    "30217": 250,
    "30231": 2_050,
    "31002": 1_500,
}
G_BASIC, G_PROJECT = totals(GENERAL)
G = G_BASIC + G_PROJECT
F = 45_000
OWN_ALL = 2_500
OPENING, CLOSING = 3_300, 1_300
EVERYTHING = {
    code: tuple(a + b + c for a, b, c in zip(GENERAL.get(code, (0, 0)), FUND.get(code, (0, 0)), OWN.get(code, (0, 0)), strict=True))
    for code in sorted({*GENERAL, *FUND})
}
LINES = ("一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出", "文化旅游体育与传媒支出", "社会保障和就业支出", "卫生健康支出", "节能环保支出", "城乡社区支出", "农林水支出", "住房保障支出")  # fmt: skip
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")


def _by_name(items: dict[str, tuple[int, ...]]) -> dict[str, int]:
    return {FUNCTIONS[code]: sum(amounts) for code, amounts in tree(items).items() if len(code) == 3}


def _z01() -> Table:
    income: list[list[Printed]] = [
        ["一、一般公共预算财政拨款收入", "1", money(G - 1_000)],
        ["二、政府性基金预算财政拨款收入", "2", money(F)],
        ["三、国有资本经营预算财政拨款收入", "3", "0.00"],
        ["四、上级补助收入", "4", "0.00"],
        ["五、事业收入", "5", money(1_500)],
        ["六、经营收入", "6", "0.00"],
        ["七、附属单位上缴收入", "7", "0.00"],
        ["八、其他收入", "8", "0.00"],
    ]
    classes = _by_name(EVERYTHING)
    year_income = G - 1_000 + F + 1_500
    spent: list[list[Printed]] = [
        [f"{NUMERALS[i]}、{name}", str(31 + i), money(classes.get(name, 0), zeros=True)] for i, name in enumerate(LINES)
    ]
    income += [["", str(9 + i), ""] for i in range(len(spent) - len(income))]
    income += [
        ["本年收入合计", "27", money(year_income)],
        ["使用非财政拨款结余（含专用结余）", "28", "0.00"],
        ["年初结转和结余", "29", money(OPENING)],
        ["总计", "30", money(year_income + OPENING)],
    ]
    year_spent = G + F + OWN_ALL
    spent += [
        ["本年支出合计", "57", money(year_spent)],
        ["结余分配", "58", "0.00"],
        ["年末结转和结余", "59", money(year_income + OPENING - year_spent)],
        ["总计", "60", money(year_income + OPENING)],
    ]
    head: list[list[Printed]] = [
        [Span("收入", cols=3), Span("支出", cols=3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
    ]
    return table([*head, *side_by_side(income, spent)], 3, title="收入支出决算总表", table_id="t1", entity=ENTITY)


def _wide(title: str, columns: list[str], items: dict[str, tuple[int, ...]], table_id: str, *, narrow: bool = True) -> Table:
    stub: list[Printed] = [Span("项目", cols=4)]
    heads: list[Printed] = [Span(name, rows=3) for name in columns]
    rows: list[list[Printed]] = [
        [*stub, *heads],
        [Span("科目代码", cols=3), Span("科目名称", rows=2)],
        ["类", "款", "项"],
        [Span("栏次", cols=4), *(str(i + 1) for i in range(len(columns)))],
        [Span("合计", cols=4), *(money(v, zeros=True) for v in totals(items))],
    ]
    if narrow:
        rows += code_rows(items, FUNCTIONS, zeros=True, narrow=True)
    else:
        rows += [[Span(str(code), cols=3), name, *rest] for code, name, *rest in code_rows(items, FUNCTIONS, zeros=True)]
    return table(rows, 4, title=title, table_id=table_id, entity=ENTITY)


def _fiscal() -> Table:
    income: list[list[Printed]] = [
        ["一、一般公共预算财政拨款", "1", money(G - 1_000)],
        ["二、政府性基金预算财政拨款", "2", money(F)],
        ["三、国有资本经营财政拨款", "3", ""],
    ]
    general, fund = _by_name(GENERAL), _by_name(FUND)
    spent: list[list[Printed]] = [
        [
            f"{NUMERALS[i]}、{name}",
            str(33 + i),
            money(general.get(name, 0) + fund.get(name, 0), zeros=True),
            money(general.get(name, 0), zeros=True),
            money(fund.get(name, 0), zeros=True),
            "",
        ]
        for i, name in enumerate(LINES)
    ]
    income += [["", str(4 + i), ""] for i in range(len(spent) - len(income))]
    whole = G - 1_000 + F
    income += [
        ["本年收入合计", "27", money(whole)],
        ["年初财政拨款结转和结余", "28", money(1_800)],
        ["一、一般公共预算财政拨款", "29", money(1_800)],
        ["二、政府性基金预算财政拨款", "30", ""],
        ["三、国有资本经营预算财政拨款", "31", ""],
        ["总计", "32", money(whole + 1_800)],
    ]
    spent += [
        ["本年支出合计", "59", money(G + F), money(G), money(F), ""],
        ["年末财政拨款结转和结余", "60", money(800), money(800), "", ""],
        ["", "61", "", "", "", ""],
        ["", "62", "", "", "", ""],
        ["", "63", "", "", "", ""],
        ["总计", "64", money(G + F + 800), money(G + 800), money(F), ""],
    ]
    head: list[list[Printed]] = [
        [Span("收 入", cols=3), Span("支 出", cols=6)],
        ["项 目", "行次", "金额", "项 目", "行次", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"],
        ["栏 次", "", "1", "栏 次", "", "2", "3", "4", "5"],
    ]
    return table([*head, *side_by_side(income, spent)], 3, title="财政拨款收入支出决算总表", table_id="t4", entity=ENTITY)


def _basic_detail() -> Table:
    flat = {code: (amount,) for code, amount in BASIC.items()}
    rows = {code: [[code, ECONOMIC[code], money(amounts[0])]] for code, amounts in tree(flat).items()}
    first = [line for code, lines in rows.items() if code[:3] in ("301", "303") for line in lines]
    second = [line for code, lines in rows.items() if code[:3] == "302" for line in lines]
    third = [line for code, lines in rows.items() if code[:3] == "310" for line in lines]
    third += [["312", "对企业补助", ""], ["399", "其他支出", ""]]
    body = side_by_side(first, second, third)
    personnel = sum(amount for code, amount in BASIC.items() if code[:3] in ("301", "303"))
    public = sum(BASIC.values()) - personnel
    body.append([Span("人员经费合计", cols=2), money(personnel), Span("公用经费合计", cols=5), money(public)])
    head: list[list[Printed]] = [[Span("人员经费", cols=3), Span("公用经费", cols=6)], ["科目编码", "科目名称", "决算数"] * 3]
    return table([*head, *body], 2, title="一般公共预算财政拨款基本支出决算明细表", table_id="t6", entity=ENTITY)


def national_final_accounts() -> Extracted:
    """The national set of a department: 公开01 to 09表."""
    income = {
        code: (sum(v), *((sum(v), 0, 0, 0, 0, 0) if code != "2130306" else (sum(v) - 1_500, 0, 1_500, 0, 0, 0)))
        for code, v in EVERYTHING.items()
    }
    income = {code: (sum(v[1:]), *v[1:]) for code, v in income.items()}
    income["2130306"] = (income["2130306"][0] - 2_000, income["2130306"][1] - 2_000, *income["2130306"][2:])
    spent = {code: (sum(v), *v, 0, 0, 0) for code, v in EVERYTHING.items()}
    general = {code: (sum(v), *v) for code, v in GENERAL.items()}
    three = table(
        [
            [Span("预算数", cols=6), Span("决算数", cols=6)],
            [*([Span("合计", rows=2), Span("因公出国（境）费", rows=2), Span("公务用车购置及运行维护费", cols=3), Span("公务接待费", rows=2)] * 2)],
            ["小计", "公务用车购置费", "公务用车运行维护费"] * 2,
            [str(i) for i in range(1, 13)],
            ["28.50", "0.00", "24.00", "0.00", "24.00", "4.50", "23.00", "0.00", "20.50", "0.00", "20.50", "2.50"],
        ],
        4, title="财政拨款“三公”经费支出决算表", table_id="t7", entity=ENTITY,
    )  # fmt: skip
    fund = table(
        [
            [Span("项目", cols=2), Span("年初结转和结余", rows=2), Span("本年收入", rows=2), Span("本年支出", cols=3), Span("年末结转和结余", rows=2)],
            ["科目代码", "科目名称", "小计", "基本支出", "项目支出"],
            [Span("栏次", cols=2), "1", "2", "3", "4", "5", "6"],
            [Span("合计", cols=2), "0.00", money(F), money(F), "0.00", money(F), "0.00"],
            *[[code, FUNCTIONS[code], "", money(F), money(F), "", money(F), ""] for code in tree(FUND)],
        ],
        3, title="政府性基金预算财政拨款收入支出决算表", table_id="t8", entity=ENTITY,
    )  # fmt: skip
    capital = table(
        [
            [Span("项目", cols=2), Span("合计", rows=2), Span("基本支出", rows=2), Span("项目支出", rows=2)],
            ["科目代码", "科目名称"],
            [Span("栏次", cols=2), "1", "2", "3"],
            [Span("合计", cols=2), "", "", ""],
            ["", "", "", "", ""],
        ],
        3, title="国有资本经营预算财政拨款支出决算表", table_id="t9", entity=ENTITY, notes=("注：本部门本年度无国有资本经营预算财政拨款支出。",),
    )  # fmt: skip
    return document(
        _z01(),
        _wide("收入决算表", ["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"], income, "t2"),
        _wide("支出决算表", ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"], spent, "t3", narrow=False),
        _fiscal(),
        _wide("一般公共预算财政拨款支出决算表", ["本年支出合计", "基本支出", "项目支出"], general, "t5", narrow=False),
        _basic_detail(), three, fund, capital,
        text=[heading(f"{ENTITY}2030年度部门决算")],
    )  # fmt: skip


def general_balance() -> Extracted:
    """The national form of the general public budget with 年初, 本年收入, 本年支出, 年末, all split."""
    head: list[list[Printed]] = [
        [Span("项目", cols=4), Span("年初结转和结余", cols=3), Span("本年收入", cols=3), Span("本年支出", cols=5), Span("年末结转和结余", cols=4)],
        [Span("支出功能分类科目编码", cols=3, rows=2), Span("科目名称", rows=3), Span("合计", rows=3), Span("基本支出结转", rows=3), Span("项目支出结转和结余", rows=3),
         Span("合计", rows=3), Span("基本支出", rows=3), Span("项目支出", rows=3), Span("合计", rows=3), Span("基本支出", cols=3), Span("项目支出", rows=3),
         Span("合计", rows=3), Span("基本支出结转", rows=3), Span("项目支出结转和结余", cols=2)],
        [Span("小计", rows=2), Span("人员经费", rows=2), Span("公用经费", rows=2), Span("项目支出结转", rows=2), Span("项目支出结余", rows=2)],
        ["类", "款", "项"],
        [Span("栏次", cols=4), *(str(i) for i in range(1, 16))],
    ]  # fmt: skip
    rows = {}
    for code, (basic, project) in GENERAL.items():
        opening = 1_800 if code == "2130305" else 0
        closing = 800 if code == "2130305" else 0
        got = project - opening + closing if code == "2130305" else project
        public = 11_800 if code == "2130301" else 0
        rows[code] = (
            opening,
            0,
            opening,
            basic + got,
            basic,
            got,
            basic + project,
            basic,
            basic - public,
            public,
            project,
            closing,
            0,
            closing,
            0,
        )
    body = [[Span("合计", cols=4), *(money(v, zeros=True) for v in totals(rows))], *code_rows(rows, FUNCTIONS, narrow=True)]
    made = table([*head, *body], 5, title="一般公共预算财政拨款收入支出决算表", unit="元", entity=ENTITY)
    return document(made, text=[heading(f"{ENTITY}2030年度部门决算")])
