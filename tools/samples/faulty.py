"""Samples with an error that was planted: a digit substituted, two digits swapped, a zero too many."""

from __future__ import annotations

from decimal import Decimal

from tools.samples import budget
from tools.samples.budget import ThreePublic
from tools.samples.drawing import Look
from tools.samples.layout import Layout
from tools.samples.ledger import CARRIED, GENERAL, Ledger, Money, wan
from tools.samples.narrative import WAN, basic_and_projects, by_class, change, chapter, items, personnel_and_public, project_list, share
from tools.samples.performance import Goals, performance
from tools.samples.sample import Error, FalseClaim, Sample, entries

JUSTICE = "双岔县司法局"
AID, STATIONS, LAW_WEEK = "公共法律服务中心运行", "乡镇司法所规范化建设", "法治宣传教育"


def justice_ledger() -> Ledger:
    """The justice bureau's budget of 2025; one project goes on with money carried forward."""
    run = "2040601"
    return entries(
        (run, "30101", "312.74"), (run, "30102", "287.15"), (run, "30103", "198.46"), (run, "30112", "5.82"), (run, "30199", "21.30"),
        (run, "30201", "24.60"), (run, "30205", "2.10"), (run, "30206", "7.35"), (run, "30207", "11.48"), (run, "30211", "16.20"),
        (run, "30215", "2.00"), (run, "30216", "6.50"), (run, "30217", "2.85"), (run, "30228", "15.96"), (run, "30229", "9.74"),
        (run, "30231", "21.60"), (run, "30239", "58.32"), (run, "30299", "13.27"),
        ("2080501", "30302", "46.91"), ("2080501", "30305", "3.24"), ("2080505", "30108", "129.34"), ("2080506", "30109", "64.67"),
        ("2101101", "30110", "56.59"), ("2101103", "30111", "24.25"), ("2210201", "30113", "97.00"), ("2210203", "30102", "33.18"),
        ("2040604", "30213", "38.00", STATIONS), ("2040604", "31002", "52.40", STATIONS),
        ("2040605", "30202", "18.50", LAW_WEEK), ("2040605", "30226", "27.30", LAW_WEEK),
        ("2040607", "30226", "64.80", AID), ("2040607", "30227", "35.20", AID, CARRIED),
    )  # fmt: skip


def justice() -> Sample:
    """One digit typed wrong in a cell that two sums and another form contradict; pages stored with /Rotate 90."""
    ledger = justice_ledger()
    total, carried, fiscal = ledger.total(), ledger.only(CARRIED).total(), ledger.fiscal()
    costs = ThreePublic(car_running=wan("21.60"), reception=wan("2.85"))
    layout = Layout(
        Money(grouped=True), "whole", f"编制单位：北屿省{JUSTICE}", "单位：万元", number="预算{:02d}表", titles="2025年{}", total="last",
        options={"rotate": True},
    )  # fmt: skip
    forms = (
        budget.summary(layout, 1, ledger, by_economic=False, title="部门收支预算总表"),
        budget.income(layout, 2, ledger, title="部门收入预算总表"),
        budget.expenditure(layout, 3, ledger, title="部门支出预算总表"),
        budget.fiscal_summary(layout, 4, ledger, title="财政拨款收支预算总表"),
        budget.general(layout, 5, ledger, title="一般公共预算支出预算表"),
        budget.basic_by_economic(layout, 6, ledger, title="一般公共预算基本支出预算表"),
        budget.three_public(layout, 7, JUSTICE, costs, title="一般公共预算“三公”经费支出预算表"),
        budget.empty_fund(layout, 8, "政府性基金预算支出预算表", "政府性基金预算支出", "说明：本单位2025年没有政府性基金预算安排的支出。"),
        budget.projects(layout, 9, ledger, JUSTICE, title="部门项目支出预算表"),
    )
    text = (
        "# 第一部分  单位概况",
        *chapter("一", "主要职能", ["本局主管全县司法行政工作，组织普法宣传，指导人民调解、法律援助和乡镇司法所工作，负责社区矫正和公共法律服务体系建设。"]),
        *chapter("二", "人员和机构", ["本局内设办公室、普法科、基层科、公共法律服务科，派出乡镇司法所11个，年初实有在职人员58人、退休人员21人。"]),
        "# 第二部分  2025年预算安排说明",
        *chapter("一", "总体情况", [
            f"2025年收支总预算{WAN(total)}万元，{change(total, wan('1683.29'))}。收入包括一般公共预算拨款收入{WAN(ledger.only(GENERAL).total())}万元、上年结转结余{WAN(carried)}万元。",
            f"支出按功能分类包括：{by_class(ledger)}。按用途划分：{basic_and_projects(ledger)}。",
        ]),
        *chapter("二", "一般公共预算支出", [
            f"2025年一般公共预算支出（含上年结转）{WAN(fiscal.total())}万元，各科目安排如下：", *items(fiscal), f"基本支出中，{personnel_and_public(fiscal)}。",
        ]),
        *chapter("三", "“三公”经费", [
            f"全年“三公”经费预算{WAN(costs.columns()[0])}万元，{change(costs.columns()[0], wan('24.45'))}，其中公务用车运行费{WAN(costs.car_running)}万元、公务接待费{WAN(costs.reception)}万元。",
        ]),
        *chapter("四", "项目安排", [f"项目支出共{WAN(ledger.projects().total())}万元：{project_list(ledger)}。"]),
        "# 第三部分  预算公开表",
    )  # fmt: skip
    return Sample(
        file="3-双岔县司法局2025年部门预算.pdf", about="budget with one mistyped figure", region="北屿省双岔县", entity=JUSTICE, year=2025, kind="budget",
        unit="万元", look=Look(rules="double", rule_width=0.5, shaded_header=True, page_number="第 {} 页"), cover=("北屿省双岔县司法局", "2025年部门预算"),
        narrative=text, forms=forms, verdict="inconsistent",
        parts=("第一部分  单位概况", "第二部分  2025年预算安排说明", "第三部分  预算公开表"),
        errors=(Error("2025年部门支出预算总表", "普法宣传", "支出/项目支出", "48.80", "digit_substituted"),),
    )  # fmt: skip


