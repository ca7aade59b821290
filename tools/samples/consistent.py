"""Samples that tie out: a budget of one province's look, final accounts with rounding of another's."""

from __future__ import annotations

from decimal import Decimal

from tools.samples import budget, final
from tools.samples.budget import ThreePublic
from tools.samples.drawing import Look
from tools.samples.layout import Layout
from tools.samples.ledger import BUSINESS, GENERAL, OTHER, Entry, Ledger, Money, wan
from tools.samples.narrative import (
    WAN,
    basic_and_projects,
    by_class,
    change,
    chapter,
    items,
    personnel_and_public,
    project_list,
    share,
)
from tools.samples.performance import Goals, performance
from tools.samples.sample import Sample, entries

FOREST = "云岭省青禾市林业事务中心"
PLANTING, TOWERS, OLD_TREES, NURSERY = "春季造林与中幼林抚育", "森林火情瞭望设施更新", "古树名木普查建档", "良种苗木培育与供应"


def forest_ledger() -> Ledger:
    """The forestry centre's budget of 2025 in 万元."""
    post = "2130204"
    return entries(
        (post, "30101", "216.48"), (post, "30102", "38.16"), (post, "30107", "187.32"), (post, "30112", "4.37"), (post, "30199", "12.60"),
        (post, "30201", "9.80"), (post, "30205", "1.20"), (post, "30206", "3.60"), (post, "30207", "2.45"), (post, "30211", "12.50"),
        (post, "30213", "3.00"), (post, "30216", "4.20"), (post, "30217", "1.35"), (post, "30226", "6.80"), (post, "30228", "8.64"),
        (post, "30231", "9.60"), (post, "30299", "5.31"),
        ("2080502", "30302", "18.26"), ("2080502", "30305", "2.16"), ("2080505", "30108", "70.72"), ("2080506", "30109", "35.36"),
        ("2101102", "30110", "33.15"), ("2210201", "30113", "53.04"),
        ("2130205", "30218", "86.00", PLANTING), ("2130205", "30226", "124.50", PLANTING),
        ("2130234", "31003", "148.00", TOWERS), ("2130234", "30213", "12.00", TOWERS),
        ("2130207", "30227", "46.80", OLD_TREES),
        (post, "30218", "32.00", NURSERY, BUSINESS), (post, "30226", "15.75", NURSERY, BUSINESS),
    )  # fmt: skip


def _forest_text(ledger: Ledger, costs: ThreePublic) -> tuple[str, ...]:
    total, fiscal = ledger.total(), ledger.fiscal()
    public = fiscal.basic().public().total()
    return (
        "# 第一部分  部门概况",
        *chapter("一", "主要职责", [
            "本中心承担全市营造林技术指导、林木种苗供应、森林火情监测和古树名木保护的事务性工作，为国土绿化提供技术支撑和公益服务。",
            "中心内设综合科、营林科、种苗科、防火监测科四个科室，核定事业编制36名，年初实有在职人员34人，退休人员9人。",
        ]),
        *chapter("二", "预算单位构成", ["本部门没有下属单位，2025年部门预算即中心本级预算。"]),
        "# 第二部分  2025年部门预算情况说明",
        *chapter("一", "收支总体情况", [
            f"2025年本部门收入总预算{WAN(total)}万元，{change(total, wan('888.90'))}，主要是新安排瞭望设施更新经费。"
            f"其中：一般公共预算拨款收入{WAN(ledger.only(GENERAL).total())}万元，占{share(ledger.only(GENERAL).total(), total)}；"
            f"事业收入{WAN(ledger.only(BUSINESS).total())}万元，占{share(ledger.only(BUSINESS).total(), total)}。",
            f"2025年本部门支出总预算{WAN(total)}万元。按支出用途分：{basic_and_projects(ledger)}。按功能分类分：{by_class(ledger)}。",
        ]),
        *chapter("二", "财政拨款支出情况", [
            f"2025年一般公共预算支出{WAN(fiscal.total())}万元，{change(fiscal.total(), wan('851.15'))}。其中：{basic_and_projects(fiscal)}。具体安排如下：",
            *items(fiscal),
            f"基本支出中，{personnel_and_public(fiscal)}。",
            "2025年没有使用政府性基金预算拨款安排的支出，相关表格为空表。",
        ]),
        *chapter("三", "“三公”经费情况", [
            f"2025年“三公”经费预算{WAN(costs.columns()[0])}万元，{change(costs.columns()[0], wan('11.55'))}。其中：因公出国（境）费0.00万元；"
            f"公务用车购置费0.00万元，公务用车运行费{WAN(costs.car_running)}万元；公务接待费{WAN(costs.reception)}万元。",
        ]),
        *chapter("四", "项目与绩效", [
            f"2025年共安排项目{len(ledger.project_names())}个，金额{WAN(ledger.projects().total())}万元：{project_list(ledger)}。各项目均编制了绩效目标。",
        ]),
        *chapter("五", "其他说明", [
            f"本部门2025年公用经费{WAN(public)}万元。年末保有业务用车3辆，没有单价100万元以上的设备。",
        ]),
        "# 第三部分  公开表格",
    )  # fmt: skip


