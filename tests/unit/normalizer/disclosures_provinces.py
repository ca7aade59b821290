"""Made-up budgets on the forms of several provinces: other stubs, splits by fund, units beside functions. Every document is consistent."""

from __future__ import annotations

from shared.contracts.extracted import Extracted
from tests.unit.normalizer.disclosure_parts import ECONOMIC, FUNCTIONS, code_rows, money, side_by_side, total_row, totals, tree
from tests.unit.normalizer.disclosures_budget import BASIC, SPENT
from tests.unit.normalizer.normalizer_tables import Printed, Span, document, heading, table

BASIC_ALL, PROJECT_ALL = totals(SPENT)
ALL = BASIC_ALL + PROJECT_ALL
NUMERALS = "一二三四五六七八九十"
CLASSES = {code: sum(amounts) for code, amounts in tree(SPENT).items() if len(code) == 3}
ENTITY = "青石县审计局"


def overview_forms() -> Extracted:
    """总体情况表: the expenditure list by nature (基本, 项目), function and economy in one form; 三公 in rows with 行政经费."""
    entity = ENTITY
    income: list[list[Printed]] = [
        ["一、财政拨款", money(ALL - 3_000)],
        [Span("（一）一般公共预算拨款", indent=1.0), money(ALL - 3_000)],
        [Span("（二）政府性基金预算拨款", indent=1.0), "0.00"],
        ["二、财政专户拨款", "0.00"],
        ["三、其他资金", money(2_000)],
        ["本年收入合计", money(ALL - 1_000)],
        ["四、上级补助收入", "0.00"],
        ["五、附属单位上缴收入", "0.00"],
        ["六、用事业基金弥补收支差额", "0.00"],
        ["七、上年结转", money(1_000)],
        ["收入总计", money(ALL)],
    ]
    spent: list[list[Printed]] = [
        ["一、基本支出", money(BASIC_ALL)],
        [Span("工资福利支出", indent=1.0), money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "301"))],
        [Span("商品和服务支出", indent=1.0), money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "302"))],
        [Span("对个人和家庭的补助", indent=1.0), money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "303"))],
        ["二、项目支出", money(PROJECT_ALL)],
        [Span("商品和服务支出", indent=1.0), money(PROJECT_ALL)],
        ["三、事业单位经营支出", "0.00"],
        ["本年支出合计", money(ALL)],
        ["四、对附属单位补助支出", "0.00"],
        ["五、上缴上级支出", "0.00"],
        ["六、结转下年", "0.00"],
        ["", ""],
        ["支出总计", money(ALL)],
    ]
    income = [*income[:10], ["", ""], ["", ""], income[10]]
    summary = table(
        [[Span("收入", cols=2), Span("支出", cols=2)], ["项目", "2031年预算", "项目", "2031年预算"], *side_by_side(income, spent)],
        2, title="收支总体情况表", table_id="t1", entity=entity,
    )  # fmt: skip
    income_form = table(
        [
            ["项目", "2031年预算"],
            ["一、财政拨款", money(ALL - 3_000)],
            ["（一）一般公共预算拨款", money(ALL - 3_000)],
            ["（二）政府性基金预算拨款", "0.00"],
            ["二、财政专户拨款", "0.00"],
            ["三、其他资金", money(2_000)],
            ["本年收入合计", money(ALL - 1_000)],
            ["四、上年结转", money(1_000)],
            ["收入总计", money(ALL)],
        ],
        1, title="收入总体情况表", table_id="t2", entity=entity,
    )  # fmt: skip
    spent_form = table(
        [
            ["项目", "2031年预算"],
            ["一、基本支出", money(BASIC_ALL)],
            ["工资福利支出", money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "301"))],
            ["商品和服务支出", money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "302"))],
            ["对个人和家庭的补助", money(sum(sum(v) for c, v in BASIC.items() if c[:3] == "303"))],
            ["二、项目支出", money(PROJECT_ALL)],
            ["商品和服务支出", money(PROJECT_ALL)],
            ["三、事业单位经营支出", "0.00"],
            ["本年支出合计", money(ALL)],
            ["四、结转下年", "0.00"],
            ["支出总计", money(ALL)],
        ],
        1, title="支出总体情况表", table_id="t3", entity=entity,
    )  # fmt: skip
    general = {code: (sum(v), *v) for code, v in SPENT.items()}
    by_function = table(
        [
            [Span("功能科目名称", rows=2), Span("小计", rows=2), Span("其中", cols=2)],
            ["基本支出", "项目支出"],
            total_row(["合计"], general),
            *[[Span(f"[{code}]{FUNCTIONS[code]}", indent=len(code) / 2 - 1.5), *(money(v, zeros=True) for v in amounts)] for code, amounts in tree(general).items()],
        ],
        2, title="一般公共预算支出情况表（按功能分类科目）", table_id="t4", entity=entity,
    )  # fmt: skip
    economic = {code: (sum(v),) for code, v in BASIC.items()}
    by_economic = table(
        [
            ["部门预算支出经济科目", "政府预算支出经济科目", "2031年预算"],
            ["合计", "", money(BASIC_ALL)],
            *[
                [f"[{code}]{ECONOMIC[code]}", ("[501]机关工资福利支出" if code[:3] == "301" else "[502]机关商品和服务支出" if code[:3] == "302" else "[509]对个人和家庭的补助") if len(code) == 5 else "", money(v[0])]
                for code, v in tree(economic).items()
            ],
        ],
        1, title="一般公共预算基本支出情况表（按支出经济分类科目）", table_id="t5", entity=entity,
    )  # fmt: skip
    public = table(
        [
            ["项目", "2030年预算", "2031年预算"],
            ["行政经费", "260.00", "255.00"],
            ["“三公”经费", "22.00", "18.00"],
            [Span("其中：（一）因公出国（境）支出", indent=1.0), "0.00", "0.00"],
            [Span("（二）公务用车购置及运行维护支出", indent=2.0), "17.00", "15.00"],
            [Span("1.公务用车购置", indent=3.0), "0.00", "0.00"],
            [Span("2.公务用车运行维护费", indent=3.0), "17.00", "15.00"],
            [Span("（三）公务接待费支出", indent=2.0), "5.00", "3.00"],
        ],
        1, title="一般公共预算安排的行政经费及“三公”经费预算表", table_id="t6", entity=entity,
    )  # fmt: skip
    by_fund = {"工资福利支出": 96_792, "商品和服务支出": 19_710, "对个人和家庭的补助": 5_020}
    projects = {"审计信息化建设": 30_500, "政府投资审计": 15_000, "业务培训": 3_015}
    head: list[list[Printed]] = [
        [
            Span("支出项目类别（资金使用单位）", rows=3),
            Span("总计", rows=3),
            Span("财政拨款", cols=4),
            Span("财政专户拨款", rows=3),
            Span("其他资金", rows=3),
        ],
        [Span("合计", rows=2), Span("其中：", cols=3)],
        ["一般公共预算", "政府性基金预算", "国有资本经营预算"],
    ]
    basic_by_fund = table(
        [*head, ["合计", money(BASIC_ALL), money(BASIC_ALL), money(BASIC_ALL), "", "", "", ""], [ENTITY, money(BASIC_ALL), money(BASIC_ALL), money(BASIC_ALL), "", "", "", ""],
         *[[name, money(v), money(v), money(v), "", "", "", ""] for name, v in by_fund.items()]],
        3, title="2031年部门预算基本支出预算表", table_id="t7", entity=entity,
    )  # fmt: skip
    project_form = table(
        [*head, ["合计", money(PROJECT_ALL), money(PROJECT_ALL), money(PROJECT_ALL), "", "", "", ""], [ENTITY, money(PROJECT_ALL), money(PROJECT_ALL), money(PROJECT_ALL), "", "", "", ""],
         *[[name, money(v), money(v), money(v), "", "", "", ""] for name, v in projects.items()]],
        3, title="2031年部门预算项目支出及其他支出预算表", table_id="t8", entity=entity,
    )  # fmt: skip
    return document(
        summary,
        income_form,
        spent_form,
        by_function,
        by_economic,
        public,
        basic_by_fund,
        project_form,
        text=[heading(f"2031年{entity}部门预算")],
    )