DISABLED = "石榕县残疾人联合会"
REHAB, JOBS, CARE = "残疾儿童康复救助", "残疾人就业技能培训", "困难残疾人家庭无障碍改造"


def disabled_ledger() -> Ledger:
    """The disabled persons' federation's budget of 2025."""
    run = "2081101"
    return entries(
        (run, "30101", "86.42"), (run, "30102", "74.19"), (run, "30103", "52.37"), (run, "30112", "1.96"), (run, "30199", "4.80"),
        (run, "30201", "6.40"), (run, "30207", "2.75"), (run, "30211", "5.30"), (run, "30216", "1.80"), (run, "30217", "0.96"),
        (run, "30228", "4.52"), (run, "30229", "3.16"), (run, "30239", "15.48"), (run, "30299", "2.63"),
        (run, "30305", "1.08"), ("2080501", "30302", "9.57"), ("2080505", "30108", "35.84"), ("2101101", "30110", "15.68"),
        ("2210201", "30113", "26.88"),
        ("2081104", "30305", "126.00", REHAB), ("2081104", "30227", "18.30", REHAB), ("2081105", "30216", "58.60", JOBS),
        ("2081105", "30226", "26.30", JOBS), ("2081199", "30299", "73.25", CARE),
    )  # fmt: skip


