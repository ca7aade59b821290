"""Kinds of forms are told by boxhead and stub, with the title as further evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.unit.normalizer.normalizer_tables import Printed, Span, form_of

FUNCTION = [["205", "教育支出", "3.00", "1.00", "2.00"]]
FUNCTION_HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
WIDE_STUB = ["单位代码", "单位名称（功能科目）", "总计"]

CASES: list[tuple[str, str | None, int, Sequence[Sequence[Printed]]]] = [
    ("expenditure_summary", "支出总表", 1, [FUNCTION_HEAD, *FUNCTION]),
    ("general_budget_expenditure", "一般公共预算支出表", 1, [FUNCTION_HEAD, *FUNCTION]),
    ("general_budget_expenditure", None, 2, [[Span("科目编码", rows=2), Span("科目名称", rows=2), Span("一般公共预算支出", cols=3)], ["合计", "基本支出", "项目支出"], *FUNCTION]),
    ("government_fund_expenditure", "政府性基金预算支出表", 1, [FUNCTION_HEAD, *FUNCTION]),
    ("state_capital_expenditure", "国有资本经营预算支出表", 1, [FUNCTION_HEAD, *FUNCTION]),
    ("fiscal_account_expenditure", "财政专户管理资金预算支出表", 1, [FUNCTION_HEAD, *FUNCTION]),
    ("fiscal_expenditure", "财政拨款支出预算表（功能科目）", 1, [["功能科目代码", "功能科目名称", "金额"], ["205", "教育支出", "3.00"]]),
    ("income_summary", None, 1, [["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "其他收入"], ["205", "教育支出", "3.00", "3.00", "", ""]]),
    ("basic_by_economic", "一般公共预算基本支出表", 1, [["科目编码", "科目名称", "合计", "人员经费", "公用经费"], ["301", "工资福利支出", "3.00", "3.00", ""]]),
    ("expenditure_by_economic", "支出明细表（按经济分类科目分）", 1, [["部门经济科目编码", "部门经济科目名称", "合计", "基本支出", "项目支出"], ["302", "商品和服务支出", "3.00", "1.00", "2.00"]]),
    ("basic_by_function", "一般公共预算基本支出明细表（按功能科目分）", 1, [["功能科目编码", "功能科目名称", "合计", "人员经费支出", "公用经费支出"], ["205", "教育支出", "3.00", "1.00", "2.00"]]),
    ("expenditure_by_gov_economic", "支出预算分类汇总表（按政府预算经济分类）", 1, [[*WIDE_STUB, "机关工资福利支出", "机关商品和服务支出", "对企业补助", "其他支出"], ["", "合计", "3.00", "1.00", "2.00", "", ""]]),
    ("expenditure_by_department_economic", "支出预算分类汇总表（按部门预算经济分类）", 1, [[*WIDE_STUB, "工资福利支出", "商品和服务支出", "资本性支出", "其他支出"], ["", "合计", "3.00", "1.00", "2.00", "", ""]]),
    ("breakdown_goods", None, 1, [[*WIDE_STUB, "办公费", "印刷费", "差旅费", "工会经费"], ["", "合计", "3.00", "1.00", "2.00", "", ""]]),
    ("breakdown_subsidies", None, 1, [[*WIDE_STUB, "离休费", "退休费", "抚恤金", "生活补助"], ["", "合计", "3.00", "1.00", "2.00", "", ""]]),
    ("three_public", None, 2, [[Span("合计", rows=2), Span("因公出国（境）费", rows=2), Span("公务用车购置及运行费", cols=3), Span("公务接待费", rows=2)], ["小计", "购置费", "运行费"], ["3.00", "1.00", "1.00", "", "1.00", "1.00"]]),
    ("three_public", "“三公”经费支出表", 1, [["项目", "预算数"], ["因公出国（境）费", "1.00"], ["公务接待费", "2.00"], ["合计", "3.00"]]),
    ("government_fund_balance", "政府性基金预算财政拨款收入支出决算表", 1, [["科目代码", "科目名称", "年初结转和结余", "本年收入", "本年支出", "年末结转和结余"], ["", "合计", "0.00", "0.00", "0.00", "0.00"]]),
    ("projects", "项目支出预算表", 1, [["项目名称", "合计", "一般公共预算"], ["河堤加固", "3.00", "3.00"]]),
    ("procurement", "政府采购预算表", 1, [["单位名称", "采购项目", "采购品目", "采购数量", "采购金额"], ["某局", "桌椅", "家具", "12", "3.00"]]),
    ("project_performance", None, 1, [["单位代码", "单位（专项）名称", "资金总额", "一级指标", "指标值"], ["311001", "河堤加固", "3.00", "产出指标", "3"]]),
    ("contents", "目录", 1, [["报表", "报表名称", "是否空表"], ["表1", "收支总表", "否"]]),
    ("unit_list", None, 1, [["序号", "单位名称", "备注"], ["1", "某县水利局本级", ""]]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "header_rows", "rows"), CASES, ids=[f"{case[0]}-{case[1] or 'untitled'}" for case in CASES])
def test_a_form_is_recognised(kind: str, title: str | None, header_rows: int, rows: Sequence[Sequence[Printed]]) -> None:
    assert form_of(rows, header_rows, title=title).form == kind


SUMMARY = [
    [Span("收入", cols=2), Span("支出", cols=2)],
    ["项目", "预算数", "项目", "预算数"],
    ["一、一般公共预算拨款收入", "9.00", "一、教育支出", "9.00"],
]


def test_a_summary_with_other_income_is_of_all_funds_and_one_titled_fiscal_is_fiscal() -> None:
    everything = form_of([*SUMMARY, ["二、事业收入", "0.00", "", ""]], 2)
    fiscal = form_of([*SUMMARY, ["二、政府性基金预算拨款", "0.00", "", ""]], 2, title="财政拨款收支总表")
    assert (everything.form, everything.scope) == ("income_expenditure_summary", "all")
    assert (fiscal.form, fiscal.scope) == ("fiscal_summary", "fiscal")


def test_an_untitled_form_whose_funds_nobody_names_has_no_scope() -> None:
    untitled = form_of([FUNCTION_HEAD, *FUNCTION], 1)
    titled = form_of([FUNCTION_HEAD, *FUNCTION], 1, title="支出总表")
    assert (untitled.form, untitled.scope) == ("expenditure_summary", None)
    assert titled.scope == "all"
    assert untitled.confidence < titled.confidence


def test_a_table_that_fits_nothing_is_no_form_and_its_figures_are_facts_all_the_same() -> None:
    form = form_of([["事项", "甲", "乙"], ["某事", "1.50", "2.50"]], 1)
    assert form.form is None
    assert not form.empty


def test_an_empty_form_says_so_with_its_note() -> None:
    form = form_of([FUNCTION_HEAD, ["", "合计", "0.00", "", ""]], 1, title="政府性基金预算支出表", notes=("注：本表无数据",))
    assert form.empty
    assert form.note == "注：本表无数据"