def forest() -> Sample:
    """A budget in which everything agrees: codes in three columns, three lists side by side, empty fund form, project goals."""
    ledger = forest_ledger()
    costs = ThreePublic(car_running=wan("9.60"), reception=wan("1.35"))
    layout = Layout(Money(), "split", f"部门：{FOREST}", "金额单位：万元", number="部门公开表{:02d}")
    targets = (
        Goals(TOWERS, "更新老旧瞭望设施，扩大火情监测覆盖范围。", (
            ("产出指标", "数量指标", "更新瞭望设施", "6座"), ("产出指标", "质量指标", "验收合格率", "100%"),
            ("效益指标", "社会效益指标", "火情早期发现率", "≥95%"))),
        Goals(OLD_TREES, "查清全市古树名木资源，逐株建立档案。", (
            ("产出指标", "数量指标", "普查乡镇", "14个"), ("产出指标", "成本指标", "单株建档成本", "≤120元"),
            ("效益指标", "生态效益指标", "一级古树保护率", "100%"))),
        Goals(PLANTING, "完成荒山造林和中幼林抚育任务，提高林分质量，改善城区周边生态环境；抚育作业按设计施工，成活率和保存率达到规定标准，带动周边村民参与务工增收。作业前完成地块落图和小班设计，作业中分阶段检查整地、栽植、浇水和修枝质量，作业后按标段组织验收，验收结果与资金拨付挂钩。同时建立管护台账，落实管护人员和责任区，对缺株地块在雨季前补植，确保当年造林当年见效，不留空白地块。", (
            ("产出指标", "数量指标", "造林面积", "≥1200亩"), ("产出指标", "数量指标", "中幼林抚育面积", "≥3500亩"),
            ("产出指标", "质量指标", "当年造林成活率", "≥90%"), ("产出指标", "时效指标", "任务完成时间", "11月底前"),
            ("效益指标", "生态效益指标", "林木蓄积量", "稳步增加"), ("满意度指标", "服务对象满意度", "周边群众满意度", "≥92%"))),
        Goals(NURSERY, "培育本地良种苗木，满足造林用苗需要。", (
            ("产出指标", "数量指标", "出圃合格苗木", "≥26万株"), ("满意度指标", "服务对象满意度", "用苗单位满意度", "≥90%"))),
    )  # fmt: skip
    forms = [
        budget.summary(layout, 1, ledger),
        budget.income(layout, 2, ledger),
        budget.expenditure(layout, 3, ledger),
        budget.fiscal_summary(layout, 4, ledger),
        budget.general(layout, 5, ledger),
        budget.basic_by_economic(layout, 6, ledger, landscape=False),
        budget.three_public(layout, 7, FOREST.removeprefix("云岭省"), costs),
        budget.empty_fund(
            layout,
            8,
            "政府性基金预算支出表",
            "本年政府性基金预算支出",
            "注：本部门2025年没有政府性基金预算拨款收支，本表为空表。",
            together=True,
        ),
        budget.projects(layout, 9, ledger, FOREST.removeprefix("云岭省青禾市")),
        *(
            performance(
                layout,
                10,
                ledger,
                goals,
                "青禾市林业局",
                2025,
                cut_lines=4 if goals.project == PLANTING else 0,
                together=i > 0,
                repeat_header=False,
            )
            for i, goals in enumerate(targets)
        ),
    ]
    return Sample(
        file="1-青禾市林业事务中心2025年部门预算.pdf", about="consistent budget", region="云岭省青禾市", entity="青禾市林业事务中心", year=2025, kind="budget",
        unit="万元", look=Look(rules="cell", rule_width=0.6), cover=("2025年度", "青禾市林业事务中心", "部门预算公开"),
        narrative=_forest_text(ledger, costs), forms=tuple(forms), verdict="consistent",
    )  # fmt: skip