def disabled() -> Sample:
    """Two digits swapped in a table, and a narrative that keeps a draft's figure; wide forms, department and unit repeat totals."""
    ledger = disabled_ledger()
    total, fiscal = ledger.total(), ledger.fiscal()
    costs = ThreePublic(reception=wan("0.96"))
    units = (("118", "石榕县残疾人联合会"), ("118001", "石榕县残疾人联合会机关"))
    note = "注：以上为单位预算数据。"
    layout = Layout(
        Money(), "split", f"部门：118_{DISABLED}", "金额单位：万元", number="部门公开表{:02d}", indent=2, options={"repeat_header": True}
    )
    forms = (
        budget.summary(layout, 1, ledger),
        budget.income(layout, 2, ledger),
        budget.expenditure(layout, 3, ledger),
        budget.fiscal_summary(layout, 6, ledger, row_height=15.5, size=8),
        budget.general(layout, 7, ledger),
        budget.basic_by_economic(layout, 8, ledger, landscape=False),
        budget.wide(
            layout, 10, ledger, "301", "一般公共预算基本支出表--人员经费（工资福利支出）（按部门预算经济分类）", units, notes=(note,)
        ),
        budget.wide(
            layout, 12, ledger, "303", "一般公共预算基本支出表--人员经费（对个人和家庭的补助）（按部门预算经济分类）", units, together=True
        ),
        budget.wide(
            layout, 14, ledger, "302", "一般公共预算基本支出表--公用经费（商品和服务支出）（按部门预算经济分类）", units, notes=(note,)
        ),
        budget.three_public(layout, 15, DISABLED, costs),
        budget.empty_fund(
            layout,
            16,
            "政府性基金预算支出表",
            "本年政府性基金预算支出",
            "注：本部门没有政府性基金预算安排的支出，故本表为空。",
            together=True,
        ),
        budget.projects(layout, 21, ledger, DISABLED, row_height=24),
    )
    projects = ledger.projects().total()
    wrong = f"2025年项目支出预算{WAN(projects - wan('12.00'))}万元，占支出总预算的{share(projects - wan('12.00'), total)}"
    text = (
        "# 第一部分  部门概况",
        *chapter("一", "职能职责", ["县残联代表全县残疾人共同利益，联系和服务残疾人，承担康复、就业、教育、维权和无障碍环境建设等工作。"]),
        *chapter("二", "机构设置", ["内设办公室、康复科、教育就业科三个股室。纳入2025年部门预算编制范围的只有本级机关，在职人员17人，退休4人。"]),
        "# 第二部分  部门预算说明",
        *chapter("一", "收支概况", [
            f"（一）收入预算：2025年收入预算{WAN(total)}万元，全部为一般公共预算拨款，{change(total, wan('671.30'))}。",
            f"（二）支出预算：2025年支出预算{WAN(total)}万元，其中：{by_class(ledger)}。",
        ]),
        *chapter("二", "一般公共预算支出", [
            f"（一）基本支出：2025年基本支出预算{WAN(fiscal.basic().total())}万元，其中{personnel_and_public(fiscal)}。",
            f"（二）项目支出：{wrong}，用于：{project_list(ledger)}。",
        ]),
        *chapter("三", "“三公”经费", [f"2025年“三公”经费预算{WAN(costs.columns()[0])}万元，全部为公务接待费，{change(costs.columns()[0], wan('1.20'))}，原因是减少接待批次。"]),
        *chapter("四", "政府性基金", ["2025年本部门没有政府性基金预算收支，已公开空表。"]),
        "# 第三部分  部门预算公开表格",
    )  # fmt: skip
    return Sample(
        file="4-石榕县残联2025年部门预算.pdf", about="two digits swapped; the narrative disagrees with the tables", region="南砚省石榕县", entity=DISABLED,
        year=2025, kind="budget", unit="万元", look=Look(rules="long", white_fills=True, page_number="- {} -", text_size=15),
        cover=("2025年度", "石榕县残疾人联合会", "部门预算公开说明"), narrative=text, forms=forms, verdict="inconsistent",
        parts=("第一部分  部门概况", "第二部分  部门预算说明", "第三部分  部门预算公开表格"),
        errors=(Error("一般公共预算支出表", "残疾人就业", "一般公共预算支出/项目支出", "48.90", "digits_swapped"),),
        false_claims=(FalseClaim("project_expenditure", wrong, WAN(projects - wan("12.00")), WAN(projects)),),
    )  # fmt: skip


CDC = "明沙市疾病预防控制中心"
TASKS = (
    ("2100408", "30218", "640000", "免疫规划疫苗冷链运转"), ("2100408", "30226", "382500", "居民健康素养监测"), ("2100408", "30227", "275000", "慢性病危险因素调查"),
    ("2100408", "30202", "96000", "健康教育资料编印"), ("2100408", "30211", "124800", "农村饮用水水质监测"), ("2100409", "30218", "868000", "艾滋病综合防治"),
    ("2100409", "30218", "480000", "结核病患者发现与管理"), ("2100409", "30227", "337600", "地方病防治监测"), ("2100409", "30226", "213400", "登革热媒介监测"),
    ("2100409", "30218", "156300", "狂犬病暴露处置质量控制"), ("2100410", "31003", "1290000", "应急检测设备更新"), ("2100410", "30218", "425700", "应急物资储备轮换"),
    ("2100410", "30216", "88000", "应急队伍培训演练"), ("2100401", "30213", "560000", "实验楼通风系统维修"), ("2100401", "31007", "347200", "疫情直报网络升级"),
    ("2100401", "30209", "198000", "实验废弃物处置"),
)  # fmt: skip


def cdc_ledger() -> Ledger:
    """The disease control centre's budget of 2025, in whole 元."""
    post = "2100401"
    basic = (
        (post, "30101", "3286740"), (post, "30102", "512460"), (post, "30107", "2947380"), (post, "30112", "64210"), (post, "30201", "186400"),
        (post, "30205", "54300"), (post, "30206", "287600"), (post, "30207", "73250"), (post, "30211", "94800"), (post, "30217", "12600"),
        (post, "30228", "128946"), (post, "30231", "108000"), (post, "30299", "76514"), ("2080502", "30302", "342870"), ("2080505", "30108", "1079424"),
        ("2080506", "30109", "539712"), ("2101102", "30110", "505980"), ("2210201", "30113", "809568"),
    )  # fmt: skip
    rows = [(f, e, y, None) for f, e, y in basic] + list(TASKS)
    return entries(*((f, e, str(Decimal(y) / 10000), p) for f, e, y, p in rows))