def units_by_function() -> Extracted:
    """类 款 项, unit code and 单位名称（科目）: 当年安排, 中央提前通知 and 上年结转 beside each other; 三公 by unit."""
    entity, code_of = "北岭省档案馆", "135301"
    head: list[list[Printed]] = [
        [
            Span("项目", cols=5),
            Span("合计", rows=3),
            Span("当年财政拨款安排", rows=3),
            Span("中央提前通知专项转移支付等", rows=3),
            Span("上年结转安排", rows=3),
        ],
        [Span("科目编码", cols=3), Span("单位代码", rows=2), Span("单位名称（科目）", rows=2)],
        ["类", "款", "项"],
    ]
    split = {code: (sum(v), sum(v) - 15 if code == "2050803" else sum(v), 0, 15 if code == "2050803" else 0) for code, v in SPENT.items()}
    general = table(
        [*head, ["", "", "", "", "合计", *(money(v) for v in totals(split))], ["", "", "", "", entity, *(money(v) for v in totals(split))],
         *[[code[:3], code[3:5], code[5:], code_of, FUNCTIONS[code], *(money(v) for v in amounts)] for code, amounts in split.items()]],
        3, title="一般公共预算支出预算表", table_id="t1", entity=entity,
    )  # fmt: skip
    rows: list[list[Printed]] = []
    for code, (personnel, public) in tree(BASIC).items():
        rows.append([code[:3], code[3:], code_of, ECONOMIC[code], money(personnel + public), money(personnel), money(public)])
    detail = table(
        [
            [Span("项目", cols=4), Span("基本支出", cols=3)],
            [Span("科目编码", cols=2), Span("单位代码", rows=2), Span("单位名称（科目）", rows=2), Span("合计", rows=2), Span("人员经费", rows=2), Span("公用经费", rows=2)],
            ["类", "款"],
            ["", "", "", "合计", money(BASIC_ALL), *(money(v) for v in totals(BASIC))],
            *rows,
        ],
        3, title="一般公共预算基本支出预算表", table_id="t2", entity=entity,
    )  # fmt: skip
    projects = table(
        [
            [Span("科目编码", cols=3), Span("单位代码", rows=2), Span("单位名称（科目）", rows=2), Span("项目名称", rows=2), Span("金额", rows=2)],
            ["类", "款", "项"],
            ["", "", "", "", "合计", "", money(PROJECT_ALL)],
            ["", "", "", code_of, entity, "", money(PROJECT_ALL)],
            ["", "", "", "", "一般行政管理事务", "", "455.00"],
            ["201", "03", "02", code_of, "一般行政管理事务", "馆藏档案数字化", "400.00"],
            ["201", "03", "02", code_of, "一般行政管理事务", "库房维护", "55.00"],
            ["", "", "", "", "培训支出", "", "30.15"],
            ["205", "08", "03", code_of, "培训支出", "业务培训", "30.15"],
        ],
        2, title="一般公共预算项目支出预算表", table_id="t3", entity=entity,
    )  # fmt: skip
    public = table(
        [
            [Span("单位编码", rows=3), Span("单位名称", rows=3), Span("当年财政拨款预算安排", cols=6)],
            [Span("合计", rows=2), Span("因公出国（境）费用", rows=2), Span("公务用车购置及运行费", cols=3), Span("公务接待费", rows=2)],
            ["小计", "公务用车购置费", "公务用车运行费"],
            ["", "合计", "18.00", "", "15.00", "", "15.00", "3.00"],
            [code_of, entity, "18.00", "", "15.00", "", "15.00", "3.00"],
        ],
        3, title="一般公共预算“三公”经费支出预算表", table_id="t4", entity=entity,
    )  # fmt: skip
    return document(general, detail, projects, public, text=[heading(f"{entity}2031年单位预算")])