LIBRARY = "江澜省望溪市图书馆"
READING, DIGITAL, HERITAGE = "全民阅读推广活动", "数字资源采购与平台运维", "地方文献抢救性保护"


def _yuan(*rows: tuple[str, str, str] | tuple[str, str, str, str | None] | tuple[str, str, str, str | None, str]) -> Ledger:
    return Ledger(tuple(Entry(row[0], row[1], Decimal(row[2]), *row[3:]) for row in rows))


def library_accounts() -> final.Accounts:
    """The library's accounts of 2024 in 元 and 分, so that 万元 on paper are rounded."""
    post = "2070104"
    spent = _yuan(
        (post, "30101", "2614837.26"), (post, "30102", "462918.47"), (post, "30107", "2257364.83"), (post, "30112", "38472.61"), (post, "30199", "128463.75"),
        (post, "30201", "146382.64"), (post, "30202", "38274.55"), (post, "30205", "27463.17"), (post, "30206", "218374.46"), (post, "30207", "46283.94"),
        (post, "30209", "384726.36"), (post, "30211", "58473.28"), (post, "30213", "92746.74"), (post, "30215", "4263.47"), (post, "30216", "36274.85"),
        (post, "30217", "8264.36"), (post, "30226", "163847.14"), (post, "30228", "104827.63"), (post, "30229", "78364.25"), (post, "30231", "27364.84"),
        (post, "30299", "83746.35"), (post, "31002", "63847.56"), (post, "30309", "2473.65"),
        ("2080502", "30302", "274836.44"), ("2080505", "30108", "853647.36"), ("2080506", "30109", "426823.68"), ("2101102", "30110", "402736.54"),
        ("2101102", "30199", "18364.45"), ("2210201", "30113", "640235.47"), ("2210203", "30102", "86473.55"),
        ("2070108", "30226", "284736.64", READING), ("2070108", "30214", "63847.45", READING), (post, "30227", "736284.55", DIGITAL),
        (post, "31022", "1284637.46", DIGITAL), ("2070108", "30218", "183746.54", HERITAGE),
        (post, "30299", "74836.35", READING, BUSINESS), (post, "30226", "38274.65", None, BUSINESS), (post, "30299", "26384.45", None, OTHER),
    )  # fmt: skip
    income = final.income_of(
        spent, [(post, GENERAL, Decimal("-63847.55")), (post, BUSINESS, Decimal("18273.45")), (post, OTHER, Decimal("-4836.55"))]
    )
    return final.Accounts(
        spent=spent, income=income, brought_fiscal=Decimal("184736.45"), brought_other=Decimal("62837.35"), used=Decimal("5000.00"),
        allocated=Decimal("3364.75"), planned=ThreePublic(car_running=Decimal(30000), reception=Decimal(12000)),
        actual=ThreePublic(car_running=Decimal("27364.84"), reception=Decimal("8264.36")),
    )  # fmt: skip


