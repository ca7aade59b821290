"""Forms of label-value pairs: money is what a money label names; indicator values are none."""

from __future__ import annotations

from tests.unit.normalizer.normalizer_tables import Span, fact, normalized, table

PERFORMANCE = [
    [Span("项目名称", cols=2), Span("河堤加固", cols=4)],
    [Span("项目资金（元）", cols=2, rows=3), "实施期资金总额：", "9,000", "年度资金总额：", "3,000"],
    ["其中：中央财政资金", "4,000", "其中：中央财政资金", "1,000"],
    ["单位自筹", "5,000", "单位自筹", "2,000"],
    [Span("一级指标", cols=2), "二级指标", "指标值", "二级指标", "指标值"],
    [Span("产出指标", cols=2), "成本指标", "9,000", "成本指标", "3,000"],
]


def test_money_labels_make_facts_of_the_project_and_indicators_do_not() -> None:
    result = normalized(table(PERFORMANCE, 0, title="项目支出绩效目标表", unit=None))
    assert result.forms[0].form == "project_performance"
    assert len(result.facts) == 6
    assert {entry.project for entry in result.facts} == {"河堤加固"}
    assert {(entry.row, entry.reason) for entry in result.unmapped} == {(5, "indicator")}


def test_the_halves_of_the_period_and_of_the_year_are_two_lists() -> None:
    result = normalized(table(PERFORMANCE, 0, title="项目支出绩效目标表", unit=None))
    period, year = result.forms[0].lists
    assert [row.line for row in period.rows] == ["performance.total", "performance.central", "performance.own"]
    assert [row.parent for row in year.rows] == [None, 1, 1]
    assert fact(result, "t1/1/3").measure == "performance_funds"
    assert fact(result, "t1/1/5").measure == "annual_funds"


def test_the_unit_beside_a_label_is_that_of_the_form() -> None:
    result = normalized(table(PERFORMANCE, 0, title="项目支出绩效目标表", unit=None))
    assert result.forms[0].unit == "元"


def test_a_table_of_tasks_inside_a_form_has_its_columns_lines_and_its_total() -> None:
    rows = [
        [Span("部门（单位）名称", cols=2), Span("青石县水利局", cols=3)],
        [Span("年度主要任务", rows=4), Span("任务名称", rows=2), Span("预算金额（万元）", cols=3)],
        ["总额", "财政拨款", "其他资金"],
        ["河堤加固", "4", "3", "1"],
        ["金额合计", "4", "3", "1"],
        [Span("年度绩效指标", rows=2), "一级指标", "二级指标", Span("指标值", cols=2)],
        ["产出指标", "数量指标", Span("18", cols=2)],
    ]
    result = normalized(table(rows, 0, title="部门整体支出绩效目标表", unit=None))
    assert result.forms[0].form == "unit_performance"
    assert [(entry.line, entry.project) for entry in result.facts][:3] == [
        ("performance.total", "河堤加固"),
        ("performance.fiscal", "河堤加固"),
        ("performance.other", "河堤加固"),
    ]
    (tasks,) = result.forms[0].lists
    assert [row.role for row in tasks.rows] == ["item", "total"]
    assert {entry.unit for entry in result.facts} == {"万元"}


def test_the_rest_of_a_summary_without_boxhead_keeps_its_lists() -> None:
    rows = [
        ["7", "本年收入合计", "9.00", "本年支出合计", "9.00"],
        ["8", "上年结转", "1.00", "结转下年", "1.00"],
        ["9", "收入总计", "10.00", "支出总计", "10.00"],
    ]
    result = normalized(table(rows, 0))
    assert [entry.line for entry in result.facts] == [
        "year_income_total",
        "year_expenditure_total",
        "carry_over_opening",
        "carry_over_closing",
        "income_total",
        "expenditure_total",
    ]
    assert [entry.kind for entry in result.forms[0].lists] == ["income", "mixed"]