def two_units() -> Extracted:
    """Each unit of a department with its own functions, the unit merged beside its rows, its sub-total above them."""
    first = {code: (sum(v), *v) for code, v in SPENT.items()}
    second = {"2130301": (9_000, 9_000, 0), "2130305": (4_000, 0, 4_000), "2210201": (700, 700, 0)}
    rows: list[list[Printed]] = [["", "合计", "", "", *(money(a + b) for a, b in zip(totals(first), totals(second), strict=True))]]
    for code, name, items in (("311001", "青石县水利局机关", first), ("311002", "青石县水库管理所", second)):
        rows.append([code, name, "", "", *(money(v) for v in totals(items))])
        rows += [[code, name, *line] for line in code_rows(items, FUNCTIONS)]
    spent = table(
        [["单位编码", "单位名称", "科目编码", "科目名称", "总计", "基本支出", "项目支出"], *rows],
        1,
        title="部门支出总表",
        table_id="t1",
        entity="青石县水利局",
    )
    income = table(
        [
            [Span("单位编码", rows=2), Span("单位名称", rows=2), Span("总计", rows=2), Span("本年收入", cols=6), Span("上年结转", rows=2)],
            ["小计", "一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "单位资金"],
            ["", "合计", "1852.37", "1842.37", "1802.37", "", "", "", "40.00", "10.00"],
            ["311001", "青石县水利局机关", "1700.37", "1700.37", "1700.37", "", "", "", "", ""],
            ["311002", "青石县水库管理所", "152.00", "142.00", "102.00", "", "", "", "40.00", "10.00"],
        ],
        2, title="部门收入总表", table_id="t2", entity="青石县水利局",
    )  # fmt: skip
    return document(spent, income, text=[heading("青石县水利局2031年部门预算公开")])


def names_only_in_thousands() -> Extracted:
    """Indented names without codes, amounts in 千元 without digits after the point, thousands separated."""

    def whole(amount: int) -> str:
        return f"{amount:,}"

    items = {code: (sum(v) // 10, v[0] // 10, v[1] // 10) for code, v in SPENT.items()}
    items = {code: (v[1] + v[2], v[1], v[2]) for code, v in items.items()}
    levels = tree(items)
    rows: list[list[Printed]] = [
        [Span(FUNCTIONS[code], indent=float(len(code) - 3) / 2), *(whole(v) for v in amounts)] for code, amounts in levels.items()
    ]
    spent = table(
        [["支出功能分类科目名称", "合计", "基本支出", "项目支出"], ["合计", *(whole(v) for v in totals(items))], *rows],
        1,
        title="部门支出总体情况表",
        unit="千元",
        table_id="t1",
        entity=ENTITY,
    )
    general = table(
        [["支出功能分类科目名称", "2030年预算数", "2031年预算数", "其中：基本支出", "其中：项目支出"], ["合计", whole(totals(items)[0] - 50), *(whole(v) for v in totals(items))],
         *[[row[0], whole(amounts[0] - (50 if code in ("201", "20103", "2010301") else 0)), *row[1:]] for row, (code, amounts) in zip(rows, levels.items(), strict=True)]],
        1, title="一般公共预算支出情况表", unit="千元", table_id="t2", entity=ENTITY,
    )  # fmt: skip
    return document(spent, general, text=[heading(f"{ENTITY}2031年部门预算")])


def other_forms() -> Extracted:
    """Transfers to localities, assets, procurement, purchased services, contracts of projects, self-evaluation."""
    transfers = table(
        [
            [Span("转移支付项目", rows=2), Span("合计", rows=2), Span("地区", cols=3)],
            ["青石县", "白石县", "黑石区"],
            ["合计", "1,200.00", "500.00", "400.00", "300.00"],
            ["一、一般性转移支付", "700.00", "300.00", "250.00", "150.00"],
            ["农村水利建设补助", "700.00", "300.00", "250.00", "150.00"],
            ["二、专项转移支付", "500.00", "200.00", "150.00", "150.00"],
            ["山洪灾害防治", "320.00", "120.00", "100.00", "100.00"],
            ["水库移民后期扶持", "180.00", "80.00", "50.00", "50.00"],
        ],
        2, title="市对下转移支付预算表", table_id="t1", entity=ENTITY,
    )  # fmt: skip
    assets = table(
        [
            ["单位名称", "资产类别", "资产分类代码.名称", "资产名称", "计量单位", "数量", "单价", "金额"],
            [Span("合计", cols=5), "", "", "4.60"],
            [ENTITY, "设备", "A02010105 台式计算机", "台式计算机", "台", "6", "0.60", "3.60"],
            [ENTITY, "家具", "A05010201 办公桌", "办公桌", "张", "5", "0.20", "1.00"],
        ],
        1, title="新增资产配置表", table_id="t2", entity=ENTITY,
    )  # fmt: skip
    procurement = table(
        [
            [Span("预算项目", rows=2), Span("采购项目", rows=2), Span("采购目录", rows=2), Span("计量单位", rows=2), Span("数量", rows=2), Span("资金来源", cols=5)],
            ["合计", "一般公共预算", "政府性基金", "国有资本经营收益", "财政专户管理的收入"],
            ["合计", "", "", "", "", "34.60", "34.60", "", "", ""],
            ["办公设备购置", "台式计算机", "A02010105 台式计算机", "台", "6", "3.60", "3.60", "", "", ""],
            ["办公设备购置", "办公桌", "A05010201 办公桌", "张", "5", "1.00", "1.00", "", "", ""],
            ["审计信息化建设", "软件开发", "C16010300 行业应用软件开发服务", "项", "1", "30.00", "30.00", "", "", ""],
        ],
        2, title="部门政府采购预算表", table_id="t3", entity=ENTITY,
    )  # fmt: skip
    services = table(
        [
            [Span("政府购买服务项目", rows=2), Span("政府购买服务指导性目录代码", rows=2), Span("基本支出/项目支出", rows=2), Span("所属服务类别", rows=2), Span("资金来源", cols=3)],
            ["小计", "一般公共预算", "其他资金"],
            ["合计", "", "", "", "12.00", "12.00", ""],
            ["法律顾问", "B0101", "基本支出", "法律服务", "5.00", "5.00", ""],
            ["资产清查审计", "B0402", "项目支出", "会计审计服务", "7.00", "7.00", ""],
        ],
        2, title="政府购买服务预算表", table_id="t4", entity=ENTITY,
    )  # fmt: skip
    evaluation = table(
        [
            ["项目名称", Span("审计信息化建设", cols=7)],
            ["主管部门", Span(ENTITY, cols=3), "实施单位", Span(ENTITY, cols=3)],
            [Span("项目资金（万元）", rows=5), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
            ["年度资金总额", "305.00", "300.00", "285.00", "10", "95.00%", "9.50"],
            ["其中：当年财政拨款", "305.00", "300.00", "285.00", "-", "95.00%", "-"],
            ["上年结转资金", "0.00", "0.00", "0.00", "-", "0.00%", "-"],
            ["其他资金", "0.00", "0.00", "0.00", "-", "0.00%", "-"],
            [Span("年度总体目标", rows=2), Span("预期目标", cols=3), Span("实际完成情况", cols=4)],
            [Span("建成审计数据平台", cols=3), Span("已建成审计数据平台", cols=4)],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            ["", "产出指标", "数量指标", "接入系统", "≥10个", "12个", "20", "20.00"],
            ["", "成本指标", "经济成本", "建设成本", "≤300万元", "285.00", "20", "20.00"],
        ],
        0, title="项目支出绩效自评表", table_id="t5", entity=ENTITY,
    )  # fmt: skip
    return document(transfers, assets, procurement, services, evaluation, text=[heading(f"{ENTITY}2031年部门预算")])