def _library_text(a: final.Accounts) -> tuple[str, ...]:
    fiscal, grand = a.spent.only(GENERAL), a.grand_total()
    planned, actual = a.planned.columns()[0], a.actual.columns()[0]
    income = a.income
    return (
        "# 第一部分  单位概况",
        *chapter("一", "主要职能", ["望溪市图书馆是市级公共图书馆，收集、整理和保存文献信息，面向公众免费开放，组织阅读推广，指导全市基层图书室业务。"]),
        *chapter("二", "机构设置", ["本馆设办公室、采编部、借阅部、数字资源部、地方文献部五个部门，没有下级单位，决算按单户编制。"]),
        "# 第二部分  2024年度单位决算情况说明",
        *chapter("一", "收入支出决算总体情况", [
            f"2024年度收入总计{WAN(grand)}万元，支出总计{WAN(grand)}万元，{change(grand, Decimal('12638472.00'))}，主要是数字资源采购增加。",
        ]),
        *chapter("二", "收入决算情况", [
            f"本年收入合计{WAN(income.total())}万元，其中：财政拨款收入{WAN(income.only(GENERAL).total())}万元，占{share(income.only(GENERAL).total(), income.total())}；"
            f"事业收入{WAN(income.only(BUSINESS).total())}万元，占{share(income.only(BUSINESS).total(), income.total())}；"
            f"其他收入{WAN(income.only(OTHER).total())}万元，占{share(income.only(OTHER).total(), income.total())}。",
        ]),
        *chapter("三", "支出决算情况", [f"本年支出合计{WAN(a.spent.total())}万元，其中：{basic_and_projects(a.spent)}。"]),
        *chapter("四", "一般公共预算财政拨款支出决算情况", [
            f"2024年度一般公共预算财政拨款支出{WAN(fiscal.total())}万元，占本年支出合计的{share(fiscal.total(), a.spent.total())}，主要用于：{by_class(fiscal)}。",
            f"基本支出{WAN(fiscal.basic().total())}万元，其中{personnel_and_public(fiscal)}。",
        ]),
        *chapter("五", "“三公”经费支出决算情况", [
            f"财政拨款“三公”经费支出预算{WAN(planned)}万元，支出决算{WAN(actual)}万元，完成预算的{share(actual, planned)}，低于预算的原因是从严控制接待批次。"
            f"其中：公务用车运行维护费决算{WAN(a.actual.car_running)}万元，公务接待费决算{WAN(a.actual.reception)}万元。",
        ]),
        *chapter("六", "其他重要事项", ["本单位2024年度没有政府性基金预算和国有资本经营预算财政拨款收支。截至2024年12月31日，本单位有业务用车1辆。"]),
        "# 第三部分  2024年度单位决算表",
    )  # fmt: skip


def library() -> Sample:
    """Final accounts that agree within rounding: 行次 and 栏次, three lists side by side, continued pages without a header."""
    accounts = library_accounts()
    options = {"notes": ("注：本表金额由元转换为万元，因四舍五入，个别数据尾数可能略有差异。",), "repeat_header": False}
    layout = Layout(
        Money(grouped=True), "whole", f"单位：{LIBRARY.removeprefix('江澜省')}", "金额单位：万元", number="公开{:02d}表", options=options
    )
    forms = (
        final.totals(layout, accounts), final.incomes(layout, accounts), final.expenditures(layout, accounts), final.fiscal_totals(layout, accounts),
        final.general(layout, accounts), final.basic(layout, accounts),
        final.fund_balance(layout, "注：本单位2024年度没有政府性基金预算财政拨款收支，故本表无数据。"),
        final.capital(layout, "注：本单位2024年度没有国有资本经营预算财政拨款支出，故本表无数据。"), final.three_public(layout, accounts),
    )  # fmt: skip
    return Sample(
        file="2-望溪市图书馆2024年单位决算.pdf", about="consistent final accounts, rounded", region="江澜省望溪市", entity="望溪市图书馆", year=2024,
        kind="final_accounts", unit="万元", look=Look(rules="rects", rule_width=0.7, page_number="{}", text_size=13), cover=("望溪市图书馆", "2024年度单位决算"),
        narrative=_library_text(accounts), forms=forms, verdict="consistent_within_rounding",
        parts=("第一部分  单位概况", "第二部分  2024年度单位决算情况说明", "第三部分  2024年度单位决算表"),
    )  # fmt: skip


__all__ = ["forest", "library"]