def cdc() -> Sample:
    """A zero too many in the project form, all in 元 without separators; a merged cell cut by the page break; 序号 in front."""
    ledger = cdc_ledger()
    yuan = Money(unit=Decimal(1), decimals=2, zero="0")
    layout = Layout(
        yuan,
        "whole",
        f"单位名称：{CDC}",
        "单位：元",
        number="表{}",
        titles="2025年部门综合预算{}",
        serial=True,
        options={"repeat_header": False},
    )
    in_wan = Layout(Money(zero="0.00"), "whole", "", "单位：万元", number="表{}")
    total, fiscal = ledger.total(), ledger.fiscal()
    costs = ThreePublic(car_running=Decimal(108000), reception=Decimal(12600))
    goals = Goals("结核病患者发现与管理", "提高结核病患者发现率，规范患者随访管理。", (
        ("产出指标", "数量指标", "可疑症状者筛查人数", "≥4200人"), ("产出指标", "质量指标", "病原学阳性率", "≥60%"),
        ("效益指标", "社会效益指标", "成功治疗率", "≥90%"), ("满意度指标", "服务对象满意度", "患者满意度", "≥90%")))  # fmt: skip
    gear = Goals("应急检测设备更新", "更新核酸检测和样本前处理设备，提升应急检测能力。", (
        ("产出指标", "数量指标", "购置设备", "9台（套）"), ("产出指标", "时效指标", "安装调试完成", "9月底前"), ("效益指标", "社会效益指标", "日检测能力", "≥3000份")))  # fmt: skip
    forms = (
        budget.summary(layout, 1, ledger, title="收支总表"),
        budget.income(layout, 2, ledger, title="收入总表"),
        budget.expenditure(layout, 3, ledger, title="支出总表"),
        budget.fiscal_summary(layout, 4, ledger, title="财政拨款收支总表"),
        budget.general(layout, 5, ledger, title="一般公共预算支出明细表（按功能科目分）"),
        budget.basic_by_economic(layout, 6, ledger, title="一般公共预算基本支出明细表（按经济分类科目分）"),
        budget.projects(layout, 7, ledger, CDC, title="专项业务经费支出表", row_height=29),
        budget.three_public(in_wan, 8, CDC, costs, title="2025年部门综合预算“三公”经费预算表"),
        performance(in_wan, 9, ledger, goals, "明沙市卫生健康局", 2025),
        performance(in_wan, 9, ledger, gear, "明沙市卫生健康局", 2025, together=True),
    )
    text = (
        "# 第一部分  单位概况",
        *chapter("一", "单位职责", ["本中心负责全市传染病和慢性病监测、预防接种管理、突发公共卫生事件处置的技术支持，承担实验室检验和健康危害因素评价。"]),
        *chapter("二", "人员情况", ["本中心事业编制82名，年初实有在编人员76人，退休人员31人。"]),
        "# 第二部分  收支情况",
        *chapter("一", "收支说明", [
            f"2025年本单位预算收入{WAN(total)}万元，均为一般公共预算拨款收入，{change(total, wan('1721.60'))}，原因是新增设备更新项目。",
            f"2025年本单位预算支出{WAN(total)}万元，其中：{basic_and_projects(ledger)}。",
        ]),
        *chapter("二", "一般公共预算支出说明", [f"按功能科目分：{by_class(fiscal)}。", *items(fiscal)]),
        *chapter("三", "“三公”经费说明", [
            f"2025年“三公”经费预算{WAN(costs.columns()[0])}万元，{change(costs.columns()[0], wan('13.50'))}，其中公务用车运行费{WAN(costs.car_running)}万元、公务接待费{WAN(costs.reception)}万元。",
        ]),
        *chapter("四", "专项业务经费说明", [f"2025年安排专项业务经费项目{len(ledger.project_names())}个，合计{WAN(ledger.projects().total())}万元。"]),
        "# 第三部分  公开报表",
    )  # fmt: skip
    return Sample(
        file="5-明沙市疾控中心2025年单位预算.pdf", about="figures in 元, a zero too many in the project form", region="西岑省明沙市", entity=CDC, year=2025,
        kind="budget", unit="元", look=Look(rules="cell", rule_width=0.8, bold_titles=True, page_number=""), cover=("2025年单位综合预算", "明沙市疾病预防控制中心"),
        narrative=text, forms=forms, verdict="inconsistent",
        parts=("第一部分  单位概况", "第二部分  收支情况", "第三部分  公开报表"),
        errors=(Error("2025年部门综合预算专项业务经费支出表", "结核病患者发现与管理", "合计", "4800000.00", "zero_extra"),),
    )  # fmt: skip
